"""Where the rows of a sheet come from, what in them is general knowledge, and the audit entry of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portal.accounts.models import User
from portal.audit.trail import write_entry
from portal.imports.cells import as_choice, as_list
from portal.imports.reports import FileReport, Outcome
from portal.imports.sheets import Column, Line
from portal.records import Confidence

SOURCE_COLUMNS = (
    Column("source", required=True),
    Column("confidence", as_choice(Confidence), required=True),
)
RECALLED_COLUMNS = (Column("recalled_fields", as_list, empty=[]), *SOURCE_COLUMNS)


def provenance(line: Line) -> dict[str, Any]:
    """The fields of a `Sourced` record that a row fills."""
    names = ("source", "confidence", "recalled_fields")
    return {name: line[name] for name in names if name in line.values}


def is_recalled(line: Line) -> bool:
    """The whole row is general knowledge."""
    return bool(line["confidence"] == Confidence.RECALLED)


def is_cell_recalled(line: Line, column: str) -> bool:
    """This cell is general knowledge, by itself or with its row."""
    named = {text.split(" ")[0] for text in line.values.get("recalled_fields", [])}
    return is_recalled(line) or bool(named & {column, "all"})


def amounts(line: Line, columns: Mapping[str, str], *, with_recalled: bool) -> dict[str, Decimal]:
    """Amounts by model field. A recalled one is left out unless asked for: what is kept of it stays as it is."""
    return {
        name: line[column]
        for name, column in columns.items()
        if with_recalled or not is_cell_recalled(line, column)
    }


def note_batch(verb: str, report: FileReport, *, by: User | None, record_kind: str) -> None:
    """One audit entry for all that a sheet did, or none where it did nothing."""
    if not report.is_loaded or not report.has_effect:
        return
    changed = [row for row in report.of(Outcome.CHANGED) if row.changes]
    write_entry(
        verb,
        by=by,
        record_kind=record_kind,
        old={row.label: {each.field: each.old for each in row.changes} for row in changed},
        new={
            "sheet": report.name,
            "added": [row.label for row in report.of(Outcome.ADDED)],
            "changed": {
                row.label: {each.field: each.new for each in row.changes} for row in changed
            },
            "postings, milestones and tags": report.appended,
        },
    )
