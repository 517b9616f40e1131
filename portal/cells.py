"""The smallest pieces of a page: an icon, a mark, a figure, a cell, a row, a record of the thread.

They are written in Python and not as templates because a table of 50 records holds hundreds of them.
Every text is escaped; only SafeString passes as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, cast

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

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


def node_html(node: Mapping[str, Any], columns: Sequence[str]) -> SafeString:
    """One record of a programme's thread: its name and gaps, and a figure (or nothing) per column.

    `node` is as `templates/components/tree.html` says; its children are not drawn here.
    """
    kind, code, note = (node.get(part) for part in ("kind", "code", "note"))
    return format_html(
        '<div class="portal-tree__row"><div class="portal-tree__label">{}<span>{}{}{}{}</span>{}{}</div>{}</div>',
        format_html('<span class="portal-tree__kind">{}</span> ', kind) if kind else NOTHING,
        _content_html({"text": node["label"], "url": node.get("url")}),
        format_html(' <span class="portal-code">{}</span>', code) if code else NOTHING,
        _node_status(node),
        marks_html(node.get("marks"), compact=True),
        format_html(' <span class="portal-note">{}</span>', note) if note else NOTHING,
        format_html_join("", ' <span class="portal-gap">{}{}</span>', _gaps(node)),
        format_html_join("", " {}", _node_figures(node, columns)),
    )


def _node_status(node: Mapping[str, Any]) -> SafeString:
    status = node.get("status")
    return format_html(" {}", status_html(status["label"], status["tone"])) if status else NOTHING


def _gaps(node: Mapping[str, Any]) -> list[tuple[SafeString, str]]:
    return [(icon_html("warning-outline", "2xs"), gap) for gap in node.get("gaps") or ()]


def _node_figures(node: Mapping[str, Any], columns: Sequence[str]) -> Iterator[tuple[SafeString]]:
    for column, figure in zip(columns, node.get("figures") or (), strict=False):
        if not figure:
            yield (SafeString('<div class="portal-tree__figure portal-tree__figure--none"></div>'),)
            continue
        plain = cast(FigureCell, {**figure, "plain": True})
        shown = '<div class="portal-tree__figure"><span class="portal-tree__column">{}</span> <span>{}</span></div>'
        yield (format_html(shown, column, figure_html(plain)),)
