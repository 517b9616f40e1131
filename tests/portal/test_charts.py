"""Charts: the same picture each time, honest about gaps, legible in grey, with nothing to fetch."""

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
import vl_convert
from django.conf import settings
from django.utils import translation
from PIL import Image

from portal.charts import Chart, data_uri, render_svg, undrawn
from portal.charts.outlines import drawn_codes, points
from portal.charts.scales import classes, scale_of
from portal.charts.styles import LINES, SERIES, STEPS, TEXTURES

SVG = "{http://www.w3.org/2000/svg}"
STRANDS = ("Migration and development", "Economic migration", "Asylum")


def bars(*values, unit="EUR", names=STRANDS):
    rows = [{"strand": name, "sum": value} for name, value in zip(names, values, strict=True)]
    return Chart("bar", "Contracted", "By strand", rows, x="strand", y="sum", unit=unit)


def over_years(kind, *values, unit="EUR"):
    rows = [
        {"year": year if kind in ("line", "area") else str(year), "strand": strand, "sum": value}
        for strand, numbers in zip(STRANDS, values, strict=False)
        for year, value in zip((2007, 2008, 2009), numbers, strict=True)
    ]
    return Chart(kind, "Paid", "By year", rows, x="year", y="sum", series="strand", unit=unit)


def countries(**values):
    rows = [{"country": code, "n": n} for code, n in values.items()]
    return Chart("map", "Projects", "By country", rows, x="country", y="n", unit="projects")


EACH_KIND = {
    "bar": bars(12_345_678, 2_000_000, None),
    "stacked": over_years("stacked", (1, 2, 3), (3, 2, 1), (2, 2, 2)),
    "line": over_years("line", (1, 2, 3), (3, 2, 1), (2, 2, 2)),
    "area": over_years("area", (1, 2, 3), (3, 2, 1), (2, 2, 2)),
    "map": countries(MA=9, MD=4, CV=1, TN=None),
}


def root(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(render_svg(chart))


def texts(chart: Chart) -> list[str]:
    return [element.text for element in root(chart).iter(f"{SVG}text") if element.text]


def bar_lengths(chart: Chart) -> list[float]:
    """The widths of the bars of a chart, in the order of its rows."""
    return [
        float(re.match(r"M[\d.-]+,[\d.]+h([\d.-]+)", path.attrib["d"])[1])
        for path in root(chart).iter(f"{SVG}path")
        if is_bar(path)
    ]


def is_bar(path: ElementTree.Element) -> bool:
    return path.get("fill") == "#2b5c94"


class TestEachKind:
    @pytest.mark.parametrize("kind", EACH_KIND)
    def test_speaks_for_itself(self, kind):
        chart = EACH_KIND[kind]
        svg = root(chart)
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == "title description"
        assert [(element.tag, element.get("id"), element.text) for element in svg[:2]] == [
            (f"{SVG}title", "title", chart.title),
            (f"{SVG}desc", "description", chart.description),
        ]
        assert chart.alt == f"{chart.title}. {chart.description}"

    @pytest.mark.parametrize("kind", EACH_KIND)
    def test_names_nothing_to_fetch(self, kind):
        svg = render_svg(EACH_KIND[kind]).decode()
        assert re.findall(r"(?:href|src)=|@import|<style|<script|<image", svg) == []
        addresses = set(re.findall(r"[a-z]+://[^\"' )]+", svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert set(re.findall(r"url\((.)", svg)) <= {"#"}

    @pytest.mark.parametrize("kind", EACH_KIND)
    def test_every_reference_has_its_part(self, kind):
        svg = render_svg(EACH_KIND[kind]).decode()
        names = re.findall(r' id="([^"]+)"', svg)
        assert len(names) == len(set(names))
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(names)

    @pytest.mark.parametrize("kind", EACH_KIND)
    def test_is_as_wide_as_a_page(self, kind):
        assert root(EACH_KIND[kind]).get("width") == "720"

    def test_is_the_same_in_a_fresh_process_after_other_charts(self):
        fresh = subprocess.run(
            [sys.executable, "-c", FRESH],
            env=os.environ | {"PYTHONHASHSEED": "7"},
            cwd=settings.BASE_DIR,
            check=True,
            capture_output=True,
            text=True,
        )
        with translation.override("en"):
            here = digests(EACH_KIND)
        assert json.loads(fresh.stdout) == here
        assert len(set(here.values())) == len(EACH_KIND)

    @pytest.mark.parametrize("kind", EACH_KIND)
    def test_as_an_address_it_is_the_same_picture(self, kind):
        svg = render_svg(EACH_KIND[kind])
        head, _comma, body = data_uri(svg).partition(",")
        assert (head, base64.b64decode(body)) == ("data:image/svg+xml;base64", svg)


def digests(kinds):
    return {kind: hashlib.sha256(render_svg(EACH_KIND[kind])).hexdigest() for kind in kinds}


FRESH = """
import django, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from django.utils import translation
translation.activate("en")
from tests.portal.test_charts import EACH_KIND, digests
print(json.dumps(digests(reversed(EACH_KIND))))
"""


class TestBars:
    def test_have_the_length_of_their_value(self):
        one, two, three = bar_lengths(bars(4_000_000, 2_000_000, 1_000_000))
        assert (round(one / two, 2), round(two / three, 2)) == (2, 2)

    def test_say_their_value_in_millions(self):
        said = texts(bars(Decimal("12345678.90"), 2_000_000, 50_000))
        assert [text for text in ("12.3", "2.0", "0.1", "EUR m") if text not in said] == []

    def test_say_so_where_a_value_is_not_reported(self):
        chart = bars(3, None, 1, unit="projects")
        assert len(bar_lengths(chart)) == 2
        assert "not reported" in texts(chart)
        assert "Economic migration" in texts(chart)

    def test_nought_is_nought_and_is_drawn_as_such(self):
        chart = bars(3, 0, 1, unit="projects")
        assert "not reported" not in texts(chart)
        assert bar_lengths(chart)[1] == 0

    def test_with_nothing_reported(self):
        chart = bars(None, None, None)
        assert bar_lengths(chart) == []
        assert texts(chart).count("not reported") == 3

    def test_of_recoveries_go_the_other_way(self):
        assert "−0.4" in texts(bars(3_000_000, Decimal(-350_000), 1_000_000))

    def test_keep_the_order_of_the_rows(self):
        said = texts(bars(1, 3, 2, unit="projects"))
        assert [text for text in said if text in STRANDS] == list(STRANDS)

    def test_a_long_name_is_whole_over_several_lines(self):
        name = "Protection of migrants against exploitation and exclusion in countries of transit"
        chart = bars(1, 2, 3, names=(name, "B", "C"))
        words = [
            "".join(part.itertext())
            for text in root(chart).iter(f"{SVG}text")
            for part in (text if len(text) else [text])
        ]
        assert [word for word in name.split() if word not in " ".join(words).split()] == []


class TestParts:
    def test_are_labelled_where_they_have_room(self):
        said = texts(over_years("stacked", (50, 60, 70), (40, 30, 20), (1, 1, 1), unit="projects"))
        # Each twice: the white edge under a figure, and the figure.
        assert [said.count(figure) for figure in ("50", "1")] == [2, 0]

    def test_have_a_legend_in_the_order_of_the_rows(self):
        said = texts(EACH_KIND["stacked"])
        assert [text for text in said if text in STRANDS] == list(STRANDS)


class TestLines:
    def test_break_where_a_year_is_not_reported(self):
        whole = over_years("line", (1, 2, 3), unit="projects")
        broken = over_years("line", (1, None, 3), unit="projects")
        assert [line_pieces(whole), line_pieces(broken)] == [1, 2]

    def test_are_told_apart_by_their_dashes_and_points(self):
        paths = list(root(EACH_KIND["line"]).iter(f"{SVG}path"))
        dashes = {path.get("stroke-dasharray") for path in paths if path.get("stroke-width") == "2"}
        points = [path.attrib["d"] for path in paths if path.get("fill") in LINES]
        assert len(dashes) == 3
        assert len({re.sub(r"[\d.,-]+", "", point) for point in points}) == 3

    def test_one_year_is_a_point(self):
        chart = Chart("line", "A", "B", [{"y": 2009, "n": 4}], x="y", y="n")
        assert "2009" in texts(chart)


def line_pieces(chart: Chart) -> int:
    """How many strokes a line is drawn in; points and the legend's signs are arcs and boxes."""
    lines = [path for path in root(chart).iter(f"{SVG}path") if path.get("stroke-width") == "2"]
    drawn = [line.attrib["d"] for line in lines]
    return sum(line.count("M") for line in drawn if not set(line) & set("Ahvz"))


class TestMaps:
    def test_colour_countries_by_class(self):
        fills = [shape.get("fill") for shape in root(EACH_KIND["map"]).iter(f"{SVG}path")]
        assert fills.count("url(#texture-e9e5df)") >= 2  # Tunisia and the legend
        assert {STEPS[0], STEPS[2], STEPS[4]} <= set(fills)

    def test_say_what_classes_hold(self):
        said = texts(countries(MA=1, MD=2, TN=3, DZ=4, EG=5, LY=6, GE=7, UA=8, BY=9, TR=10))
        for span in ("1 – 2", "3 – 4", "5 – 6", "7 – 8", "9 – 10"):
            assert span in said

    def test_show_islands_too_small_for_an_outline_as_points(self):
        assert "CV" not in drawn_codes()
        longitude, latitude = points()["CV"]
        assert (round(longitude), round(latitude)) == (-24, 15)

    def test_name_the_countries_they_cannot_show(self):
        assert undrawn(countries(MA=1, CV=1, TV=1, XX=1)) == ["TV", "XX"]

    def test_know_countries_by_their_letters(self):
        assert {"MA", "SS", "PS", "XK", "CY", "SO", "GB"} <= drawn_codes()
        assert "AQ" not in drawn_codes()

    def test_are_light_enough_for_a_page(self):
        assert len(render_svg(EACH_KIND["map"])) < 150_000


class TestGrey:
    @pytest.mark.parametrize("colours", [SERIES, STEPS])
    def test_neighbours_differ_in_lightness(self, colours):
        steps = [abs(grey(one) - grey(two)) for one, two in pairwise(colours)]
        assert min(steps) >= 24

    def test_solid_series_differ_and_the_others_have_each_its_texture(self):
        solid = [colour for colour in SERIES if colour not in TEXTURES]
        assert min(abs(grey(a) - grey(b)) for a, b in combinations(solid, 2)) > 90
        textured = [TEXTURES[colour] for colour in SERIES if colour in TEXTURES]
        assert len(textured) == len(set(textured)) == len(SERIES) - len(solid)

    def test_textures_reach_the_picture(self):
        chart = over_years("stacked", (2, 2, 2), (2, 2, 2), (2, 2, 2), unit="projects")
        svg = render_svg(chart).decode()
        png = Image.open(io.BytesIO(vl_convert.svg_to_png(svg))).convert("L")
        patterned = {path.get("fill") for path in root(chart).iter(f"{SVG}path")}
        assert "url(#texture-b8561b)" in patterned
        greys = {grey(SERIES[0]), grey(SERIES[1]), grey(SERIES[2])}
        assert greys <= {tone for _count, tone in png.getcolors(100_000)}


def grey(colour: str) -> int:
    return Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0))


class TestLanguages:
    def test_arabic_is_mirrored(self):
        with translation.override("ar"):
            chart = bars(3, 2, 1, unit="x", names=("الهجرة", "التنمية", "اللجوء"))
            labels = [text for text in root(chart).iter(f"{SVG}text") if text.text == "الهجرة"]
            drawn = [path.attrib["d"] for path in root(chart).iter(f"{SVG}path") if is_bar(path)]
        assert [label.get("text-anchor") for label in labels] == ["start"]
        ends = [
            sum(map(float, re.match(r"M([\d.-]+),[\d.]+h([\d.-]+)", d).groups())) for d in drawn
        ]
        # Bars grow to the left from where the names stand.
        assert (len(ends), len({round(end) for end in ends})) == (3, 1)

    def test_figures_have_the_signs_of_the_language(self):
        with translation.override("fr"):
            assert "12,3" in texts(bars(12_345_678, 2_000_000, 1_000_000))
        with translation.override("en"):
            assert "12.3" in texts(bars(12_345_678, 2_000_000, 1_000_000))


class TestNumbers:
    @pytest.mark.parametrize(
        ("largest", "unit", "shown", "in_unit"),
        [
            (Decimal("999999.99"), "EUR", "1,000", "EUR thousand"),
            (1_000_000, "EUR", "1.0", "EUR m"),
            (9_999, "EUR", "9,999", "EUR"),
            (Decimal("12.5"), "EUR", "12.5", "EUR"),
            (2_500_000, "people", "2,500,000", "people"),
        ],
    )
    def test_units_fit_the_largest_value(self, largest, unit, shown, in_unit):
        with translation.override("en"):
            scale = scale_of(bars(1, 2, largest, unit=unit))
            shown_here = scale.show(largest)
        assert (shown_here.replace("\xa0", ","), scale.unit) == (shown, in_unit)

    @pytest.mark.parametrize(
        ("values", "parts"),
        [
            ([5], [(5, 5)]),
            ([1, 1, 2], [(1, 1), (2, 2)]),
            ([3, 1, 2, 5, 4], [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]),
            (range(1, 11), [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]),
            (range(1, 8), [(1, 2), (3, 3), (4, 5), (6, 6), (7, 7)]),
        ],
    )
    def test_classes_hold_every_value_once(self, values, parts):
        assert classes(list(values)) == parts


class TestRefused:
    def test_no_rows(self):
        with pytest.raises(ValueError, match="the chart 'A' has no rows"):
            Chart("bar", "A", "B", [], x="x", y="y")

    def test_a_row_without_a_column(self):
        with pytest.raises(ValueError, match="a row of 'A' has no y"):
            Chart("bar", "A", "B", [{"x": "a"}], x="x", y="y")

    def test_more_series_than_can_be_told_apart(self):
        rows = [{"x": "a", "y": 1, "s": str(n)} for n in range(7)]
        with pytest.raises(ValueError, match="more than 6 series"):
            Chart("stacked", "A", "B", rows, x="x", y="y", series="s")

    def test_stacks_of_nothing(self):
        with pytest.raises(ValueError, match="stacked of nothing"):
            Chart("stacked", "A", "B", [{"x": "a", "y": 1}], x="x", y="y")
