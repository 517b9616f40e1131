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
        _say("on")
        yield
        _say("off")


def _say(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.unfrozen', %s, true)", [word])
