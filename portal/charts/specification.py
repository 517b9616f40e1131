"""Bars, lines and areas as Vega-Lite says them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from portal.charts.chart import Chart
from portal.charts.scales import Scale, scale_of
from portal.charts.styles import BAR, DASHES, LINES, SERIES, SHAPES, WIDTH, config

CATEGORY_LETTERS = 38
LINE_HEIGHT = 14
LETTER_WIDTH = 7
BARS: dict[str, Any] = {"type": "bar", "height": {"band": 0.72}}
ORDER = {"field": "order", "type": "quantitative"}


def specification(chart: Chart) -> dict[str, Any]:
    """The whole drawing of a chart that is not a map, its data within."""
    draw = {"bar": _bars, "stacked": _bars, "line": _lines, "area": _areas}[chart.kind]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 4,
        "config": config(),
        "data": {"values": _data(chart, scale_of(chart))},
        **draw(chart, scale_of(chart)),
    }


def _data(chart: Chart, scale: Scale) -> list[dict[str, Any]]:
    """Rows under names of our own, so that no column name means something to Vega-Lite."""
    order = {name: index for index, name in enumerate(chart.series_names)}
    return [
        {
            "x": _wrapped(str(row[chart.x])) if chart.kind in ("bar", "stacked") else row[chart.x],
            "y": None if (value := chart.number(row)) is None else float(value) / scale.divisor,
            "text": _("not reported") if value is None else scale.show(value),
            "series": str(row[chart.series]) if chart.series else "",
            "order": order.get(str(row[chart.series]), 0) if chart.series else 0,
        }
        for row in chart.rows
    ]


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, CATEGORY_LETTERS)) or text


def _bars(chart: Chart, scale: Scale) -> dict[str, Any]:
    labels = list(dict.fromkeys(_wrapped(str(row[chart.x])) for row in chart.rows))
    lines = max(label.count("\n") + 1 for label in labels)
    parts = _single_bars(chart, scale) if chart.series is None else _stacked_bars(chart, scale)
    return {
        "height": {"step": lines * LINE_HEIGHT + 12},
        "encoding": {"y": _categories(labels), "order": ORDER},
        "layer": parts,
    }


def _categories(labels: list[str]) -> dict[str, Any]:
    axis = {
        "title": None,
        "orient": "right" if get_language_bidi() else "left",
        "labelExpr": r"split(datum.value, '\n')",
        "labelLineHeight": LINE_HEIGHT,
    }
    return {"field": "x", "type": "nominal", "scale": {"domain": labels}, "axis": axis}


def _single_bars(chart: Chart, scale: Scale) -> list[dict[str, Any]]:
    """Bars with the value at the end of each; what is not reported says so where its bar would start."""
    length = _value_axis(scale) | {"scale": {"domain": _with_room(chart, scale)} | _mirrored()}
    outward = -1 if get_language_bidi() else 1
    return [
        {"mark": BARS, "encoding": {"x": length, "color": {"value": BAR}}},
        _bar_label("isValid(datum.y) && datum.y >= 0", outward, length),
        _bar_label("isValid(datum.y) && datum.y < 0", -outward, length),
        _bar_label("!isValid(datum.y)", outward, {"datum": 0}),
    ]


def _with_room(chart: Chart, scale: Scale) -> list[float]:
    """From the least value or 0 to the most or 0, and room for the figure beside the bar."""
    ends = [value / scale.divisor for value in [0, *chart.values]]
    room = 0.1 * (max(ends) - min(ends) or 1)
    return [min(ends) - room if min(ends) < 0 else 0, max(ends) + room]


def _bar_label(condition: str, outward: int, x: dict[str, Any]) -> dict[str, Any]:
    reported = not condition.startswith("!")
    return {
        "transform": [{"filter": condition}],
        "mark": {
            "type": "text",
            "align": "left" if outward > 0 else "right",
            "dx": 5 * outward,
            "fontStyle": "normal" if reported else "italic",
        },
        "encoding": {"text": {"field": "text"}, "x": x},
    }


def _stacked_bars(chart: Chart, scale: Scale) -> list[dict[str, Any]]:
    """Bars in parts, with the value in each part that has room for it."""
    x = _value_axis(scale) | {"stack": "zero", "scale": _mirrored()}
    colour = {"color": _series_scale(chart, SERIES)}
    halo = {"type": "text", "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round"}
    return [
        {"mark": BARS | {"stroke": "#ffffff", "strokeWidth": 1}, "encoding": {"x": x} | colour},
        _part_label(chart, scale, x, halo),
        _part_label(chart, scale, x, {"type": "text"}),
    ]


def _part_label(
    chart: Chart, scale: Scale, x: dict[str, Any], mark: dict[str, Any]
) -> dict[str, Any]:
    text = {"condition": {"test": f"datum.y >= {_least_labelled(chart, scale)}", "field": "text"}}
    return {
        "mark": mark | {"fontSize": 9.5},
        "encoding": {
            "text": text | {"value": ""},
            "x": x | {"bandPosition": 0.5},
            "detail": {"field": "series"},
        },
    }


def _least_labelled(chart: Chart, scale: Scale) -> float:
    """The part of the longest bar that a figure fits in."""
    lengths: dict[str, float] = {}
    for row in chart.rows:
        lengths[str(row[chart.x])] = lengths.get(str(row[chart.x]), 0) + float(
            chart.number(row) or 0
        )
    return 0.05 * max(lengths.values()) / scale.divisor


def _lines(chart: Chart, scale: Scale) -> dict[str, Any]:
    look: dict[str, Any] = {"color": {"value": BAR}}
    if chart.series is not None:
        look = {
            "color": _series_scale(chart, LINES),
            "strokeDash": _series_scale(chart, DASHES),
            "shape": _series_scale(chart, SHAPES),
        }
    # A year that is not reported breaks the line: nothing is drawn across what is not known.
    line = {"type": "line", "strokeWidth": 2, "invalid": "break-paths-show-domains"}
    mark = line | {"point": {"size": 42}}
    return {"height": 240, "mark": mark, "encoding": look | _over_years(chart, scale)}


def _areas(chart: Chart, scale: Scale) -> dict[str, Any]:
    look: dict[str, Any] = {"color": {"value": BAR}}
    if chart.series is not None:
        look = {"color": _series_scale(chart, SERIES), "order": ORDER}
    mark = {"type": "area", "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}
    return {"height": 240, "mark": mark, "encoding": look | _over_years(chart, scale)}


def _over_years(chart: Chart, scale: Scale) -> dict[str, Any]:
    years = sorted({int(str(row[chart.x])) for row in chart.rows})
    margin = 1 if len(years) == 1 else 0
    span = {"domain": [years[0] - margin, years[-1] + margin], "nice": False}
    side = {"orient": "right" if get_language_bidi() else "left"}
    return {
        "x": {
            "field": "x",
            "type": "quantitative",
            "scale": span | _mirrored(),
            "axis": {"title": None, "format": "d", "tickMinStep": 1, "grid": False},
        },
        "y": _value_axis(scale, **side),
    }


def _value_axis(scale: Scale, **axis: Any) -> dict[str, Any]:
    # Whole numbers get no tick between them.
    whole = {"tickMinStep": 1} if scale.decimals == 0 else {}
    ticks = {"title": scale.unit or None, "format": ",~f", "tickCount": 5, "grid": True}
    return {"field": "y", "type": "quantitative", "axis": ticks | whole | axis}


def _mirrored() -> dict[str, Any]:
    return {"reverse": get_language_bidi()}


def _series_scale(chart: Chart, values: Sequence[Any]) -> dict[str, Any]:
    names = chart.series_names
    letters = max(map(len, names))
    columns = max(1, WIDTH // (letters * LETTER_WIDTH + 40))
    return {
        "field": "series",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": names, "range": list(values[: len(names)])},
        "legend": {"columns": columns},
    }
