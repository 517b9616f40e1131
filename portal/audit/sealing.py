"""Sealing: every row up to the highest position gets a digest that is chained to the seal before.

Rows come to positions in their order, because whoever adds one holds the lock of the axis until the end of
the transaction (`portal.audit.append_only`). Sealing shares that lock for a moment: then nobody is half
done, and every row up to the highest position is there, and there for ever. The digest is made after the
lock is free again.
"""

from __future__ import annotations

import hashlib
from datetime import UTC

from django.db import connection, transaction
from django.utils import timezone
from psycopg.sql import SQL, Composable, Identifier

from portal.audit.append_only import POSITION_LOCK
from portal.audit.leaves import LEAF, read_leaves, stretches, write_plainly
from portal.audit.models import Seal, SealPage
from portal.audit.sealed import FORM, tables

# One seal is made at a time, one check asked for; the numbers only have to differ from that of the axis.
SEALING_LOCK = 7_210_668
CHECKING_LOCK = 7_210_669
NO_SEAL = "0" * 64

HIGHEST = SQL("SELECT coalesce(max(position), 0) FROM {table}")
LATER = SQL("SELECT count(*) FROM {table} WHERE position > %s")


def seal_everything() -> Seal | None:
    """Seal every row that is not sealed yet, and return the new seal; None where there is none to seal."""
    last = _settled_position()
    with transaction.atomic():
        take_turn(SEALING_LOCK)
        before = head()
        first = before.last_position + 1 if before else 1
        if last < first:
            return None
        write_plainly()
        return _make(
            Seal(
                number=before.number + 1 if before else 1,
                form=FORM,
                first_position=first,
                last_position=last,
                previous=before.digest if before else NO_SEAL,
                sealed_at=timezone.now(),
            )
        )


def take_turn(number: int, *, shared: bool = False) -> None:
    """Hold the lock with this number until the transaction ends; with others who share it, if `shared`."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])


def head() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-number").first()


def seal_over(position: int) -> Seal | None:
    """The seal that covers a position; None where that was not sealed yet."""
    return Seal.objects.filter(last_position__gte=position).order_by("last_position").first()


def text_of(seal: Seal) -> str:
    """The text of a seal, over which its digest is made."""
    lines = [
        f"programme-portal seal, form {seal.form}",
        f"number {seal.number}",
        f"positions {seal.first_position} to {seal.last_position}",
        f"rows {seal.rows}",
        f"content {seal.content}",
        f"previous {seal.previous}",
        f"sealed {seal.sealed_at.astimezone(UTC).isoformat(timespec='microseconds')}",
    ]
    return "".join(f"{line}\n" for line in lines)


def digest_of(seal: Seal) -> str:
    """SHA-256 in hexadecimal of the text of a seal."""
    return hashlib.sha256(text_of(seal).encode()).hexdigest()


def unsealed_rows() -> int:
    """How many rows came after the newest seal."""
    newest = head()
    last = newest.last_position if newest else 0
    return sum(_ask(LATER.format(table=Identifier(each.table)), last) for each in tables())


def _settled_position() -> int:
    """The highest position of all, beneath which every row that will ever be there is there."""
    with transaction.atomic():
        take_turn(POSITION_LOCK, shared=True)
        return max(_ask(HIGHEST.format(table=Identifier(each.table))) for each in tables())


def _ask(question: Composable, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return int(cursor.fetchone()[0])


def _make(seal: Seal) -> Seal:
    """Keep the leaves, a page at a time, then the seal whose digest they lead to."""
    seal.rows, content = 0, hashlib.sha256()
    for stretch in stretches(seal):
        leaves = read_leaves(stretch, seal.form)
        if leaves:
            # The database asks for the seal of a page only when the transaction ends.
            SealPage.objects.create(seal_id=seal.number, through=stretch.through, leaves=leaves)
            seal.rows += len(leaves) // LEAF.size
            content.update(leaves)
    seal.content = content.hexdigest()
    seal.digest = digest_of(seal)
    seal.full_clean()
    seal.save(force_insert=True)
    return seal
