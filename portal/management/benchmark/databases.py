"""Databases that exist for one measurement and are dropped after it, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


@contextmanager
def own_database(name: str, template: str = "template0") -> Iterator[None]:
    """Create a database, make it the one that everything works on, and drop it afterwards.

    With `template`, it begins as a copy of that database, which nobody else may be using. A database that
    an earlier run left under this name is dropped too, and the run then has to be started again.
    """
    quote = connection.ops.quote_name
    before = str(connection.settings_dict["NAME"])
    try:
        # An interruption may come when the server has already made it.
        _run(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template)}")
        _work_on(name)
        yield
    finally:
        _work_on(before)
        _run(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _work_on(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name
