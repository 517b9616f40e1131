"""The endpoints of financing decisions and commitments say what their pages say, to the same people."""

from __future__ import annotations

import pytest

from tests.programmes.financed import booked, planned_action, proposed

pytestmark = pytest.mark.django_db

DECISIONS = "/api/v1/financing-decisions/"
COMMITMENTS = "/api/v1/commitments/"


def test_what_is_booked_is_for_everybody(
    visitor, officer, second_officer, django_assert_num_queries
):
    booked(planned_action(), officer, second_officer, "399999.50", 2011)
    with django_assert_num_queries(1):
        decisions = visitor.get(DECISIONS).json()
    with django_assert_num_queries(1):
        commitments = visitor.get(COMMITMENTS).json()
    sourced = {"source": "", "confidence": "entered", "recalled_fields": []}
    assert decisions == [
        {
            "code": "FD-2010",
            "work_programme_code": "AWP-2010",
            "number": "C(2010) 4102",
            "decided_on": "2010-06-01",
            "budget_line": "19 02 01",
            "registry_reference": "",
            "commitment_codes": ["FD-2010-C1"],
            "note": "",
            **sourced,
        }
    ]
    assert commitments == [
        {
            "code": "FD-2010-C1",
            "decision_code": "FD-2010",
            "work_programme_code": "AWP-2010",
            "action_code": "AWP-2010-1",
            "budget_year": 2011,
            "amount": "399999.50",
            "conditional": True,
            "freed_on": "2010-07-01",
            "final_contracting_date": "2012-12-31",
            "status": "booked",
            "booked_on": "2010-07-01",
            **sourced,
        }
    ]
    assert visitor.get(f"{DECISIONS}FD-2010/").json() == decisions[0]
    assert visitor.get(f"{COMMITMENTS}FD-2010-C1/").json() == commitments[0]


def test_what_is_proposed_is_for_officers_and_auditors(
    visitor, officer, official, auditor, as_person
):
    proposed(planned_action(), officer)
    for client in (visitor, as_person(official)):
        assert client.get(DECISIONS).json() == client.get(COMMITMENTS).json() == []
        assert client.get(f"{DECISIONS}FD-2010/").status_code == 404
        assert client.get(f"{COMMITMENTS}FD-2010-C1/").status_code == 404
    for person in (officer, auditor):
        assert [row["code"] for row in as_person(person).get(COMMITMENTS).json()] == ["FD-2010-C1"]
        assert [row["code"] for row in as_person(person).get(DECISIONS).json()] == ["FD-2010"]


def test_a_decision_names_only_the_commitments_that_are_seen(
    visitor, officer, second_officer, as_person
):
    action = planned_action()
    booked(action, officer, second_officer)
    proposed(action, officer, "400000", 2011)
    assert visitor.get(f"{DECISIONS}FD-2010/").json()["commitment_codes"] == ["FD-2010-C1"]
    whole = as_person(officer).get(f"{DECISIONS}FD-2010/").json()
    assert whole["commitment_codes"] == ["FD-2010-C1", "FD-2010-C2"]


def test_nothing_is_written_through_them(officer, second_officer, as_person):
    booked(planned_action(), officer, second_officer)
    client = as_person(second_officer)
    for address in (DECISIONS, COMMITMENTS, f"{COMMITMENTS}FD-2010-C1/"):
        for method in (client.post, client.put, client.patch, client.delete):
            assert method(address).status_code in {403, 405}
