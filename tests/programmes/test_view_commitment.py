"""The page of a commitment: what was decided, what stands of it, every entry the ledger has of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from programmes.actions.financing import (
    book_commitment,
    carry_over_commitment,
    decommit_commitment,
)
from programmes.ledger.scope import now
from programmes.models import Commitment, Document
from tests.pages import facts_of, rows_of, text_of, tree_of
from tests.programmes.financed import BOOKED, booked, contracted, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/"


def buttons_of(response) -> list[str]:
    return tree_of(response).xpath('//div[@class="portal-actions"]/a/@href')


def test_what_is_known_of_a_booked_one(officer, second_officer, visitor):
    booked(planned_action(), officer, second_officer)
    today = timezone.localdate()
    for last, words in (
        (today + timedelta(days=30), "30 days left"),
        (today, "today is the last day"),
        (today - timedelta(days=1), "ended 1 day ago"),
    ):
        Commitment.objects.update(final_contracting_date=last)
        facts = facts_of(visitor.get(URL))
        assert facts.pop("Final contracting date").endswith(words)
    assert facts == {
        "Decision": "C(2010) 4102",
        "Action": "Mobility",
        "Work programme": "Work programme 2010",
        "Budget year": "2010",
        "Amount decided": "EUR 600 000",
        "Condition": "none",
        "Booked on": "1 July 2010",
    }


def test_its_meter_and_its_entries(officer, second_officer, auditor, as_person):
    commitment = booked(planned_action(), officer, second_officer, "400000", 2011)
    contracted(commitment, "100000")
    told = {"by": officer, "on": date(2011, 12, 20), "reason": "Call late"}
    carry_over_commitment(commitment, to_year=2012, amount=Decimal(200000), **told)
    decommit_commitment(commitment, amount=Decimal("0.50"), **told)
    response = as_person(auditor).get(URL)
    meter = text_of(tree_of(response).xpath('//section[@id="meter"]')[0])
    assert meter == (
        "What is left of it Available Committed EUR 199 999.50 Used EUR 100 000 "
        "Left EUR 99 999.50 Called: not reported. Contracted: EUR 100 000. "
        "The larger counts, action by action. "
        "Contracted EUR 100 000 Paid not reported Accepted not reported"
    )
    rows = rows_of(response, "entries-table")
    assert [row[1:] for row in rows] == [
        ["1 July 2010", "Global commitment booked", "2011", "400 000", "Sven Second"],
        [
            "20 December 2011",
            "Carried over to 2012 Call late",
            "2011",
            "−200 000",
            "Olga Officer",
        ],
        ["20 December 2011", "Decommitted Call late", "2011", "−0.50", "Olga Officer"],
        ["–", "–", "–", "199 999.50", "–"],
    ]
    carried = as_person(auditor).get("/programmes/commitments/FD-2010-C2/")
    assert [row[1:] for row in rows_of(carried, "entries-table")] == [
        [
            "20 December 2011",
            "Carried over from 2011 Call late",
            "2012",
            "200 000",
            "Olga Officer",
        ],
        ["–", "–", "–", "200 000", "–"],
    ]
    condition = facts_of(response)["Condition"]
    assert condition == "subject to the budget of that year, adopted on 1 July 2010"
    assert f"as_of={now(['TPMA']).position}" in response.content.decode()


def test_who_did_it_is_not_for_everybody(officer, second_officer, visitor):
    booked(planned_action(), officer, second_officer)
    response = visitor.get(URL)
    assert [row[1:] for row in rows_of(response, "entries-table")] == [
        ["1 July 2010", "Global commitment booked", "2010", "600 000"],
        ["–", "–", "–", "600 000"],
    ]
    assert "Sven" not in response.content.decode()
    assert "Olga" not in response.content.decode()


def test_a_proposed_one_is_for_officers_and_auditors(
    officer, official, auditor, as_person, visitor
):
    proposed(planned_action(), officer)
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
    for person in (officer, auditor):
        response = as_person(person).get(URL)
        assert "Nothing is set aside yet" in text_of(tree_of(response))
        assert rows_of(response, "entries-table") == [["Nothing is booked."]]


def test_a_booked_one_is_for_everybody_who_sees_its_work_programme(
    officer, second_officer, official, as_person, visitor
):
    booked(planned_action(), officer, second_officer)
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 200
    Document.objects.filter(code="AWP-2010").update(status="draft")
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404


def test_what_each_may_do(officer, second_officer, auditor, as_person, visitor):
    commitment = proposed(planned_action(), officer, "400000", 2011)
    assert buttons_of(as_person(officer).get(URL)) == [f"{URL}change/", f"{URL}remove/"]
    assert buttons_of(as_person(second_officer).get(URL)) == [
        f"{URL}book/",
        f"{URL}change/",
        f"{URL}remove/",
    ]
    assert buttons_of(as_person(auditor).get(URL)) == []
    book_commitment(commitment, by=second_officer, on=BOOKED, freed_on=BOOKED)
    assert buttons_of(as_person(officer).get(URL)) == [f"{URL}decommit/"]
    Commitment.objects.update(final_contracting_date=timezone.localdate())
    assert buttons_of(as_person(officer).get(URL)) == [f"{URL}decommit/", f"{URL}carry-over/"]
    for client in (as_person(auditor), visitor):
        assert buttons_of(client.get(URL)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_entry_as_for_three(
    visitor, officer, second_officer, django_assert_num_queries, count
):
    commitment = booked(planned_action(), officer, second_officer)
    for _number in range(count):
        decommit_commitment(
            commitment, by=officer, amount=Decimal(1), on=date(2011, 1, 1), reason="Left"
        )
    with django_assert_num_queries(13):
        assert visitor.get(URL).status_code == 200


def test_an_unknown_code_is_not_found(visitor):
    assert visitor.get(URL).status_code == 404
