"""Loading the documents that programme the money, what links them, and the actions of work programmes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.countries.models import Country
from portal.imports.cells import (
    as_amount,
    as_choice,
    as_date,
    as_list,
    as_one_of,
    as_year,
)
from portal.imports.keeping import Kept, by_code, find, find_all
from portal.imports.provenance import (
    RECALLED_COLUMNS,
    SOURCE_COLUMNS,
    amounts,
    note_batch,
    provenance,
)
from portal.imports.reports import (
    CellRefused,
    FileReport,
    Outcome,
    all_or_nothing,
    begin_report,
)
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from portal.records import Attribution
from programmes.actions.record_ledger import make_known, settle
from programmes.freezing import unfrozen
from programmes.ledger.models import Measure, Place, Posting, SubjectKind
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    DocumentLink,
    DocumentStatus,
    LinkKind,
    Programme,
    Strand,
)

KINDS = {
    "policy framework": DocumentKind.POLICY_FRAMEWORK,
    "communication": DocumentKind.COMMUNICATION,
    "proposal": DocumentKind.PROPOSAL,
    "regulation": DocumentKind.REGULATION,
    "thematic strategy paper": DocumentKind.STRATEGY_PAPER,
    "multiannual indicative programme": DocumentKind.INDICATIVE_PROGRAMME,
    "annual work programme": DocumentKind.WORK_PROGRAMME,
    "special measures": DocumentKind.WORK_PROGRAMME,
    "consultation": DocumentKind.CONSULTATION,
    "evaluation report": DocumentKind.EVALUATION_REPORT,
    "audit report": DocumentKind.AUDIT_REPORT,
}
STATUSES = {
    "adopted": DocumentStatus.ADOPTED,
    "published": DocumentStatus.PUBLISHED,
    "closed": DocumentStatus.CLOSED,
    "report not found": DocumentStatus.NOT_FOUND,
}
PLANNED_EVENT = "indicative amount stated in the public record"

DOCUMENTS = SheetForm(
    "programming_documents.csv",
    [
        Column("code", required=True),
        Column("type", as_one_of(dict(KINDS)), required=True),
        Column("title", required=True),
        Column("reference"),
        Column("adopted", as_date),
        Column("period_start", as_year, empty=None),
        Column("period_end", as_year, empty=None),
        Column("programme_code", required=True),
        Column("status", as_one_of(dict(STATUSES)), required=True),
        Column("amount_eur", as_amount, empty=None),
        Column("parent"),
        Column("note"),
        *RECALLED_COLUMNS,
    ],
    needs=["programmes.csv"],
)
LINKS = SheetForm(
    "document_links.csv",
    [
        Column("from_code", required=True),
        Column("kind", as_choice(LinkKind), required=True),
        Column("to_code", required=True),
        Column("note"),
        *SOURCE_COLUMNS,
    ],
    key=["from_code", "kind", "to_code"],
    needs=["programming_documents.csv"],
)
ACTIONS = SheetForm(
    "actions.csv",
    [
        Column("code", required=True),
        Column("work_programme", required=True),
        Column("title", required=True),
        Column("strands", as_list, empty=[]),
        Column("countries", as_list, empty=[]),
        Column("budget_year", as_year, required=True),
        Column("amount_eur", as_amount, required=True),
        Column("attribution", as_choice(Attribution), required=True),
        Column("implementation"),
        Column("note"),
        *RECALLED_COLUMNS,
    ],
    needs=["programming_documents.csv", "strands.csv", "countries.csv"],
)


@transaction.atomic
def import_documents(
    sheet: Sheet, *, by: User | None, with_recalled: bool = False, preview: bool = False
) -> FileReport:
    """Add and change documents, and make indicative and work programmes known to the ledger.

    A parent stands above its children in the sheet, or is kept already. Amounts that are general knowledge
    are left out unless asked for; so is, always, every row of a document that was
    drafted, adopted, amended or ended here.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview), unfrozen():
        programmes = by_code(Programme.objects.real())
        columns = {"kind": "type", "stated_amount": "amount_eur"}
        documents = Kept(
            Document.objects.select_related("parent"), ["code"], report, columns=columns
        )
        same = ("code", "title", "reference", "adopted", "period_start", "period_end", "note")
        ours = led_here()
        for line in sheet.lines:
            if line["code"] in ours:
                report.mark(line, Outcome.LEFT_OUT)
                continue
            with report.row(line):
                values = {name: line[name] for name in (*same, "status")} | {
                    "kind": line["type"],
                    "programme": find(programmes, line["programme_code"], "programme_code"),
                    "parent": documents.require(line, "parent"),
                }
                stated = amounts(line, {"stated_amount": "amount_eur"}, with_recalled=with_recalled)
                documents.put(line, values | stated | provenance(line))
        if report.is_loaded:
            loaded = [line for line in sheet.lines if line["code"] not in ours]
            report.appended += _make_documents_known(loaded, by)
        note_batch("import_documents", report, by=by, record_kind="document")
    return report


def led_here() -> set[str]:
    """The codes of documents that were drafted, adopted, amended or ended here: rows about them are left out."""
    return set(Document.objects.led_here().values_list("code", flat=True))


def _make_documents_known(lines: Iterable[Line], by: User | None) -> int:
    appended = 0
    for kind in (SubjectKind.INDICATIVE_PROGRAMME, SubjectKind.WORK_PROGRAMME):
        subjects: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if line["type"] == kind.value:
                subjects[line["programme_code"]].append(line["code"])
        appended += make_known(kind, subjects, by=by)
    return appended


@transaction.atomic
def import_document_links(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change links between documents: what follows from, implements, feeds or evaluates what."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        documents = by_code(Document.objects.all())
        links = Kept(DocumentLink.objects.all(), ["from_document", "kind", "to_document"], report)
        for line in sheet.lines:
            with report.row(line):
                values = {
                    "from_document": find(documents, line["from_code"], "from_code"),
                    "to_document": find(documents, line["to_code"], "to_code"),
                    "kind": line["kind"],
                    "note": line["note"],
                }
                links.put(line, values | provenance(line))
        note_batch("import_document_links", report, by=by, record_kind="document link")
    return report


@transaction.atomic
def import_actions(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change actions of work programmes, and post their indicative amounts as planned.

    Rows of a work programme that was drafted, adopted, amended or ended here are left out, and post nothing.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview), unfrozen():
        kept = Action.objects.prefetch_related("strands", "countries")
        actions = Kept(kept, ["code"], report)
        columns = {"amount": "amount_eur"}
        rows = ActionAmount.objects.select_related("action")
        years = Kept(rows, ["action", "budget_year"], report, columns=columns, part=True)
        read = _ActionReader()
        planned = []
        for line in sheet.lines:
            if read.is_led_here(line):
                report.mark(line, Outcome.LEFT_OUT)
                continue
            with report.row(line):
                action = actions.put(line, read.values(line), read.touched(line))
                year = {"action": action, "budget_year": line["budget_year"]}
                years.put(line, year | {"amount": line["amount_eur"]})
                planned.append(_planned(line, action))
        if report.is_loaded:
            report.appended += _settle_planned(planned, by)
        note_batch("import_actions", report, by=by, record_kind="action")
    return report


class _ActionReader:
    """Turns the codes in a row of the actions' sheet into the records they name."""

    def __init__(self) -> None:
        works = Document.objects.of_kind(DocumentKind.WORK_PROGRAMME)
        self._works = by_code(works.select_related("programme", "parent"))
        self._strands = by_code(Strand.objects.all())
        self._countries = by_code(Country.objects.all())
        self._ours = led_here()
        of_ours = Action.objects.filter(work_programme__code__in=self._ours)
        self._our_actions = set(of_ours.values_list("code", flat=True))

    def is_led_here(self, line: Line) -> bool:
        return line["work_programme"] in self._ours or line["code"] in self._our_actions

    def values(self, line: Line) -> dict[str, Any]:
        work = find(self._works, line["work_programme"], "work_programme")
        first = work.period_start or line["budget_year"]
        last = work.period_end or line["budget_year"]
        if not first <= line["budget_year"] <= last:
            reason = _("The budget year lies outside the work programme.")
            raise CellRefused("budget_year", line["budget_year"], reason)
        same = ("code", "title", "attribution", "implementation", "note")
        return {name: line[name] for name in same} | {"work_programme": work} | provenance(line)

    def touched(self, line: Line) -> dict[str, list[Any]]:
        return {
            "strands": find_all(self._strands, line["strands"], "strands"),
            "countries": find_all(self._countries, line["countries"], "countries"),
        }


def _planned(line: Line, action: Action) -> Posting:
    """The amount of an action: under its strand and country where it has one, undivided where it has several."""
    strands, countries = line["strands"], line["countries"]
    work = action.work_programme
    alone = len(countries) == 1
    several = Place.SEVERAL if countries else Place.NOT_REPORTED
    return Posting(
        measure=Measure.PLANNED,
        amount=line["amount_eur"],
        budget_year=line["budget_year"],
        programme=work.programme.code,
        indicative_programme=work.parent.code if work.parent else "",
        strand=strands[0] if len(strands) == 1 else "",
        place=Place.COUNTRY if alone else several,
        country=countries[0] if alone else "",
        work_programme=work.code,
        action=action.code,
        event=PLANNED_EVENT,
        attribution=line["attribution"],
    )


def _settle_planned(planned: list[Posting], by: User | None) -> int:
    standing = Posting.objects.filter(
        measure=Measure.PLANNED,
        action__in=[line.action for line in planned],
        event=PLANNED_EVENT,
        reverses=None,
        reversed_by=None,
    )
    return settle(planned, standing, by=by)
