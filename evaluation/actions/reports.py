"""Asking for a report, and asking again for one that failed."""

from __future__ import annotations

from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.manifest import digest
from evaluation.models import Report, ReportKind, ReportStatus
from evaluation.questions import narrowed, period_text
from evaluation.tasks import build_report
from portal.accounts.models import User
from portal.audit.trail import write_entry
from portal.lifecycle import move
from programmes.ledger.scope import AsOf, Scope, now
from programmes.models import Programme

LANGUAGE = "en"


@transaction.atomic
def request_report(
    *, by: User | None, scope: Scope, kind: str = ReportKind.PROGRAMME_EVALUATION
) -> Report:
    """Queue the report that answers this question as of now, and return it.

    The same request at the same position of the ledger is the same report, whoever asks: two people at once
    end with one. `by` is None where the portal itself asks.
    """
    as_of = now(scope.programmes())
    question = {"params": [list(pair) for pair in scope.as_params()]}
    asked = digest([kind, question, as_of.position, LANGUAGE])
    known = Report.objects.filter(request_digest=asked).first()
    return known or _add(
        by, scope, as_of, Report(kind=kind, question=question, request_digest=asked)
    )


def _add(by: User | None, scope: Scope, as_of: AsOf, report: Report) -> Report:
    report.programme = Programme.objects.get(code=scope.programme)
    report.code = f"{scope.programme[:40]}-REPORT-{report.request_digest[:12].upper()}"
    report.title = _title(report.programme, scope)
    report.as_of_position, report.as_of_moment = as_of.position, as_of.moment
    report.language, report.requested_by = LANGUAGE, by
    report.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError:
        return Report.objects.get(request_digest=report.request_digest)
    write_entry(
        "request_report",
        by=by,
        record_kind="report",
        record_code=report.code,
        new={"question": report.question, "as_of": as_of.position},
    )
    _queue(report)
    return report


def _title(programme: Programme, scope: Scope) -> str:
    with override(LANGUAGE):
        years = period_text(scope) if scope.has_period else ""
        part = _("part of the programme") if narrowed(scope) else ""
        what = ", ".join(text for text in (years, part) if text)
        title = _("Evaluation report: %(programme)s %(first)s–%(last)s") % {
            "programme": programme.short_name,
            "first": programme.period_start,
            "last": programme.period_end,
        }
    return f"{title} ({what})" if what else title


def _queue(report: Report) -> None:
    """Tell the workers once the request is committed. Where that fails, `resume_reports` finds the report."""
    transaction.on_commit(partial(build_report.delay, report.pk), robust=True)


@transaction.atomic
def retry_report(report: Report, *, by: User | None) -> Report:
    """Queue a failed report again. Raises `MoveRefused` where it has not failed."""
    failure = report.failure
    move(report, "retry", step=0, failure="", heartbeat_at=None, finished_at=None)
    write_entry(
        "retry_report",
        by=by,
        record_kind="report",
        record_code=report.code,
        old={"status": ReportStatus.FAILED, "failure": failure},
        new={"status": ReportStatus.QUEUED},
    )
    _queue(report)
    return report
