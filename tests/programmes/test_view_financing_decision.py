"""The page of a financing decision and its commitments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from programmes.models import Commitment
from tests.factories.programmes import CommitmentFactory, FinancingDecisionFactory
from tests.pages import facts_of, rows_of, text_of, tree_of
from tests.programmes.financed import booked, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/decisions/FD-2010/"


def test_what_is_known(officer, second_officer, visitor):
    commitment = booked(planned_action(), officer, second_officer)
    last = timezone.localdate() + timedelta(days=1)
    Commitment.objects.update(final_contracting_date=last)
    response = visitor.get(URL)
    assert facts_of(response) == {
        "Number": "C(2010) 4102",
        "Date": "1 June 2010",
        "Budget line": "19 02 01",
        "Registry reference": "not reported",
        "Finances": "Work programme 2010",
    }
    assert rows_of(response, "commitments-table") == [
        [
            "FD-2010-C1",
            "Mobility budget year 2010",
            "Booked",
            "600 000",
            "600 000",
            f"{last.day} {last:%B} {last.year} 1 day left",
        ]
    ]
    assert commitment.get_absolute_url() in response.content.decode()


def test_nothing_of_it_is_public_before_one_is_booked(
    officer, official, auditor, as_person, visitor
):
    proposed(planned_action(), officer)
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
        page = client.get("/programmes/documents/AWP-2010/").content.decode()
        assert "4102" not in page
        assert "FD-2010" not in page
    for person in (officer, auditor):
        assert as_person(person).get(URL).status_code == 200
        page = as_person(person).get("/programmes/documents/AWP-2010/").content.decode()
        assert "FD-2010-C1" in page


def test_proposed_ones_beside_booked_ones_are_not_public(
    officer, second_officer, auditor, as_person, visitor
):
    action = planned_action()
    booked(action, officer, second_officer)
    proposed(action, officer, "400000", 2011)
    for page in (URL, "/programmes/documents/AWP-2010/", "/programmes/actions/AWP-2010-1/"):
        assert "FD-2010-C2" not in visitor.get(page).content.decode()
        assert "FD-2010-C2" in as_person(auditor).get(page).content.decode()
    assert visitor.get("/programmes/commitments/FD-2010-C2/").status_code == 404


def test_what_may_be_done_is_for_officers(officer, auditor, as_person):
    proposed(planned_action(), officer)
    page = as_person(officer).get(URL)
    assert tree_of(page).xpath('//div[@class="portal-actions"]/a/@href') == [
        f"{URL}commitments/add/",
        f"{URL}change/",
    ]
    assert not tree_of(as_person(auditor).get(URL)).xpath('//div[@class="portal-actions"]/a')


def test_without_commitments_it_says_so(officer, as_person):
    FinancingDecisionFactory(code="FD-2010")
    response = as_person(officer).get(URL)
    assert rows_of(response, "commitments-table") == [["No commitment under this decision yet."]]
    assert "Nothing was done to this record" in text_of(tree_of(response))


def test_its_history_is_for_officers_and_auditors(officer, second_officer, as_person, visitor):
    booked(planned_action(), officer, second_officer)
    assert "Sven Second" in text_of(tree_of(as_person(officer).get(URL)))
    assert "Sven Second" not in text_of(tree_of(visitor.get(URL)))


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    decision = FinancingDecisionFactory(code="FD-2010")
    for _number in range(count):
        CommitmentFactory(decision=decision, status="booked", booked_on=date(2010, 1, 1))
    with django_assert_num_queries(9):
        assert visitor.get(URL).status_code == 200


def test_an_unknown_code_is_not_found(visitor):
    assert visitor.get(URL).status_code == 404
