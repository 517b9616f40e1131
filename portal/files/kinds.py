"""The kinds of file that are accepted, and how large one may be."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class Kind:
    """One kind of file: the endings of its names, its media type, and its name for people."""

    endings: tuple[str, ...]
    media_type: str
    label: str


KINDS = {
    "pdf": Kind(("pdf",), "application/pdf", "PDF"),
    "docx": Kind(("docx",), f"{_OPEN_XML}.wordprocessingml.document", "DOCX"),
    "odt": Kind(("odt",), f"{_OPEN_DOCUMENT}.text", "ODT"),
    "xlsx": Kind(("xlsx",), f"{_OPEN_XML}.spreadsheetml.sheet", "XLSX"),
    "ods": Kind(("ods",), f"{_OPEN_DOCUMENT}.spreadsheet", "ODS"),
    "png": Kind(("png",), "image/png", "PNG"),
    "jpeg": Kind(("jpg", "jpeg"), "image/jpeg", "JPEG"),
    "txt": Kind(("txt",), "text/plain", "TXT"),
    "csv": Kind(("csv",), "text/csv", "CSV"),
}
# Nothing in its bytes tells one kind of text from another: there the name decides.
TEXTS = ("txt", "csv")
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)
_LABELS = {kind.media_type: kind.label for kind in KINDS.values()}


def label_of(media_type: str) -> str:
    """What a media type is called by people: `PDF`."""
    return _LABELS.get(media_type, media_type)


def largest() -> str:
    """The size of the largest file that is accepted, in words."""
    return filesizeformat(settings.LARGEST_FILE)
