"""The list of documents: order, filters, who sees drafts, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.models import DocumentKind, DocumentStatus
from tests.factories.programmes import DocumentFactory, ProgrammeFactory
from tests.pages import chips_of, count_of, errors_of, links_of_rows, rows_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [link.split("/")[3] for link in links_of_rows(response, "documents")]


def test_the_newest_years_come_first_and_none_last(visitor):
    DocumentFactory(code="A-2007", period_start=2007, period_end=2007)
    DocumentFactory(code="A-NONE", period_start=None, period_end=None)
    DocumentFactory(code="B-2013", period_start=2013, period_end=2013)
    DocumentFactory(code="A-2013", period_start=2013, period_end=2013)
    response = visitor.get("/programmes/documents/")
    assert codes(response) == ["A-2013", "B-2013", "A-2007", "A-NONE"]
    assert count_of(response) == "4 documents"


def test_a_row_says_what_is_known_and_what_is_not(visitor):
    DocumentFactory(
        code="MIP-2007-2010",
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        title="First indicative programme",
        reference="C(2007) 1",
        adopted="2007-06",
        period_start=2007,
        period_end=2010,
        stated_amount=Decimal(205000000),
    )
    DocumentFactory(
        code="MTR-2009",
        kind=DocumentKind.EVALUATION_REPORT,
        title="Evaluation",
        status=DocumentStatus.NOT_FOUND,
        period_start=None,
        period_end=None,
        confidence="recalled",
    )
    assert rows_of(visitor.get("/programmes/documents/"), "documents") == [
        [
            "First indicative programme Multiannual indicative programme · MIP-2007-2010 · C(2007) 1",
            "Short TPMA",
            "2007–2010 adopted or published June 2007",
            "Adopted",
            "205 000 000",
        ],
        [
            "Evaluation † unconfirmed Evaluation report · MTR-2009",
            "Short TPMA",
            "not reported date not reported",
            "Foreseen; report not found",
            "not reported",
        ],
    ]


@pytest.fixture
def mixed():
    DocumentFactory(
        code="MIP",
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        title="Programme pluriannuel élargi",
        period_start=2007,
        period_end=2010,
        stated_amount=Decimal(1),
    )
    DocumentFactory(code="AAP-2009", adopted="2008-12-01")
    DocumentFactory(code="OLD", programme=ProgrammeFactory(code="AENEAS"), period_start=2004)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("programme=AENEAS", ["OLD"]),
        ("kind=indicative_programme", ["MIP"]),
        ("kind=work_programme&programme=TPMA", ["AAP-2009"]),
        ("text=ELARGI", ["MIP"]),
        ("text=pluri elargi", ["MIP"]),
        ("text=aap-2009", ["AAP-2009"]),
        ("text=nothing-like-it", []),
        ("year=2008", ["AAP-2009", "MIP", "OLD"]),
        ("year=2010", ["MIP"]),
        ("missing=amount", ["AAP-2009", "OLD"]),
        ("missing=adopted", ["MIP", "OLD"]),
        ("status=closed", []),
    ],
)
def test_filters(visitor, mixed, query, found):
    response = visitor.get(f"/programmes/documents/?{query}")
    assert response.status_code == 200
    assert codes(response) == found


def test_filters_in_force_can_be_taken_away_one_by_one(visitor, mixed):
    response = visitor.get("/programmes/documents/?programme=TPMA&missing=amount")
    assert chips_of(response) == {
        "Programme: Short TPMA": "/programmes/documents/?missing=amount",
        "Not reported: Amount": "/programmes/documents/?programme=TPMA",
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("programme=NOPE", "There is no record with the code “NOPE” here."),
        (
            "kind=novel",
            "Select a valid choice. novel is not one of the available choices.",
        ),
        ("year=199", "Ensure this value is greater than or equal to 1990."),
        ("year=MMX", "Enter a whole number."),
    ],
)
def test_a_wrong_filter_is_named(visitor, mixed, query, message):
    response = visitor.get(f"/programmes/documents/?{query}")
    assert response.status_code == 400
    assert message in errors_of(response)
    assert links_of_rows(response, "documents") == []


def test_drafts_are_for_officers_and_auditors(visitor, officer, auditor, official, as_person):
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    DocumentFactory(code="CONSULTED", status=DocumentStatus.IN_CONSULTATION)
    url = "/programmes/documents/"
    assert codes(as_person(officer).get(url)) == ["CONSULTED", "DRAFT"]
    assert codes(as_person(auditor).get(url)) == ["CONSULTED", "DRAFT"]
    for client in (visitor, as_person(official)):
        response = client.get(url)
        assert codes(response) == []
        assert "No document answers these filters." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    for number in range(count):
        DocumentFactory(programme=ProgrammeFactory(code=f"PROGRAMME-{number}"))
    with django_assert_num_queries(3):
        assert visitor.get("/programmes/documents/").status_code == 200
