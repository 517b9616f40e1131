"""Reads one file that may be broken or hostile, in a process of its own that may be lost.

Run as a script: `python -I reading.py pdf|zip|picture` with the file on standard input. Answers one JSON
object on standard output: `kind`, `pages` (or null) and `fault`, one of protected, code, attachment, bomb,
damaged, archive, joined; empty where the file may be kept. Any other end means that it cannot be read.
Knows nothing of Django, of the settings or of the environment.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree

MEMORY = 1 << 30
SECONDS = 20
# What an office document may hold once unpacked, in bytes and in parts.
UNPACKED = 300_000_000
PARTS = 10_000
PIXELS = 100_000_000

PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
ACTIONS = re.compile(rb"/S /(JavaScript|Launch)\b|/JS ")
OPEN_XML = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    f"{OPEN_XML}wordprocessingml.document.main+xml": "docx",
    f"{OPEN_XML}spreadsheetml.sheet.main+xml": "xlsx",
}
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
PAGES_OF_DOCX = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Pages"
META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")


@dataclass(frozen=True)
class Found:
    kind: str = ""
    pages: int | None = None
    fault: str = ""


def limit_itself() -> None:
    """More memory or time than this means an attack; whoever waits is told that the file cannot be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_pdf(data: bytes) -> Found:
    """A PDF that opens without a password and does nothing by itself."""
    import pikepdf  # noqa: PLC0415 - each run reads one kind, and starts without the libraries of the others

    if ends_in_archive(data):
        return Found(fault="joined")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return Found("pdf", len(pdf.pages), _fault_of_pdf(pdf))
    except pikepdf.PasswordError:
        return Found(fault="protected")
    except pikepdf.PdfError:
        return Found(fault="damaged")


def _fault_of_pdf(pdf: Any) -> str:
    if pdf.is_encrypted:
        return "protected"
    if not len(pdf.pages):
        return "damaged"
    if any(ACTIONS.search(each.unparse(resolved=True)) for each in pdf.objects):
        return "code"
    attached = (spec.get_file().read_bytes() for spec in pdf.attachments.values())
    return "attachment" if any(each.startswith(PROGRAMS) for each in attached) else ""


def read_picture(data: bytes) -> Found:
    """A PNG or JPEG that can be drawn whole."""
    from PIL import Image  # noqa: PLC0415 - as above

    if ends_in_archive(data):
        return Found(fault="joined")
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            picture.load()
            return Found("png" if picture.format == "PNG" else "jpeg")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return Found(fault="bomb")
    except (OSError, SyntaxError, ValueError):
        return Found(fault="damaged")


def read_zip(data: bytes) -> Found:
    """An office document: a ZIP archive whose parts say which, without macros and without a password."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            fault = _fault_of_archive(archive, data)
            return Found(fault=fault) if fault else _office(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return Found(fault="damaged")


def _fault_of_archive(archive: zipfile.ZipFile, data: bytes) -> str:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        return "protected"
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
        return "bomb"
    if archive.comment or not ends_in_archive(data):
        return "joined"
    if len(set(names)) < len(names) or any(_is_path_out(name) for name in names):
        return "damaged"
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        return "damaged"
    # Unpacks everything, to no more than each part says, and compares.
    return "damaged" if archive.testzip() else ""


def _is_path_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _office(archive: zipfile.ZipFile) -> Found:
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        return _open_xml(archive, names)
    kind = OPEN_DOCUMENT.get(archive.read("mimetype")) if "mimetype" in names else None
    return _open_document(archive, names, kind) if kind else Found(fault="archive")


def _open_xml(archive: zipfile.ZipFile, names: list[str]) -> Found:
    listed = _parsed(archive, "[Content_Types].xml")
    if listed is None:
        return Found(fault="damaged")
    types = {each.get("ContentType", "") for each in listed}
    if any(mark in each.lower() for each in [*types, *names] for mark in MACRO_TYPES):
        return Found(fault="code")
    kinds = [kind for media_type, kind in MAIN_PARTS.items() if media_type in types]
    if len(kinds) != 1:
        return Found(fault="archive")
    return Found(kinds[0], _pages_of_docx(archive, names) if kinds[0] == "docx" else None)


def _open_document(archive: zipfile.ZipFile, names: list[str], kind: str) -> Found:
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in archive.read(manifest):
        return Found(fault="protected")
    lists = ("script-lb.xml", "script-lc.xml", "/")
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith(lists) for name in names):
        return Found(fault="code")
    return Found(kind, _pages_of_odt(archive, names) if kind == "odt" else None)


def _pages_of_docx(archive: zipfile.ZipFile, names: list[str]) -> int | None:
    place = "docProps/app.xml"
    told = _parsed(archive, place) if place in names else None
    return _count(told.findtext(PAGES_OF_DOCX)) if told is not None else None


def _pages_of_odt(archive: zipfile.ZipFile, names: list[str]) -> int | None:
    told = _parsed(archive, "meta.xml") if "meta.xml" in names else None
    statistic = told.find(f".//{META}document-statistic") if told is not None else None
    return _count(statistic.get(f"{META}page-count")) if statistic is not None else None


def _count(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[1-9][0-9]{0,5}", text.strip()) else None


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(archive.read(name))  # noqa: S314 - see the import
    except ElementTree.ParseError:
        return None


def ends_in_archive(data: bytes) -> bool:
    """The bytes end as a ZIP archive ends, whatever they begin with."""
    tail = data[-(22 + 0xFFFF) :]
    place = tail.rfind(b"PK\x05\x06")
    while place >= 0:
        record = tail[place:]
        if len(record) >= 22 and 22 + int.from_bytes(record[20:22], "little") == len(record):
            return True
        place = tail.rfind(b"PK\x05\x06", 0, place)
    return False


READERS: dict[str, Callable[[bytes], Found]] = {
    "pdf": read_pdf,
    "zip": read_zip,
    "picture": read_picture,
}

if __name__ == "__main__":
    limit_itself()
    found = READERS[sys.argv[1]](sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(asdict(found)))
