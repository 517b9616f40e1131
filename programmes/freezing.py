"""Adopted content is frozen: the database refuses to change it, except where a new version is being put in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def unfrozen() -> Iterator[None]:
    """Let adopted content change inside this block: an amendment put in force, a sheet of the public record.

    Runs in a transaction of its own or its caller's; the door closes with it whatever happens.
    """
    with transaction.atomic():
        before = _said()
        _say("on")
        yield
        _say(before)


def _said() -> str:
    """What an enclosing block said."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('portal.unfrozen', true), '')")
        word: str = cursor.fetchone()[0]
    return word


def _say(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.unfrozen', %s, true)", [word])
