"""A value per country on a map of the world."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portal.charts.chart import Chart
from portal.charts.outlines import drawn_codes, points, topology
from portal.charts.scales import Scale, classes, scale_of
from portal.charts.styles import LAND, NOT_REPORTED, STEPS, WIDTH, config

HEIGHT = 350
BORDER = "#9aa5b4"


def undrawn(chart: Chart) -> list[str]:
    """Country codes of the rows that the map cannot show, sorted: say them beside it."""
    codes = {str(row[chart.x]) for row in chart.rows}
    return sorted(codes - drawn_codes() - points().keys())


def map_specification(chart: Chart) -> dict[str, Any]:
    """The whole drawing of a map, its outlines and data within."""
    labels = _labels(chart)
    shapes = [{"id": code, "class": label} for code, label in labels.items()]
    dots = [
        {"class": label, "longitude": points()[code][0], "latitude": points()[code][1]}
        for code, label in labels.items()
        if code in points()
    ]
    colour = _colour(chart, labels)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "height": HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 4,
        "config": config(),
        "projection": {"type": "equalEarth"},
        "layer": [_countries(shapes, colour), _islands(dots, colour)],
    }


def _labels(chart: Chart) -> dict[str, str]:
    """What the legend calls each country's value."""
    scale = scale_of(chart)
    values = {str(row[chart.x]): chart.number(row) for row in chart.rows}
    spans = _spans(chart)
    return {
        code: _("not reported")
        if value is None
        else next(_span(span, scale) for span in spans if float(value) <= span[1])
        for code, value in values.items()
    }


def _spans(chart: Chart) -> list[tuple[float, float]]:
    return classes(chart.values, len(STEPS)) if chart.values else []


def _span(span: tuple[float, float], scale: Scale) -> str:
    first, last = (scale.show(end) for end in span)
    return first if first == last else f"{first} – {last}"


def _colour(chart: Chart, labels: dict[str, str]) -> dict[str, Any]:
    scale = scale_of(chart)
    names = [_span(span, scale) for span in _spans(chart)]
    # Few classes take the far ends of the steps, so that they differ most.
    steps = [STEPS[round(i * (len(STEPS) - 1) / max(len(names) - 1, 1))] for i in range(len(names))]
    if _("not reported") in labels.values():
        names, steps = [*names, _("not reported")], [*steps, NOT_REPORTED]
    return {
        "field": "class",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": names, "range": steps},
        "legend": {"title": scale.unit or None, "symbolType": "square"},
    }


def _countries(shapes: list[dict[str, str]], colour: dict[str, Any]) -> dict[str, Any]:
    known = {"data": {"values": shapes}, "key": "id", "fields": ["class"]}
    return {
        "data": {"values": topology(), "format": {"type": "topojson", "feature": "countries"}},
        "transform": [{"lookup": "id", "from": known}],
        "mark": {"type": "geoshape", "stroke": BORDER, "strokeWidth": 0.5},
        "encoding": {
            "color": {"condition": {"test": "isValid(datum.class)"} | colour, "value": LAND}
        },
    }


def _islands(dots: list[dict[str, Any]], colour: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": dots},
        "mark": {
            "type": "circle",
            "size": 46,
            "opacity": 1,
            "stroke": "#12304f",
            "strokeWidth": 0.8,
        },
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "color": colour,
        },
    }
