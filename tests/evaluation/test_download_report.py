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
from django.utils import timezone

from evaluation.building import rebuild
from evaluation.manifest import digest
from evaluation.models import Report
from evaluation.tasks import build_report
from portal.audit.models import Seal
from portal.audit.sealing import seal_everything
from portal.audit.trail import write_entry
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


def test_the_file_is_the_one_whose_digest_is_shown_and_can_be_made_again(
    report, auditor, as_person
):
    pdf = fetch(as_person(auditor), report)
    assert (report.status, report.size) == ("ready", len(pdf))
    assert hashlib.sha256(pdf).hexdigest() == report.sha256
    assert rebuild(Report.objects.get(pk=report.pk)) == pdf


def test_it_conforms_adds_up_names_its_figures_and_withholds(report, auditor, as_person):
    pdf = fetch(as_person(auditor), report)
    assert check_pdf(pdf) == {"PDF/A-3a": [], "PDF/UA-1": []}
    files, text = attached(pdf), text_of(pdf)
    assert_attached_totals_equal_the_printed_ones(files, text)
    assert_every_figure_prints_its_address_and_coverage(report, text)
    assert_the_manifest_digests_all_it_rests_on(report, files)
    assert_what_is_restricted_is_nowhere(files, text)


def assert_attached_totals_equal_the_printed_ones(files: dict[str, bytes], text: str) -> None:
    projects = rows(files["projects.csv"])
    assert projects[2]["Project"] == "'=HYPERLINK asylum"
    parts = [Decimal(row["Contracted (EUR)"] or 0) for row in projects if row["row"] != "total"]
    assert parts == [Decimal("1000.50"), Decimal("2000.00"), Decimal(0), Decimal("400.00")]
    assert projects[-1]["Contracted (EUR)"] == "3400.50"
    assert "Total 3 400.50" in text
    strands = rows(files["strands.csv"])
    divided = [Decimal(row["Contracted (EUR)"] or 0) for row in strands if row["row"] != "total"]
    assert divided == [Decimal("1400.50"), Decimal(0), Decimal("2000.00")]
    column = "Contracted (EUR)"
    last = [strands[-1][name] for name in (column, f"{column}: reported", f"{column}: of")]
    assert last == ["3400.50", "3", "4"]


def assert_every_figure_prints_its_address_and_coverage(report: Report, text: str) -> None:
    unbroken = text.replace(" ", "")
    assert report.figures.count() > 15
    for figure in report.figures.all():
        assert figure.address in unbroken
    assert "3of4reported" in unbroken
    assert "0of4reported" in unbroken


def assert_the_manifest_digests_all_it_rests_on(report: Report, files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    assert manifest == report.manifest
    assert {each["file"]: each["sha256"] for each in manifest["tables"]} == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name != "manifest.json"
    }
    rest = {name: value for name, value in manifest.items() if name not in {"digest", "versions"}}
    assert digest(rest) == manifest["digest"]
    assert digest(manifest["text"]["sections"]) == manifest["text"]["sha256"]
    assert manifest["question"]["params"] == [["programme", "TPMA"]]
    assert manifest["as_of"]["position"] == report.as_of_position


def assert_what_is_restricted_is_nowhere(files: dict[str, bytes], text: str) -> None:
    assert SHELTER not in text
    for name, data in files.items():
        assert SHELTER not in data.decode(), name
        assert "P004" not in data.decode(), name


def test_before_the_first_seal_it_says_so(report, auditor, as_person):
    assert report.manifest["seal"] is None
    words = text_of(fetch(as_person(auditor), report))
    assert "The ledger was not sealed yet when this report was built." in words


def test_it_prints_the_newest_seal_and_whether_that_covers_it(queued_report, auditor, as_person):
    seal_everything()
    write_entry("look", by=None, record_kind="project")
    seal = seal_everything()
    build_report(queued_report.pk)
    queued_report.refresh_from_db()
    assert queued_report.manifest["seal"] == {
        "number": 2,
        "position": seal.last_position,
        "sealed": seal.sealed_at.isoformat(),
        "digest": seal.digest,
    }
    words = text_of(fetch(as_person(auditor), queued_report))
    assert "was seal 2 of" in words
    assert seal.digest in "".join(words.split())
    assert "All that this report was read from is covered" in words
    page = as_person(auditor).get(queued_report.get_absolute_url()).content.decode()
    assert seal.digest in page


def test_it_says_what_came_after_the_seal(queued_report, file_store):
    Seal.objects.create(
        number=1,
        form=1,
        first_position=1,
        last_position=queued_report.as_of_position - 1,
        rows=1,
        sealed_at=timezone.now(),
        content="a" * 64,
        previous="0" * 64,
        digest="b" * 64,
    )
    build_report(queued_report.pk)
    queued_report.refresh_from_db()
    words = str(queued_report.manifest["text"])
    assert "what came after the seal is covered by the next one" in words
    assert "All that this report was read from is covered" not in words


def test_a_report_that_is_not_ready_has_no_file(auditor, as_person):
    waiting = ReportFactory()
    assert as_person(auditor).get(f"/evaluation/reports/{waiting.code}/file/").status_code == 404


def test_a_file_missing_from_the_store_is_not_found(file_store, auditor, as_person):
    lost = ReportFactory(status="ready", sha256="a", pdf="reports/lost.pdf")
    assert as_person(auditor).get(f"/evaluation/reports/{lost.code}/file/").status_code == 404


def test_officials_and_visitors_do_not_get_it(official, visitor, as_person):
    ready = ReportFactory(status="ready", sha256="a", pdf="reports/x.pdf")
    url = f"/evaluation/reports/{ready.code}/file/"
    assert as_person(official).get(url).status_code == 404
    assert visitor.get(url).status_code == 302
