"""Has the first evaluation report built, so that a newcomer finds one."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from evaluation.actions.reports import request_report, retry_report
from evaluation.building import STEPS
from evaluation.manifest import portal_address
from evaluation.models import Report, ReportStatus
from portal.audit.sealing import seal_everything
from portal.pdf import ReportsUnavailable, versions
from programmes.ledger.scope import Scope
from programmes.models import Programme

PROGRAMME = "TPMA"
LOOK_EVERY = 0.5


class Command(BaseCommand):
    help = (
        "Asks the worker for the evaluation report of the thematic programme 2007-2013: the whole programme, "
        "undated amounts included. Does nothing where a ready one exists."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--wait", type=float, default=120, help="Seconds to wait for the worker; 0 only asks."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refusal = self._refusal()
        if refusal:
            self.stdout.write(refusal)
            return
        report = self._ready() or self._ask()
        if report.status != ReportStatus.READY:
            self._wait(report, time.monotonic() + options["wait"])
        self._say(report)

    def _refusal(self) -> str:
        """Why there can be no report here, or nothing."""
        if not Programme.objects.filter(code=PROGRAMME).exists():
            return f"No first report: the programme {PROGRAMME} is not loaded."
        try:
            versions()
        except ReportsUnavailable as error:
            return f"No first report: {error}"
        return ""

    def _ready(self) -> Report | None:
        return Report.objects.filter(
            programme__code=PROGRAMME, status=ReportStatus.READY, requested_by=None
        ).first()

    def _ask(self) -> Report:
        # The clock seals on the hour; the first report names a seal, too.
        seal_everything()
        report = request_report(by=None, scope=Scope(PROGRAMME))
        if report.status == ReportStatus.FAILED:
            retry_report(report, by=None)
        return report

    def _wait(self, report: Report, until: float) -> None:
        shown = ""
        while time.monotonic() < until:
            report.refresh_from_db(fields=["status", "step", "failure"])
            if report.status in {ReportStatus.READY, ReportStatus.FAILED}:
                return
            line = f"First report: {report.status}, step {report.step} of {len(STEPS)}"
            if line != shown:
                self.stdout.write(line)
                shown = line
            time.sleep(LOOK_EVERY)

    def _say(self, report: Report) -> None:
        url = f"{portal_address()}{report.get_absolute_url()}"
        endings = {
            ReportStatus.READY: f"First report: ready at {url}",
            ReportStatus.FAILED: f"First report: failed, {report.failure} See {url}",
        }
        waiting = f"First report: asked for; it will be at {url} when the worker has built it."
        self.stdout.write(endings.get(ReportStatus(report.status), waiting))
