"""An officer has a failed report built again."""

from __future__ import annotations

import pytest

from evaluation.models import Report
from portal.audit.models import Entry
from tests.factories.evaluation import ReportFactory

pytestmark = pytest.mark.django_db


def url(report) -> str:
    return f"/evaluation/reports/{report.code}/retry/"


def test_a_failed_report_is_queued_again(officer, as_person):
    failed = ReportFactory(status="failed", failure="No paper", step=4)
    response = as_person(officer).post(url(failed))
    assert response["Location"] == f"/evaluation/reports/{failed.code}/"
    again = Report.objects.get()
    assert (again.status, again.failure, again.step) == ("queued", "", 0)
    entry = Entry.objects.get(verb="retry_report")
    assert (entry.actor, entry.old["failure"]) == (officer.actor, "No paper")


@pytest.mark.parametrize("status", ["queued", "building"])
def test_one_that_has_not_failed_stays_as_it_is(officer, as_person, status):
    report = ReportFactory(status=status)
    assert as_person(officer).post(url(report)).status_code == 302
    assert Report.objects.get().status == status
    assert not Entry.objects.exists()


def test_who_is_refused(auditor, official, visitor, as_person):
    failed = ReportFactory(status="failed", failure="No paper")
    assert as_person(auditor).post(url(failed)).status_code == 403
    assert as_person(official).post(url(failed)).status_code == 404
    assert visitor.post(url(failed)).status_code == 302
    assert Report.objects.get().status == "failed"


def test_it_is_not_asked_for_by_a_link(officer, as_person):
    failed = ReportFactory(status="failed", failure="No paper")
    assert as_person(officer).get(url(failed)).status_code == 405
