"""A report to test with: every part a report may have, drawn for real."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from django.utils import translation
from PIL import Image, ImageChops

from portal.charts import Chart, render_svg
from portal.pdf import Attachment, render_pdf

SAMPLE = Path(__file__).with_name("sample_report.html")
CREATED = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
STRANDS = ("Migration and development", "Economic migration", "Asylum and protection")
ROW = (
    '<tr><td class="code nowrap">TPMA-{0:04d}</td><td>Welcome of returning migrants, phase {0}</td>'
    "<td>International Organization for Migration</td><td>Georgia, Moldova, Ukraine</td>"
    '<td class="nowrap">2009-03</td><td class="number">{0}&nbsp;000</td></tr>'
)
ATTACHMENTS = (
    Attachment("projects.csv", b"code,amount\r\nA,1.00\r\n", "text/csv", "All projects", "Data"),
    Attachment("manifest.json", b'{"kind": "x"}', "application/json", "Manifest", "Source"),
)


def sample_html(rows: int = 40, language: str = "en", direction: str = "ltr") -> str:
    html = SAMPLE.read_text()
    html = html.replace('lang="en" dir="ltr"', f'lang="{language}" dir="{direction}"')
    return html.replace("<!-- rows -->", "".join(map(ROW.format, range(1, rows + 1))))


def sample_images(language: str = "en") -> dict[str, bytes]:
    projects = [
        {"strand": strand, "n": n} for strand, n in zip(STRANDS, (31, 9, None), strict=True)
    ]
    years = [
        {"year": str(year), "strand": strand, "paid": (year - 2006) * n * 100_000}
        for year in (2007, 2008, 2009)
        for n, strand in enumerate(STRANDS, start=3)
    ]
    countries = [{"country": code, "n": n} for code, n in (("MA", 9), ("MD", 4), ("CV", None))]
    charts = {
        "strands": Chart("bar", "Projects", "By strand", projects, "strand", "n", unit="projects"),
        "years": Chart("stacked", "Paid", "By year", years, "year", "paid", "strand", unit="EUR"),
        "countries": Chart("map", "Projects", "By country", countries, "country", "n"),
    }
    with translation.override(language):
        return {name: render_svg(chart) for name, chart in charts.items()}


def render_sample(html: str | None = None, **changes: Any) -> bytes:
    given: dict[str, Any] = {
        "title": "Evaluation report",
        "language": "en",
        "created": CREATED,
        "images": sample_images(),
        "attachments": ATTACHMENTS,
    }
    return render_pdf(html or sample_html(), **given | changes)


def render_body(body: str, head: str = "", **changes: Any) -> bytes:
    """A small page with the report's style sheet, without pictures or attachments."""
    sheet = '<link rel="stylesheet" href="static:css/pdf.css">'
    html = f'<html lang="en"><head>{sheet}{head}</head><body>{body}</body></html>'
    return render_sample(html, **{"images": {}, "attachments": ()} | changes)


def page_texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def page_image(pdf: bytes, number: int = 0, scale: float = 2) -> Image.Image:
    """A page in grey, ink white on black."""
    page = pypdfium2.PdfDocument(io.BytesIO(pdf))[number]
    return ImageChops.invert(page.render(scale=scale, grayscale=True).to_pil())
