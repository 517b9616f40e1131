"""Charts drawn on the server: one description, the same SVG in page and report, each with its table.

A page shows `<img src="{{ picture }}" alt="{{ chart.alt }}">` with `data_uri(render_svg(chart))`, a report
`<img src="image:strands" alt="{{ chart.alt }}">` with `images={"strands": render_svg(chart)}`.
"""

from portal.charts.chart import Chart
from portal.charts.drawing import data_uri, render_svg
from portal.charts.maps import undrawn
from portal.charts.outlines import MAP_NOTE

__all__ = ["MAP_NOTE", "Chart", "data_uri", "render_svg", "undrawn"]
