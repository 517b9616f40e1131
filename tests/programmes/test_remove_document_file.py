"""Taking a file away from a draft: row, bytes, and which version counts then."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from portal.audit.models import Entry
from portal.files.models import File
from portal.files.tasks import sweep_files
from programmes.actions.drafting import discard_document
from programmes.actions.files import add_document_file, remove_document_file
from programmes.models import DocumentFile, DocumentStatus
from programmes.refusals import Refused
from tests.factories.files import DocumentFileFactory, pdf, upload
from tests.factories.programmes import DocumentFactory
from tests.pages import text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/files/en/1/remove/"


@pytest.fixture
def draft(file_store):
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.DRAFT)


def add(document, officer, pages: int = 1, **fields) -> DocumentFile:
    sent = upload(pdf(pages), f"{pages}.pdf")
    return add_document_file(document, by=officer, upload=sent, **{"language": "en", **fields})


def stored(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


def test_the_file_is_gone_and_the_trail_tells_of_it(
    draft, officer, as_person, file_store, django_capture_on_commit_callbacks
):
    added = add(draft, officer)
    client = as_person(officer)
    assert "1.pdf" in text_of(tree_of(client.get(URL)).xpath("//main")[0])
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(URL)
    assert (response.status_code, response["Location"]) == (
        302,
        "/programmes/documents/AAP-2009/#files",
    )
    assert not DocumentFile.objects.exists()
    assert not File.objects.exists()
    assert stored(file_store) == 0
    entry = Entry.objects.latest("position")
    assert (entry.verb, entry.record_code, entry.part_of, entry.actor) == (
        "remove_document_file",
        "AAP-2009-EN-1",
        "AAP-2009",
        officer.actor,
    )
    assert entry.old["sha256"] == added.file.sha256
    assert entry.new == {}


def test_bytes_that_another_document_has_too_stay(
    draft, officer, file_store, django_capture_on_commit_callbacks
):
    mine = add(draft, officer)
    other = add(DocumentFactory(status=DocumentStatus.DRAFT), officer)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document_file(mine, by=officer)
    with other.file.open() as kept:
        assert kept.read() == pdf(1)


def test_the_version_before_counts_again(draft, officer):
    first = add(draft, officer, 1, binding=True)
    second = add(draft, officer, 2)
    assert second.binding
    add(draft, officer, 3, language="fr", binding=True)
    remove_document_file(second, by=officer)
    first.refresh_from_db()
    assert (first.replaced_at, first.binding) == (None, False)
    assert [each.language for each in DocumentFile.objects.current()] == ["en", "fr"]


def test_an_earlier_version_goes_alone(draft, officer):
    first, second = add(draft, officer, 1), add(draft, officer, 2)
    remove_document_file(first, by=officer)
    assert list(DocumentFile.objects.current()) == [second]


@pytest.mark.parametrize("person", ["official", "auditor"])
def test_others_may_not(person, draft, officer, as_person, request):
    add(draft, officer)
    client = as_person(request.getfixturevalue(person))
    assert client.post(URL).status_code == (404 if person == "official" else 403)
    assert DocumentFile.objects.count() == 1


def test_a_public_document_loses_no_file(officer, as_person):
    public = DocumentFactory(code="AAP-2009", status=DocumentStatus.ADOPTED)
    file = DocumentFileFactory(document=public)
    client = as_person(officer)
    response = client.post(URL)
    assert response.status_code == 409
    assert "Files are removed from drafts only." in text_of(tree_of(response).xpath("//main")[0])
    with pytest.raises(Refused):
        remove_document_file(file, by=officer)
    assert DocumentFile.objects.get() == file
    assert not Entry.objects.exists()
    page = tree_of(client.get("/programmes/documents/AAP-2009/")).xpath('//*[@id="files"]')[0]
    assert "Remove" not in text_of(page)


def test_twice_is_not_found(draft, officer, as_person):
    add(draft, officer)
    client = as_person(officer)
    assert client.post(URL).status_code == 302
    assert client.post(URL).status_code == 404


def test_a_discarded_draft_takes_its_files_with_it(
    draft, officer, file_store, django_capture_on_commit_callbacks
):
    """Their rows go with the draft, their bytes when the store is swept."""
    add(draft, officer)
    discard_document(draft, by=officer, reason="Written twice")
    assert not DocumentFile.objects.exists()
    with (
        time_machine.travel(timezone.now() + timedelta(days=2)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        sweep_files()
    assert not File.objects.exists()
    assert stored(file_store) == 0
