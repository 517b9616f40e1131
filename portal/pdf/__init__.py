"""HTML to PDF/A-3a and PDF/UA-1: files that open in decades and can be read aloud.

The page's style sheet is `static:css/pdf.css`; its pictures are `<img src="image:name" alt="...">`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from types import ModuleType

from portal.pdf.conformance import Attachment, conform
from portal.pdf.content import content_digest
from portal.pdf.fonts import font_digests, printable
from portal.pdf.lettering import as_drawn_svg
from portal.pdf.refusals import ReportsUnavailable, Unprintable

__all__ = [
    "Attachment",
    "ReportsUnavailable",
    "Unprintable",
    "content_digest",
    "render_pdf",
    "versions",
]

DISTRIBUTIONS = ("weasyprint", "pydyf", "pikepdf", "fonttools", "vl-convert-python")


def render_pdf(
    html: str,
    *,
    title: str,
    language: str,
    created: datetime,
    images: Mapping[str, bytes],
    attachments: Sequence[Attachment],
) -> bytes:
    """Draw a page of HTML as a PDF/A-3a and PDF/UA-1 file that carries `attachments`.

    `created` is the moment the file gives for itself and everything in it: an aware datetime, to
    the second. `images` are SVG or PNG by name, for `<img src="image:name">`. Equal input gives
    equal bytes for equal `versions()`.

    Raises `Unprintable` where the page asks for anything but `static:` and `image:` addresses, or
    where something cannot be drawn as it should (a picture without `alt`, a link to nowhere in the
    page); `ReportsUnavailable` where the system libraries are missing.
    """
    if created.tzinfo is None:
        raise ValueError("created has no time zone")
    pdf = _layout().lay_out(
        printable(html),
        title=title,
        language=language,
        created=created,
        images={name: _drawable(image) for name, image in images.items()},
    )
    return conform(pdf, created=created, attachments=attachments)


def _drawable(image: bytes) -> bytes:
    """An SVG with letters that can be drawn, as they are drawn; other pictures as they are."""
    is_svg = image.startswith(b"<")
    return as_drawn_svg(printable(image.decode()).encode()) if is_svg else image


def versions() -> dict[str, str]:
    """What a PDF's bytes depend on beside its content: libraries by version, fonts by SHA-256.

    Raises `ReportsUnavailable` where the system libraries are missing.
    """
    libraries: dict[str, str] = _layout().library_versions()
    return {name: version(name) for name in DISTRIBUTIONS} | libraries | font_digests()


def _layout() -> ModuleType:
    """Import what needs the system libraries only when a PDF is wanted: the site starts without them."""
    try:
        from portal.pdf import layout  # noqa: PLC0415
    except OSError as error:
        raise ReportsUnavailable(str(error)) from error
    return layout
