"""The audit trail as a file: the same entries, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from portal.audit.models import Entry
from portal.audit.trail import write_entry

pytestmark = pytest.mark.django_db

URL = "/audit/entries.csv"


def rows_in(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_it_has_every_field_of_every_entry_the_first_one_first(officer, auditor, as_person):
    write_entry(
        "change_document",
        by=officer,
        record_kind="document",
        record_code="AAP-1",
        part_of="TPMA",
        old={"title": "é"},
        new={"title": "z", "a": 1},
        reason="Because, “so”",
    )
    write_entry("look", by=None, record_kind="project")
    response = as_person(auditor).get(URL)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="audit-entries.csv"'
    first, second = rows_in(response)
    entry = Entry.objects.order_by("position").first()
    assert first == {
        "position": str(entry.position),
        "at": entry.at.isoformat(),
        "actor": str(officer.actor),
        "verb": "change_document",
        "record_kind": "document",
        "record_code": "AAP-1",
        "part_of": "TPMA",
        "old": '{"title": "é"}',
        "new": '{"a": 1, "title": "z"}',
        "reason": "Because, “so”",
        "request_id": "",
    }
    assert (second["verb"], second["actor"]) == ("look", "")


def test_no_name_of_a_person_is_in_it(officer, auditor, as_person):
    write_entry("look", by=officer, record_kind="project")
    assert "Olga" not in b"".join(as_person(auditor).get(URL).streaming_content).decode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_what_looks_like_a_formula_is_made_harmless(auditor, as_person, text):
    write_entry("look", by=None, record_kind="project", reason=text)
    (row,) = rows_in(as_person(auditor).get(URL))
    assert row["reason"] == f"'{text}"


def test_it_knows_the_filters_of_the_page(auditor, as_person):
    write_entry("adopt_document", by=None, record_kind="document", reason="yes")
    write_entry("change_document", by=None, record_kind="document", reason="no")
    rows = rows_in(as_person(auditor).get(URL, {"verb": "adopt_document"}))
    assert [row["reason"] for row in rows] == ["yes"]


def test_the_page_leads_to_it_with_its_filters(auditor, as_person):
    write_entry("adopt_document", by=None, record_kind="document")
    page = as_person(auditor).get("/audit/", {"verb": "adopt_document"})
    assert 'href="/audit/entries.csv?verb=adopt_document"' in page.content.decode()


def test_a_wrong_filter_is_refused(auditor, as_person):
    assert as_person(auditor).get(URL, {"verb": "fly_away"}).status_code == 400


@pytest.mark.parametrize("person", ["officer", "official"])
def test_it_is_for_auditors_alone(as_person, request, person):
    write_entry("look", by=None, record_kind="project", reason="secret")
    response = as_person(request.getfixturevalue(person)).get(URL)
    assert response.status_code == 403
    assert b"secret" not in response.content


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert visitor.get(URL).status_code == 302
