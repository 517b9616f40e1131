"""The moment at which something is said to have happened: now, except in the demonstration's invented past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

_said: ContextVar[datetime | None] = ContextVar("said_moment", default=None)


@contextmanager
def at_moment(moment: datetime) -> Iterator[None]:
    """Let what is written inside this block say that it happened at `moment`.

    The database believes it only before the first seal: of audit entries, and in the ledger of rows of the
    demonstration programme alone.
    """
    token = _said.set(moment)
    try:
        yield
    finally:
        _said.reset(token)


def said_moment() -> datetime | None:
    """The moment that is being told of, None for the present."""
    return _said.get()
