"""Comparing the rows of a sheet with the records that are kept, and writing what differs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.imports.reports import CellRefused, Change, FileReport, Outcome
from portal.imports.sheets import Line

Record = TypeVar("Record", bound=models.Model)


class Kept(Generic[Record]):
    """The records of one kind that a sheet adds to or changes, found by key in one query.

    `key` names the model fields that tell one record from another; `columns` gives the column of a model
    field where its name differs. A `part` is a record that belongs to the row's own one.
    """

    def __init__(
        self,
        rows: models.QuerySet[Record],
        key: Sequence[str],
        report: FileReport,
        *,
        columns: Mapping[str, str] | None = None,
        part: bool = False,
    ) -> None:
        self._model = rows.model
        self._key = [_attribute(rows.model, name) for name in key]
        self._links = {each.name for each in rows.model._meta.fields if each.is_relation}
        self._report = report
        self._columns = columns or {}
        self._part = part
        self._found = {self._key_of(record): record for record in rows}

    def _key_of(self, record: Record) -> tuple[Any, ...]:
        return tuple(getattr(record, name) for name in self._key)

    def require(self, line: Line, column: str) -> Record | None:
        """The record that a cell names by its key; None for an empty cell; an unknown key refuses the row."""
        if not line[column]:
            return None
        record = self._found.get((line[column],))
        if record is None:
            raise CellRefused(column, line[column], _("There is no record with this code."))
        return record

    def put(
        self,
        line: Line,
        values: Mapping[str, Any],
        many: Mapping[str, Collection[models.Model]] | None = None,
    ) -> Record:
        """Make the record with this key hold these values: add it, change it, or leave it alone.

        Raises `ValidationError`, named by column, for what the model does not accept.
        """
        wanted = self._model(**values)
        record = self._found.get(self._key_of(wanted))
        if record is None:
            return self._add(line, wanted, many or {})
        changes = [*_take_over(record, wanted, values)]
        for name, rows in (many or {}).items():
            changes += _relate(record, name, rows)
        if changes:
            self._save(record)
        if self._part:
            changes = [replace(each, field=f"{record}: {each.field}") for each in changes]
        self._report.mark(line, Outcome.CHANGED if changes else Outcome.LEFT_ALONE, changes)
        return record

    def _add(
        self, line: Line, record: Record, many: Mapping[str, Collection[models.Model]]
    ) -> Record:
        self._save(record)
        for name, rows in many.items():
            getattr(record, name).set(rows)
        self._found[self._key_of(record)] = record
        if self._part:
            added = Change(str(record._meta.verbose_name), "", str(record))
            self._report.mark(line, Outcome.CHANGED, [added])
        else:
            self._report.mark(line, Outcome.ADDED)
        return record

    def _save(self, record: Record) -> None:
        try:
            self._clean(record)
        except ValidationError as error:
            named = {self._columns.get(name, name): why for name, why in error.error_dict.items()}
            raise ValidationError(named) from error
        record.save()

    def _clean(self, record: Record) -> None:
        """`full_clean`, less the query that asks for each foreign key whether the record just found exists."""
        record.clean_fields(exclude=self._links)
        record.clean()
        record.validate_unique()
        record.validate_constraints()


def _attribute(model: type[models.Model], name: str) -> str:
    """The attribute that holds a field's own value: a foreign key's is the key, not the record."""
    field: Any = model._meta.get_field(name)
    return str(field.attname)


def _take_over(
    record: models.Model, wanted: models.Model, values: Mapping[str, Any]
) -> Iterator[Change]:
    for name in values:
        attribute = _attribute(type(record), name)
        old, new = getattr(record, attribute), getattr(wanted, attribute)
        if old != new:
            yield Change(name, _as_text(record, name), _as_text(wanted, name))
            setattr(record, name, getattr(wanted, name))


def _as_text(record: models.Model, name: str) -> str:
    value = getattr(record, name)
    if isinstance(value, models.Model):
        value = getattr(value, "code", value)
    return "" if value is None else str(value)


def _relate(record: models.Model, name: str, rows: Collection[models.Model]) -> Iterator[Change]:
    manager = getattr(record, name)
    old, new = list(manager.all()), list(rows)
    if {row.pk for row in old} != {row.pk for row in new}:
        manager.set(new)
        yield Change(name, _codes(old), _codes(new))


def _codes(rows: Sequence[models.Model]) -> str:
    return ", ".join(sorted(str(getattr(row, "code", row)) for row in rows))


def by_code(rows: models.QuerySet[Record], field: str = "code") -> dict[str, Record]:
    """Records by their codes."""
    return {getattr(record, field): record for record in rows}


def find(known: Mapping[str, Record], code: str, column: str) -> Record:
    """The record with a code, or the row is refused."""
    try:
        return known[code]
    except KeyError:
        raise CellRefused(column, code, _("There is no record with this code.")) from None


def find_all(known: Mapping[str, Record], codes: Sequence[str], column: str) -> list[Record]:
    """The records with these codes, each named once, or the row is refused."""
    if len(set(codes)) != len(codes):
        raise CellRefused(column, "; ".join(codes), _("A code is given twice."))
    return [find(known, code, column) for code in codes]
