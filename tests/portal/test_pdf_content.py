"""The content digest: the same for the same content in any layout, another for any other content."""

import io
import json

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from portal.bundled import bundled_file
from portal.pdf import Attachment, content_digest
from portal.pdf.layout import lay_out
from tests.portal.reports import (
    ATTACHMENTS,
    CREATED,
    page_texts,
    render_body,
    render_sample,
    sample_html,
    sample_images,
)

ARABIC = (
    '<p>A title, <span lang="ar" dir="rtl">تعزيز قدرات السلطات المحلية 2009-2012 IOM UNHCR (جنيف) '
    "على الترحيب بالمهاجرين العائدين في المغرب وتونس، المرحلة 15,5 %</span>, in its own language.</p>"
)
NOTES = "".join(
    f'<p>Fact {n}.<span class="footnote">What fact {n} rests on.</span></p>' for n in range(25)
)


def long_html() -> str:
    return sample_html(rows=25).replace("<h3>All projects</h3>", ARABIC * 8 + NOTES)


@pytest.fixture(scope="module")
def report() -> bytes:
    return render_sample(long_html())


@pytest.fixture(scope="module")
def digest(report) -> str:
    return content_digest(report)


@pytest.mark.parametrize(
    "style",
    [
        "@page {size: A5}",
        "html {font-size: 13pt} table {font-size: 11pt}",
        "@page {size: 420mm 150mm}",
        "body {font-family: 'Report Mono', 'Report Sans'; letter-spacing: 3pt}",
    ],
)
def test_another_layout_says_the_same(report, digest, style):
    pdf = render_sample(long_html().replace("</head>", f"<style>{style}</style></head>"))
    assert len(page_texts(pdf)) != len(page_texts(report))
    assert content_digest(pdf) == digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 345 678", "12 345 687"),
        ("41.3", "43.1"),
        ("TPMA-0019", "TPMA-0091"),
        ("Gap in the record", "gap in the record"),
        ('<span class="mark">i</span> <span class="figure-unit">', '<span class="figure-unit">'),
        ("28 of 86 projects reported", "86 of 28 projects reported"),
        ("What fact 17 rests on", "What fact 18 rests on"),
        ("Lead organisation", "Lead organization"),
        ("15,5 %", "5,15 %"),
        ("في المغرب وتونس", "في المغرب ومصر"),
        ("Bar chart: projects by strand", "Bars: projects by strand"),
    ],
)
def test_any_other_word_or_figure_tells(digest, old, new):
    assert old in long_html()
    assert content_digest(render_sample(long_html().replace(old, new))) != digest


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title"},
        {"language": "fr"},
        {"attachments": ATTACHMENTS[:1]},
        {"attachments": (ATTACHMENTS[0], Attachment("m.json", b"{}", "text/plain", "M", "Source"))},
    ],
)
def test_title_language_and_attachments_tell(digest, changes):
    assert content_digest(render_sample(long_html(), **changes)) != digest


def test_what_is_drawn_counts_not_what_was_meant():
    pdf = render_body("<h1>Paid 12345678 euros</h1>")
    forged = with_glyphs_swapped(pdf, "12", "21")
    assert "Paid 21345678 euros" in page_texts(forged)[0]
    assert content_digest(forged) != content_digest(pdf)


def with_glyphs_swapped(pdf: bytes, old: str, new: str) -> bytes:
    """Draw other digits in the file itself, leaving its structure and attachments as they are."""
    with TTFont(bundled_file("fonts/dejavu/DejaVuSansCondensed-Bold.ttf"), lazy=True) as font:
        glyphs = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    drawn, forged = (
        b">0<".join(f"{glyphs[digit]:04x}".encode() for digit in digits) for digits in (old, new)
    )
    with pikepdf.open(io.BytesIO(pdf)) as document:
        stream = document.pages[0].Contents
        content = stream.read_bytes()
        assert content.count(drawn) == 1
        stream.write(content.replace(drawn, forged))
        output = io.BytesIO()
        document.save(output)
    return output.getvalue()


def manifest(**members: object) -> Attachment:
    data = json.dumps(members).encode()
    return Attachment("manifest.json", data, "application/json", "Manifest", "Source")


def test_versions_of_a_manifest_do_not_count_and_all_else_of_it_does():
    digests = [
        content_digest(render_body("<h1>x</h1>", attachments=[attached]))
        for attached in (
            manifest(kind="evaluation", versions={"weasyprint": "70.0"}),
            manifest(kind="evaluation", versions={"weasyprint": "71.0"}),
            manifest(kind="call", versions={"weasyprint": "70.0"}),
        )
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_table_of_that_name_counts_whole():
    def table(data: bytes) -> Attachment:
        return Attachment("a.json", data, "application/json", "A table", "Data")

    digests = {
        content_digest(render_body("<h1>x</h1>", attachments=[table(data)]))
        for data in (b'{"versions": 1}', b'{"versions": 2}')
    }
    assert len(digests) == 2


def test_the_moment_of_building_does_not_count(digest):
    later = CREATED.replace(year=2027)
    assert content_digest(render_sample(long_html(), created=later)) == digest


def test_a_picture_counts_by_its_words(digest):
    images = sample_images() | {"strands": sample_images()["countries"]}
    assert content_digest(render_sample(long_html(), images=images)) == digest


def plain_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


@pytest.mark.parametrize("file", [b"", b"no PDF", b"%PDF-1.7\n", plain_pdf()])
def test_what_is_not_a_report_is_refused(file):
    with pytest.raises(ValueError, match="This is not a PDF report of this portal"):
        content_digest(file)


def test_before_it_is_finished_a_report_says_the_same():
    """The steps after the layout add no word."""
    html = '<html lang="en"><link rel="stylesheet" href="static:css/pdf.css"><h1>Łódź</h1></html>'
    drawn = lay_out(html, title="Evaluation report", language="en", created=CREATED, images={})
    finished = render_sample(html, images={}, attachments=())
    assert content_digest(drawn) == content_digest(finished)
