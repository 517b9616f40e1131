"""Servers for processes that a test starts: how they reach the database, and a queue nobody else reads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from portal.embedded import free_port


def database_url(name: str = "") -> str:
    """The address of the database the tests work on, or of another one of the same server."""
    given = connection.settings_dict
    # A folder of sockets is a host too, its slashes written as an address allows.
    host = quote(given["HOST"], safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{secret}@{host}{port}/{name or given['NAME']}"


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """A new, empty database of this name, dropped afterwards; one that an earlier run left is replaced."""
    quoted = connection.ops.quote_name(name)
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {quoted} TEMPLATE template0")
        try:
            yield database_url(name)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")


@contextmanager
def own_queue(folder: Path) -> Iterator[str]:
    """A Redis server for this test alone, so that no other worker takes its messages."""
    server = Path(sys.executable).with_name("redis-server")
    port = free_port()
    words = [server, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        url = f"redis://127.0.0.1:{port}/0"
        Redis.from_url(url, retry=Retry(ConstantBackoff(0.1), 100)).ping()
        yield url
    finally:
        process.kill()
        process.wait(timeout=10)
