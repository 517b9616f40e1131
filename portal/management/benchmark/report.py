"""How long a report takes to build and how much memory it needs, in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from evaluation.actions.reports import request_report
from evaluation.models import ReportStatus
from evaluation.tasks import build_report
from portal.celery import app
from portal.management.benchmark.pages import CannotMeasure
from programmes.ledger.scope import Scope

# Reports are promised for this many projects.
REPORT_PROJECTS = 2_000


@dataclass(frozen=True)
class ReportCost:
    """What building one report took: seconds, bytes of memory at most, bytes of the file."""

    seconds: float
    memory: int
    size: int


def build_report_apart(programme: str) -> ReportCost:
    """Build the report on a whole programme as the worker does. Raises `CannotMeasure` where it fails."""
    # Nobody else is to hear of the request: the build is timed here.
    app.conf.update(broker_url="memory://localhost/")
    report = request_report(by=None, scope=Scope(programme))
    connection.close()
    begun = time.perf_counter()
    memory = _in_own_process(report.pk)
    seconds = time.perf_counter() - begun
    report.refresh_from_db()
    if report.status != ReportStatus.READY:
        raise CannotMeasure(_("The report was not built: %s") % report.failure)
    return ReportCost(seconds, memory, report.size or 0)


def _in_own_process(report: int) -> int:
    """Run the worker's task in a child of this process and return its peak memory in bytes."""
    child = os.fork()
    if child == 0:
        os._exit(_build_and_exit(report))
    try:
        _pid, _status, usage = os.wait4(child, 0)
    except BaseException:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        raise
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _build_and_exit(report: int) -> int:
    """The exit code of the child, which must not return into the code of its parent."""
    try:
        build_report(report)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0
