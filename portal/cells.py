"""The smallest pieces of a page: an icon, a mark, a figure, a cell, a row, a record of the thread.

They are written in Python and not as templates because a table of 50 records holds hundreds of them.
Every text is escaped; only SafeString passes as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple, TypedDict, cast

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from portal.wording import MARKS, amount, money, not_reported, number, percent

NOTHING = SafeString("")


class FigureCell(TypedDict, total=False):
    """A figure as a page shows it: see `figure_html` for what each part does."""

    value: Decimal | int | None
    kind: str
    url: str
    reported: int | None
    total: int | None
    coverage: str
    notes: Sequence[str]
    marks: Sequence[str]
    plain: bool
    cents: bool


def icon_html(name: str, size: str = "s", label: str = "", turn: str = "") -> SafeString:
    """One drawing of the icon sheet, hidden from screen readers unless it has a `label`.

    `size` is 2xs, xs, s, m, l or xl; `turn` is rotate-90, rotate-180, rotate-270 or flip-horizontal.
    """
    return format_html(
        '<svg class="{}" focusable="false" {}><use href="{}#{}"></use></svg>',
        f"ecl-icon ecl-icon--{size}" + (f" ecl-icon--{turn}" if turn else ""),
        format_html('role="img" aria-label="{}"', label)
        if label
        else SafeString('aria-hidden="true"'),
        static("icons/icons.svg"),
        name,
    )


def mark_html(code: str, compact: bool = False) -> SafeString:
    """One mark. Compact shows only its symbol; the word stays for screen readers and on hover.

    A code that is not in `MARKS` is a mistake of the page and raises `KeyError`.
    """
    mark = MARKS[code]
    if compact:
        return format_html(
            '<span class="portal-mark portal-mark--compact portal-mark--{}" title="{}: {}">'
            '<span aria-hidden="true">{}</span><span class="portal-hidden">{}</span></span>',
            code,
            mark.label,
            mark.meaning,
            mark.symbol,
            mark.label,
        )
    return format_html(
        '<span class="portal-mark portal-mark--{}" title="{}"><span aria-hidden="true">{}</span> {}</span>',
        code,
        mark.meaning,
        mark.symbol,
        mark.label,
    )


def marks_html(codes: Iterable[str] | None, compact: bool = False) -> SafeString:
    """Marks side by side, or nothing where there are none."""
    shown = [mark_html(code, compact) for code in codes or ()]
    if not shown:
        return NOTHING
    return format_html(
        ' <span class="portal-marks">{}</span>',
        format_html_join("", "{}", ((each,) for each in shown)),
    )


def status_html(label: str, tone: str = "neutral") -> SafeString:
    """A status in a word; `tone` is neutral, info, good, attention or bad."""
    return format_html(
        '<span class="ecl-label portal-status portal-status--{}">{}</span>', tone, label
    )


def figure_text(figure: FigureCell) -> str:
    """The value of a figure in words: money (default), `count`, or `share` between 0 and 1."""
    value, kind = figure.get("value"), figure.get("kind")
    if kind == "count":
        return number(None if value is None else int(value))
    if kind == "share":
        return percent(value)
    return (amount if figure.get("plain") else money)(value, bool(figure.get("cents")))


def figure_html(figure: FigureCell) -> SafeString:
    """A figure: its value as a link to its records, its marks, and beneath it what it covers.

    `reported` and `total` give "28 of 86 reported"; `coverage` stands in place of that line; `notes` are
    further lines. `plain` leaves the currency out; `cents` always shows two decimals.
    """
    return format_html(
        "{}{}{}",
        _value_html(figure),
        marks_html(figure.get("marks"), compact=True),
        _beneath_html(figure),
    )


def _value_html(figure: FigureCell) -> SafeString:
    none = " portal-none" if figure.get("value") is None else ""
    if url := figure.get("url"):
        return format_html(
            '<a class="ecl-link portal-figure-link{}" href="{}">{}</a>',
            none,
            url,
            figure_text(figure),
        )
    return format_html('<span class="portal-amount{}">{}</span>', none, figure_text(figure))


def _beneath_html(figure: FigureCell) -> SafeString:
    lines = [figure.get("coverage") or _coverage(figure), *(figure.get("notes") or ())]
    return format_html_join(
        "", ' <span class="portal-coverage">{}</span>', ((line,) for line in lines if line)
    )


def _coverage(figure: FigureCell) -> str:
    total = figure.get("total")
    if total is None:
        return ""
    counts = {"reported": number(figure.get("reported") or 0), "total": number(total)}
    return gettext("%(reported)s of %(total)s reported") % counts


def cell_html(cell: Any) -> SafeString:
    """What stands in one cell of a table.

    A text or number as it is; None and "" as "not reported"; a mapping with `figure` (see `figure_html`),
    with `status` {label, tone}, or with `text` and optionally `url`; each also with `marks` and `note`.
    """
    if cell is None or cell == "":
        return format_html('<span class="portal-none">{}</span>', not_reported())
    if not isinstance(cell, Mapping):
        return format_html("{}", cell)
    note = cell.get("note")
    return format_html(
        "{}{}{}",
        _content_html(cell),
        marks_html(cell.get("marks"), compact=True),
        format_html(' <span class="portal-note">{}</span>', note) if note else NOTHING,
    )


def _content_html(cell: Mapping[str, Any]) -> SafeString:
    if "figure" in cell:
        return figure_html(cell["figure"])
    if status := cell.get("status"):
        return status_html(status["label"], status.get("tone", "neutral"))
    if url := cell.get("url"):
        return format_html('<a class="ecl-link" dir="auto" href="{}">{}</a>', url, cell["text"])
    return cell_html(cell.get("text"))


def row_html(row: Any, headers: Sequence[Any]) -> SafeString:
    """One row of a table; its first cell is its heading.

    `row` is a sequence of cells, or a mapping with `cells` and `total` (true sets it off as a sum).
    """
    total = isinstance(row, Mapping) and row.get("total")
    first, *others = row["cells"] if isinstance(row, Mapping) else row
    return format_html(
        '<tr class="ecl-table__row{}"><th class="ecl-table__cell" scope="row">{}</th>{}</tr>',
        " portal-table__total" if total else "",
        cell_html(first),
        format_html_join(
            "",
            '<td class="ecl-table__cell{}" data-label="{}">{}</td>',
            (_column(cell, headers[place]) for place, cell in enumerate(others, 1)),
        ),
    )


def _column(cell: Any, header: Any) -> tuple[str, str, SafeString]:
    described = header if isinstance(header, Mapping) else {"label": header}
    numeric = described.get("numeric") or (isinstance(cell, Mapping) and "figure" in cell)
    return " portal-number" if numeric else "", described["label"], cell_html(cell)


def tree_html(nodes: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> SafeString:
    """One level of a programme's thread and every level beneath it; `nodes` is as `components/tree.html` says.

    A large thread has thousands of figures, so each row is written in one go, every text of it escaped.
    """
    icon = icon_html("warning-outline", "2xs")
    return SafeString(_level(nodes, TreeParts([escape(column) for column in columns], icon)))


class TreeParts(NamedTuple):
    """What every row of a thread has the same: its columns, escaped, and the icon of a gap."""

    columns: Sequence[str]
    icon: str


def _level(nodes: Sequence[Mapping[str, Any]], parts: TreeParts) -> str:
    rows = "".join(
        f'<li class="portal-tree__node">{_node(node, parts)}{_fold(node, parts)}</li>'
        for node in nodes
    )
    return f'<ul class="portal-tree__level">{rows}</ul>'


def _fold(node: Mapping[str, Any], parts: TreeParts) -> str:
    children = node.get("children")
    if not children:
        return ""
    summary = node.get("summary")
    if not summary:
        beneath = ngettext("%(n)s record beneath", "%(n)s records beneath", len(children))
        summary = beneath % {"n": number(len(children))}
    return (
        f'<details class="portal-tree__fold"{"" if node.get("folded") else " open"}>'
        f'<summary>{escape(summary)} <span class="portal-hidden">– {escape(node["label"])}</span></summary>'
        f"{_level(children, parts)}</details>"
    )


def _node(node: Mapping[str, Any], parts: TreeParts) -> str:
    """One record: its name, what is to be known of it, its gaps, and a figure (or nothing) per column."""
    anchor = f' id="{escape(node["anchor"])}"' if node.get("anchor") else ""
    figures = " ".join(map(_node_figure, parts.columns, node.get("figures") or ()))
    return (
        f'<div class="portal-tree__row"{anchor}><div class="portal-tree__label">'
        f"{_span('portal-tree__kind', node.get('kind'))}<span>{_node_name(node)}</span>"
        f"{_span('portal-note', node.get('note'))}{_node_gaps(node, parts.icon)}</div> {figures}</div>"
    )


def _span(name: str, text: str | None) -> str:
    return f'<span class="{name}">{escape(text)}</span> ' if text else ""


def _node_name(node: Mapping[str, Any]) -> str:
    label, url, status = escape(node["label"]), node.get("url"), node.get("status")
    return (
        (
            f'<a class="ecl-link" dir="auto" href="{escape(url)}">{label}</a> '
            if url
            else f"{label} "
        )
        + _span("portal-code", node.get("code"))
        + (status_html(status["label"], status["tone"]) if status else "")
        + marks_html(node.get("marks"), compact=True)
    )


def _node_gaps(node: Mapping[str, Any], icon: str) -> str:
    """What is missing, each in words; a gap is a text, or {text, url} where its address shows it."""
    found = node.get("gaps") or ()
    shown = ({"text": gap} if isinstance(gap, str) else gap for gap in found)
    return "".join(f'<span class="portal-gap">{icon}{_linked(**gap)}</span> ' for gap in shown)


def _linked(text: str, url: str = "", **_more: Any) -> str:
    if not url:
        return escape(text)
    return f'<a class="ecl-link" href="{escape(url)}">{escape(text)}</a>'


def _node_figure(column: str, figure: FigureCell | None) -> str:
    if not figure:
        return '<div class="portal-tree__figure portal-tree__figure--none"></div>'
    if figure.keys() == {"value", "url"}:
        words = amount(figure["value"])
        shown = f'<a class="ecl-link portal-figure-link" href="{escape(figure["url"])}">{words}</a>'
    else:
        shown = figure_html(cast(FigureCell, {**figure, "plain": True}))
    return (
        f'<div class="portal-tree__figure"><span class="portal-tree__column">{column}</span> '
        f"<span>{shown}</span></div>"
    )
