"""Reads one file that may be broken or hostile, in a process of its own that may be lost.

Run as a script: `python -I reading.py pdf|zip|picture` with the file on standard input. Answers one JSON
object on standard output: `kind`, `pages` (or null) and `fault`, one of protected, code, attachment, attached,
bomb, damaged, archive, joined; empty where the file may be kept. Any other end means that it cannot be read.
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
from collections.abc import Callable, Iterator
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
# How files begin that one of the readers below knows.
STARTS = {
    b"%PDF-": "pdf",
    b"PK\x03\x04": "zip",
    b"\x89PNG\r\n\x1a\n": "picture",
    b"\xff\xd8\xff": "picture",
}
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")

# What in a PDF does something: kinds of action, and keys that hold a script whatever they stand in.
ACTIONS = ("/JavaScript", "/Launch")
SCRIPTS = ("/JS", "/XFA", "/OnInstantiate")
# One of these is written in every object that does or attaches something; the second is told elsewhere.
WORDS = re.compile(rb"/(?:JavaScript|Launch|JS|XFA|OnInstantiate|EF|RF)\b|/S \d")
# How often a PDF may be attached to a PDF that is attached to the one that is read.
DEEPEST = 2

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


def read_pdf(data: bytes, depth: int = 0) -> Found:
    """A PDF that opens without a password and does nothing by itself, nor does anything attached to it."""
    import pikepdf  # noqa: PLC0415 - each run reads one kind, and starts without the libraries of the others

    if ends_in_archive(data):
        return Found(fault="joined")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return Found("pdf", len(pdf.pages), _fault_of_pdf(pdf, depth))
    except pikepdf.PasswordError:
        return Found(fault="protected")
    except pikepdf.PdfError:
        return Found(fault="damaged")


def _fault_of_pdf(pdf: Any, depth: int) -> str:
    if pdf.is_encrypted:
        return "protected"
    if not len(pdf.pages):
        return "damaged"
    attached: dict[Any, Any] = {}
    for each in _dictionaries(pdf):
        if any(key in each for key in SCRIPTS) or each.get("/S") in ACTIONS:
            return "code"
        attached |= {stream.objgen: stream for stream in _attached_in(each)}
    faults = (_fault_of_attached(stream, depth) for stream in attached.values())
    return next(filter(None, faults), "")


def _dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary, and every stream for the one it has, that may do or attach something.

    References are not followed, as what they lead to comes up by itself: so there is no going in circles.
    """
    import pikepdf  # noqa: PLC0415 - as above

    waiting = [each for each in (pdf.trailer, *pdf.objects) if _may_matter(each)]
    while waiting:
        each = waiting.pop()
        inside: list[Any] = []
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            inside = [value for _key, value in each.items()]
        elif isinstance(each, pikepdf.Array):
            inside = list(each)
        waiting += [value for value in inside if not getattr(value, "is_indirect", True)]


def _may_matter(each: Any) -> bool:
    """A quick look at what an object says in writing; of the many, few are worth taking to pieces."""
    import pikepdf  # noqa: PLC0415 - as above

    if not isinstance(each, pikepdf.Object):
        return False
    # A stream is written as a reference to itself, whatever one asks for.
    written = each.stream_dict if isinstance(each, pikepdf.Stream) else each
    return bool(WORDS.search(written.unparse(resolved=True)))


def _attached_in(dictionary: Any) -> list[Any]:
    """The streams of the files that a dictionary attaches, for each system and with what belongs to them."""
    import pikepdf  # noqa: PLC0415 - as above

    found: list[Any] = []
    for group in (dictionary.get("/EF"), dictionary.get("/RF")):
        held = list(group.values()) if isinstance(group, pikepdf.Dictionary) else []
        for each in held:
            found += list(each) if isinstance(each, pikepdf.Array) else [each]
    return [each for each in found if isinstance(each, pikepdf.Stream)]


def _fault_of_attached(stream: Any, depth: int) -> str:
    """What is attached is judged as if it came by itself, but may be of a kind that nobody runs or opens."""
    data = stream.read_bytes()
    text, reader = text_of(data), reader_of(data)
    if text.startswith("#!") if text is not None else data.startswith(PROGRAMS):
        return "attachment"
    if reader is None:
        return ""
    if depth >= DEEPEST:
        return "attached"
    inner = read_pdf(data, depth + 1) if reader == "pdf" else READERS[reader](data)
    return {"": "", "code": "attachment", "attachment": "attachment"}.get(inner.fault, "attached")


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


def reader_of(data: bytes) -> str | None:
    """Which of `READERS` knows a file that begins like this."""
    return next((reader for start, reader in STARTS.items() if data.startswith(start)), None)


def text_of(data: bytes) -> str | None:
    """The text that the bytes are in UTF-8, or none where they are something else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if NOT_TEXT.search(text) else text


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
