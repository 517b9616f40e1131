"""What an upload is told to be from its bytes, and every kind of file that is turned away, with its reason."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib

import pikepdf
import pytest
from django.core.files.base import ContentFile

from portal.files import reading
from portal.files.checks import FileRefused, Inspected, inspect
from tests.factories.files import (
    DOCX_MAIN,
    archive,
    content_types,
    docx,
    lying_archive,
    open_document,
    pdf,
    pdf_carrying,
    pdf_with,
    picture,
    scripted_pdf,
    upload,
    xlsx,
)

OFFICE = "application/vnd.openxmlformats-officedocument"


def refusal_of(content: bytes, name: str) -> str:
    with pytest.raises(FileRefused) as refused:
        inspect(upload(content, name))
    assert list(refused.value.message_dict) == ["upload"]
    (text,) = refused.value.message_dict["upload"]
    return text


@pytest.mark.parametrize(
    ("content", "name", "media_type", "pages"),
    [
        (pdf(3), "a.pdf", "application/pdf", 3),
        (
            pdf(2, object_stream_mode=pikepdf.ObjectStreamMode.generate),
            "a.PDF",
            "application/pdf",
            2,
        ),
        (docx(pages=12), "a.docx", f"{OFFICE}.wordprocessingml.document", 12),
        (docx(), "a.docx", f"{OFFICE}.wordprocessingml.document", None),
        (xlsx(), "a.xlsx", f"{OFFICE}.spreadsheetml.sheet", None),
        (open_document("text", pages=7), "a.odt", "application/vnd.oasis.opendocument.text", 7),
        (open_document("text"), "a.odt", "application/vnd.oasis.opendocument.text", None),
        (
            open_document("spreadsheet"),
            "a.ods",
            "application/vnd.oasis.opendocument.spreadsheet",
            None,
        ),
        (picture("PNG"), "a.png", "image/png", None),
        (picture("JPEG"), "a.jpg", "image/jpeg", None),
        (picture("JPEG"), "a.jpeg", "image/jpeg", None),
        ("Łódź, عمان\n".encode(), "a.txt", "text/plain", None),
        (b"\xef\xbb\xbfcode;amount\r\nMA;5 < 6\r\n", "a.csv", "text/csv", None),
        (b"MZ is how the Moldovan list begins", "a.txt", "text/plain", None),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_what_is_accepted(content, name, media_type, pages):
    assert inspect(upload(content, name)) == Inspected(
        name, hashlib.sha256(content).hexdigest(), len(content), media_type, pages
    )


PROTECTED = "it is protected by a password or encrypted."
PROGRAM = "it carries a program: macros, JavaScript or a command. Save it without."
ATTACHED = "a program is attached to it."
NOT_ALONE = "a file is attached to it that would not be kept by itself."
DAMAGED = "it is damaged and cannot be read."
JOINED = "another file is joined to it."
MARKUP = "it is a page with markup (HTML, SVG or XML), not plain text."
NONE = "it is none of PDF, DOCX, ODT, XLSX, ODS, PNG, JPEG, TXT, CSV (texts in UTF-8)."


def with_flag(content: bytes) -> bytes:
    """The same archive with every part said to be encrypted."""
    data = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused():
    """Readers of such an archive differ in which of the two they read."""
    stored = ContentFile(b"")
    with zipfile.ZipFile(stored, "w") as zipped:
        zipped.writestr("[Content_Types].xml", content_types(DOCX_MAIN))
        zipped.writestr("[Content_Types].xml", content_types(DOCX_MAIN))
    stored.seek(0)
    assert refusal_of(stored.read(), "a.docx").endswith(DAMAGED)


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.pdf", "it is empty."),
        # What another process reads
        (pdf(encryption=pikepdf.Encryption(user="x", owner="y")), "a.pdf", PROTECTED),
        (pdf(encryption=pikepdf.Encryption(user="", owner="y")), "a.pdf", PROTECTED),
        (scripted_pdf(), "a.pdf", PROGRAM),
        (
            scripted_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
            "a.pdf",
            PROGRAM,
        ),
        (
            pdf(action=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")),
            "a.pdf",
            PROGRAM,
        ),
        (pdf_carrying("x.pdf", b"MZ\x90\x00"), "a.pdf", ATTACHED),
        (b"%PDF-1.7\nnothing of the kind", "a.pdf", DAMAGED),
        (pdf(0), "a.pdf", DAMAGED),
        (docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", PROGRAM),
        (docx(word__vbaProject__bin=b"x"), "a.docx", PROGRAM),
        (with_flag(docx()), "a.docx", PROTECTED),
        (archive({"a.txt": "x"}), "a.docx", "it is an archive, not an office document."),
        (open_document("text", Basic__Standard__Module1=b"x"), "a.odt", PROGRAM),
        (
            archive(
                {
                    "mimetype": "application/vnd.oasis.opendocument.text",
                    "META-INF/manifest.xml": "<x><encryption-data/></x>",
                }
            ),
            "a.odt",
            PROTECTED,
        ),
        (archive({"[Content_Types].xml": "<not closed"}), "a.docx", DAMAGED),
        (archive({"../../x": "x", "[Content_Types].xml": "x"}), "a.docx", DAMAGED),
        (docx()[:-30], "a.docx", DAMAGED),
        (lying_archive(5), "a.docx", DAMAGED),
        (picture(size=(400, 300))[:300], "a.png", DAMAGED),
        (picture("JPEG", (400, 300))[:900], "a.jpg", DAMAGED),
        # One file that is two
        (pdf() + docx(), "a.pdf", JOINED),
        (pdf() + archive({"x.class": "x"}, comment=b"%%EOF"), "a.pdf", JOINED),
        (picture() + archive({"x.class": "x"}), "a.png", JOINED),
        (picture("JPEG") + archive({"x.class": "x"}), "a.jpg", JOINED),
        (
            archive({"[Content_Types].xml": content_types(DOCX_MAIN)}, comment=b"x"),
            "a.docx",
            JOINED,
        ),
        # What is no text
        (b"MZ\x90\x00\x03\x00\x00\x00", "a.pdf", "it is a program."),
        (b"\x7fELF\x02\x01\x01\x00\xff", "a.pdf", "it is a program."),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "it is a program."),
        (b"<!DOCTYPE html><p>x", "a.txt", MARKUP),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'/>", "a.csv", MARKUP),
        (b"<?xml version='1.0'?><x/>", "a.txt", MARKUP),
        (b"code;note\nMA;<script>alert(1)</script>\n", "a.csv", MARKUP),
        ("Sträßchen".encode("latin-1"), "a.txt", NONE),
        ("text".encode("utf-16"), "a.txt", "it is text, but not in UTF-8."),
        (b"GIF89a\x00\x01", "a.png", NONE),
        (b"one\x00two", "a.txt", NONE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
            "a.docx",
            "it is protected by a password, or of an old Office format. Save it as DOCX or PDF.",
        ),
        # A wrong ending
        (pdf(), "a.docx", "its content is PDF, but its name does not end in .pdf."),
        (docx(), "a.pdf", "its content is DOCX, but its name does not end in .docx."),
        (b"plain", "a.pdf", "its content is TXT, but its name does not end in .txt."),
        (pdf(), "a.pdf.exe", "its content is PDF, but its name does not end in .pdf."),
        (pdf(), "pdf", "its content is PDF, but its name does not end in .pdf."),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 12 else "",
)
def test_what_is_refused_and_why(content, name, reason):
    assert refusal_of(content, name) == f"“{name}” was not kept: {reason}"


MACRO_DOCUMENT = docx(word__vbaProject__bin=b"x")
EXECUTABLE = b"MZ\x90\x00\x03\x00\x00\x00"


def launch(**more) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe", **more)


def name_elsewhere(document: pikepdf.Pdf) -> None:
    """What kind of action it is, another object says."""
    kind = document.make_indirect(pikepdf.Name.Launch)
    document.Root.OpenAction = document.make_indirect(pikepdf.Dictionary(S=kind, F="calc.exe"))


def script_elsewhere(document: pikepdf.Pdf) -> None:
    """An action of no known kind, with a script that is a stream."""
    script = document.make_indirect(pikepdf.Stream(document, b"app.alert(1)"))
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Other, JS=script)


def action_as_stream(document: pikepdf.Pdf) -> None:
    action = pikepdf.Stream(document, b"x", S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OpenAction = document.make_indirect(action)


def inside_a_stream(document: pikepdf.Pdf) -> None:
    """Lists and dictionaries in one another, in the dictionary of a stream."""
    deep = pikepdf.Dictionary(A=pikepdf.Array([pikepdf.Dictionary(AA=launch())]))
    document.pages[0].Contents = document.make_indirect(pikepdf.Stream(document, b"", Deep=deep))


def in_the_trailer(document: pikepdf.Pdf) -> None:
    document.trailer.Odd = launch()


def next_of_itself(document: pikepdf.Pdf) -> None:
    """Actions that follow each other in a circle, harmless but for one."""
    first = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Named, N=pikepdf.Name.Print))
    second = document.make_indirect(launch(Next=first))
    first.Next = pikepdf.Array([first, second])
    document.Root.OpenAction = first


def rendition(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Rendition, JS="app.alert(1)")


def scripted_form(document: pikepdf.Pdf) -> None:
    xfa = document.make_indirect(pikepdf.Stream(document, b"<template><script/></template>"))
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=xfa)


def scripted_model(document: pikepdf.Pdf) -> None:
    script = document.make_indirect(pikepdf.Stream(document, b"runtime.x()"))
    model = pikepdf.Stream(document, b"", Subtype=pikepdf.Name.U3D, OnInstantiate=script)
    document.pages[0].Model = document.make_indirect(model)


@pytest.mark.parametrize(
    "build",
    [
        name_elsewhere,
        script_elsewhere,
        action_as_stream,
        inside_a_stream,
        in_the_trailer,
        next_of_itself,
        rendition,
        scripted_form,
        scripted_model,
    ],
    ids=lambda build: build.__name__,
)
@pytest.mark.parametrize("mode", ["disable", "generate"])
def test_an_action_is_found_wherever_it_stands(build, mode):
    content = pdf_with(build, object_stream_mode=getattr(pikepdf.ObjectStreamMode, mode))
    assert refusal_of(content, "a.pdf").endswith(PROGRAM)


def harmless(document: pikepdf.Pdf) -> None:
    """Links, a circle of actions, words that only look like commands."""
    link = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://x.example/"))
    link.Next = link
    document.Root.OpenAction = link
    document.docinfo["/Subject"] = "/S /Launch, /JS and /JavaScript explained"
    document.Root.Paragraph = pikepdf.Dictionary(S=pikepdf.Name.P, Title="(/S /JavaScript)")


def test_links_and_words_are_no_program():
    assert inspect(upload(pdf_with(harmless), "a.pdf")).pages == 1


def annotated(content: bytes, key: str = "F", group: str = "EF", **said):
    """A file that an annotation of a page carries, and no list of attachments knows."""

    def build(document: pikepdf.Pdf) -> None:
        kept = document.make_indirect(pikepdf.Stream(document, content, **said))
        held = kept if group == "EF" else pikepdf.Array(["x.bin", kept])
        spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="x.pdf")
        spec[f"/{group}"] = pikepdf.Dictionary({f"/{key}": held})
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
        document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])

    return pdf_with(build)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (annotated(EXECUTABLE), ATTACHED),
        (annotated(EXECUTABLE, key="Unix"), ATTACHED),
        (annotated(EXECUTABLE, group="RF"), ATTACHED),
        (annotated(b"#!/bin/sh\nrm -rf /\n"), ATTACHED),
        (annotated(MACRO_DOCUMENT), ATTACHED),
        (annotated(pdf_with(name_elsewhere)), ATTACHED),
        (annotated(annotated(EXECUTABLE)), ATTACHED),
        (annotated(archive({"x.exe": EXECUTABLE})), NOT_ALONE),
        (annotated(pdf(encryption=pikepdf.Encryption(user="x", owner="y"))), NOT_ALONE),
        (annotated(annotated(annotated(annotated(pdf())))), NOT_ALONE),
        (annotated(EXECUTABLE, Filter=pikepdf.Name.FlateDecode), DAMAGED),
    ],
)
def test_what_an_annotation_carries_is_judged(content, reason):
    assert refusal_of(content, "a.pdf").endswith(reason)


@pytest.mark.parametrize(
    "content",
    [
        annotated(b"MZ;5\nMA;6\n"),
        annotated(b"<?xml version='1.0'?><x/>"),
        annotated(docx()),
        annotated(annotated(pdf())),
        pdf_carrying("data.bin", bytes(100)),
    ],
)
def test_what_is_no_program_may_be_attached(content):
    assert inspect(upload(content, "a.pdf")).pages == 1


def test_a_long_tagged_pdf_is_read_in_time():
    """Four hundred thousand paragraphs, as a budget of a thousand pages has them."""

    def build(document: pikepdf.Pdf) -> None:
        lines = pikepdf.Object.parse(b"[" + b"<< /S /P /K [1 2] >> " * 1000 + b"]")
        document.Root.Lines = [document.make_indirect(lines) for _n in range(400)]

    assert inspect(upload(pdf_with(build), "a.pdf")).pages == 1


def test_a_bomb_is_not_unpacked():
    """By its own list it unpacks to more than is allowed."""
    assert refusal_of(lying_archive(310_000_000), "a.docx").endswith(
        "it grows too large when it is opened."
    )


def test_a_picture_too_large_to_draw_is_refused():
    assert refusal_of(picture_said_to_be(20_000, 6_000), "a.png").endswith(
        "it grows too large when it is opened."
    )


def picture_said_to_be(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    drawn = picture()
    return drawn[:12] + header + struct.pack(">L", zlib.crc32(header)) + drawn[33:]


def test_a_pdf_that_eats_all_memory_loses_only_its_reader():
    """What is attached to it unpacks to two gigabytes; the process that reads it may not have so much."""
    assert inspect(upload(pdf_with_zeros(1), "a.pdf")).pages == 1
    bomb = pdf_with_zeros(2000)
    assert len(bomb) < 3_000_000
    assert refusal_of(bomb, "a.pdf").endswith(DAMAGED)


def pdf_with_zeros(millions: int) -> bytes:
    document = pikepdf.open(ContentFile(pdf_carrying("zeros.bin", b"x")))
    swollen = pikepdf.Stream(document, packed_zeros(millions), Filter=pikepdf.Name.FlateDecode)
    files = document.attachments["zeros.bin"].obj.EF
    files.F = files.UF = document.make_indirect(swollen)
    stored = ContentFile(b"")
    document.save(stored, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    stored.seek(0)
    return stored.read()


def packed_zeros(millions: int) -> bytes:
    """Millions of zeros as a zlib stream, from one packed million said over and over."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (millions * 1_000_000 % 65_521 << 16) | 1
    return b"\x78\x9c" + million * millions + b"\x03\x00" + struct.pack(">L", checksum)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.pdf",
        "a/b.pdf",
        "C:\\x.pdf",
        "in\u202efdp.exe",
        "a\x00.pdf",
        "a\u200b.pdf",
        "..",
        " ",
    ],
)
def test_names_that_play_tricks_are_refused(name):
    content = ContentFile(pdf())
    content.name = name
    with pytest.raises(FileRefused) as refused:
        inspect(content)
    assert refused.value.reason == (
        "its name is a path or has invisible characters, or ones that turn the writing round."
    )


def test_a_file_over_the_limit_is_refused_unread(settings):
    settings.LARGEST_FILE = 1000
    content = pdf(50)
    assert refusal_of(content, "a.pdf") == (
        "“a.pdf” was not kept: it is larger than 1000\xa0bytes, the most that is taken."
    )


def test_the_reader_inherits_no_secret(monkeypatch, tmp_path):
    """It starts with an empty environment, and so knows neither the database nor the key."""
    spy = tmp_path / "spy.py"
    spy.write_text(
        "import json, os; print(json.dumps({'kind': 'pdf', 'pages': len(os.environ), 'fault': ''}))"
    )
    monkeypatch.setattr(reading, "__file__", str(spy))
    # The interpreter itself may set one word, the encoding of texts.
    assert inspect(upload(pdf(), "a.pdf")).pages in {0, 1}
