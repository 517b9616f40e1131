"""The part of a report's page that looks again every few seconds."""

from __future__ import annotations

import pytest

from tests.factories.evaluation import ReportFactory
from tests.pages import text_of, tree_of

pytestmark = pytest.mark.django_db


def url(report) -> str:
    return f"/evaluation/reports/{report.code}/progress/"


def test_it_shows_the_steps_alone_and_asks_again(auditor, as_person):
    report = ReportFactory(status="building", step=2, steps=6)
    response = as_person(auditor).get(url(report))
    tree = tree_of(response)
    assert "<html" not in response.content.decode()
    assert tree.get("hx-get") == url(report)
    assert text_of(tree.xpath('//p[@role="status"]')[0]) == "Step 1 of 6 finished"


def test_a_queued_report_has_begun_nothing(auditor, as_person):
    tree = tree_of(as_person(auditor).get(url(ReportFactory())))
    assert text_of(tree.xpath('//p[@role="status"]')[0]) == "Step 0 of 6 finished"


@pytest.mark.parametrize(
    "ending", [{"status": "failed", "failure": "x"}, {"status": "ready", "sha256": "a", "pdf": "x"}]
)
def test_once_it_has_ended_the_page_is_loaded_anew(auditor, as_person, ending):
    response = as_person(auditor).get(url(ReportFactory(**ending)))
    assert response["HX-Refresh"] == "true"


def test_officials_do_not_find_it(official, as_person):
    assert as_person(official).get(url(ReportFactory())).status_code == 404
