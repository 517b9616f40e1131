"""HTML to PDF/A-3a with WeasyPrint. The only module that imports it: its system libraries may be missing."""

from __future__ import annotations

import logging
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import weasyprint
from django.utils.translation import gettext as _
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset, pango
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.bundled import bundled_file
from portal.pdf.fonts import FAMILIES
from portal.pdf.refusals import Unprintable

MEDIA_TYPES = {
    "css": "text/css",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ttf": "font/ttf",
}


def lay_out(
    html: str, *, title: str, language: str, created: datetime, images: Mapping[str, bytes]
) -> bytes:
    """Draw a page of HTML as PDF/A-3a. Raises `Unprintable` with every fault that was found."""
    fetcher = _OwnFiles(images)
    with _faults() as faults:
        document = weasyprint.HTML(string=html, url_fetcher=fetcher).render(pdf_variant="pdf/a-3a")
        _describe(document.metadata, title, language, created)
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3a")
    refused = [_("%(url)s may not be read") % {"url": _short(url)} for url in fetcher.refused]
    # A refused address is also logged: its own line says it better.
    found = refused or faults
    found += _foreign_fonts(document.fonts.values())
    if found:
        raise Unprintable(dict.fromkeys(found))
    return pdf


def library_versions() -> dict[str, str]:
    """Versions of the system libraries that a PDF's bytes depend on."""
    version = pango.pango_version()
    return {
        "pango": f"{version // 10000}.{version // 100 % 100}.{version % 100}",
        "harfbuzz": _harfbuzz_version(),
        "harfbuzz-subset": "present" if harfbuzz_subset else "missing",
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def _harfbuzz_version() -> str:
    ffi.cdef("const char *hb_version_string(void);", override=True)
    text: bytes = ffi.string(harfbuzz.hb_version_string())
    return text.decode()


def _describe(metadata: Any, title: str, language: str, created: datetime) -> None:
    metadata.title = title
    metadata.lang = language
    metadata.created = metadata.modified = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _foreign_fonts(fonts: Any) -> list[str]:
    """Fonts of the machine, which another machine does not have, and letters that none has."""
    return [
        _("“%(family)s” is not a font of reports") % {"family": font.family}
        for font in fonts
        if font.family not in FAMILIES
    ] + [
        _("no font of reports has the letter U+%(code)04X") % {"code": code}
        for font in fonts
        for code in font.missing
    ]


class _OwnFiles(URLFetcher):  # type: ignore[misc]
    """Reads `static:` files of the portal and `image:` bytes it was given, and nothing else."""

    def __init__(self, images: Mapping[str, bytes]) -> None:
        super().__init__()
        self._images = images
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        scheme, _colon, name = url.partition(":")
        try:
            body, media_type = self._read(scheme, unquote(name))
        except (LookupError, FileNotFoundError):
            # Kept because WeasyPrint goes on without what it cannot fetch.
            self.refused.append(url)
            raise
        return URLFetcherResponse(url, body, {"Content-Type": media_type})

    def _read(self, scheme: str, name: str) -> tuple[bytes, str]:
        if scheme == "static":
            return bundled_file(name).read_bytes(), MEDIA_TYPES[name.rpartition(".")[2]]
        if scheme == "image":
            body = self._images[name]
            return body, MEDIA_TYPES["png" if body.startswith(b"\x89PNG") else "svg"]
        raise LookupError(scheme)


@contextmanager
def _faults() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs as an error in this thread: it draws on without what is missing."""
    handler = _Collector()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield handler.messages
    finally:
        logger.removeHandler(handler)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.messages.append(record.getMessage())


def _short(url: str) -> str:
    return url if len(url) <= 100 else f"{url[:100]}…"
