"""What a sheet did or would do, row by row, and the promise that it does all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from portal.imports.sheets import Line, Refusal, Sheet


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    LEFT_ALONE = "left alone"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Change:
    """A value that a sheet changed."""

    field: str
    old: str
    new: str


@dataclass
class RowOutcome:
    """What became of one row. A row may touch several records; `changes` names all that changed."""

    number: int
    label: str
    outcome: Outcome
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class RowWarning:
    """Something to look at in a row that was loaded all the same."""

    row: int
    label: str
    text: str


class CellRefused(Exception):
    """A cell of a row cannot be accepted; the row, and so the sheet, is refused."""

    def __init__(self, column: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value, self.reason = column, str(value), reason


@dataclass
class FileReport:
    """What one sheet did, row by row; nothing was written if `refused` or `waits_for` holds anything."""

    name: str
    rows: dict[int, RowOutcome] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    waits_for: list[str] = field(default_factory=list)
    appended: int = 0

    @property
    def is_loaded(self) -> bool:
        return not self.refused and not self.waits_for

    @property
    def has_effect(self) -> bool:
        """Whether anything was, or in a preview would be, written."""
        return bool(self.appended or self.of(Outcome.ADDED) or self.of(Outcome.CHANGED))

    def of(self, outcome: Outcome) -> list[RowOutcome]:
        """The rows that came out this way, in the order of the sheet."""
        return [self.rows[number] for number in sorted(self.rows) if self._is(number, outcome)]

    def _is(self, number: int, outcome: Outcome) -> bool:
        return self.rows[number].outcome == outcome

    def mark(self, line: Line, outcome: Outcome, changes: Sequence[Change] = ()) -> None:
        """Note what a row did to one record; the row as a whole is as new as the newest of them."""
        row = self.rows.setdefault(line.number, RowOutcome(line.number, line.label, outcome))
        ranks = [Outcome.LEFT_OUT, Outcome.LEFT_ALONE, Outcome.CHANGED, Outcome.ADDED]
        row.outcome = max(row.outcome, outcome, key=ranks.index)
        row.changes.extend(changes)

    def warn(self, line: Line, text: str) -> None:
        self.warnings.append(RowWarning(line.number, line.label, text))

    def refuse(self, line: Line, column: str, value: object, reason: str) -> None:
        self.refused.append(Refusal(line.number, column, str(value), reason))

    @contextmanager
    def row(self, line: Line) -> Iterator[None]:
        """Notes what the block refuses and goes on with the next row, so that a report names every fault."""
        try:
            with transaction.atomic():
                yield
        except CellRefused as refusal:
            self.refuse(line, refusal.column, refusal.value, refusal.reason)
        except ValidationError as error:
            for column, reason in _reasons(error):
                self.refuse(line, column, line.texts.get(column, ""), reason)
        except IntegrityError as error:
            self.refuse(line, "", line.label, _first_line(error))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _reasons(error: ValidationError) -> Iterator[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        yield from (("", reason) for reason in error.messages)
        return
    for name, reasons in error.message_dict.items():
        column = "" if name == "__all__" else name
        yield from ((column, reason) for reason in reasons)


def begin_report(sheet: Sheet) -> FileReport:
    """The report of a sheet that has been read and not yet applied."""
    return FileReport(sheet.form.name, refused=list(sheet.refused))


@contextmanager
def all_or_nothing(report: FileReport, *, preview: bool = False) -> Iterator[None]:
    """What the block writes stays only if the report ends without a refusal and this is no preview."""
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
            if preview or not report.is_loaded:
                transaction.set_rollback(rollback=True)
    except IntegrityError as error:
        report.refused.append(Refusal(None, "", "", _first_line(error)))
