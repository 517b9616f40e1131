"""Keeping the bytes of files: once for each digest, all or nothing with the rows that tell of them.

The store knows no transactions, so whoever writes bytes or takes them away holds a lock on their digest in
the database. Bytes are written before the row is committed and taken away again where it is not; they are
taken away for good only after the last row that tells of them is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.core.files import File as Content
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from portal.accounts.models import User
from portal.audit.moments import said_moment
from portal.files.checks import Inspected
from portal.files.models import File, place_of

logger = logging.getLogger(__name__)
_written: ContextVar[set[str] | None] = ContextVar("written_digests", default=None)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """A transaction whose failure leaves no bytes behind. Files are kept inside such a block only.

    Blocks may stand in one another; the outermost looks after the bytes, so no other transaction should
    stand around it.
    """
    if _written.get() is not None:
        with transaction.atomic():
            yield
        return
    digests: set[str] = set()
    token = _written.set(digests)
    try:
        with transaction.atomic():
            yield
    finally:
        _written.reset(token)
        for sha256 in sorted(digests):
            _discard_or_leave(sha256)


def keep_file(content: Content[bytes], inspected: Inspected, *, by: User | None) -> File:
    """Keep the bytes of an inspected upload and the row that tells of them. Runs inside `all_or_nothing`."""
    digests = _written.get()
    if digests is None:
        raise RuntimeError("files are kept inside all_or_nothing() only")
    moment = said_moment()
    file = File(
        **({"uploaded_at": moment} if moment else {}),
        sha256=inspected.sha256,
        size=inspected.size,
        media_type=inspected.media_type,
        pages=inspected.pages,
        name=inspected.name,
        uploaded_by=by.actor if by else None,
    )
    file.full_clean()
    _hold(file.sha256)
    known = File.objects.filter(sha256=file.sha256).exists()
    if not (known and default_storage.exists(file.place)):
        digests.add(file.sha256)
        _write(file.place, content)
    file.save()
    return file


def let_go(file: File) -> None:
    """Delete the row of a file, and once that is committed its bytes, unless another row tells of them."""
    sha256 = file.sha256
    file.delete()
    transaction.on_commit(partial(_discard_or_leave, sha256), robust=True)


@transaction.atomic
def discard_unused(sha256: str) -> bool:
    """Take the bytes with this digest away where no row tells of them. True where there were some."""
    _hold(sha256)
    place = place_of(sha256)
    if File.objects.filter(sha256=sha256).exists() or not default_storage.exists(place):
        return False
    default_storage.delete(place)
    return True


def _discard_or_leave(sha256: str) -> None:
    try:
        discard_unused(sha256)
    except (DatabaseError, OSError):
        # What matters has happened; `sweep_files` finds the bytes later.
        logger.exception("Unused bytes are left in the store: %s", sha256)


def _write(place: str, content: Content[bytes]) -> None:
    # No row tells of what stands there: a process that was ended while it wrote may have left a part.
    default_storage.delete(place)
    # Without the wrapping a large upload would be moved away from under whoever reads it next.
    kept = default_storage.save(place, Content(content.file))
    if kept != place:
        default_storage.delete(kept)
        raise RuntimeError(f"the store kept {place} as {kept}")


def _hold(sha256: str) -> None:
    """Let nobody else write or take away these bytes until the transaction ends."""
    key = int.from_bytes(bytes.fromhex(sha256)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
