"""Which tables are sealed, and how a row of each is written down: each app tells the seals about its own.

A row is written down by the database as the name of its table and the listed columns, each as its length in
bytes, a colon and its text, a hyphen where there is nothing, with commas between. A digest over such a text
can be made again by anybody, in any language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# The form of new seals. A later form may list more columns or tables; a seal is always checked in its own.
FORM = 1


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed.

    `number` stands for the table in every leaf, for ever. `columns` lists, by the form that first listed
    them so, the columns of a row. `describe` says what the row at a position is, empty where there is none.
    """

    number: int
    table: str
    noun: StrPromise
    columns: Mapping[int, tuple[str, ...]]
    describe: Callable[[int], str]

    def columns_in(self, form: int) -> tuple[str, ...]:
        """The columns of a row in a form; none where that form does not seal this table yet."""
        known = [first for first in self.columns if first <= form]
        return self.columns[max(known)] if known else ()


_TABLES: dict[int, SealedTable] = {}


def register(table: SealedTable) -> None:
    """Have the rows of a table sealed. Called once, when the app is ready."""
    _TABLES[table.number] = table


def tables() -> list[SealedTable]:
    """Every table whose rows are sealed, by number."""
    return [_TABLES[number] for number in sorted(_TABLES)]


def table_of(number: int) -> SealedTable | None:
    """The table that a leaf names."""
    return _TABLES.get(number)
