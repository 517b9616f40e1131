"""Leaves: what a seal knows of each row. Position (8 bytes), number of the table (1), SHA-256 of the row (32).

Rows are taken in the order of their positions, in stretches of `STRETCH` positions, so that sealing and
checking need as little memory for ten million rows as for ten.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from portal.audit.models import Seal
from portal.audit.sealed import SealedTable, tables

STRETCH = 10_000
LEAF = struct.Struct(">qB32s")
LOWEST = -(2**63)

VALUE = SQL("coalesce(octet_length({column}::text) || ':' || {column}::text, '-')")
ROWS = SQL(
    "SELECT position, int8send(position)"
    " || substring(int4send({number}) FROM 4)"
    " || sha256(convert_to(concat_ws(',', {name}, {values}), 'UTF8')) AS leaf"
    " FROM {table} WHERE position > %s AND position <= %s"
)
LEAVES = SQL(
    "SELECT coalesce(string_agg(leaf, ''::bytea ORDER BY position, leaf), ''::bytea)"
    " FROM ({rows}) AS rows"
)


class Leaf(NamedTuple):
    """One row as a seal knows it."""

    position: int
    table: int
    digest: bytes


class Stretch(NamedTuple):
    """The positions after `after`, up to and with `through`."""

    after: int
    through: int


def stretches(seal: Seal) -> Iterator[Stretch]:
    """The stretches of a seal. That of the first seal begins below every position there could be."""
    after = seal.first_position - 1
    while after < seal.last_position:
        through = min(after + STRETCH, seal.last_position)
        lowest = seal.number == 1 and after < seal.first_position
        yield Stretch(LOWEST if lowest else after, through)
        after = through


def is_readable(packed: bytes, stretch: Stretch) -> bool:
    """These bytes are whole leaves, and the first and the last are of rows in the stretch."""
    if not packed:
        return True
    if len(packed) % LEAF.size:
        return False
    first, last = (LEAF.unpack_from(packed, at)[0] for at in (0, len(packed) - LEAF.size))
    return bool(stretch.after < first <= last <= stretch.through)


def leaves_of(packed: bytes) -> list[Leaf]:
    """Leaves from the bytes in which they are kept. Raises `struct.error` where these are not whole leaves."""
    return [Leaf(*fields) for fields in LEAF.iter_unpack(packed)]


def read_leaves(stretch: Stretch, form: int) -> bytes:
    """The leaves of the rows there are now, made by the database from what is in its tables."""
    sealed = [table for table in tables() if table.columns_in(form)]
    rows = SQL(" UNION ALL ").join(_rows_of(table, form) for table in sealed)
    with connection.cursor() as cursor:
        cursor.execute(LEAVES.format(rows=rows), list(stretch) * len(sealed))
        return bytes(cursor.fetchone()[0])


def write_plainly() -> None:
    """Have the database write dates and times in one way, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        cursor.execute("SET LOCAL timezone = 'UTC'")


def _rows_of(table: SealedTable, form: int) -> Composable:
    columns = (VALUE.format(column=Identifier(name)) for name in table.columns_in(form))
    return ROWS.format(
        number=Literal(table.number),
        name=Literal(table.table),
        values=SQL(", ").join(columns),
        table=Identifier(table.table),
    )
