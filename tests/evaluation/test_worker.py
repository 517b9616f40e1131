"""A real worker builds a report, is killed in the middle, and a second one ends with exactly one ready report."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from evaluation.models import Report, ReportStatus
from tests.evaluation.portfolio import lay_out_programme
from tests.servers import database_url, own_queue

PATIENCE = 90


@dataclass
class Machine:
    """Processes of the portal on the database of this test, with their own queue and their own files."""

    folder: Path
    queue: str
    workers: list[subprocess.Popen] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        own = {
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.queue,
            "PORTAL_VAR": str(self.folder),
        }
        return {**os.environ, **own, "DEBUG": "1"}

    def run(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, *words], cwd=settings.BASE_DIR, env=self.environment(), check=True
        )

    def start_worker(self) -> subprocess.Popen:
        words = ["-m", "celery", "-A", "portal.celery", "worker", "-c", "1", "-l", "WARNING"]
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=settings.BASE_DIR,
            env=self.environment(),
            start_new_session=True,
        )
        self.workers.append(process)
        return process


@pytest.fixture
def machine(tmp_path, lifted_guard) -> Iterator[Machine]:
    with own_queue(tmp_path) as queue:
        made = Machine(tmp_path, queue)
        yield made
        for process in made.workers:
            kill(process)


def kill(process: subprocess.Popen) -> None:
    """End the worker and its children at once, as a lost machine does."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def wait_for(condition: Callable[[Report], bool], pause: float = 0.01) -> Report:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        report = Report.objects.get()
        if condition(report):
            return report
        time.sleep(pause)
    raise AssertionError(f"still {report.status}, step {report.step}: {report.failure}")


def test_a_killed_worker_loses_nothing_and_doubles_nothing(machine, tmp_path):
    lay_out_programme()
    machine.run("manage.py", "prepare_first_report", "--wait", "0")
    first = machine.start_worker()
    wait_for(lambda report: report.status == ReportStatus.BUILDING and report.step >= 2)
    kill(first)
    dead = Report.objects.get()
    assert (dead.status, dead.attempts, dead.pdf.name) == (ReportStatus.BUILDING, 1, "")

    Report.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=61))
    machine.start_worker()
    machine.run("-m", "celery", "-A", "portal.celery", "call", "evaluation.tasks.resume_reports")
    ready = wait_for(lambda report: report.status in {ReportStatus.READY, ReportStatus.FAILED}, 0.2)
    assert (ready.status, ready.failure, ready.attempts) == (ReportStatus.READY, "", 2)
    assert Report.objects.count() == 1
    files = list((tmp_path / "files" / "reports").iterdir())
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in files] == [ready.sha256]
    assert ready.tables.count() == len(ready.manifest["tables"])
