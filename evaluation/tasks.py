"""Work on reports after the commit, safe to run twice."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.building import STEPS, Superseded, build
from evaluation.models import Report, ReportStatus
from portal.lifecycle import MoveRefused, move
from portal.pdf import ReportsUnavailable, Unprintable

STALE_AFTER = timedelta(seconds=60)
MOST_ATTEMPTS = 3
logger = logging.getLogger(__name__)


@shared_task
def build_report(report_id: int) -> None:
    """Build one queued report. A second message for the same report finds it claimed and does nothing."""
    report = _claim(report_id)
    if report is None:
        return
    try:
        build(report)
    except (Superseded, MoveRefused):
        logger.info("report %s was taken over by another build", report.code)
    except (ReportsUnavailable, Unprintable) as error:
        _fail(report, str(error))
    except Exception as error:
        logger.exception("report %s failed", report.code)
        with override(report.language):
            reason = _(
                "Building stopped on an unexpected error (%(error)s). It can be tried again."
            )
            _fail(report, reason % {"error": type(error).__name__})


def _claim(report_id: int) -> Report | None:
    """Take a queued report for this build, or None where it is not queued any more or gone."""
    report = Report.objects.select_related("programme").filter(pk=report_id).first()
    if report is None:
        return None
    try:
        move(
            report,
            "build",
            attempts=F("attempts") + 1,
            step=0,
            steps=len(STEPS),
            failure="",
            heartbeat_at=timezone.now(),
        )
    except MoveRefused:
        return None
    report.refresh_from_db(fields=["attempts"])
    return report


def _fail(report: Report, reason: str) -> None:
    still_ours = Report.objects.filter(pk=report.pk, attempts=report.attempts)
    if still_ours.filter(status=ReportStatus.BUILDING).exists():
        move(report, "fail", failure=reason, finished_at=timezone.now())


@shared_task
def resume_reports() -> None:
    """Queue again what has stood still: reports whose worker died, and those whose message was lost."""
    quiet = timezone.now() - STALE_AFTER
    waiting = Report.objects.annotate(seen=Coalesce("heartbeat_at", "requested_at"))
    stuck = waiting.filter(
        Q(seen__lt=quiet), status__in=[ReportStatus.BUILDING, ReportStatus.QUEUED]
    )
    for report in stuck:
        # One that moved on meanwhile needs nothing.
        with suppress(MoveRefused):
            _resume(report)


def _resume(report: Report) -> None:
    if report.status == ReportStatus.BUILDING:
        # Attempts are never counted back, because they also tell one build from another.
        if report.attempts % MOST_ATTEMPTS == 0:
            _give_up(report)
            return
        move(report, "resume", heartbeat_at=timezone.now())
    else:
        Report.objects.filter(pk=report.pk).update(heartbeat_at=timezone.now())
    build_report.delay(report.pk)


def _give_up(report: Report) -> None:
    with override(report.language):
        reason = _(
            "The worker ended %(n)s times while building this report. It can be tried again."
        )
        move(report, "fail", failure=reason % {"n": MOST_ATTEMPTS}, finished_at=timezone.now())
