"""Reading a sheet: which columns it must have, what its cells say, and every fault that can be seen in it alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its name, what turns its text into a value, and whether it may be empty.

    `read` is called with text that is not empty and raises `ValueError` with the reason where it cannot
    be read; an empty cell has the value `empty`.
    """

    name: str
    read: Callable[[str], Any] = str
    required: bool = False
    empty: Any = ""


@dataclass(frozen=True)
class SheetForm:
    """What a sheet must look like: file name, columns, the columns that name a row, sheets loaded before."""

    name: str
    columns: Sequence[Column]
    key: Sequence[str] = ("code",)
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """One row of a sheet. `number` is its row in a spreadsheet, the header being row 1."""

    number: int
    label: str
    texts: Mapping[str, str]
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


@dataclass(frozen=True)
class Refusal:
    """Why a sheet was not loaded. `row` is None where the whole file is meant."""

    row: int | None
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: the rows whose every cell could be read, and the faults of the others."""

    form: SheetForm
    lines: Sequence[Line]
    refused: Sequence[Refusal]


def read_sheet(path: Path, form: SheetForm) -> Sheet:
    """Read a CSV file. A file that cannot be read at all gives a sheet without rows and one refusal."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return _unreadable(form, _("The file is missing."))
    except UnicodeDecodeError as error:
        return _unreadable(form, _("The file is not UTF-8 (byte %d).") % error.start)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        table = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        return _unreadable(form, _("The file is not CSV: %s.") % error)
    if len(table) < 2:
        return _unreadable(form, _("The file has no rows."))
    missing = [column.name for column in form.columns if column.name not in table[0]]
    if missing:
        return _unreadable(form, _("Missing columns: %s.") % ", ".join(missing))
    return _read_lines(form, table[0], table[1:])


def _unreadable(form: SheetForm, reason: str) -> Sheet:
    return Sheet(form, [], [Refusal(None, "", "", reason)])


def _read_lines(form: SheetForm, header: list[str], table: list[list[str]]) -> Sheet:
    lines: list[Line] = []
    refused: list[Refusal] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in enumerate(table, start=2):
        if len(cells) != len(header):
            reason = _("%(found)d cells under %(wanted)d columns.")
            counts = {"found": len(cells), "wanted": len(header)}
            refused.append(Refusal(number, "", "", reason % counts))
            continue
        texts = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        faults = [*_repeated(form, number, texts, seen)]
        values: dict[str, Any] = {}
        for column in form.columns:
            try:
                values[column.name] = _read_cell(column, texts[column.name])
            except ValueError as error:
                faults.append(Refusal(number, column.name, texts[column.name], str(error)))
        refused.extend(faults)
        if not faults:
            label = " ".join(texts[name] for name in form.key if texts[name])
            lines.append(Line(number, label, texts, values))
    return Sheet(form, lines, refused)


def _read_cell(column: Column, text: str) -> Any:
    if text:
        return column.read(text)
    if column.required:
        raise ValueError(_("This column may not be empty."))
    return column.empty


def _repeated(
    form: SheetForm, number: int, texts: Mapping[str, str], seen: dict[tuple[str, ...], int]
) -> Iterator[Refusal]:
    key = tuple(texts[name] for name in form.key)
    first = seen.setdefault(key, number)
    if first != number:
        reason = _("The same as in row %d.") % first
        yield Refusal(number, ", ".join(form.key), " ".join(key), reason)
