"""Small real files, good and bad, and rows that tell of them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

import factory
import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory
from PIL import Image

from portal.files.models import File
from programmes.models import DocumentFile
from tests.factories.programmes import DocumentFactory

OPEN_XML = "application/vnd.openxmlformats-officedocument"
DOCX_MAIN = f"{OPEN_XML}.wordprocessingml.document.main+xml"
XLSX_MAIN = f"{OPEN_XML}.spreadsheetml.sheet.main+xml"
DOCX = f"{OPEN_XML}.wordprocessingml.document"


def pdf(
    pages: int = 1, *, title: str = "A text", action: pikepdf.Dictionary | None = None, **saving
) -> bytes:
    """A PDF of blank pages, the same each time; with an action, one that does something when it is opened."""
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page()
    document.docinfo["/Title"] = title
    if action is not None:
        document.Root.OpenAction = action
    stored = io.BytesIO()
    document.save(stored, **{"deterministic_id": "encryption" not in saving, **saving})
    return stored.getvalue()


def scripted_pdf(**saving) -> bytes:
    return pdf(action=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), **saving)


def pdf_with(build: Callable[[pikepdf.Pdf], None], **saving) -> bytes:
    """A PDF of one blank page to which something was done."""
    document = pikepdf.new()
    document.add_blank_page()
    build(document)
    stored = io.BytesIO()
    document.save(stored, **saving)
    return stored.getvalue()


def pdf_carrying(name: str, content: bytes) -> bytes:
    def attach(document: pikepdf.Pdf) -> None:
        document.attachments[name] = content

    return pdf_with(attach)


def archive(parts: Mapping[str, str | bytes], *, comment: bytes = b"") -> bytes:
    """A ZIP archive of these parts."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
        zipped.comment = comment
    return stored.getvalue()


def content_types(*types: str) -> str:
    overrides = "".join(
        f'<Override PartName="/x{n}" ContentType="{t}"/>' for n, t in enumerate(types)
    )
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f'<?xml version="1.0"?><Types xmlns="{space}">{overrides}</Types>'


def docx(*, main: str = DOCX_MAIN, pages: int | None = None, **parts: str | bytes) -> bytes:
    """A word-processor document. `parts` are further parts, their names written with `__` for a slash."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    told = {"docProps/app.xml": f'<Properties xmlns="{space}"><Pages>{pages}</Pages></Properties>'}
    further = {name.replace("__", "/"): content for name, content in parts.items()}
    return archive(
        {
            "[Content_Types].xml": content_types(main),
            "word/document.xml": "<document/>",
            **(told if pages else {}),
            **further,
        }
    )


def xlsx() -> bytes:
    return archive(
        {"[Content_Types].xml": content_types(XLSX_MAIN), "xl/workbook.xml": "<workbook/>"}
    )


def open_document(what: str, *, pages: int | None = None, **parts: str | bytes) -> bytes:
    """An ODT (`text`) or ODS (`spreadsheet`)."""
    space = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
    statistic = f'<x:document-statistic x:page-count="{pages}"/>' if pages else ""
    return archive(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{what}",
            "content.xml": "<content/>",
            "meta.xml": f'<meta xmlns:x="{space}"><x:meta>{statistic}</x:meta></meta>',
            **{name.replace("__", "/"): content for name, content in parts.items()},
        }
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", size, "blue").save(stored, kind)
    return stored.getvalue()


def lying_archive(said: int) -> bytes:
    """An office document with a part of five million bytes, whose list of parts says another size."""
    stored = docx(word__media__x="0" * 5_000_000)
    real = struct.pack("<L", 5_000_000)
    assert stored.count(real) == 2
    return stored.replace(real, struct.pack("<L", said))


def upload(content: bytes, name: str = "programme.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class FileFactory(DjangoModelFactory):
    """A row only: nothing lies in the store."""

    class Meta:
        model = File

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1000
    media_type = "application/pdf"
    pages = 1
    name = factory.Sequence(lambda n: f"programme-{n}.pdf")


class DocumentFileFactory(DjangoModelFactory):
    class Meta:
        model = DocumentFile

    document = factory.SubFactory(DocumentFactory)
    file = factory.SubFactory(FileFactory)
    language = "en"
    version = 1
