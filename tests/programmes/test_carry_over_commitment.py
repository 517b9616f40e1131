"""Conditional money that no contract took is carried over to the year after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.actions.financing import remove_commitment
from programmes.freezing import unfrozen
from programmes.ledger.models import Measure, Posting
from programmes.models import Commitment
from tests.factories.programmes import ActionAmountFactory, MembershipFactory, RegionFactory
from tests.pages import errors_of, facts_of, text_of, tree_of
from tests.programmes.financed import booked, committed, contracted, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/carry-over/"
GIVEN = {
    "to_year": "2012",
    "amount": "150000.50",
    "on": "2011-12-20",
    "reason": "Call late",
    "revision": "1",
}


def conditional(officer, second_officer) -> Commitment:
    """400 000 of 2011, booked once the budget of that year was there."""
    return booked(planned_action(), officer, second_officer, "400000", 2011)


def test_an_officer_carries_it_over(officer, second_officer, as_person):
    commitment = conditional(officer, second_officer)
    assert commitment.final_contracting_date == date(2012, 12, 31)
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == "/programmes/commitments/FD-2010-C2/"
    assert committed(commitment="FD-2010-C1") == {2011: Decimal("249999.50")}
    assert committed(commitment="FD-2010-C2") == {2012: Decimal("150000.50")}
    assert committed() == {2011: Decimal("249999.50"), 2012: Decimal("150000.50")}
    lines = Posting.objects.filter(measure=Measure.COMMITTED).order_by("position")[1:]
    assert [
        (line.amount, line.budget_year, line.event, line.reason, line.value_date, line.strand)
        for line in lines
    ] == [
        (
            Decimal("-150000.50"),
            2011,
            "Carried over to 2012",
            "Call late",
            date(2011, 12, 20),
            "MIGDEV",
        ),
        (
            Decimal("150000.50"),
            2012,
            "Carried over from 2011",
            "Call late",
            date(2011, 12, 20),
            "MIGDEV",
        ),
    ]
    left, carried = Entry.objects.filter(verb="carry_over_commitment").order_by("position")
    for entry, code in ((left, "FD-2010-C1"), (carried, "FD-2010-C2")):
        assert (entry.actor, entry.record_code, entry.part_of, entry.reason) == (
            officer.actor,
            code,
            "FD-2010",
            "Call late",
        )
    assert left.old == {"committed": "400000.00"}
    assert left.new == {
        "committed": "249999.50",
        "on": "2011-12-20",
        "carried_over_to": "FD-2010-C2",
    }
    assert carried.old == {}
    assert carried.new == {
        "action": "AWP-2010-1",
        "budget_year": 2012,
        "amount": "150000.50",
        "conditional": False,
        "final_contracting_date": "2013-12-31",
        "status": "booked",
        "booked_on": "2011-12-20",
        "carried_over_from": "FD-2010-C1",
    }


def test_only_the_part_carried_over_may_be_contracted_longer(officer, second_officer, as_person):
    conditional(officer, second_officer)
    client = as_person(officer)
    client.post(URL, GIVEN | {"amount": "1"})
    dates = {
        code: facts_of(client.get(f"/programmes/commitments/{code}/"))["Final contracting date"]
        for code in ("FD-2010-C1", "FD-2010-C2")
    }
    assert dates["FD-2010-C1"].startswith("31 December 2012")
    assert dates["FD-2010-C2"].startswith("31 December 2013")
    carried = Commitment.objects.get(code="FD-2010-C2")
    assert (carried.amount, carried.budget_year, carried.status, carried.booked_on) == (
        Decimal(1),
        2012,
        "booked",
        date(2011, 12, 20),
    )
    facts = facts_of(client.get("/programmes/commitments/FD-2010-C2/"))
    assert (facts["Condition"], facts["Decision"]) == ("none", "C(2010) 4102")


def test_what_was_carried_over_is_not_carried_over_again(officer, second_officer, as_person):
    conditional(officer, second_officer)
    client = as_person(officer)
    client.post(URL, GIVEN)
    again = URL.replace("C1", "C2")
    given = GIVEN | {"to_year": "2013", "on": "2012-12-20", "revision": "0"}
    response = client.post(again, given)
    assert response.status_code == 400
    assert "Only money that was subject to the budget of its year" in text_of(tree_of(response))
    assert committed() == {2011: Decimal("249999.50"), 2012: Decimal("150000.50")}


def test_a_decision_that_has_money_of_that_year_takes_no_more(officer, second_officer, as_person):
    commitment = conditional(officer, second_officer)
    with unfrozen():
        ActionAmountFactory(action=commitment.action, budget_year=2012, amount="1000000")
    proposed(commitment.action, officer, "5", 2012)
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 400
    assert errors_of(response) == [
        "FD-2010-C2 has money of 2012 for this action by the same decision already."
    ]
    assert committed() == {2011: Decimal(400000)}


def test_a_code_that_was_carried_to_is_not_given_again(officer, second_officer, as_person):
    commitment = conditional(officer, second_officer)
    as_person(officer).post(URL, GIVEN)
    third = proposed(commitment.action, officer, "5", 2010)
    assert third.code == "FD-2010-C3"
    remove_commitment(third, by=officer)
    assert proposed(commitment.action, officer, "5", 2010).code == "FD-2010-C4"


def test_the_country_lies_in_its_region_of_the_new_year(officer, second_officer, as_person):
    commitment = conditional(officer, second_officer)
    country = commitment.action.countries.get()
    for code, years in (("EAST", {"year_to": 2011}), ("NEIGHBOURS", {"year_from": 2012})):
        MembershipFactory(region=RegionFactory(code=code), country=country, **years)
    as_person(officer).post(URL, GIVEN)
    lines = Posting.objects.filter(measure=Measure.COMMITTED).order_by("position")
    assert [(line.budget_year, line.country, line.region) for line in lines] == [
        (2011, "MD", ""),
        (2011, "MD", ""),
        (2012, "MD", "NEIGHBOURS"),
    ]


def test_it_says_how_much(officer, second_officer, as_person):
    contracted(conditional(officer, second_officer), "399999")
    response = as_person(officer).get(URL)
    assert "It can be carried over: EUR 1." in text_of(tree_of(response))
    assert tree_of(response).xpath('//input[@name="to_year"]/@value') == ["2012"]


def test_others_are_refused(officer, second_officer, official, auditor, as_person, visitor):
    conditional(officer, second_officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert committed() == {2011: Decimal(400000)}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (
            {"amount": "300000.01"},
            "No more than EUR 300 000 is free: contracts have taken the rest.",
        ),
        ({"to_year": "2013"}, "Money of 2011 is carried over to 2012, to no other year."),
        ({"to_year": "2011"}, "Money of 2011 is carried over to 2012, to no other year."),
        ({"on": "2010-06-30"}, "It was booked on 1 July 2010, later."),
        (
            {"on": "2013-01-01"},
            "Contracting ended on 31 December 2012: what is left is released, not carried over.",
        ),
        ({"on": "2999-01-01"}, "1 January 2999 is still to come."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_wrong_input_is_refused(officer, second_officer, as_person, wrong, error):
    contracted(conditional(officer, second_officer), "100000")
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert response.status_code == 400
    assert error in errors_of(response)[0]
    assert committed() == {2011: Decimal(400000)}
    assert Commitment.objects.get().final_contracting_date == date(2012, 12, 31)


def test_only_conditional_money_is_carried_over(officer, second_officer, as_person):
    booked(planned_action(), officer, second_officer)
    response = as_person(officer).post(URL, GIVEN | {"to_year": "2011", "on": "2010-12-01"})
    assert response.status_code == 400
    assert "Only money that was subject to the budget of its year" in text_of(tree_of(response))
    assert committed() == {2010: Decimal(600000)}


def test_what_is_only_proposed_is_not_carried_over(officer, as_person):
    proposed(planned_action(), officer, "400000", 2011)
    response = as_person(officer).post(URL, GIVEN | {"revision": "0"})
    assert "The commitment is not booked yet." in text_of(tree_of(response))
    assert committed() == {}


def test_no_more_than_is_left_in_its_year(officer, second_officer, as_person):
    conditional(officer, second_officer)
    client = as_person(officer)
    client.post(URL, GIVEN | {"amount": "400000"})
    response = client.post(URL, GIVEN | {"amount": "1", "revision": "2"})
    assert errors_of(response) == [
        "FD-2010-C2 has money of 2012 for this action by the same decision already.",
        "No more than EUR 0 is free: contracts have taken the rest.",
    ]
    assert committed() == {2011: Decimal(0), 2012: Decimal(400000)}


def test_twice_sent_is_once_done(officer, second_officer, as_person):
    conditional(officer, second_officer)
    client = as_person(officer)
    client.post(URL, GIVEN)
    response = client.post(URL, GIVEN)
    assert response.status_code == 400
    assert "Olga Officer changed this on" in text_of(tree_of(response))
    assert committed() == {2011: Decimal("249999.50"), 2012: Decimal("150000.50")}
