"""The first report is asked for once."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from evaluation.models import Report
from tests.factories.evaluation import ReportFactory

pytestmark = pytest.mark.django_db


def prepare() -> str:
    output = io.StringIO()
    call_command("prepare_first_report", wait=0, stdout=output)
    return output.getvalue().strip()


def test_without_the_record_it_says_so_and_asks_for_nothing():
    assert prepare() == "No first report: the programme TPMA is not loaded."
    assert not Report.objects.exists()


def test_it_asks_once_for_the_whole_programme(programme):
    first, again = prepare(), prepare()
    report = Report.objects.get()
    url = f"http://127.0.0.1:8000/evaluation/reports/{report.code}/"
    assert first == again
    assert first == f"First report: asked for; it will be at {url} when the worker has built it."
    assert report.question == {"params": [["programme", "TPMA"]]}
    assert report.requested_by is None


def test_where_one_is_ready_nothing_is_asked(programme):
    ready = ReportFactory(status="ready", sha256="a", pdf="x")
    assert prepare().endswith(f"ready at http://127.0.0.1:8000/evaluation/reports/{ready.code}/")
    assert Report.objects.count() == 1


def test_a_failed_one_is_tried_again(programme):
    prepare()
    Report.objects.update(status="failed", failure="No paper")
    prepare()
    assert Report.objects.get().status == "queued"
