"""Sheets of calls and lots that contradict themselves or what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from calls.actions.import_calls import CALLS, GRIDS, import_calls, import_grids
from calls.actions.import_lots import LOTS, import_lots
from calls.models import Call, GridSection, Lot
from portal.imports.sheets import Refusal
from tests.factories.programmes import ProgrammeFactory
from tests.factories.sheets import make_sheet

pytestmark = pytest.mark.django_db
ROW = {"code": "CALL-1", "title": "A call", "programme_code": "TPMA"}


@pytest.fixture(autouse=True)
def programme(db):
    return ProgrammeFactory(code="TPMA")


def load(tmp_path, *rows, **options):
    return import_calls(make_sheet(tmp_path, CALLS, *rows), by=None, **options)


def test_a_call_is_published_with_its_first_deadline(tmp_path) -> None:
    dates = {"published": "2009-06-01", "concept_note_deadline": "2009-07-15"}
    load(
        tmp_path,
        ROW | dates | {"full_application_deadline": "2009-12-01", "deadline_hour": "16:00"},
    )
    call = Call.objects.get()
    assert call.status == "published"
    assert call.opens_at == datetime(2009, 5, 31, 22, tzinfo=UTC)
    assert call.deadline_at == datetime(2009, 7, 15, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        (
            {"cofinancing_max_pct": "180"},
            (
                "cofinancing_max_pct",
                "180",
                "Write a share in per cent, more than 0 and at most 100.",
            ),
        ),
        (
            {"programme_code": "NONE"},
            ("programme_code", "NONE", "There is no record with this code."),
        ),
        (
            {"full_application_deadline": "2009-03", "deadline_hour": "16:00"},
            ("deadline_hour", "16:00", "An hour needs a deadline that is known to the day."),
        ),
        (
            {"grant_min_eur": "5", "grant_max_eur": "4"},
            ("", "", "Constraint “call_grant_limits_order” is violated."),
        ),
        (
            {"published": "2010-01-01", "concept_note_deadline": "2009-01-01"},
            ("", "", "Constraint “call_deadline_after_opening” is violated."),
        ),
    ],
)
def test_refused(tmp_path, cells, refusal) -> None:
    report = load(tmp_path, ROW | cells)
    assert report.refused == [Refusal(2, *refusal)]
    assert Call.objects.count() == 0


def test_dates_out_of_order_that_can_be_kept_are_warned_of(tmp_path) -> None:
    report = load(
        tmp_path,
        ROW | {"published": "2009-06", "full_application_deadline": "2009-05"},
        ROW | {"code": "CALL-2", "published": "2009-06", "full_application_deadline": "2009-06-01"},
    )
    assert [(each.label, each.text) for each in report.warnings] == [
        ("CALL-1", "The dates of publication and deadlines are not in order.")
    ]


def test_an_amount_from_general_knowledge_is_left_out(tmp_path) -> None:
    row = ROW | {"budget_eur": "10", "grant_max_eur": "5", "recalled_fields": "budget_eur (heard)"}
    load(tmp_path, row)
    assert (Call.objects.get().budget, Call.objects.get().grant_max) == (None, 5)
    load(tmp_path, row, with_recalled=True)
    assert Call.objects.get().budget == 10


def test_a_lot_with_no_amount_under_its_key(tmp_path) -> None:
    load(tmp_path, ROW)
    lot = {"code": "LOT-1", "call_code": "CALL-1", "number": "1", "title": "A lot"}
    sheet = make_sheet(tmp_path, LOTS, lot | {"allocation_key": "LOT1"})
    report = import_lots(sheet, by=None)
    assert report.refused == [
        Refusal(2, "allocation_key", "LOT1", "No amount is stated under this key.")
    ]
    assert Lot.objects.count() == 0


def test_a_threshold_above_the_maximum(tmp_path) -> None:
    row = {"version": "V", "stage": "s", "section": "1", "title": "T", "max_score": "5"}
    report = import_grids(make_sheet(tmp_path, GRIDS, row | {"threshold": "6"}), by=None)
    assert [each.reason for each in report.refused] == [
        "Constraint “grid_threshold_within_maximum” is violated."
    ]
    assert GridSection.objects.count() == 0
