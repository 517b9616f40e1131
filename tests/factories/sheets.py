"""Sheets as a person would hand them in: rows under the columns of a form, in a file."""

from __future__ import annotations

import csv
from pathlib import Path

from portal.imports.sheets import Sheet, SheetForm, read_sheet

SOURCED = {"source": "a source", "confidence": "seen"}


def write_sheet(folder: Path, form: SheetForm, *rows: dict[str, str]) -> Path:
    """A file with these rows; cells not given are empty, but for the source and how sure it is."""
    path = folder / form.name
    names = [column.name for column in form.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        common = {name: SOURCED.get(name, "") for name in names}
        writer.writerows(common | row for row in rows)
    return path


def make_sheet(folder: Path, form: SheetForm, *rows: dict[str, str]) -> Sheet:
    return read_sheet(write_sheet(folder, form, *rows), form)


def change_cell(path: Path, key: str, column: str, value: str) -> None:
    """Write another value into one cell: the row is that whose first cell is `key`."""
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    place = table[0].index(column)
    rows = [row for row in table if row[0] == key]
    assert len(rows) == 1
    rows[0][place] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
