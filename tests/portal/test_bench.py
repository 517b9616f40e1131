"""The benchmark: it measures what is there, says so, and leaves no database behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import psycopg
import pytest

from portal.management.benchmark.pages import table


def start(*words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "bench", *words],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def databases_of(process: subprocess.Popen) -> list[str]:
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        rows = server.execute("SELECT datname FROM pg_database")
        return [name for (name,) in rows if name.startswith(f"portal_bench_{process.pid}")]


def test_it_measures_every_page_and_a_report():
    process = start("--sizes", "30", "60")
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    for name in (
        "Raw query and orjson, 50 rows",
        "Project list",
        "Project list, one strand and country",
        "Project",
        "Figure, whole programme",
        "Figure, one strand, country, 2019-2021",
        "API list",
    ):
        assert re.search(rf"^{name}(  +\d+\.\d+){{5}}$", out, re.MULTILINE), out
    paces = re.findall(
        r"^(\d+) rows: sealed [1-9]\d*, checked [1-9]\d* rows per second$", out, re.MULTILINE
    )
    assert len(paces) == 2
    assert int(paces[1]) > int(paces[0])
    assert re.search(
        r"^Report over 30 projects: \d+\.\d s, \d+ MB of memory, file of \d+ kB$", out, re.MULTILINE
    )
    adoption = r"^Adoption of 200 actions: (\d+\.\d\d) s, \d+\.\d times a raw insert; amended: \d+\.\d\d s$"
    assert re.search(adoption, out, re.MULTILINE)
    assert re.search(
        r"^Thread with 30 projects: \d+ ms, \d+ times raw, 18 queries$", out, re.MULTILINE
    )
    assert databases_of(process) == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_drops_its_databases(sign):
    process = start("--sizes", "30", "60")
    assert process.stdout.readline() == f"Preparing the database portal_bench_{process.pid}\n"
    while not databases_of(process):
        assert process.poll() is None
    process.send_signal(sign)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "CommandError: Stopped; its databases are dropped."
    assert databases_of(process) == []


def test_the_table_sets_both_sizes_beside_the_raw_query():
    small, large = {"": 0.5, "Page": 10.0}, {"": 1.0, "Page": 15.0}
    assert table(small, large, (100, 1000)).splitlines() == [
        "Median of 25                   100 projects, ms  ratio to raw  1000 projects, ms  ratio to raw  growth",
        "Raw query and orjson, 50 rows              0.50           1.0               1.00           1.0    2.00",
        "Page                                      10.00          20.0              15.00          15.0    1.50",
    ]
