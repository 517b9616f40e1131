"""The file of a report: what it is, what it carries, and that it can be made again."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest

from evaluation.building import rebuild
from evaluation.manifest import digest
from evaluation.models import Report
from tests.evaluation.portfolio import SHELTER
from tests.factories.evaluation import ReportFactory
from tests.verapdf import check_pdf

pytestmark = pytest.mark.django_db


def fetch(client, report) -> bytes:
    response = client.get(f"/evaluation/reports/{report.code}/file/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response.getvalue()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


def attached(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            name: document.attachments[name].get_file().read_bytes()
            for name in document.attachments
        }


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.fixture
def pdf(report, auditor, as_person) -> bytes:
    return fetch(as_person(auditor), report)


def test_the_file_is_the_one_whose_digest_the_page_shows(report, pdf):
    assert (report.status, report.size) == ("ready", len(pdf))
    assert hashlib.sha256(pdf).hexdigest() == report.sha256


def test_it_is_pdf_a_3a_and_pdf_ua_1(pdf):
    assert check_pdf(pdf) == {"PDF/A-3a": [], "PDF/UA-1": []}


def test_attached_totals_equal_the_printed_ones(pdf):
    files, text = attached(pdf), text_of(pdf)
    projects = rows(files["projects.csv"])
    parts = [Decimal(row["Contracted (EUR)"] or 0) for row in projects if row["row"] != "total"]
    total = next(row for row in projects if row["row"] == "total")
    assert sum(parts) == Decimal(total["Contracted (EUR)"]) == Decimal("3400.50")
    assert "Total 3 400.50" in text
    strands = rows(files["strands.csv"])
    divided = [Decimal(row["Contracted (EUR)"] or 0) for row in strands if row["row"] != "total"]
    assert divided == [Decimal("1400.50"), Decimal(0), Decimal("2000.00")]
    assert strands[-1]["Contracted (EUR)"] == "3400.50"
    assert (strands[-1]["Contracted (EUR): reported"], strands[-1]["Contracted (EUR): of"]) == (
        "3",
        "4",
    )


def test_every_figure_prints_its_address_and_coverage(report, pdf):
    text = text_of(pdf).replace(" ", "")
    for figure in report.figures.all():
        assert figure.address.replace(" ", "") in text
    assert "3of4reported" in text
    assert "0of4reported" in text


def test_the_manifest_names_and_digests_all_it_rests_on(report, pdf):
    files = attached(pdf)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest == report.manifest
    assert {each["file"]: each["sha256"] for each in manifest["tables"]} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    rest = {name: value for name, value in manifest.items() if name not in {"digest", "versions"}}
    assert digest(rest) == manifest["digest"]
    assert digest(manifest["text"]["sections"]) == manifest["text"]["sha256"]
    assert manifest["question"]["params"] == [["programme", "TPMA"]]
    assert manifest["as_of"]["position"] == report.as_of_position


def test_built_again_it_is_the_same_to_the_byte(report, pdf):
    assert rebuild(Report.objects.get(pk=report.pk)) == pdf


def test_what_is_restricted_is_nowhere_in_it(pdf):
    files = attached(pdf)
    assert SHELTER not in text_of(pdf)
    for name, data in files.items():
        assert SHELTER not in data.decode(), name
        assert "P004" not in data.decode(), name


def test_a_text_like_a_formula_is_harmless(pdf):
    projects = rows(attached(pdf)["projects.csv"])
    assert projects[2]["Project"] == "'=HYPERLINK asylum"


def test_a_report_that_is_not_ready_has_no_file(auditor, as_person):
    waiting = ReportFactory()
    assert as_person(auditor).get(f"/evaluation/reports/{waiting.code}/file/").status_code == 404


def test_a_file_missing_from_the_store_is_not_found(report, file_store, auditor, as_person):
    (file_store / report.pdf.name).unlink()
    assert as_person(auditor).get(f"/evaluation/reports/{report.code}/file/").status_code == 404


def test_officials_and_visitors_do_not_get_it(official, visitor, as_person):
    ready = ReportFactory(status="ready", sha256="a", pdf="reports/x.pdf")
    url = f"/evaluation/reports/{ready.code}/file/"
    assert as_person(official).get(url).status_code == 404
    assert visitor.get(url).status_code == 302
