"""Sending a draft into consultation."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import DocumentStatus
from tests.factories.programmes import DocumentFactory
from tests.pages import notices_of
from tests.programmes.cascade import DRAFT, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/consult/"


@pytest.fixture
def draft():
    return work_programme(status=DRAFT)


def test_a_draft_goes_into_consultation(draft, officer, as_person):
    client = as_person(officer)
    response = client.get(URL)
    assert response.status_code == 200
    assert notices_of(response) == []
    response = client.post(URL, follow=True)
    assert response.redirect_chain == [("/programmes/documents/AAP-2009/", 302)]
    assert notices_of(response)[0] == "AAP-2009 is in consultation."
    draft.refresh_from_db()
    assert (draft.status, draft.revision) == (DocumentStatus.IN_CONSULTATION, 1)
    entry = Entry.objects.get(verb="consult_document")
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("document", "AAP-2009", "")
    assert (entry.actor, entry.old, entry.new) == (
        officer.actor,
        {"status": "draft"},
        {"status": "in_consultation"},
    )


def test_what_it_still_lacks_is_said_and_does_not_hold_it_back(officer, as_person):
    DocumentFactory(code="AAP-2009", status=DRAFT)
    client = as_person(officer)
    (said,) = notices_of(client.get(URL))
    assert said == (
        "It still lacks this for adoption "
        "It does not say on which multiannual indicative programme of its programme it rests. "
        "It has no action."
    )
    assert client.post(URL).status_code == 302


def test_others_may_not(draft, visitor, official, auditor, as_person):
    assert visitor.post(URL).url == f"/accounts/login/?next={URL}"
    assert as_person(official).post(URL).status_code == 404
    assert as_person(auditor).post(URL).status_code == 403
    draft.refresh_from_db()
    assert draft.status == DRAFT
    assert not Entry.objects.filter(verb="consult_document").exists()


def test_twice_is_told_kindly(draft, officer, second_officer, as_person):
    as_person(officer).post(URL)
    response = as_person(second_officer).post(URL, follow=True)
    said = notices_of(response)[0]
    assert said.startswith("Olga Officer sent AAP-2009 into consultation on ")
    assert said.endswith("Its status is now “In consultation”.")
    assert Entry.objects.filter(verb="consult_document").count() == 1


def test_an_unknown_document_is_not_found(officer, as_person):
    assert as_person(officer).get(URL).status_code == 404
