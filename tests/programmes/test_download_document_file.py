"""Taking a file away: its bytes exactly, the headers that keep it harmless, and who gets it; the endpoint too."""

from __future__ import annotations

import hashlib

import pytest

from programmes.actions.files import add_document_file
from programmes.models import DocumentFile, DocumentStatus
from tests.factories.files import DocumentFileFactory, docx, pdf, upload
from tests.factories.programmes import DocumentFactory

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/files/en/1/"
LIST = "/api/v1/document-files/"


@pytest.fixture
def document(file_store):
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.ADOPTED)


@pytest.fixture
def draft(file_store):
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.DRAFT)


def add(document, officer, content: bytes, name: str = "a.pdf", **fields) -> DocumentFile:
    return add_document_file(
        document, by=officer, upload=upload(content, name), **{"language": "en", **fields}
    )


def test_the_bytes_come_as_they_were_sent(document, officer, visitor):
    content = pdf(2)
    add(document, officer, content, "Programme 2009.pdf")
    response = visitor.get(URL)
    assert response.status_code == 200
    assert response.getvalue() == content
    told = {
        name: response[name]
        for name in (
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "ETag",
            "Cache-Control",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "X-Frame-Options",
        )
    }
    assert told == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(content)),
        "Content-Disposition": 'attachment; filename="Programme 2009.pdf"',
        "ETag": f'"{hashlib.sha256(content).hexdigest()}"',
        "Cache-Control": "public, max-age=3600",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Frame-Options": "DENY",
    }


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (
            docx(),
            "a.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("Łódź".encode(), "a.txt", "text/plain; charset=utf-8"),
        (b"a;b\n", "a.csv", "text/csv; charset=utf-8"),
    ],
)
def test_the_media_type_is_that_of_the_bytes(document, officer, visitor, content, name, media_type):
    add(document, officer, content, name)
    response = visitor.get(URL)
    assert response["Content-Type"] == media_type
    assert response.getvalue() == content


def test_an_arabic_name_arrives(document, officer, visitor):
    add(document, officer, pdf(), "برنامج.pdf", language="ar")
    response = visitor.get(URL.replace("/en/", "/ar/"))
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%D8%A8%D8%B1%D9%86%D8%A7%D9%85%D8%AC.pdf"
    )


def test_earlier_versions_stay_readable(document, officer, visitor):
    add(document, officer, pdf(1))
    add(document, officer, pdf(2), reason="Page 2 was missing")
    assert visitor.get(URL).getvalue() == pdf_of(1)
    assert visitor.get(URL.replace("/1/", "/2/")).getvalue() == pdf_of(2)


def pdf_of(version: int) -> bytes:
    with DocumentFile.objects.get(version=version).file.open() as kept:
        return kept.read()


def test_who_holds_it_already_is_not_sent_it_again(document, officer, visitor):
    file = add(document, officer, pdf())
    response = visitor.get(URL, headers={"If-None-Match": f'"{file.file.sha256}"'})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == f'"{file.file.sha256}"'
    assert visitor.get(URL, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_head_tells_without_the_bytes(document, officer, visitor):
    content = pdf()
    add(document, officer, content)
    response = visitor.head(URL)
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(content))
    assert response.getvalue() == b""
    assert response["Accept-Ranges"] == "none"
    assert visitor.post(URL).status_code == 405


def test_the_file_of_a_draft_is_for_officers_and_auditors(
    draft, officer, auditor, official, visitor, as_person
):
    file = add(draft, officer, pdf())
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
        held = client.get(URL, headers={"If-None-Match": f'"{file.file.sha256}"'})
        assert held.status_code == 404
        assert client.get(LIST).json() == []
    for person in (officer, auditor):
        response = as_person(person).get(URL)
        assert response.getvalue() == pdf_of(1)
        assert response["Cache-Control"] == "private, no-cache"


def test_the_file_of_an_amendment_being_drafted_does_not_leak(
    document, officer, visitor, as_person
):
    amendment = DocumentFactory(
        code="AAP-2009-A1", amends=document, status=DocumentStatus.IN_CONSULTATION
    )
    add(document, officer, pdf(), "public.pdf")
    add(amendment, officer, pdf(), "secret.pdf")
    url = URL.replace("AAP-2009", "AAP-2009-A1")
    assert visitor.get(url).status_code == 404
    assert as_person(officer).get(url).status_code == 200
    assert "secret.pdf" not in visitor.get("/programmes/documents/AAP-2009/").content.decode()
    assert [row["name"] for row in visitor.get(LIST).json()] == ["public.pdf"]
    # The same bytes under another name: what the public gets has the public name.
    assert "public.pdf" in visitor.get(URL)["Content-Disposition"]


@pytest.mark.parametrize(
    "rest", ["en/2/", "fr/1/", "xx/1/", "en/99999999999999999999/", "EN/1/", "en/one/", "e%00/1/"]
)
def test_what_is_not_there_is_not_found(document, officer, visitor, rest):
    add(document, officer, pdf())
    url = f"/programmes/documents/AAP-2009/files/{rest}"
    assert visitor.get(url).status_code == 404


def test_bytes_missing_from_the_store_are_not_found(document, visitor):
    DocumentFileFactory(document=document)
    assert visitor.get(URL).status_code == 404


def test_the_endpoint_lists_what_the_page_lists(document, officer, visitor, settings):
    first = add(document, officer, pdf(1), registry_reference="Ares(2009)1")
    second = add(document, officer, pdf(2), "b.pdf", binding=True, reason="Page 2 was missing")
    rows = visitor.get(LIST, {"document": "AAP-2009"}).json()
    first.refresh_from_db()
    assert [row["version"] for row in rows] == [1, 2]
    assert rows[1] == {
        "id": second.pk,
        "document_code": "AAP-2009",
        "language": "en",
        "version": 2,
        "current": True,
        "binding": True,
        "registry_reference": "",
        "name": "b.pdf",
        "media_type": "application/pdf",
        "size": second.file.size,
        "pages": 2,
        "sha256": second.file.sha256,
        "url": f"{settings.PORTAL_URL}/programmes/documents/AAP-2009/files/en/2/",
        "added_at": rows[1]["added_at"],
        "replaced_at": None,
    }
    assert rows[0]["current"] is False
    assert rows[0]["replaced_at"] == rows[1]["added_at"]
    for row in rows:
        found = visitor.get(row["url"].removeprefix(settings.PORTAL_URL))
        assert hashlib.sha256(found.getvalue()).hexdigest() == row["sha256"]
    assert [row["id"] for row in visitor.get(LIST, {"current": "yes"}).json()] == [second.pk]
    assert [row["id"] for row in visitor.get(LIST, {"current": "no"}).json()] == [first.pk]
    assert visitor.get(LIST, {"language": "fr"}).json() == []
    assert visitor.get(LIST, {"language": "xx"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    visitor, django_assert_num_queries, file_store, count
):
    for _number in range(count):
        DocumentFileFactory()
    with django_assert_num_queries(1):
        assert len(visitor.get(LIST).json()) == count
