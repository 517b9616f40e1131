"""A specification to SVG, the same bytes each time: what a page and a report show."""

from __future__ import annotations

import base64
import json
import re
from functools import cache, lru_cache
from xml.etree import ElementTree

import vl_convert
from django.utils.translation import get_language_bidi

from portal.bundled import bundled_file
from portal.charts.chart import Chart
from portal.charts.maps import map_specification
from portal.charts.scales import number_locale
from portal.charts.specification import specification
from portal.charts.styles import FONTS, TEXTURE_INKS, TEXTURES

VEGA_LITE = "6.4"
SVG = "http://www.w3.org/2000/svg"
SPOKEN_ONLY = re.compile("^(role|aria-.*|class|pointer-events)$")
DECIMALS = re.compile(r"\d+\.\d{2,}")
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def render_svg(chart: Chart) -> bytes:
    """Draw a chart as SVG (UTF-8) in the active language: 720 units wide, equal charts equal bytes.

    It carries its title and description, names no file and no font that would be fetched, and can
    be read in grey. A table of the same rows belongs beside it.
    """
    drawn = map_specification(chart) if chart.kind == "map" else specification(chart)
    svg = _drawn(json.dumps(drawn, sort_keys=True), json.dumps(number_locale(), sort_keys=True))
    root = ElementTree.fromstring(svg)  # noqa: S314 (drawn by ourselves)
    _strip(root)
    _shorten_paths(root)
    _name_parts(root)
    _set_type(root)
    _set_textures(root)
    _speak(root, chart)
    ElementTree.register_namespace("", SVG)
    svg_bytes: bytes = ElementTree.tostring(root, encoding="utf-8")
    return svg_bytes


def data_uri(svg: bytes) -> str:
    """An address that holds the picture itself, for `<img src>`."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


@lru_cache(maxsize=128)
def _drawn(specification_json: str, locale_json: str) -> str:
    _register_fonts()
    svg: str = vl_convert.vegalite_to_svg(
        specification_json,
        vl_version=VEGA_LITE,
        allowed_base_urls=[],
        format_locale=json.loads(locale_json),
    )
    return svg


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(bundled_file("fonts/dejavu/DejaVuSans.ttf").parent))


def _strip(root: ElementTree.Element) -> None:
    """Drop what Vega says to a screen reader piece by piece: the picture is spoken of as a whole."""
    for element in root.iter():
        for name in [name for name in element.attrib if SPOKEN_ONLY.match(name)]:
            del element.attrib[name]


def _shorten_paths(root: ElementTree.Element) -> None:
    """A tenth of a unit is less than can be seen; it makes a map five times lighter."""
    for element in root.iter(f"{{{SVG}}}path"):
        path = element.get("d", "")
        element.set("d", DECIMALS.sub(lambda number: f"{float(number[0]):.1f}", path))


def _name_parts(root: ElementTree.Element) -> None:
    """Number clips and gradients from 1: Vega counts on from what it drew before."""
    names: dict[str, str] = {}
    for element in root.iter():
        if "id" in element.attrib:
            element.set("id", names.setdefault(element.attrib["id"], f"part-{len(names) + 1}"))
    for element in root.iter():
        for name, value in element.attrib.items():
            if match := REFERENCE.search(value):
                element.set(name, value.replace(match[0], f"url(#{names[match[1]]})"))


def _set_type(root: ElementTree.Element) -> None:
    for text in root.iter(f"{{{SVG}}}text"):
        text.set("font-family", FONTS)
        if get_language_bidi():
            text.set("unicode-bidi", "plaintext")


def _set_textures(root: ElementTree.Element) -> None:
    """Lay a pattern over the colours that come near another in grey."""
    used = sorted({fill for element in root.iter() if (fill := element.get("fill")) in TEXTURES})
    for element in root.iter():
        if element.get("fill") in used:
            element.set("fill", f"url(#{_texture_name(element.attrib['fill'])})")
    definitions = ElementTree.Element(f"{{{SVG}}}defs")
    definitions.extend(_texture(fill) for fill in used)
    if used:
        root.insert(0, definitions)


def _texture_name(fill: str) -> str:
    return f"texture-{fill.removeprefix('#')}"


def _texture(fill: str) -> ElementTree.Element:
    pattern = ElementTree.Element(
        f"{{{SVG}}}pattern",
        {"id": _texture_name(fill), "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"},
    )
    ElementTree.SubElement(pattern, f"{{{SVG}}}rect", {"width": "8", "height": "8", "fill": fill})
    lines = {
        "d": TEXTURES[fill],
        "stroke": TEXTURE_INKS.get(fill, "#ffffff"),
        "stroke-width": "1.4",
    }
    ElementTree.SubElement(pattern, f"{{{SVG}}}path", lines | {"fill": "none"})
    return pattern


def _speak(root: ElementTree.Element, chart: Chart) -> None:
    root.set("role", "img")
    root.set("aria-labelledby", "title description")
    for at, (tag, words) in enumerate((("title", chart.title), ("desc", chart.description))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}")
        element.set("id", {"title": "title", "desc": "description"}[tag])
        element.text = words
        root.insert(at, element)
