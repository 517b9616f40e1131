"""Loading calls for proposals and the grids by which proposals are assessed."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Call, CallStatus, GridSection, Procedure
from portal.accounts.models import User
from portal.dates import BRUSSELS, PartialDate, Precision, end_of_brussels_day
from portal.imports.cells import as_amount, as_choice, as_count, as_date, as_hour, as_percent
from portal.imports.keeping import Kept, by_code, find
from portal.imports.provenance import RECALLED_COLUMNS, amounts, note_batch, provenance
from portal.imports.reports import CellRefused, FileReport, all_or_nothing, begin_report
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from programmes.actions.record_ledger import make_known
from programmes.ledger.models import SubjectKind
from programmes.models import Programme

CALLS = SheetForm(
    "calls.csv",
    [
        Column("code", required=True),
        Column("reference"),
        Column("title", required=True),
        Column("programme_code", required=True),
        Column("procedure", as_choice(Procedure)),
        Column("published", as_date),
        Column("concept_note_deadline", as_date),
        Column("full_application_deadline", as_date),
        Column("deadline_hour", as_hour, empty=None),
        Column("budget_eur", as_amount, empty=None),
        Column("lots"),
        Column("grant_min_eur", as_amount, empty=None),
        Column("grant_max_eur", as_amount, empty=None),
        Column("cofinancing_max_pct", as_percent, empty=None),
        Column("duration_note"),
        Column("eligibility_note"),
        Column("proposals_received", as_count, empty=None),
        Column("proposals_awarded", as_count, empty=None),
        Column("note"),
        *RECALLED_COLUMNS,
    ],
    needs=["programmes.csv"],
)
GRIDS = SheetForm(
    "prag_grids.csv",
    [
        Column("version", required=True),
        Column("stage", required=True),
        Column("section", required=True),
        Column("title", required=True),
        Column("max_score", as_count, required=True),
        Column("threshold", as_count, empty=None),
        Column("note"),
        *RECALLED_COLUMNS,
    ],
    key=["version", "stage", "section"],
)
AMOUNTS = {"budget": "budget_eur", "grant_min": "grant_min_eur", "grant_max": "grant_max_eur"}
COLUMNS = {**AMOUNTS, "cofinancing_max": "cofinancing_max_pct", "lots_note": "lots"}
SAME = (
    "code",
    "reference",
    "title",
    "procedure",
    "published",
    "concept_note_deadline",
    "full_application_deadline",
    "duration_note",
    "eligibility_note",
    "proposals_received",
    "proposals_awarded",
    "note",
)


@transaction.atomic
def import_calls(
    sheet: Sheet, *, by: User | None, with_recalled: bool = False, preview: bool = False
) -> FileReport:
    """Add and change published calls, and make them known to the ledger. A call's budget posts nothing.

    Amounts that are general knowledge are left out unless asked for.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        programmes = by_code(Programme.objects.real())
        calls = Kept(Call.objects.all(), ["code"], report, columns=COLUMNS)
        known: dict[str, list[str]] = defaultdict(list)
        for line in sheet.lines:
            with report.row(line):
                programme = find(programmes, line["programme_code"], "programme_code")
                stated = amounts(line, AMOUNTS, with_recalled=with_recalled)
                calls.put(line, _values(line) | stated | {"programme": programme})
                _warn_of_order(line, report)
                known[programme.code].append(line["code"])
        if report.is_loaded:
            report.appended += make_known(SubjectKind.CALL, known, by=by)
        note_batch("import_calls", report, by=by, record_kind="call")
    return report


def _values(line: Line) -> dict[str, Any]:
    deadline, is_day = _deadline(line)
    return {name: line[name] for name in SAME} | {
        "status": CallStatus.PUBLISHED,
        "opens_at": _opening(line),
        "deadline_at": deadline,
        "deadline_is_day": is_day,
        "cofinancing_max": line["cofinancing_max_pct"],
        "lots_note": line["lots"],
        **provenance(line),
    }


def _opening(line: Line) -> datetime | None:
    """The first moment of the day of publication; unknown where only a month or year is."""
    when = PartialDate.parse(line["published"]) if line["published"] else None
    if when is None or when.precision != Precision.DAY:
        return None
    return datetime.combine(when.first, datetime.min.time(), tzinfo=BRUSSELS)


def _deadline(line: Line) -> tuple[datetime | None, bool]:
    """The first deadline, at the hour stated or else the end of its day in Brussels; and whether it is a day only.

    A deadline of which only the month or year is known is no moment, so there is none.
    """
    texts = [line["concept_note_deadline"], line["full_application_deadline"]]
    first = next((PartialDate.parse(text) for text in texts if text), None)
    hour = line["deadline_hour"]
    if first is None or first.precision != Precision.DAY:
        if hour is not None:
            reason = _("An hour needs a deadline that is known to the day.")
            raise CellRefused("deadline_hour", line.texts["deadline_hour"], reason)
        return None, False
    if hour is None:
        return end_of_brussels_day(first.first), True
    return datetime.combine(first.first, hour, tzinfo=BRUSSELS), False


def _warn_of_order(line: Line, report: FileReport) -> None:
    """Say where the dates of a call contradict each other without being impossible to keep."""
    names = ("published", "concept_note_deadline", "full_application_deadline")
    dates = [PartialDate.parse(line[name]) for name in names if line[name]]
    if any(later.last < earlier.first for earlier, later in pairwise(dates)):
        report.warn(line, _("The dates of publication and deadlines are not in order."))


@transaction.atomic
def import_grids(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change the sections of assessment grids."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        sections = Kept(GridSection.objects.all(), ["version", "stage", "section"], report)
        same = ("version", "stage", "section", "title", "max_score", "threshold", "note")
        for line in sheet.lines:
            with report.row(line):
                sections.put(line, {name: line[name] for name in same} | provenance(line))
        note_batch("import_grids", report, by=by, record_kind="grid section")
    return report
