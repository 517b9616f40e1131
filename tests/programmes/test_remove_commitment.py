"""An officer takes a proposed commitment back."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from portal.lifecycle import MoveRefused
from programmes.actions.financing import remove_commitment
from programmes.models import Commitment
from tests.pages import text_of, tree_of
from tests.programmes.financed import booked, committed, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/remove/"


def test_an_officer_removes_it(officer, second_officer, as_person):
    proposed(planned_action(), officer)
    client = as_person(second_officer)
    assert "FD-2010-C1" in text_of(tree_of(client.get(URL)))
    response = client.post(URL, {"reason": "Wrong year"})
    assert response["Location"] == "/programmes/decisions/FD-2010/"
    assert Commitment.objects.count() == 0
    entry = Entry.objects.get(verb="remove_commitment")
    assert (entry.actor, entry.record_code, entry.part_of, entry.reason) == (
        second_officer.actor,
        "FD-2010-C1",
        "FD-2010",
        "Wrong year",
    )
    assert entry.old == {
        "action": "AWP-2010-1",
        "budget_year": 2010,
        "amount": "600000.00",
        "conditional": False,
        "final_contracting_date": "2011-12-31",
    }


def test_looking_removes_nothing(officer, as_person):
    proposed(planned_action(), officer)
    assert as_person(officer).get(URL).status_code == 200
    assert Commitment.objects.count() == 1


def test_others_are_refused(officer, official, auditor, as_person, visitor):
    proposed(planned_action(), officer)
    assert as_person(auditor).post(URL).status_code == 403
    assert as_person(official).post(URL).status_code == 404
    assert visitor.post(URL).status_code == 302
    assert Commitment.objects.count() == 1


def test_a_booked_one_is_not_removed(officer, second_officer, as_person):
    commitment = booked(planned_action(), officer, second_officer)
    response = as_person(officer).post(URL, follow=True)
    assert "Sven Second booked FD-2010-C1 on" in text_of(tree_of(response))
    with pytest.raises(MoveRefused):
        remove_commitment(commitment, by=officer)
    assert committed() == {2010: 600000}


def test_twice_is_not_found(officer, as_person):
    proposed(planned_action(), officer)
    client = as_person(officer)
    client.post(URL)
    assert client.post(URL).status_code == 404
    assert Entry.objects.filter(verb="remove_commitment").count() == 1
