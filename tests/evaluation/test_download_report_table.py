"""One table of a report as CSV."""

from __future__ import annotations

import hashlib

import pytest

pytestmark = pytest.mark.django_db


def test_it_is_the_file_that_the_pdf_carries(report, auditor, as_person):
    client = as_person(auditor)
    tables = list(report.tables.all())
    assert len(tables) == len(report.manifest["tables"])
    for table in tables:
        response = client.get(f"/evaluation/reports/{report.code}/tables/{table.key}/")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert hashlib.sha256(response.content).hexdigest() == table.sha256


def test_an_unknown_table_is_not_found(report, auditor, as_person):
    assert as_person(auditor).get(f"/evaluation/reports/{report.code}/tables/x/").status_code == 404


def test_visitors_sign_in(report, visitor):
    response = visitor.get(f"/evaluation/reports/{report.code}/tables/projects/")
    assert response.status_code == 302
