"""Building as a task: claimed once, resumed after a death, given up in the end, failed with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluation.actions.reports import request_report
from evaluation.building import Superseded, build
from evaluation.models import Report, ReportTable
from evaluation.tasks import MOST_ATTEMPTS, build_report, resume_reports
from programmes.ledger import counts, figures
from programmes.ledger.scope import Scope, now
from tests.factories.evaluation import ReportFactory
from tests.factories.programmes import CountryFactory, StrandFactory

pytestmark = pytest.mark.django_db


def test_a_claimed_report_is_not_built_again(programme):
    report = request_report(by=None, scope=Scope("TPMA"))
    Report.objects.update(status="building", attempts=1)
    build_report(report.pk)
    assert Report.objects.get().attempts == 1
    assert not ReportTable.objects.exists()


def test_a_message_for_a_report_that_is_gone_does_nothing():
    build_report(12345)
    assert not Report.objects.exists()


def test_a_build_that_was_overtaken_leaves_no_trace(programme):
    report = request_report(by=None, scope=Scope("TPMA"))
    Report.objects.update(status="building", attempts=2)
    report.attempts = 1
    with pytest.raises(Superseded):
        build(report)
    assert Report.objects.get().step == 0
    assert not ReportTable.objects.exists()


def test_what_cannot_be_asked_any_more_fails_with_a_reason_and_no_rows(programme):
    report = request_report(by=None, scope=Scope("TPMA"))
    Report.objects.update(question={"params": [["programme", "GONE"]]})
    build_report(report.pk)
    failed = Report.objects.get()
    assert failed.status == "failed"
    assert failed.failure == (
        "Building stopped on an unexpected error (ScopeError). It can be tried again."
    )
    assert not ReportTable.objects.exists()


@pytest.mark.parametrize(("status", "now_is"), [("building", "queued"), ("queued", "queued")])
def test_what_stands_still_is_queued_again(status, now_is, celery_messages):
    report = ReportFactory(
        status=status, attempts=1, heartbeat_at=timezone.now() - timedelta(seconds=61)
    )
    resume_reports()
    assert Report.objects.get().status == now_is
    assert celery_messages() == [report.pk]
    resume_reports()
    assert celery_messages() == [], "not again until it has been quiet for another minute"


def test_what_is_alive_or_has_ended_is_left_alone(celery_messages):
    long_ago = timezone.now() - timedelta(days=1)
    ReportFactory(status="building", heartbeat_at=timezone.now())
    ReportFactory(status="queued")
    ReportFactory(status="ready", sha256="a", pdf="x", heartbeat_at=long_ago)
    ReportFactory(status="failed", failure="x", heartbeat_at=long_ago)
    resume_reports()
    assert celery_messages() == []


def test_a_report_that_kills_its_worker_is_given_up(celery_messages):
    long_ago = timezone.now() - timedelta(minutes=5)
    ReportFactory(status="building", attempts=MOST_ATTEMPTS, heartbeat_at=long_ago)
    resume_reports()
    report = Report.objects.get()
    assert (
        report.failure
        == "The worker ended 3 times while building this report. It can be tried again."
    )
    assert celery_messages() == []


def test_a_narrower_question_is_answered_within_it(programme, file_store):
    StrandFactory(code="ASYLUM")
    scope = Scope(
        "TPMA",
        strands=("MIGDEV",),
        countries=(CountryFactory(code="MA").code,),
        start="2009",
        end="2010",
    )
    report = request_report(by=None, scope=scope)
    build_report(report.pk)
    report.refresh_from_db()
    assert (report.status, report.failure) == ("ready", "")
    assert (
        report.title
        == "Evaluation report: Short TPMA 2007–2013 (2009 to 2010, by budget year of the decision, part of the programme)"
    )
    facts = {figure.key: figure.facts for figure in report.figures.all()}
    assert facts["contracted"]["value"] is None
    assert facts["contracted"]["parts"]["undated"] == {"amount": "1400.50", "records": 2}
    assert facts["contracted"]["parts"]["share_unknown"] == {"amount": "2000.00", "records": 1}
    assert "contracted-ASYLUM" not in facts


def test_figures_of_tables_are_those_of_their_addresses(report):
    rows = ReportTable.objects.get(report=report, key="countries").rows
    counted = {row["cells"][1]: row["cells"][3] for row in rows if row["kind"] == "row"}
    assert set(counted) == {"MA", "MD"}
    for code, cell in counted.items():
        found = counts.count("projects", Scope("TPMA", countries=(code,)), now())
        assert (cell["value"], cell["address"]) == (found.total, found.address)
    money = {row["cells"][1]: row["cells"][5] for row in rows if row["kind"] == "row"}
    value = figures.value("contracted", Scope("TPMA", countries=("MA",)), now()).total
    assert money == {"MA": str(value), "MD": None}
