"""Countries as shapes and points, from the outlines of the `world-atlas` package (Natural Earth).

Outlines say nothing about the status of a territory; `MAP_NOTE` says so under every map.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import accumulate
from typing import Any

from babel.core import get_global
from django.utils.translation import gettext_lazy as _

from portal.bundled import bundled_file

MAP_NOTE = _("The outlines on this map say nothing about the legal status of any territory.")
# Shapes that the source gives a name and no code, shown with the country the Union counts them to.
NAMED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
ANTARCTICA = "AQ"


@cache
def topology() -> dict[str, Any]:
    """Outlines at 1:110 million as TopoJSON, each country's `id` its ISO 3166 two-letter code."""
    outlines = _read("110m")
    geometries = outlines["objects"]["countries"]["geometries"]
    outlines["objects"]["countries"]["geometries"] = [
        {key: shape[key] for key in ("type", "arcs")} | {"id": code}
        for shape in geometries
        if (code := _code(shape)) != ANTARCTICA
    ]
    return outlines


@cache
def drawn_codes() -> frozenset[str]:
    """Countries that have an outline on the map."""
    return frozenset(shape["id"] for shape in topology()["objects"]["countries"]["geometries"])


@cache
def points() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of countries too small for an outline, by code: islands, mostly."""
    outlines = _read("50m")
    return {
        code: _middle(outlines, shape)
        for shape in outlines["objects"]["countries"]["geometries"]
        if (code := _code(shape)) and code not in drawn_codes()
    }


def _read(scale: str) -> dict[str, Any]:
    outlines: dict[str, Any] = json.loads(
        bundled_file(f"world-atlas/countries-{scale}.json").read_bytes()
    )
    return outlines


def _code(shape: dict[str, Any]) -> str:
    named = NAMED.get(shape["properties"]["name"], "")
    return named or _letters().get(shape.get("id", ""), "")


@cache
def _letters() -> dict[str, str]:
    """Two-letter codes by the three-digit codes that the outlines carry."""
    aliases = get_global("territory_aliases")
    return {code: names[0] for code, names in aliases.items() if code.isdigit() and len(names) == 1}


def _middle(outlines: dict[str, Any], shape: dict[str, Any]) -> tuple[float, float]:
    """The middle of the box around the largest ring of a shape."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [[point for arc in polygon[0] for point in _arc(outlines, arc)] for polygon in polygons]
    west, south, east, north = max(map(_box, rings), key=_extent)
    return ((west + east) / 2, (south + north) / 2)


def _arc(outlines: dict[str, Any], number: int) -> list[tuple[float, float]]:
    """Points of an arc, which is kept as steps from point to point; `~number` is its reverse."""
    steps = outlines["arcs"][number if number >= 0 else ~number]
    (scale_x, scale_y), (left, bottom) = outlines["transform"].values()
    columns = accumulate(step[0] for step in steps)
    rows = accumulate(step[1] for step in steps)
    return [(x * scale_x + left, y * scale_y + bottom) for x, y in zip(columns, rows, strict=True)]


def _box(ring: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    longitudes, latitudes = zip(*ring, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _extent(box: tuple[float, float, float, float]) -> float:
    west, south, east, north = box
    return (east - west) * (north - south)
