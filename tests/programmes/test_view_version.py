"""A version of a document: the content as it was adopted, whatever came after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from programmes.actions.adoption import adopt_document, consult_document
from programmes.actions.amendment import amend_document
from tests.factories.programmes import AllocationFactory, RegionFactory
from tests.pages import facts_of, rows_of, text_of, tree_of
from tests.programmes.cascade import indicative_programme, strategy_paper, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/versions/1/"


@pytest.fixture
def amended(officer, second_officer):
    """A work programme whose one action was given another title and amount by an amendment."""
    document = adopt_document(work_programme(), by=second_officer, on=date(2009, 5, 4))
    amendment = amend_document(document, by=officer, reason="A port was added")
    amendment.actions.update(title="Eleven ports")
    amendment.actions.get().amounts.update(amount=Decimal("400000.50"))
    consult_document(amendment, by=officer)
    adopt_document(amendment, by=second_officer, on=date(2009, 9, 1))
    return document


def test_it_says_what_was_adopted_then(amended, visitor):
    response = visitor.get(URL)
    assert response.status_code == 200
    facts = facts_of(response)
    assert facts == {
        "Adopted": "4 May 2009",
        "Reference": "not reported",
        "Years covered": "2009",
        "Rests on": "MIP",
        "Amount it states": "not reported",
        "Geographical area": "Tunisia",
        "Strands": "Strand MIGDEV",
        "Specific objectives": "Fewer people at sea",
        "Anticipated results": "Ten ports trained",
        "Priorities served": "TSP-P1",
        "Implementation": "not reported",
        "Serves democratic principles": "no",
        "Serves the rule of law": "yes",
        "Serves human and minority rights": "yes",
        "Indicative amount 2009": "EUR 400 000",
    }
    assert text_of(tree_of(response).xpath("//h3")[0]) == "Action AAP-2009-1 AAP-2009-1"


def test_the_later_one_says_what_made_it(amended, visitor):
    response = visitor.get("/programmes/documents/AAP-2009/versions/2/")
    facts = facts_of(response)
    assert facts["Adopted"] == "1 September 2009"
    assert facts["Amended by"] == "AAP-2009-A1"
    assert facts["Reason"] == "A port was added"
    assert facts["Indicative amount 2009"] == "EUR 400 000.50"
    assert text_of(tree_of(response).xpath("//h3")[0]) == "Eleven ports AAP-2009-1"


def test_the_allocations_of_an_indicative_programme(second_officer, visitor):
    document = indicative_programme()
    AllocationFactory(document=document, region=RegionFactory(code="SOUTH"), amount=Decimal("0.50"))
    adopt_document(document, by=second_officer, on=date(2007, 5, 4))
    response = visitor.get("/programmes/documents/MIP/versions/1/")
    assert rows_of(response, "allocations-table") == [
        ["2007–2010", "not divided", "South", "0.50"],
        ["2007–2010", "not divided", "not divided", "1 000 000"],
        ["Together", "–", "–", "1 000 000.50"],
    ]


def test_the_passages_of_a_strategy_paper(second_officer, visitor):
    adopt_document(strategy_paper(), by=second_officer, on=date(2007, 5, 4))
    page = text_of(tree_of(visitor.get("/programmes/documents/TSP/versions/1/")).xpath("//main")[0])
    assert "Objective Text of TSP-O1 TSP-O1" in page
    assert "Priority Text of TSP-P1 TSP-P1 2 page 7 serves TSP-O1" in page


def test_a_version_there_is_not(amended, visitor):
    for number in (0, 3):
        response = visitor.get(f"/programmes/documents/AAP-2009/versions/{number}/")
        assert response.status_code == 404
    assert visitor.get("/programmes/documents/NONE/versions/1/").status_code == 404


def test_versions_for_machines(amended, visitor):
    rows = visitor.get("/api/v1/versions/").json()
    assert [(row["document_code"], row["number"], row["adopted"]) for row in rows] == [
        ("AAP-2009", 1, "2009-05-04"),
        ("AAP-2009", 2, "2009-09-01"),
    ]
    assert [row["amendment_code"] for row in rows] == [None, "AAP-2009-A1"]
    assert rows[1]["reason"] == "A port was added"
    (action,) = rows[0]["content"]["actions"]
    assert action["amounts"] == [{"budget_year": 2009, "amount": "400000.00", "conditional": False}]


def test_versions_of_one_document_for_machines(amended, second_officer, visitor):
    adopt_document(strategy_paper("TSP-2"), by=second_officer, on=date(2009, 5, 4))
    rows = visitor.get("/api/v1/versions/?document=TSP-2").json()
    assert [(row["document_code"], row["number"]) for row in rows] == [("TSP-2", 1)]
    first = visitor.get("/api/v1/versions/?limit=1")
    assert [row["number"] for row in first.json()] == [1]
    following = first["Link"].split("<")[2].split(">")[0]
    assert [row["number"] for row in visitor.get(following).json()] == [2]
    assert visitor.get("/api/v1/versions/?document=NONE").status_code == 400
