"""Letters look as they should: pages are drawn and compared with the fonts' own shapes.

Text taken out of a PDF proves nothing here: it can be right while other letters are drawn.
"""

import io
from functools import cache
from html import escape

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from portal.bundled import bundled_file
from portal.pdf.lettering import as_drawn
from tests.portal.reports import page_image, page_texts, render_body

WORDS = ("Łódź", "Αθήνα", "Київ", "تونس", "المغرب")
STYLES = {
    "DejaVuSansCondensed.ttf": "font-weight: 400",
    "DejaVuSansCondensed-Bold.ttf": "font-weight: 700",
    "DejaVuSansCondensed-Oblique.ttf": "font-weight: 400; font-style: italic",
    "DejaVuSansCondensed-BoldOblique.ttf": "font-weight: 700; font-style: italic",
    "DejaVuSansMono.ttf": "font-family: 'Report Mono', 'Report Sans'; font-weight: 400",
}
# Two renderers differ at the edges of letters; other letters share a quarter of their ink.
SAME, OTHER = 0.75, 0.45


def font_has(file: str, word: str) -> bool:
    with TTFont(bundled_file(f"fonts/dejavu/{file}"), lazy=True) as font:
        return set(map(ord, word)) <= set(font.getBestCmap())


DRAWN = [(word, file) for file in STYLES for word in WORDS if font_has(file, word)]


@cache
def on_paper(word: str, style: str) -> Image.Image:
    pdf = render_body(f'<h1 style="font-size: 40pt; {style}">{word}</h1>')
    page = page_image(pdf)
    return trimmed(page.crop((0, 120, page.width, 400)))


@cache
def in_picture(word: str) -> Image.Image:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="200">'
        f'<text x="20" y="100" font-family="Report Sans" font-size="53.3">{word}</text></svg>'
    )
    pdf = render_body('<p><img alt="A" src="image:a"></p>', images={"a": svg.encode()})
    page = page_image(pdf)
    return trimmed(page.crop((0, 120, page.width, 400)))


@cache
def as_the_font_has_it(word: str, file: str) -> Image.Image:
    path = str(bundled_file(f"fonts/dejavu/{file}"))
    font = ImageFont.truetype(path, 80, layout_engine=ImageFont.Layout.RAQM)
    image = Image.new("L", (1200, 300))
    ImageDraw.Draw(image).text((50, 80), word, fill=255, font=font)
    return trimmed(image)


def trimmed(image: Image.Image) -> Image.Image:
    return image.crop(image.point(lambda ink: 255 * (ink > 100)).getbbox())


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The share of ink that two words have in common; 0 where they differ in size."""
    if abs(one.width - other.width) > 3 or abs(one.height - other.height) > 3:
        return 0
    inks = [
        image.resize(one.size).point(lambda ink: 255 * (ink > 127)).convert("1")
        for image in (one, other)
    ]
    both = ImageChops.logical_and(*inks).histogram()[255]
    return both / ImageChops.logical_or(*inks).histogram()[255]


@pytest.mark.parametrize(("word", "file"), DRAWN)
def test_each_letter_has_the_shape_of_its_font(word, file):
    paper = on_paper(word, STYLES[file])
    assert likeness(paper, as_the_font_has_it(word, file)) > SAME
    others = [other for other in WORDS if other != word and font_has(file, other)]
    assert max(likeness(paper, as_the_font_has_it(other, file)) for other in others) < OTHER


def test_fonts_without_arabic_take_it_from_the_upright_one():
    assert [word for word in WORDS if not font_has("DejaVuSansCondensed-Oblique.ttf", word)] == [
        "تونس",
        "المغرب",
    ]
    paper = on_paper("تونس", STYLES["DejaVuSansCondensed-Oblique.ttf"])
    assert likeness(paper, as_the_font_has_it("تونس", "DejaVuSansCondensed.ttf")) > SAME


@pytest.mark.parametrize("word", WORDS)
def test_so_have_the_letters_of_pictures(word):
    assert likeness(in_picture(word), as_the_font_has_it(word, "DejaVuSansCondensed.ttf")) > SAME


def test_a_picture_joins_words_as_a_page_does():
    words = "الهجرة والتنمية في المغرب"
    page = on_paper(words, STYLES["DejaVuSansCondensed.ttf"])
    assert likeness(in_picture(words), page) > SAME
    apart = "".join(reversed(words))
    assert likeness(in_picture(words), in_picture(f"\u202d{apart}")) < OTHER


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łódź (2007-2013)", "Łódź (2007-2013)"),
        ("سلا", "\ufefc\ufeb3"),
        ("دار", "\ufead\ufe8d\ufea9"),
        ("\u0645\u064f\u062f", "\ufeaa\ufee3"),
        ("12 سلا", "\ufefc\ufeb3 12"),
        ("EUR 12 سلا", "EUR 12 \ufefc\ufeb3"),
        ("سلا 1,5 (IOM)", "(IOM) 1,5 \ufefc\ufeb3"),
        ("שלום 7", "7 םולש"),
    ],
)
def test_order_and_forms_of_letters(text, drawn):
    assert as_drawn(text) == drawn


def test_every_letter_of_the_widest_font_is_drawn_by_a_font_of_reports():
    """In every style: none falls back on a font of the machine, which would be refused."""
    with TTFont(bundled_file("fonts/dejavu/DejaVuSansCondensed.ttf"), lazy=True) as font:
        letters = escape(" ".join(chr(code) for code in sorted(font.getBestCmap())))
    pdf = render_body("".join(f'<p style="{style}">{letters}</p>' for style in STYLES.values()))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = {str(f.BaseFont) for page in document.pages for f in page.Resources.Font.values()}
    assert {name.partition("+")[2].split("-")[1] for name in names} == {"Sans", "Mono"}


def test_letters_of_no_font_of_reports_are_written_as_their_codes():
    pdf = render_body("<h1>Łódź 中文 🧭 x\u0301\u200d</h1>")
    assert page_texts(pdf)[0].splitlines()[0] == "Łódź [U+4E2D][U+6587] [U+1F9ED] x\u0301"


def test_so_are_those_of_a_picture():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">'
        '<text y="12" font-family="Report Sans">中</text></svg>'
    )
    pdf = render_body('<p><img alt="A" src="image:a"></p>', images={"a": svg.encode()})
    assert page_texts(pdf)[0].splitlines()[0] == "[U+4E2D]"
