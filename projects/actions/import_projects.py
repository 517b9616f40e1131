"""Loading projects with what they touch and who takes part, and posting the amounts their sources state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction

from calls.models import Call
from portal.accounts.models import User
from portal.countries.models import Country
from portal.imports.cells import as_amount, as_choice, as_date, as_list
from portal.imports.keeping import Kept, by_code, find, find_all
from portal.imports.provenance import (
    RECALLED_COLUMNS,
    amounts,
    is_cell_recalled,
    is_recalled,
    note_batch,
    provenance,
)
from portal.imports.reports import FileReport, Outcome, all_or_nothing, begin_report
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from portal.records import Attribution
from programmes.actions.record_ledger import make_known, settle
from programmes.ledger.models import Measure, Posting, SubjectKind
from programmes.ledger.posting import Touches, tag
from programmes.models import Action, Document, DocumentKind, Programme, Region, Strand
from projects.actions.contracted import CONTRACTED_EVENT, RECALLED_EVENT, contracted
from projects.actions.doubts import Doubts
from projects.actions.organisations import OrganisationsNamed
from projects.actions.touching import touch
from projects.models import AwardType, OrganisationKind, Project

PROJECTS = SheetForm(
    "projects.csv",
    [
        Column("code", required=True),
        Column("reference"),
        Column("title", required=True),
        Column("acronym"),
        Column("beneficiary"),
        Column("beneficiary_type", as_choice(OrganisationKind)),
        Column("partners", as_list, empty=[]),
        Column("countries", as_list, empty=[]),
        Column("region_note"),
        Column("strands", as_list, empty=[]),
        Column("programme_code", required=True),
        Column("attribution", as_choice(Attribution), required=True),
        Column("award_type", as_choice(AwardType)),
        Column("call_code"),
        Column("work_programme"),
        Column("action"),
        Column("predecessor"),
        Column("amount_eur", as_amount, empty=None),
        Column("total_cost_eur", as_amount, empty=None),
        Column("start", as_date),
        Column("end", as_date),
        Column("note"),
        *RECALLED_COLUMNS,
    ],
    needs=["programmes.csv", "strands.csv", "countries.csv", "calls.csv", "actions.csv"],
)
AMOUNTS = {"eu_contribution": "amount_eur", "total_cost": "total_cost_eur"}
SAME = (
    "code",
    "reference",
    "title",
    "acronym",
    "region_note",
    "attribution",
    "award_type",
    "start",
    "end",
    "note",
)


@transaction.atomic
def import_projects(
    sheet: Sheet, *, by: User | None, with_recalled: bool = False, preview: bool = False
) -> FileReport:
    """Add and change projects, their leaders, partners, strands and countries, and settle their amounts.

    The ledger then knows each project, what it touches, and as contracted the amount its source states:
    undated, with the attribution of the row. Projects and amounts that are general knowledge are left out
    unless asked for; what an earlier load kept of them stays.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        lines = [line for line in sheet.lines if with_recalled or not is_recalled(line)]
        for line in sheet.lines:
            if is_recalled(line) and not with_recalled:
                report.mark(line, Outcome.LEFT_OUT)
        _keep_projects(lines, report, with_recalled)
        if report.is_loaded:
            report.appended += _tell_ledger(lines, with_recalled, by)
        note_batch("import_projects", report, by=by, record_kind="project")
    return report


def _keep_projects(lines: list[Line], report: FileReport, with_recalled: bool) -> None:
    organisations = OrganisationsNamed(lines, report)
    named = {line[column] for line in lines for column in ("code", "predecessor")}
    rows = Project.objects.filter(code__in=named).prefetch_related(
        "strand_tags__strand", "country_tags__country", "partners"
    )
    columns = {**AMOUNTS, "lead": "beneficiary"}
    projects = Kept(rows, ["code"], report, columns=columns)
    read, doubts = _Reader(), Doubts(report)
    for line in lines:
        with report.row(line):
            values = read.values(line) | {"predecessor": projects.require(line, "predecessor")}
            values["lead"] = organisations.lead(line)
            stated = amounts(line, AMOUNTS, with_recalled=with_recalled)
            project = projects.put(line, values | stated | provenance(line))
            strands, countries = read.strands(line), read.countries(line)
            partners = organisations.partners(line)
            changes = touch(project, strands=strands, countries=countries, partners=partners)
            if changes:
                report.mark(line, Outcome.CHANGED, changes)
            doubts.note(line, project, countries)


class _Reader:
    """Turns the codes in a row into the records they name; an unknown code refuses the row."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, Any]] = {
            "programme_code": by_code(Programme.objects.real()),
            "call_code": by_code(Call.objects.all()),
            "work_programme": by_code(Document.objects.of_kind(DocumentKind.WORK_PROGRAMME)),
            "action": by_code(Action.objects.all()),
        }
        self._strands = by_code(Strand.objects.all())
        self._countries = by_code(Country.objects.all())

    def values(self, line: Line) -> dict[str, Any]:
        same = {name: line[name] for name in SAME}
        return same | {
            "programme": self._one(line, "programme_code"),
            "call": self._one(line, "call_code"),
            "work_programme": self._one(line, "work_programme"),
            "action": self._one(line, "action"),
        }

    def _one(self, line: Line, column: str) -> Any:
        return find(self._named[column], line[column], column) if line[column] else None

    def strands(self, line: Line) -> list[Strand]:
        return find_all(self._strands, line["strands"], "strands")

    def countries(self, line: Line) -> list[Country]:
        return find_all(self._countries, line["countries"], "countries")


def _tell_ledger(lines: list[Line], with_recalled: bool, by: User | None) -> int:
    known: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        known[line["programme_code"]].append(line["code"])
    appended = make_known(SubjectKind.PROJECT, known, by=by)
    touches: dict[str, dict[str, Touches]] = defaultdict(dict)
    for line in lines:
        touched = Touches(line["strands"], line["countries"])
        touches[line["programme_code"]][line["code"]] = touched
    for programme, each in touches.items():
        appended += len(tag(SubjectKind.PROJECT, each, programme=programme, by=by))
    stated = [line for line in lines if with_recalled or not is_cell_recalled(line, "amount_eur")]
    return appended + _settle_contracted(stated, by)


def _settle_contracted(lines: list[Line], by: User | None) -> int:
    regions = {
        (programme, name): code
        for programme, name, code in Region.objects.values_list("programme__code", "name", "code")
    }
    standing = Posting.objects.filter(
        measure=Measure.CONTRACTED,
        project__in=[line["code"] for line in lines],
        event__in=[CONTRACTED_EVENT, RECALLED_EVENT],
        reverses=None,
        reversed_by=None,
    )
    wanted = [posting for line in lines if (posting := contracted(line, regions))]
    return settle(wanted, standing, by=by)
