"""The list of reports."""

from __future__ import annotations

import pytest

from tests.factories.evaluation import ReportFactory
from tests.pages import rows_of, tree_of

pytestmark = pytest.mark.django_db


def test_officers_and_auditors_read_the_latest_first(officer, auditor, as_person):
    ReportFactory(code="R-A")
    ReportFactory(code="R-B", status="failed", failure="No paper")
    for person in (officer, auditor):
        response = as_person(person).get("/evaluation/reports/")
        assert [(row[0], row[1]) for row in rows_of(response, "reports")] == [
            ("Report R-B R-B", "Failed"),
            ("Report R-A R-A", "Queued"),
        ]


def test_only_officers_are_offered_to_build_one(officer, auditor, as_person):
    link = '//a[@href="/evaluation/reports/add/"]'
    assert tree_of(as_person(officer).get("/evaluation/reports/")).xpath(link)
    assert not tree_of(as_person(auditor).get("/evaluation/reports/")).xpath(link)


def test_officials_are_refused_and_visitors_sent_to_sign_in(official, visitor, as_person):
    assert as_person(official).get("/evaluation/reports/").status_code == 403
    response = visitor.get("/evaluation/reports/")
    assert response["Location"] == "/accounts/login/?next=/evaluation/reports/"


def test_pages_by_key_hold_every_report_once(auditor, as_person):
    for _n in range(30):
        ReportFactory()
    client, url, seen = as_person(auditor), "/evaluation/reports/", []
    while url:
        response = client.get(url)
        seen += [row[0] for row in rows_of(response, "reports")]
        url = next(iter(tree_of(response).xpath('//a[@rel="next"]/@href')), None)
    assert len(seen) == len(set(seen)) == 30


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_queries_stays_the_same(auditor, as_person, django_assert_num_queries, n):
    for _n in range(n):
        ReportFactory()
    client = as_person(auditor)
    with django_assert_num_queries(3):
        client.get("/evaluation/reports/")
