"""What no contract took is released: an entry with the opposite sign, and a reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.actions.financing import carry_over_commitment, decommit_commitment
from programmes.freezing import unfrozen
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now
from programmes.models import Commitment, RegionMembership
from programmes.refusals import Refused
from tests.factories.programmes import MembershipFactory, RegionFactory, StrandFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.financed import booked, committed, contracted, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/decommit/"
GIVEN = {"amount": "100000.50", "on": "2012-01-15", "reason": "Not contracted", "revision": "1"}


def test_an_officer_releases_what_is_left(officer, second_officer, as_person):
    commitment = booked(planned_action(), officer, second_officer)
    contracted(commitment, "499999.50")
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == "/programmes/commitments/FD-2010-C1/"
    assert committed() == {2010: Decimal("499999.50")}
    posting = Posting.objects.get(measure=Measure.COMMITTED, amount__lt=0)
    assert (
        posting.amount,
        posting.value_date,
        posting.budget_year,
        posting.commitment,
        posting.action,
        posting.strand,
        posting.country,
        posting.event,
        posting.reason,
        posting.by,
    ) == (
        Decimal("-100000.50"),
        date(2012, 1, 15),
        2010,
        "FD-2010-C1",
        "AWP-2010-1",
        "MIGDEV",
        "MD",
        "Decommitted",
        "Not contracted",
        officer.actor,
    )
    entry = Entry.objects.get(verb="decommit_commitment")
    assert (entry.actor, entry.record_code, entry.part_of, entry.reason) == (
        officer.actor,
        "FD-2010-C1",
        "FD-2010",
        "Not contracted",
    )
    assert (entry.old, entry.new) == (
        {"committed": "600000.00"},
        {"committed": "499999.50", "on": "2012-01-15"},
    )


def test_the_day_before_is_answered_as_before(officer, second_officer, as_person):
    booked(planned_action(), officer, second_officer)
    before = now(["TPMA"])
    as_person(officer).post(URL, GIVEN)
    scope = Scope("TPMA", commitment="FD-2010-C1")
    assert figures.value(Measure.COMMITTED, scope, before).total == Decimal(600000)
    assert figures.value(Measure.COMMITTED, scope, now(["TPMA"])).total == Decimal("499999.50")


def test_it_says_what_is_free(officer, second_officer, as_person):
    contracted(booked(planned_action(), officer, second_officer), "1.25")
    response = as_person(officer).get(URL)
    assert "No contract has taken: EUR 599 998.75." in text_of(tree_of(response))
    assert tree_of(response).xpath('//input[@name="amount"]/@value') == ["599998.75"]


def test_others_are_refused(officer, second_officer, official, auditor, as_person, visitor):
    booked(planned_action(), officer, second_officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert committed() == {2010: Decimal(600000)}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (
            {"amount": "100000.51"},
            "No more than EUR 100 000.50 is free: contracts have taken the rest.",
        ),
        ({"amount": "0"}, "Ensure this value is greater than or equal to 0.01."),
        ({"on": "2010-06-30"}, "It was booked on 1 July 2010, later."),
        ({"on": "2999-01-01"}, "1 January 2999 is still to come."),
        ({"reason": ""}, "This field is required."),
        ({"reason": "   "}, "This field is required."),
    ],
)
def test_wrong_input_is_refused(officer, second_officer, as_person, wrong, error):
    contracted(booked(planned_action(), officer, second_officer), "499999.50")
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [error])
    assert committed() == {2010: Decimal(600000)}


def test_nothing_is_released_of_what_is_not_booked(officer, as_person):
    proposed(planned_action(), officer)
    response = as_person(officer).post(URL, GIVEN | {"revision": "0"})
    assert response.status_code == 400
    assert "The commitment is not booked yet." in text_of(tree_of(response))
    assert committed() == {}


def test_twice_sent_is_once_done(officer, second_officer, as_person):
    booked(planned_action(), officer, second_officer)
    client = as_person(officer)
    client.post(URL, GIVEN)
    response = client.post(URL, GIVEN)
    assert response.status_code == 400
    assert "Olga Officer changed this on" in text_of(tree_of(response))
    assert committed() == {2010: Decimal("499999.50")}


def test_again_and_again_but_never_below_what_is_contracted(officer, second_officer):
    commitment = booked(planned_action(), officer, second_officer)
    contracted(commitment, "300000")
    for amount in ("100000", "200000"):
        decommit_commitment(
            commitment, by=officer, amount=Decimal(amount), on=date(2012, 1, 1), reason="Left"
        )
    with pytest.raises(Refused, match="No more than EUR\u00a00 is free"):
        decommit_commitment(
            commitment, by=officer, amount=Decimal("0.01"), on=date(2012, 1, 1), reason="Left"
        )
    assert committed() == {2010: Decimal(300000)}
    assert Commitment.objects.get().revision == 3


def test_what_was_carried_over_is_released_by_itself(officer, second_officer):
    commitment = booked(planned_action(), officer, second_officer, "400000", 2011)
    carried = carry_over_commitment(
        commitment,
        by=officer,
        to_year=2012,
        amount=Decimal(150000),
        on=date(2011, 12, 20),
        reason="Call late",
    )
    told = {"by": officer, "on": date(2012, 2, 1), "reason": "Left"}
    with pytest.raises(Refused, match="No more than EUR\u00a0250\u00a0000 is free"):
        decommit_commitment(commitment, amount=Decimal(300000), **told)
    decommit_commitment(carried, amount=Decimal(100000), **told)
    assert committed() == {2011: Decimal(250000), 2012: Decimal(50000)}


@pytest.mark.parametrize(("before", "booked_in"), [(None, ""), ("EAST", "EAST")])
def test_it_stays_in_the_region_in_which_it_was_booked(officer, second_officer, before, booked_in):
    """Its country has come into a region, or gone to another, since."""
    action = planned_action()
    country = action.countries.get()
    if before:
        MembershipFactory(region=RegionFactory(code=before), country=country)
    commitment = booked(action, officer, second_officer)
    RegionMembership.objects.all().delete()
    MembershipFactory(region=RegionFactory(code="NEIGHBOURS"), country=country)
    decommit_commitment(
        commitment, by=officer, amount=Decimal(600000), on=date(2012, 1, 1), reason="Left"
    )
    lines = Posting.objects.filter(measure=Measure.COMMITTED).order_by("position")
    assert [(line.amount, line.country, line.region) for line in lines] == [
        (Decimal(600000), "MD", booked_in),
        (Decimal(-600000), "MD", booked_in),
    ]


def test_it_is_taken_from_the_cell_in_which_it_lies(officer, second_officer):
    """An amendment may have moved the action to another strand since: the money was booked in the first."""
    action = planned_action()
    commitment = booked(action, officer, second_officer)
    with unfrozen():
        action.strands.set([StrandFactory(code="ASYLUM")])
    decommit_commitment(
        commitment, by=officer, amount=Decimal(600000), on=date(2012, 1, 1), reason="Left"
    )
    by_strand = figures.table(Measure.COMMITTED, Scope("TPMA"), now(["TPMA"]), ["strand"])
    assert {key: cell.amount for key, cell in by_strand.items()} == {("MIGDEV",): Decimal(0)}
