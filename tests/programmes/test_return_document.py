"""Returning a document from consultation to drafting."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import DocumentStatus
from tests.pages import errors_of, notices_of
from tests.programmes.cascade import DRAFT, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/return/"


@pytest.fixture
def consulted():
    return work_programme()


def test_it_is_a_draft_again(consulted, officer, as_person):
    response = as_person(officer).post(URL, {"reason": "Two ports are missing"}, follow=True)
    assert notices_of(response)[0] == "AAP-2009 is a draft again."
    consulted.refresh_from_db()
    assert (consulted.status, consulted.revision) == (DocumentStatus.DRAFT, 1)
    entry = Entry.objects.get(verb="return_document")
    assert (entry.record_code, entry.reason) == ("AAP-2009", "Two ports are missing")
    assert (entry.old, entry.new) == ({"status": "in_consultation"}, {"status": "draft"})


def test_others_may_not(consulted, visitor, official, auditor, as_person):
    assert visitor.post(URL).status_code == 302
    assert as_person(official).post(URL, {"reason": "No"}).status_code == 404
    assert as_person(auditor).post(URL, {"reason": "No"}).status_code == 403
    consulted.refresh_from_db()
    assert consulted.status == DocumentStatus.IN_CONSULTATION


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reason_is_asked_for(consulted, officer, as_person, reason):
    response = as_person(officer).post(URL, {"reason": reason})
    assert response.status_code == 400
    assert errors_of(response) == ["This field is required."]
    consulted.refresh_from_db()
    assert consulted.status == DocumentStatus.IN_CONSULTATION


def test_a_draft_is_not_returned(officer, as_person):
    work_programme(status=DRAFT)
    response = as_person(officer).post(URL, {"reason": "Again"}, follow=True)
    assert notices_of(response)[0] == "Its status is now “Draft”."
    assert not Entry.objects.filter(verb="return_document").exists()
