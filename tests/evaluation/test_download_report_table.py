"""One table of a report as CSV."""

from __future__ import annotations

import hashlib

import pytest

from tests.factories.evaluation import ReportFactory

pytestmark = pytest.mark.django_db


def test_it_is_the_file_that_the_pdf_carries(report, auditor, as_person):
    client = as_person(auditor)
    tables = list(report.tables.all())
    assert len(tables) == len(report.manifest["tables"])
    for table in tables:
        response = client.get(f"/evaluation/reports/{report.code}/tables/{table.key}/")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert hashlib.sha256(response.content).hexdigest() == table.sha256
    assert client.get(f"/evaluation/reports/{report.code}/tables/x/").status_code == 404


def test_a_report_that_is_not_ready_has_no_tables(auditor, visitor, as_person):
    url = f"/evaluation/reports/{ReportFactory().code}/tables/projects/"
    assert as_person(auditor).get(url).status_code == 404
    assert visitor.get(url).status_code == 302
