"""An officer changes a commitment that is not booked yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from portal.lifecycle import MoveRefused
from programmes.actions.financing import change_commitment
from programmes.models import Commitment
from programmes.refusals import Stale
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.financed import booked, committed, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/change/"
GIVEN = {
    "budget_year": "2010",
    "amount": "600000",
    "final_contracting_date": "2011-12-31",
    "revision": "0",
}


def test_an_officer_changes_it(officer, second_officer, as_person):
    proposed(planned_action(), officer)
    response = as_person(second_officer).post(URL, GIVEN | {"amount": "5", "conditional": "on"})
    assert response["Location"] == "/programmes/commitments/FD-2010-C1/"
    commitment = Commitment.objects.get()
    assert (commitment.amount, commitment.conditional, commitment.revision) == (5, True, 1)
    entry = Entry.objects.get(verb="change_commitment")
    assert (entry.actor, entry.part_of) == (second_officer.actor, "FD-2010")
    assert entry.old == {"amount": "600000.00", "conditional": False}
    assert entry.new == {"amount": "5", "conditional": True}


def test_the_form_shows_what_stands(officer, as_person):
    proposed(planned_action(), officer)
    tree = tree_of(as_person(officer).get(URL))
    assert {name: tree.xpath(f'//input[@name="{name}"]/@value')[0] for name in GIVEN} == {
        "budget_year": "2010",
        "amount": "600000.00",
        "final_contracting_date": "2011-12-31",
        "revision": "0",
    }


def test_an_empty_date_is_the_usual_one(officer, as_person):
    proposed(planned_action(), officer)
    data = GIVEN | {"budget_year": "2011", "final_contracting_date": ""}
    assert as_person(officer).post(URL, data).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.final_contracting_date, commitment.conditional) == (date(2012, 12, 31), True)


def test_nothing_new_is_nothing_done(officer, second_officer, as_person):
    """Who sends the form unchanged has not changed it, and may book it."""
    proposed(planned_action(), officer)
    assert as_person(second_officer).post(URL, GIVEN).status_code == 302
    assert Commitment.objects.get().revision == 0
    assert not Entry.objects.filter(verb="change_commitment").exists()


def test_others_are_refused(officer, official, auditor, as_person, visitor):
    proposed(planned_action(), officer)
    data = GIVEN | {"amount": "5"}
    assert as_person(auditor).post(URL, data).status_code == 403
    assert as_person(official).post(URL, data).status_code == 404
    assert visitor.post(URL, data).status_code == 302
    assert Commitment.objects.get().amount == 600000


def test_who_comes_second_is_told_and_keeps_what_was_typed(officer, second_officer, as_person):
    proposed(planned_action(), officer)
    as_person(second_officer).post(URL, GIVEN | {"amount": "7"})
    response = as_person(officer).post(URL, GIVEN | {"amount": "8.25", "reason": "Typed"})
    assert response.status_code == 400
    assert "Sven Second changed this on" in text_of(tree_of(response))
    assert tree_of(response).xpath('//input[@name="amount"]/@value') == ["8.25"]
    assert Commitment.objects.get().amount == 7
    with pytest.raises(Stale) as refusal:
        change_commitment(Commitment.objects.get(), by=officer, revision=0, amount=Decimal(9))
    assert refusal.value.who == "Sven Second"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (
            {"budget_year": "2009"},
            "The work programme foresees no money of 2009 for this action. It foresees: 2010, 2011.",
        ),
        ({"amount": "-1"}, "Ensure this value is greater than or equal to 0.01."),
        (
            {"final_contracting_date": "2012-01-01"},
            "Money of 2010 is usually contracted by 31 December 2011: say why it may take longer.",
        ),
    ],
)
def test_wrong_input_is_refused(officer, as_person, wrong, error):
    proposed(planned_action(), officer)
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [error])
    assert Commitment.objects.get().revision == 0


def test_a_booked_one_stays(officer, second_officer, as_person):
    commitment = booked(planned_action(), officer, second_officer)
    response = as_person(officer).post(URL, GIVEN | {"amount": "5"}, follow=True)
    assert response.redirect_chain == [("/programmes/commitments/FD-2010-C1/", 302)]
    assert "Sven Second booked FD-2010-C1 on" in text_of(tree_of(response))
    with pytest.raises(MoveRefused):
        change_commitment(commitment, by=officer, revision=1, amount=Decimal(5))
    assert committed() == {2010: Decimal(600000)}
    assert Commitment.objects.get().amount == 600000
