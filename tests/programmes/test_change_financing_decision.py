"""A financing decision is corrected as long as none of its commitments is booked."""

from __future__ import annotations

from datetime import date

import pytest

from portal.audit.models import Entry
from programmes.actions.financing.decisions import decision_revision
from programmes.models import FinancingDecision
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.financed import booked, decided, planned_action

pytestmark = pytest.mark.django_db

URL = "/programmes/decisions/FD-2010/change/"
GIVEN = {"number": "C(2010) 9", "decided_on": "2010-06-01", "budget_line": "19 02 01"}


def opened(client) -> dict[str, str]:
    """What an officer's browser holds after opening the form."""
    revision = tree_of(client.get(URL)).xpath('//input[@name="revision"]/@value')[0]
    return GIVEN | {"revision": revision}


def test_an_officer_corrects_it(officer, as_person):
    decided(planned_action(), officer)
    client = as_person(officer)
    response = client.post(URL, opened(client))
    assert response["Location"] == "/programmes/decisions/FD-2010/"
    assert FinancingDecision.objects.get().number == "C(2010) 9"
    entry = Entry.objects.get(verb="change_financing_decision")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "financing decision",
        "FD-2010",
        "AWP-2010",
    )
    assert (entry.old, entry.new) == ({"number": "C(2010) 4102"}, {"number": "C(2010) 9"})


def test_nothing_new_is_nothing_done(officer, as_person):
    decided(planned_action(), officer)
    client = as_person(officer)
    assert client.post(URL, opened(client) | {"number": "C(2010) 4102"}).status_code == 302
    assert not Entry.objects.filter(verb="change_financing_decision").exists()


def test_others_are_refused(officer, official, auditor, as_person, visitor):
    decided(planned_action(), officer)
    data = GIVEN | {"revision": "1"}
    assert as_person(auditor).post(URL, data).status_code == 403
    assert as_person(official).post(URL, data).status_code == 404
    assert visitor.post(URL, data).status_code == 302
    assert FinancingDecision.objects.get().number == "C(2010) 4102"


def test_once_a_commitment_is_booked_it_stays(officer, second_officer, as_person):
    booked(planned_action(), officer, second_officer)
    client = as_person(officer)
    response = client.post(URL, opened(client))
    assert response.status_code == 400
    assert "the decision stays as it was made" in text_of(tree_of(response))
    assert FinancingDecision.objects.get().number == "C(2010) 4102"


def test_who_comes_second_is_told_and_keeps_what_was_typed(officer, second_officer, as_person):
    decision = decided(planned_action(), officer)
    first, second = as_person(officer), as_person(second_officer)
    held = opened(second)
    first.post(URL, opened(first) | {"decided_on": "2010-06-02"})
    response = second.post(URL, held | {"note": "What I typed"})
    assert response.status_code == 400
    text = text_of(tree_of(response))
    assert "Olga Officer changed this on" in text
    assert "What I typed" in response.content.decode()
    decision.refresh_from_db()
    assert (decision.decided_on, decision.note) == (date(2010, 6, 2), "")
    assert int(held["revision"]) < decision_revision(decision)


def test_wrong_input_is_refused(officer, as_person):
    decided(planned_action(), officer)
    client = as_person(officer)
    response = client.post(URL, opened(client) | {"decided_on": "2999-01-01", "budget_line": ""})
    assert response.status_code == 400
    assert errors_of(response) == ["This field is required."]
    response = client.post(URL, opened(client) | {"decided_on": "2999-01-01"})
    assert errors_of(response) == ["1 January 2999 is still to come."]
