"""Tables of a report: columns, rows, and the same rows as a CSV file.

Everything in a table is plain JSON, so that what is printed can be frozen and printed again. A cell is, by
the kind of its column:

    text    a text, or None where it is not reported
    link    {text, url, note} with the path of its page
    money   an amount in EUR as text with two decimals, or None
    count   a whole number, or None
    figure  {value, kind, reported, recorded, address, notes}: see `figure_cell`

`NOTHING` stands where a cell has nothing to say, which is not the same as not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Literal

from evaluation.figure_words import figure_notes
from evaluation.figures import MONEY, Reading
from evaluation.sheets import csv_bytes

# Printing a row costs time and memory; the attached file has all rows.
MOST_PRINTED = 250

Cell = Any
NOTHING = ""
ColumnKind = Literal["text", "link", "money", "count", "figure"]
RowKind = Literal["row", "total", "aside"]


@dataclass(frozen=True)
class Column:
    """A heading and what stands under it."""

    label: str
    kind: ColumnKind = "text"


@dataclass(frozen=True)
class Row:
    """A row, the total of the rows, or a line that stands aside: not split, withheld, not reported."""

    cells: Sequence[Cell]
    kind: RowKind = "row"


@dataclass(frozen=True)
class Table:
    """A table with all its rows. `note` says what must be read with it; `address` how its figures are found."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    dense: bool = False
    printed: int = field(default=MOST_PRINTED)

    def frozen_columns(self) -> list[dict[str, Any]]:
        return [asdict(column) for column in self.columns]

    def frozen_rows(self) -> list[dict[str, Any]]:
        return [asdict(row) for row in self.rows]


def money_cell(amount: Decimal | None) -> str | None:
    """An amount as it is frozen."""
    return None if amount is None else f"{amount:.2f}"


def figure_cell(reading: Reading) -> dict[str, Any]:
    """A figure as it is frozen: its value, what it covers, its address."""
    money = reading.kind == MONEY
    return {
        "value": money_cell(Decimal(reading.value))
        if money and reading.value is not None
        else reading.value,
        "kind": reading.kind,
        "reported": reading.reported,
        "recorded": reading.recorded,
        "address": reading.address,
        "notes": figure_notes(reading),
    }


def link_cell(text: str, url: str = "", note: str = "") -> dict[str, str]:
    """A text with the path of its page and a small line beneath."""
    return {"text": text, "url": url, "note": note}


def table_csv(
    columns: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], base: str
) -> bytes:
    """A frozen table as CSV: links and figures bring their addresses, under `base`, in columns of their own.

    The first column, `row`, says whether a line is a row, the total of the rows, or stands aside.
    """
    heads = ["row", *(head for column in columns for head in _heads(column))]
    lines = ([row["kind"], *_line(columns, row["cells"], base)] for row in rows)
    return csv_bytes([heads, *lines])


def _heads(column: dict[str, Any]) -> list[str]:
    label = column["label"]
    if column["kind"] == "figure":
        return [label, f"{label}: reported", f"{label}: of", f"{label}: address"]
    if column["kind"] == "link":
        return [label, f"{label}: note", f"{label}: address"]
    return [label]


def _line(columns: Sequence[dict[str, Any]], cells: Sequence[Cell], base: str) -> Iterator[Any]:
    for column, cell in zip(columns, cells, strict=True):
        match column["kind"]:
            case "figure":
                yield from _figure_columns(cell, base)
            case "link":
                yield from _link_columns(cell, base)
            case "money":
                yield Decimal(cell) if cell else None
            case _:
                yield cell


def _figure_columns(cell: Cell, base: str) -> list[Any]:
    if not cell:
        return [None, None, None, None]
    value = cell["value"]
    if value is not None and cell["kind"] == MONEY:
        value = Decimal(value)
    return [value, cell["reported"], cell["recorded"], _absolute(cell["address"], base)]


def _link_columns(cell: Cell, base: str) -> list[Any]:
    if not cell:
        return [None, None, None]
    return [cell["text"], cell["note"] or None, _absolute(cell["url"], base)]


def _absolute(path: str, base: str) -> str | None:
    return f"{base}{path}" if path else None
