"""A frozen cell in the shape of the page's table component, and as it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.wording import amount, any_cents, not_reported, number

NUMERIC = ("money", "count", "figure")
BLANK = SafeString("&nbsp;")
Column = Mapping[str, Any]


def page_header(column: Column) -> dict[str, Any]:
    """A heading for the table component."""
    return {"label": column["label"], "numeric": column["kind"] in NUMERIC}


def has_cents(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> bool:
    """Whether any amount of a table has cents, so that all must show them."""
    return any_cents(
        _amount(cell, column)
        for row in rows
        for cell, column in zip(row["cells"], columns, strict=True)
    )


def _amount(cell: Any, column: Column) -> Decimal | None:
    if not cell:
        return None
    if column["kind"] == "money":
        return Decimal(cell)
    if column["kind"] == "figure" and isinstance(cell["value"], str):
        return Decimal(cell["value"])
    return None


def page_row(row: Mapping[str, Any], columns: Sequence[Column], *, cents: bool) -> dict[str, Any]:
    """A row for the table component; lines that are not rows are set off or left plain."""
    cells = [_page_cell(*pair, cents) for pair in zip(row["cells"], columns, strict=True)]
    return {"cells": cells, "total": row["kind"] == "total"}


def _page_cell(cell: Any, column: Column, cents: bool) -> Any:
    if cell == "":
        return BLANK
    match column["kind"]:
        case "money":
            value = None if cell is None else Decimal(cell)
            return {"figure": {"value": value, "plain": True, "cents": cents}}
        case "count":
            return None if cell is None else number(cell)
        case "figure":
            return {"figure": _page_figure(cell) | {"cents": cents}}
    return cell


def _page_figure(cell: Mapping[str, Any]) -> dict[str, Any]:
    value = cell["value"]
    return {
        "value": Decimal(value) if isinstance(value, str) else value,
        "kind": cell["kind"],
        "url": cell["address"],
        "reported": cell["reported"],
        "total": cell["recorded"],
        "notes": cell["notes"],
        "plain": True,
    }


def print_row(
    row: Mapping[str, Any], columns: Sequence[Column], base: str, *, cents: bool
) -> dict[str, Any]:
    """A row as it is printed: each cell {text, href, notes, numeric, missing}; `base` makes links absolute."""
    cells = [_print_cell(*pair, base, cents) for pair in zip(row["cells"], columns, strict=True)]
    return {"cells": cells, "kind": row["kind"]}


def _print_cell(cell: Any, column: Column, base: str, cents: bool) -> dict[str, Any]:
    drawn: dict[str, Any] = {"numeric": column["kind"] in NUMERIC, "text": cell}
    if cell is None:
        return drawn | {"text": not_reported(), "missing": True}
    match column["kind"]:
        case _ if cell == "":
            return drawn
        case "money":
            drawn["text"] = amount(Decimal(cell), cents)
        case "count":
            drawn["text"] = number(cell)
        case "figure":
            drawn |= _print_figure(cell, base, cents)
        case "link":
            drawn |= _print_link(cell, base)
    return drawn


def _print_link(cell: Mapping[str, Any], base: str) -> dict[str, Any]:
    return {
        "text": cell["text"],
        "href": f"{base}{cell['url']}" if cell["url"] else "",
        "notes": [cell["note"]] if cell["note"] else [],
    }


def _print_figure(cell: Mapping[str, Any], base: str, cents: bool) -> dict[str, Any]:
    value = cell["value"]
    if value is None:
        text = not_reported()
    else:
        text = amount(Decimal(value), cents) if isinstance(value, str) else number(value)
    coverage = []
    if cell["recorded"] is not None:
        words = {"reported": number(cell["reported"]), "total": number(cell["recorded"])}
        coverage = [_("%(reported)s of %(total)s reported") % words]
    return {
        "text": text,
        "missing": value is None,
        "href": f"{base}{cell['address']}" if cell["address"] else "",
        "notes": [*coverage, *cell["notes"]],
    }
