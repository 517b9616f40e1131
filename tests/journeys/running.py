"""The portal as `make run` opens it, on a database, a queue and files of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portal.embedded import free_port
from tests.servers import own_database, own_queue

PATIENCE = 240
# Below this line the portal prints its address and one line per person.
SIGN_INS = "Sign-ins ..."


@dataclass(frozen=True)
class Portal:
    """Where the portal is open, and the password of each person by the email address."""

    address: str
    passwords: dict[str, str]


@contextmanager
def running_portal(folder: Path, name: str) -> Iterator[Portal]:
    """Open the portal with the public record, the demonstration and the first report; close it afterwards."""
    with own_database(name) as database, own_queue(folder) as queue:
        own = {
            "DATABASE_URL": database,
            "REDIS_URL": queue,
            "PORTAL_VAR": str(folder / "var"),
            "PORT": str(free_port()),
            "DEBUG": "0",
        }
        said = folder / "said"
        with said.open("w") as output:
            process = _start(os.environ | own, output)
        try:
            yield _opened(process, said)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _start(environment: dict[str, str], output: object) -> subprocess.Popen:
    # The end of `make` is a reason to stop only for a portal that `make` itself started.
    clean = {name: value for name, value in environment.items() if name != "MAKELEVEL"}
    words = [sys.executable, "-m", "portal.supervisor", "run"]
    return subprocess.Popen(
        words, cwd=settings.BASE_DIR, env=clean, stdout=output, stderr=subprocess.STDOUT
    )


def _opened(process: subprocess.Popen, said: Path) -> Portal:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        _before, _line, after = said.read_text().partition(SIGN_INS)
        people = [line.split() for line in after.splitlines() if "@" in line]
        if len(people) == 5:
            address = after.split()[0].rstrip("/")
            return Portal(address, {words[-2]: words[-1] for words in people})
        time.sleep(0.2)
    raise AssertionError(f"The portal did not open:\n{said.read_text()}")
