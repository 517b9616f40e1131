"""The portal's template library: words for values (`portal.wording`) and small pieces (`portal.cells`)."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.utils.safestring import SafeString

from portal import cells, wording

register = template.Library()

register.filter("amount", wording.amount)
register.filter("money", wording.money)
register.filter("any_cents", wording.any_cents)
register.filter("number", wording.number)
register.filter("percent", wording.percent)
register.filter("partial_date", wording.partial_date)
register.filter("moment", wording.moment)
register.simple_tag(cells.marks_html, name="marks")
register.simple_tag(cells.status_html, name="status")
register.simple_tag(cells.cell_html, name="cell")
register.simple_tag(cells.row_html, name="table_row")
register.simple_tag(cells.tree_html, name="tree")
register.simple_tag(cells.icon_html, name="icon")


@register.filter
def mark(code: str) -> wording.Mark:
    """The words of a mark; a code that is not known is a mistake of the page and raises."""
    return wording.MARKS[code]


@register.simple_tag
def figure(known: cells.FigureCell | None = None, **parts: Any) -> SafeString:
    """A figure with its marks and coverage, given whole, part by part, or whole with parts replaced.

    Parts that a template does not know arrive as the empty text and count as not given.
    """
    given = {name: part for name, part in parts.items() if part != ""}
    return cells.figure_html(cast(cells.FigureCell, {**(known or {}), **given}))
