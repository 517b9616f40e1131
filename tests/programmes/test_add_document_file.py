"""Adding a file to a document: the text in one language, later versions, which is binding; what is refused."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from portal.audit.models import Entry
from portal.files.models import File
from programmes.actions.files import add_document_file, newest_file
from programmes.models import DocumentFile, DocumentStatus
from programmes.refusals import Refused, Stale
from tests.factories.files import (
    DocumentFileFactory,
    FileFactory,
    docx,
    pdf,
    scripted_pdf,
    upload,
)
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/files/add/"
PAGE = "/programmes/documents/AAP-2009/"


@pytest.fixture
def draft(file_store):
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.DRAFT)


@pytest.fixture
def public(file_store):
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.ADOPTED)


def send(client, content: bytes, name: str = "programme.pdf", **fields):
    sent = {"upload": SimpleUploadedFile(name, content), "language": "en", "seen": "0", **fields}
    return client.post(URL, sent)


def files_of(response) -> str:
    return text_of(tree_of(response).xpath('//section[@id="files"]')[0])


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_officer_adds_a_file(draft, officer, as_person, file_store):
    content = pdf(3)
    client = as_person(officer)
    response = send(
        client, content, binding="on", registry_reference="Ares(2009)12345", language="en"
    )
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}#files")
    added = DocumentFile.objects.get()
    assert (added.document, added.language, added.version) == (draft, "en", 1)
    assert (added.binding, added.registry_reference, added.replaced_at) == (
        True,
        "Ares(2009)12345",
        None,
    )
    assert (added.file.name, added.file.pages, added.file.uploaded_by) == (
        "programme.pdf",
        3,
        officer.actor,
    )
    digest = hashlib.sha256(content).hexdigest()
    assert [path.read_bytes() for path in stored(file_store)] == [content]
    shown = files_of(client.get(PAGE))
    assert shown.startswith(
        "Files Where languages differ, the text in English decides: it is the binding one. "
        "programme.pdf PDF"
    )
    for words in ("English", "binding text · version 1 · 3 pages · Ares(2009)12345", digest):
        assert words in shown
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.record_kind, entry.record_code, entry.part_of) == (
        "add_document_file",
        officer.actor,
        "document file",
        "AAP-2009-EN-1",
        "AAP-2009",
    )
    assert (entry.old, entry.new) == (
        {},
        {
            "name": "programme.pdf",
            "language": "en",
            "version": 1,
            "binding": True,
            "registry_reference": "Ares(2009)12345",
            "media_type": "application/pdf",
            "size": len(content),
            "sha256": digest,
        },
    )


def test_a_later_version_replaces_and_the_earlier_one_stays_listed(draft, officer, as_person):
    client = as_person(officer)
    send(client, pdf(1), "first.pdf", binding="on")
    response = send(client, docx(), "second.docx", seen=newest_file(draft))
    assert response.status_code == 302
    later, earlier = DocumentFile.objects.all()
    assert (later.version, later.binding, later.replaced_at) == (2, True, None)
    assert (earlier.version, earlier.binding, earlier.replaced_at) == (1, True, later.added_at)
    assert Entry.objects.latest("position").old == {"version": 1, "sha256": earlier.file.sha256}
    page = tree_of(client.get(PAGE)).xpath('//section[@id="files"]')[0]
    now, before = page.xpath(".//article[not(ancestor::details)]"), page.xpath(".//details")
    assert [text_of(each).split()[0] for each in now] == ["second.docx"]
    assert text_of(before[0]).startswith("1 earlier version first.pdf")
    assert "was the binding text · version 1" in text_of(before[0])


def test_languages_stand_beside_each_other_and_one_is_binding(draft, officer, as_person):
    client = as_person(officer)
    send(client, pdf(1), "en.pdf", binding="on")
    send(client, pdf(2), "fr.pdf", language="fr", binding="on")
    assert {each.language: each.binding for each in DocumentFile.objects.all()} == {
        "en": False,
        "fr": True,
    }
    assert Entry.objects.latest("position").old == {"binding_language": "en"}
    assert "the text in French decides" in files_of(client.get(PAGE))


def test_none_binding_is_said_and_so_is_no_file(draft, officer, visitor, as_person):
    client = as_person(officer)
    assert files_of(client.get(PAGE)) == "Files No file of this document is kept here. Add a file"
    send(client, pdf())
    assert files_of(client.get(PAGE)).startswith(
        "Files Which language is binding is not reported. programme.pdf"
    )


def test_a_translation_is_added_after_adoption(public, officer, visitor, as_person):
    DocumentFileFactory(document=public, language="en", binding=True)
    assert send(as_person(officer), pdf(), "fr.pdf", language="fr").status_code == 302
    shown = files_of(visitor.get(PAGE))
    assert "fr.pdf" in shown
    assert "Add a file" not in shown
    assert "Change" not in shown


def test_an_arabic_name_and_a_very_long_one(draft, officer, as_person):
    client = as_person(officer)
    assert send(client, pdf(1), "برنامج العمل.pdf", language="ar").status_code == 302
    assert send(client, pdf(2), "n" * 300 + ".pdf", language="en").status_code == 302
    names = {each.language: each.file.name for each in DocumentFile.objects.all()}
    assert names["ar"] == "برنامج العمل.pdf"
    assert names["en"].startswith("n" * 200)
    assert names["en"].endswith(".pdf")
    assert len(names["en"].encode()) <= 255
    assert "برنامج العمل.pdf" in files_of(client.get(PAGE))


def test_the_form_says_what_is_taken(draft, officer, as_person):
    page = as_person(officer).get(URL)
    text = text_of(tree_of(page).xpath("//form[@enctype]")[0])
    assert "PDF, DOCX, ODT, XLSX, ODS, PNG, JPEG, TXT, CSV; at most 25.0 MB." in text
    assert "Reason" not in text


@pytest.mark.parametrize("person", ["official", "auditor", "visitor"])
def test_others_may_not(person, public, as_person, request):
    who = request.getfixturevalue(person)
    client = who if person == "visitor" else as_person(who)
    response = send(client, pdf())
    assert response.status_code == (302 if person == "visitor" else 403)
    assert "login" in response["Location"] if person == "visitor" else True
    assert not File.objects.exists()


def test_a_draft_is_not_there_for_officials(draft, official, as_person):
    assert as_person(official).get(URL).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "empty.pdf", "“empty.pdf” was not kept: it is empty."),
        (
            pdf(),
            "programme.docx",
            "“programme.docx” was not kept: its content is PDF, but its name does not end in .pdf.",
        ),
        (
            scripted_pdf(),
            "form.pdf",
            (
                "“form.pdf” was not kept: it carries a program: macros, JavaScript or a command. "
                "Save it without."
            ),
        ),
        (pdf() + docx(), "two.pdf", "“two.pdf” was not kept: another file is joined to it."),
        (
            b"<!DOCTYPE html><script>alert(1)</script>",
            "page.txt",
            "“page.txt” was not kept: it is a page with markup (HTML, SVG or XML), not plain text.",
        ),
    ],
)
def test_bad_files_are_refused_by_name_with_the_reason(
    draft, officer, as_person, file_store, content, name, reason
):
    response = send(as_person(officer), content, name, registry_reference="Ares(2009)1")
    assert response.status_code == 400
    assert errors_of(response) == [reason]
    assert_nothing_was_kept(file_store)
    typed = tree_of(response).xpath('//input[@name="registry_reference"]/@value')
    assert typed == ["Ares(2009)1"]


def assert_nothing_was_kept(file_store: Path) -> None:
    assert not File.objects.exists()
    assert not DocumentFile.objects.exists()
    assert not Entry.objects.exists()
    assert stored(file_store) == []


def test_a_request_over_the_limit_is_refused_and_fills_no_disk(
    draft, officer, as_person, file_store, tmp_path, settings
):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    assert settings.LARGEST_FILE == 25 * 1024 * 1024
    response = send(as_person(officer), b"%PDF-1.7" + bytes(25 * 1024 * 1024), "large.pdf")
    assert response.status_code == 400
    assert errors_of(response) == [
        "“large.pdf” was not kept: it is larger than 25.0 MB, the most that is taken."
    ]
    assert_nothing_was_kept(file_store)
    del response
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_large_file_within_the_limit_is_kept_whole(draft, officer, as_person, file_store):
    """It comes through a temporary file, which the upload must not be moved away from."""
    content = b"a;b\n" * 1_000_000
    assert len(content) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert send(as_person(officer), content, "rows.csv").status_code == 302
    assert [path.read_bytes() for path in stored(file_store)] == [content]
    assert not list(Path(tempfile.gettempdir()).glob("*.upload.csv"))


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"language": ""}, ["This field is required."]),
        (
            {"language": "xx"},
            ["Select a valid choice. xx is not one of the available choices."],
        ),
        (
            {"registry_reference": "Ares 2009/12"},
            ["Write it as the registry does, e.g. Ares(2009)12345."],
        ),
        ({"upload": ""}, ["This field is required."]),
    ],
)
def test_what_is_typed_wrongly_is_refused(draft, officer, as_person, file_store, fields, errors):
    response = send(as_person(officer), pdf(), **fields)
    assert response.status_code == 400
    assert errors_of(response) == errors
    assert_nothing_was_kept(file_store)


def test_the_same_file_twice_is_told(draft, officer, as_person):
    client, content = as_person(officer), pdf()
    send(client, content)
    again = send(client, content, seen=newest_file(draft))
    assert again.status_code == 400
    assert errors_of(again) == ["This very file is here already: it is version 1 in English."]
    assert DocumentFile.objects.count() == 1
    assert Entry.objects.count() == 1
    assert send(client, content, language="fr").status_code == 302
    assert File.objects.count() == 2


def test_two_at_once_in_one_language_end_with_one_and_one_who_is_told(
    draft, officer, second_officer, as_person
):
    """Both opened the form when there was no file."""
    assert send(as_person(second_officer), pdf(1), "theirs.pdf").status_code == 302
    response = send(as_person(officer), pdf(2), "mine.pdf", registry_reference="Ares(2009)1")
    assert response.status_code == 400
    main = text_of(tree_of(response).xpath("//main")[0])
    assert "Sven Second changed this on" in main
    assert "after you opened it" in main
    assert [each.file.name for each in DocumentFile.objects.all()] == ["theirs.pdf"]
    assert File.objects.count() == 1
    assert send(as_person(officer), pdf(3), "fr.pdf", language="fr").status_code == 302


def test_another_text_of_a_public_document_needs_a_reason(public, officer, as_person):
    DocumentFileFactory(document=public, language="en", binding=True)
    DocumentFileFactory(document=public, language="fr")
    client, newest = as_person(officer), newest_file(public)
    wanted = ["The document is public already: say why another text takes the place of this one."]
    assert errors_of(send(client, pdf(), language="fr", seen=newest)) == wanted
    assert DocumentFile.objects.count() == 2
    sent = send(client, pdf(), language="fr", seen=newest, reason="Page 3 was missing")
    assert sent.status_code == 302
    entry = Entry.objects.get()
    assert (entry.reason, entry.new["version"]) == ("Page 3 was missing", 2)


@pytest.mark.parametrize(
    "fields",
    [{"language": "en"}, {"language": "fr", "binding": "on"}, {"language": "de", "binding": "on"}],
)
def test_the_binding_text_of_a_public_document_is_not_replaced(
    public, officer, as_person, file_store, fields
):
    """Two adopted it; one alone puts no other in its place, whatever the reason."""
    DocumentFileFactory(document=public, language="en", binding=True)
    DocumentFileFactory(document=public, language="fr")
    client, newest = as_person(officer), newest_file(public)
    form = text_of(tree_of(client.get(URL)).xpath("//form[@enctype]")[0])
    assert "The document is public: its binding text, in English, stays." in form
    response = send(client, pdf(), seen=newest, reason="Page 3 was missing", **fields)
    assert response.status_code == 400
    (told,) = errors_of(response)
    assert told == (
        "The document is public: its binding text, in English, stays. Amend the document instead; "
        "the amendment has a binding text of its own."
    )
    assert DocumentFile.objects.filter(replaced_at=None, version=1).count() == 2
    assert DocumentFile.objects.count() == 2
    assert stored(file_store) == []
    assert not Entry.objects.exists()


def test_the_binding_text_of_a_public_document_is_added_once(public, officer, as_person):
    """Where the public record has none: a new language, or in place of a text that is not binding."""
    DocumentFileFactory(document=public, language="fr")
    client = as_person(officer)
    sent = send(
        client, pdf(), language="fr", binding="on", seen=newest_file(public), reason="As signed"
    )
    assert sent.status_code == 302
    assert [(each.version, each.binding) for each in public.files.current()] == [(2, True)]
    again = send(client, pdf(2), language="fr", seen=newest_file(public), reason="Page 3")
    assert again.status_code == 400
    assert public.files.count() == 2


def test_an_upload_whose_transaction_fails_leaves_no_file(draft, officer, file_store):
    """What is refused after the bytes were written: a reference that the record does not take."""
    with pytest.raises(Exception, match="Write it as the registry does"):
        add_document_file(
            draft, by=officer, upload=upload(pdf()), language="en", registry_reference="wrong"
        )
    assert_nothing_was_kept(file_store)


def test_the_action_refuses_what_the_page_refuses(draft, officer, file_store):
    content = pdf()
    first = add_document_file(draft, by=officer, upload=upload(content), language="en")
    with pytest.raises(Refused) as refused:
        add_document_file(draft, by=officer, upload=upload(content), language="en")
    assert [lack.url for lack in refused.value.lacks] == [f"{URL}#id_upload"]
    with pytest.raises(Stale) as stale:
        add_document_file(
            draft, by=officer, upload=upload(pdf(2)), language="en", seen=first.pk - 1
        )
    assert stale.value.who == "Olga Officer"


def test_the_database_keeps_one_current_and_one_binding():
    document = DocumentFactory(status=DocumentStatus.DRAFT)
    DocumentFileFactory(document=document, language="en", binding=True)
    for wrong in ({"language": "en", "version": 2}, {"language": "fr", "binding": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentFile.objects.create(
                document=document, file=FileFactory(), **{"version": 1, **wrong}
            )


def test_the_database_keeps_the_files_of_a_document_in_force():
    file = DocumentFileFactory(document=DocumentFactory(status=DocumentStatus.ADOPTED))
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        file.delete()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DocumentFile.objects.filter(pk=file.pk).update(file=FileFactory())
    draft = DocumentFileFactory(document=DocumentFactory(status=DocumentStatus.DRAFT))
    draft.delete()
    assert DocumentFile.objects.get() == file
