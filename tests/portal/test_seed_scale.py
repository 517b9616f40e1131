"""A database for measuring: filled by the same stories, only where nobody works, all or nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal.management.demonstration.copying import Progress, fill
from programmes.ledger.models import Posting
from programmes.models import Programme, Strand
from projects.models import Project
from tests.factories.demonstration import add_vocabulary


@pytest.fixture
def vocabulary(db) -> None:
    add_vocabulary()


def quiet(_progress: Progress) -> None:
    pass


def test_a_load_that_breaks_leaves_nothing(vocabulary):
    def stop(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        fill(30, 10, stop)
    assert not Programme.objects.exists()
    assert not Posting.objects.exists()


def test_a_database_with_another_name_is_refused(vocabulary):
    with pytest.raises(CommandError) as refused:
        call_command("seed_scale", projects=10)
    name = connection.settings_dict["NAME"]
    assert str(refused.value) == (
        f"The database “{name}” is not named for measuring: its name needs “bench” or “scale”."
    )
    assert not Project.objects.exists()


def test_a_database_that_people_use_is_refused_even_by_force(vocabulary, officer):
    with pytest.raises(CommandError, match="holds people or another demonstration"):
        call_command("seed_scale", projects=10, force=True)
    assert not Project.objects.exists()


def test_without_strands_it_says_what_to_run(vocabulary):
    Strand.objects.all().delete()
    with pytest.raises(CommandError, match=r"Run `manage\.py load_record` first"):
        call_command("seed_scale", projects=10, force=True)


@pytest.fixture
def scale_database() -> Iterator[str]:
    """The address of an empty database named for measuring, dropped afterwards."""
    here = urlsplit(os.environ["DATABASE_URL"])
    name = f"portal_scale_{os.getpid()}"
    with psycopg.connect(here.geturl(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield here._replace(path=f"/{name}").geturl()
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(database: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        check=False,
        env=os.environ | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
    )


def test_the_command_from_an_empty_schema(scale_database):
    assert manage(scale_database, "migrate", "-v0").returncode == 0
    assert manage(scale_database, "load_record").returncode == 0
    first = manage(scale_database, "seed_scale", "--projects", "200")
    assert first.returncode == 0, first.stderr
    assert re.search(r"^200 projects, \d+ postings, \d+ rows in \d+ s$", first.stdout, re.MULTILINE)
    assert re.search(r"^\d+ rows per second, \d+ MB at most$", first.stdout, re.MULTILINE)
    second = manage(scale_database, "seed_scale", "--projects", "200")
    assert second.stdout == "There are 200 projects already: nothing changed.\n"
    third = manage(scale_database, "seed_scale", "--projects", "300")
    assert third.returncode == 1
    assert third.stderr.splitlines()[-1] == (
        "CommandError: There are 200 projects already: use a new database."
    )
