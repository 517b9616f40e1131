"""Ending a document without a successor: what it planned is taken back, nothing may rest on it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from portal.audit.trail import write_entry
from programmes.actions.adoption import adopt_document
from programmes.actions.amendment import amend_document
from programmes.actions.moving import today
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now
from programmes.models import DocumentStatus
from tests.factories.ledger import post_line
from tests.pages import errors_of, notices_of, text_of, tree_of
from tests.programmes.cascade import indicative_programme, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/repeal/"
GIVEN = {"on": "2010-01-31", "reason": "The budget was withdrawn"}


@pytest.fixture
def adopted(second_officer):
    return adopt_document(work_programme(), by=second_officer, on=date(2009, 5, 4))


def lacks_of(response) -> list[tuple[str, str]]:
    links = tree_of(response).xpath('//div[@id="lacks"]//li/a')
    return [(text_of(link), link.get("href")) for link in links]


def test_it_ends_and_its_amounts_are_taken_back(adopted, officer, as_person, visitor):
    before = now()
    response = as_person(officer).post(URL, GIVEN, follow=True)
    assert response.redirect_chain == [("/programmes/documents/AAP-2009/", 302)]
    assert notices_of(response) == ["AAP-2009 is repealed."]
    adopted.refresh_from_db()
    assert (adopted.status, adopted.ended, adopted.reason, adopted.superseded_by) == (
        DocumentStatus.REPEALED,
        "2010-01-31",
        "The budget was withdrawn",
        None,
    )
    line = Posting.objects.get(position__gt=before.position)
    assert (line.measure, line.action, line.amount) == ("planned", "AAP-2009-1", Decimal(-400000))
    assert (line.event, line.reason) == ("repealed", "The budget was withdrawn")
    scope = Scope("TPMA", work_programme="AAP-2009")
    assert figures.value(Measure.PLANNED, scope, before).total == Decimal(400000)
    assert figures.table(Measure.PLANNED, scope, now(), ["action"])[("AAP-2009-1",)].amount == 0
    entry = Entry.objects.get(verb="repeal_document")
    assert (entry.record_code, entry.actor, entry.reason) == (
        "AAP-2009",
        officer.actor,
        "The budget was withdrawn",
    )
    assert entry.old == {"status": "adopted"}
    assert entry.new == {"status": "repealed", "ended": "2010-01-31"}
    assert visitor.get("/programmes/documents/AAP-2009/").status_code == 200


def test_an_envelope_is_taken_back(officer, second_officer, as_person):
    adopt_document(indicative_programme(), by=second_officer, on=date(2007, 5, 4))
    assert as_person(officer).post("/programmes/documents/MIP/repeal/", GIVEN).status_code == 302
    assert [line.amount for line in Posting.objects.all()] == [1000000, -1000000]


def test_everything_that_rests_on_it_is_named_at_once(adopted, officer, second_officer, as_person):
    post_line(
        Measure.COMMITTED,
        "250000.50",
        work_programme="AAP-2009",
        action="AAP-2009-1",
        budget_year=2009,
    )
    amend_document(adopted, by=second_officer, reason="More")
    future = (today() + timedelta(days=2)).isoformat()
    response = as_person(officer).post(URL, {"on": future, "reason": "Done"})
    assert response.status_code == 400
    assert lacks_of(response) == [
        ("The day lies in the future.", "#id_on"),
        (
            "AAP-2009-A1, which amends it, is being drafted.",
            "/programmes/documents/AAP-2009-A1/",
        ),
        ("EUR 250 000.50 are committed for AAP-2009-1.", "/programmes/actions/AAP-2009-1/"),
    ]
    adopted.refresh_from_db()
    assert adopted.status == DocumentStatus.ADOPTED


def test_what_was_decommitted_does_not_hold_it(adopted, officer, as_person):
    for amount in ("250000", "-250000"):
        post_line(
            Measure.COMMITTED,
            amount,
            work_programme="AAP-2009",
            action="AAP-2009-1",
            budget_year=2009,
        )
    assert as_person(officer).post(URL, GIVEN).status_code == 302


def test_documents_in_force_beneath_hold_it(adopted, officer, as_person):
    response = as_person(officer).post("/programmes/documents/MIP/repeal/", GIVEN)
    assert lacks_of(response) == [
        ("AAP-2009, which rests on it, is in force.", "/programmes/documents/AAP-2009/")
    ]
    assert as_person(officer).post(URL, GIVEN).status_code == 302
    assert as_person(officer).post("/programmes/documents/MIP/repeal/", GIVEN).status_code == 302


def test_it_does_not_end_before_it_began(adopted, officer, as_person):
    response = as_person(officer).post(URL, {"on": "2009-05-03", "reason": "Done"})
    assert lacks_of(response) == [("AAP-2009 was adopted on 4 May 2009, after this day.", "#id_on")]


def test_a_reason_is_asked_for(adopted, officer, as_person):
    response = as_person(officer).post(URL, {"on": "2010-01-31", "reason": ""})
    assert response.status_code == 400
    assert errors_of(response) == ["This field is required."]


def test_others_may_not(adopted, visitor, official, auditor, as_person):
    assert visitor.post(URL, GIVEN).status_code == 302
    for person in (official, auditor):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    adopted.refresh_from_db()
    assert adopted.status == DocumentStatus.ADOPTED


def test_nor_whoever_changed_it_since(adopted, officer, as_person):
    write_entry(
        "add_document_file", by=officer, record_kind="file", record_code="F", part_of="AAP-2009"
    )
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 403
    assert "File added" in text_of(tree_of(response).xpath("//main")[0])


def test_twice_is_told_kindly(adopted, officer, second_officer, as_person):
    as_person(officer).post(URL, GIVEN)
    response = as_person(second_officer).post(URL, GIVEN, follow=True)
    assert notices_of(response)[0].startswith("Olga Officer repealed AAP-2009 on ")
    assert Posting.objects.count() == 2
