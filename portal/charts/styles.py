"""Colours and textures that can be told apart in grey, and the type of all charts."""

from __future__ import annotations

from typing import Any

INK = "#1a202c"
QUIET = "#4a5568"
GRID = "#dbe1e9"
BAR = "#2b5c94"
# Neighbours differ in lightness; the ones that come near another in grey have a texture.
SERIES = ("#12304f", "#8fb4dc", "#b8561b", "#f0cb8a", "#3f7a5a", "#c9ccd6")
# Lines are thin: darker, without textures, told apart by dashes and points.
LINES = ("#12304f", "#4f86c0", "#a84d17", "#8a6d1f", "#376d50", "#6b7080")
TEXTURES = {
    "#b8561b": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
    "#f0cb8a": "M0,4 h8",
    "#3f7a5a": "M4,0 v8",
    "#c9ccd6": "M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4",
    "#e9e5df": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
}
TEXTURE_INKS = {"#f0cb8a": "#a8741a", "#c9ccd6": "#6b7080", "#e9e5df": "#b3aca0"}
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
# From little to much; land without a value; land whose value is not reported.
STEPS = ("#d6e4f2", "#a3c4e3", "#689bcb", "#32689f", "#0f3460")
LAND = "#f3f4f6"
NOT_REPORTED = "#e9e5df"

WIDTH = 720
# Text is measured in this font, the widest that a reader may have instead of it.
FONT = "DejaVu Sans"
# Reports have a font of their own; pages take what the reader's machine has.
FONTS = "Report Sans, DejaVu Sans, Verdana, Arial, sans-serif"


def config() -> dict[str, Any]:
    """What all charts share, as Vega-Lite's `config`."""
    return {
        "font": FONT,
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 11,
            "labelColor": INK,
            "labelLimit": 0,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titleColor": QUIET,
            "gridColor": GRID,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "titleColor": QUIET,
            "labelFontSize": 11,
            "labelColor": INK,
            "labelLimit": 0,
            "symbolSize": 140,
            "symbolStrokeWidth": 1.5,
            "columnPadding": 14,
            "offset": 8,
        },
        "text": {"fontSize": 11, "color": INK},
    }
