"""An officer discards a draft: it goes with everything in it, its history stays."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from portal.files.models import File
from programmes.actions import drafting
from programmes.actions.files import add_document_file
from programmes.models import Action, Document, DocumentStatus
from tests.factories.files import pdf, upload
from tests.factories.programmes import DocumentFactory
from tests.pages import text_of, tree_of
from tests.programmes.drafted import DRAFT, adopt, draft_work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AWP-2009/discard/"
GIVEN = {"reason": "A special measure takes its place"}


def test_it_is_gone_and_told(officer, as_person):
    work = draft_work_programme()
    drafting.add_action(work, by=officer, title="Boats")
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == "/programmes/TPMA/"
    assert not Document.objects.filter(code="AWP-2009").exists()
    assert not Action.objects.exists()
    entry = Entry.objects.get(verb="discard_document")
    assert (entry.reason, entry.old["title"], entry.old["actions"][0]["title"]) == (
        GIVEN["reason"],
        "Work programme 2009",
        "Boats",
    )


def test_its_files_go_with_it(file_store, officer, as_person, django_capture_on_commit_callbacks):
    work = draft_work_programme()
    add_document_file(work, by=officer, upload=upload(pdf(), "text.pdf"), language="en")
    assert File.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        as_person(officer).post(URL, GIVEN)
    assert not File.objects.exists()
    assert not [path for path in file_store.rglob("*") if path.is_file()]


def test_a_discarded_amendment_leads_back_to_what_it_amended(officer, as_person):
    work = adopt(draft_work_programme())
    DocumentFactory(code="AWP-2009-A1", status=DRAFT, parent=work.parent, amends=work)
    url = "/programmes/documents/AWP-2009-A1/discard/"
    assert as_person(officer).post(url, GIVEN)["Location"] == "/programmes/documents/AWP-2009/"


def test_who_is_refused_and_how(visitor, official, auditor, as_person):
    draft_work_programme()
    assert visitor.post(URL, GIVEN).status_code == 302
    assert as_person(official).post(URL, GIVEN).status_code == 404
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert Document.objects.filter(code="AWP-2009").exists()


def test_without_a_reason_it_stays(officer, as_person):
    draft_work_programme()
    for reason in ("", "  "):
        assert as_person(officer).post(URL, {"reason": reason}).status_code == 400
    assert Document.objects.filter(code="AWP-2009").exists()


def test_in_consultation_it_is_returned_first(officer, as_person):
    work = draft_work_programme()
    Document.objects.filter(pk=work.pk).update(status=DocumentStatus.IN_CONSULTATION)
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "It is in consultation: have it returned first." in summary


def test_an_adopted_document_is_frozen(officer, as_person):
    adopt(draft_work_programme())
    assert as_person(officer).post(URL, GIVEN).status_code == 409
    assert Document.objects.filter(code="AWP-2009").exists()


def test_twice_finds_nothing(officer, as_person):
    draft_work_programme()
    client = as_person(officer)
    client.post(URL, GIVEN)
    assert client.post(URL, GIVEN).status_code == 404
    assert Entry.objects.filter(verb="discard_document").count() == 1
