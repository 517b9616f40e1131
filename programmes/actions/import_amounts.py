"""Loading amounts that sources state, and posting as envelopes those that set one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import models, transaction

from portal.accounts.models import User
from portal.imports.cells import as_amount, as_year
from portal.imports.keeping import Kept, by_code, find
from portal.imports.provenance import SOURCE_COLUMNS, is_recalled, note_batch, provenance
from portal.imports.reports import (
    FileReport,
    Outcome,
    all_or_nothing,
    begin_report,
)
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from portal.records import Attribution
from programmes.actions.envelopes import Envelope, EnvelopeRefused, Stated, envelopes
from programmes.actions.import_documents import led_here
from programmes.actions.record_ledger import settle
from programmes.ledger import codes
from programmes.ledger.models import Measure, Place, Posting
from programmes.models import Document, DocumentKind, Programme, StatedAmount

ENVELOPE_EVENT = "indicative amount stated in the public record"
BUDGET_EVENT = "budget stated in the public record; there was no indicative programme"
RECALLED_EVENT = "amount from general knowledge, not confirmed"

# The programme and, where there is one, the indicative programme that an envelope belongs to.
_Holder = tuple[str, str]

ALLOCATIONS = SheetForm(
    "allocations.csv",
    [
        Column("document", required=True),
        Column("programme_code", required=True),
        Column("period_start", as_year, required=True),
        Column("period_end", as_year, required=True),
        Column("dimension", required=True),
        Column("key", required=True),
        Column("label", required=True),
        Column("amount_eur", as_amount, required=True),
        Column("kind", required=True),
        Column("note"),
        *SOURCE_COLUMNS,
    ],
    key=["document", "dimension", "key", "period_start", "period_end", "kind"],
    needs=["programming_documents.csv", "countries.csv", "calls.csv", "projects.csv"],
)


@transaction.atomic
def import_allocations(
    sheet: Sheet, *, by: User | None, with_recalled: bool = False, preview: bool = False
) -> FileReport:
    """Add and change stated amounts, and post as envelopes what sets one: see `envelopes`.

    Rows that are general knowledge are left out unless asked for, and post nothing; so are, always, rows about
    a document that was drafted, adopted, amended or ended here.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        _keep_stated_amounts(sheet, report, with_recalled)
        if report.is_loaded:
            report.appended += _post_envelopes(sheet, report, by)
        note_batch("import_allocations", report, by=by, record_kind="stated amount")
    return report


def _keep_stated_amounts(sheet: Sheet, report: FileReport, with_recalled: bool) -> None:
    programmes = by_code(Programme.objects.real())
    regions = {code: by_code(each.regions.all()) for code, each in programmes.items()}
    key = ["about", "dimension", "key", "period_start", "period_end", "kind"]
    columns = {"about": "document", "amount": "amount_eur"}
    stated = Kept(StatedAmount.objects.all(), key, report, columns=columns)
    unknown = _unknown({line["document"] for line in sheet.lines})
    ours = led_here()
    same = ("period_start", "period_end", "dimension", "key", "label", "kind", "note")
    for line in sheet.lines:
        if line["document"] in ours or (is_recalled(line) and not with_recalled):
            report.mark(line, Outcome.LEFT_OUT)
            continue
        with report.row(line):
            if line["document"] in unknown:
                find({}, line["document"], "document")
            programme = find(programmes, line["programme_code"], "programme_code")
            if line["dimension"] == "region":
                find(regions[programme.code], line["key"], "key")
            values = {name: line[name] for name in same} | {
                "about": line["document"],
                "amount": line["amount_eur"],
                "programme": programme,
            }
            stated.put(line, values | provenance(line))


def _unknown(wanted: set[str]) -> set[str]:
    """The codes that are neither a programme's, nor a document's, a call's or a project's."""
    rest = wanted - set(Document.objects.values_list("code", flat=True))
    for field in ("programme", "call", "project"):
        rest = codes.unknown_codes(field, rest)
    return rest


def _post_envelopes(sheet: Sheet, report: FileReport, by: User | None) -> int:
    """Make the ledger's envelopes those that the rows set; return the number of rows appended."""
    homes = _indicative_programmes()
    left_out = {row.number for row in report.of(Outcome.LEFT_OUT)}
    lines = [line for line in sheet.lines if line.number not in left_out]
    works = set(_works().values_list("code", flat=True))
    wanted: dict[_Holder, list[Posting]] = defaultdict(list)
    try:
        for leaf in envelopes(map(_stated, lines), homes):
            wanted[leaf.programme, leaf.indicative_programme].append(_posting(leaf, works))
    except EnvelopeRefused as refusal:
        line = next(line for line in lines if line.number == refusal.row)
        report.refuse(line, "amount_eur", line["amount_eur"], str(refusal))
        return 0
    standing = _standing(wanted)
    # What was loaded stays when a later load leaves a part of it out.
    unsure = {_holder(line, homes) for line in sheet.lines if line.number in left_out}
    settled = [key for key in wanted if not (key in unsure and standing[key])]
    return settle(
        [line for key in settled for line in wanted[key]],
        [line for key in settled for line in standing[key]],
        by=by,
    )


def _posting(leaf: Envelope, works: set[str]) -> Posting:
    stated = ENVELOPE_EVENT if leaf.indicative_programme else BUDGET_EVENT
    return Posting(
        measure=Measure.ENVELOPE,
        amount=leaf.amount,
        budget_year=leaf.first if leaf.first == leaf.last else None,
        period_start=leaf.first,
        period_end=leaf.last,
        programme=leaf.programme,
        indicative_programme=leaf.indicative_programme,
        work_programme=leaf.about if leaf.about in works else "",
        place=Place.REGION if leaf.region else Place.NOT_REPORTED,
        region=leaf.region,
        event=RECALLED_EVENT if leaf.recalled else stated,
        attribution=Attribution.UNCERTAIN if leaf.recalled else Attribution.EXPLICIT,
    )


def _standing(holders: Iterable[_Holder]) -> dict[_Holder, list[Posting]]:
    standing: dict[_Holder, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(
        measure=Measure.ENVELOPE,
        programme__in={programme for programme, _code in holders},
        event__in=[ENVELOPE_EVENT, BUDGET_EVENT, RECALLED_EVENT],
        reverses=None,
        reversed_by=None,
    )
    for posting in rows:
        standing[posting.programme, posting.indicative_programme].append(posting)
    return standing


def _works() -> models.QuerySet[Document]:
    return Document.objects.of_kind(DocumentKind.WORK_PROGRAMME)


def _indicative_programmes() -> dict[str, str]:
    rows = Document.objects.of_kind(DocumentKind.INDICATIVE_PROGRAMME)
    return dict(rows.values_list("code", "programme__code"))


def _holder(line: Line, homes: Mapping[str, str]) -> _Holder:
    return line["programme_code"], line["document"] if line["document"] in homes else ""


def _stated(line: Line) -> Stated:
    return Stated(
        row=line.number,
        about=line["document"],
        programme=line["programme_code"],
        first=line["period_start"],
        last=line["period_end"],
        dimension=line["dimension"],
        key=line["key"],
        amount=line["amount_eur"],
        kind=line["kind"],
        recalled=is_recalled(line),
    )
