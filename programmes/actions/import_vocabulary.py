"""Loading programmes, their strands and measures, and themes over measures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from portal.accounts.models import User
from portal.imports.cells import as_count, as_list, as_year
from portal.imports.keeping import Kept, by_code, find, find_all
from portal.imports.provenance import (
    RECALLED_COLUMNS,
    SOURCE_COLUMNS,
    note_batch,
    provenance,
)
from portal.imports.reports import FileReport, all_or_nothing, begin_report
from portal.imports.sheets import Column, Sheet, SheetForm
from programmes.models import Measure, Programme, Strand, StrandTitle, Theme

PROGRAMMES = SheetForm(
    "programmes.csv",
    [
        Column("code", required=True),
        Column("name", required=True),
        Column("short_name", required=True),
        Column("aim"),
        Column("legal_basis"),
        Column("budget_line"),
        Column("period_start", as_year, required=True),
        Column("period_end", as_year, required=True),
        Column("predecessor"),
        Column("status_note"),
        *RECALLED_COLUMNS,
    ],
)
STRANDS = SheetForm(
    "strands.csv",
    [
        Column("code", required=True),
        Column("number", as_count, required=True),
        Column("title", required=True),
        Column("title_2011_2013"),
        Column("programmes", as_list, required=True),
        *RECALLED_COLUMNS,
    ],
    needs=["programmes.csv"],
)
MEASURES = SheetForm(
    "measures.csv",
    [
        Column("code", required=True),
        Column("strand_code", required=True),
        Column("position", as_count, required=True),
        Column("text", required=True),
        *SOURCE_COLUMNS,
    ],
    needs=["strands.csv"],
)
THEMES = SheetForm(
    "themes.csv",
    [
        Column("code", required=True),
        Column("title", required=True),
        Column("measures", as_list, required=True),
        *SOURCE_COLUMNS,
    ],
    needs=["measures.csv"],
)


@transaction.atomic
def import_programmes(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change programmes. A predecessor stands above its successor in the sheet, or is kept already."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        programmes = Kept(
            Programme.objects.all(), ["code"], report, columns={"note": "status_note"}
        )
        for line in sheet.lines:
            with report.row(line):
                same = ("code", "name", "short_name", "aim", "legal_basis", "budget_line")
                programmes.put(
                    line,
                    {name: line[name] for name in (*same, "period_start", "period_end")}
                    | {
                        "predecessor": programmes.require(line, "predecessor"),
                        "note": line["status_note"],
                        **provenance(line),
                    },
                )
        note_batch("import_programmes", report, by=by, record_kind="programme")
    return report


@transaction.atomic
def import_strands(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change strands, the programmes that use them, and what they were called in 2011-2013."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        programmes = by_code(Programme.objects.real())
        kept = Strand.objects.prefetch_related("programmes")
        strands = Kept(kept, ["code"], report)
        titles = Kept(
            StrandTitle.objects.all(),
            ["strand", "period_start"],
            report,
            columns={"title": "title_2011_2013"},
            part=True,
        )
        for line in sheet.lines:
            with report.row(line):
                values = {name: line[name] for name in ("code", "number", "title")}
                used = find_all(programmes, line["programmes"], "programmes")
                used += _demonstrations(kept, line["code"])
                strand = strands.put(line, values | provenance(line), {"programmes": used})
                if line["title_2011_2013"] not in {"", line["title"]}:
                    period = {"period_start": 2011, "period_end": 2013}
                    titled = {"strand": strand, "title": line["title_2011_2013"], **period}
                    titles.put(line, titled | provenance(line) | {"recalled_fields": []})
        note_batch("import_strands", report, by=by, record_kind="strand")
    return report


def _demonstrations(strands: Iterable[Strand], code: str) -> list[Programme]:
    """The demonstration programmes that use a strand: no sheet speaks of them, so they stay."""
    used = (row for strand in strands if strand.code == code for row in strand.programmes.all())
    return [programme for programme in used if programme.demonstration]


@transaction.atomic
def import_measures(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change the measures of strands."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        strands = by_code(Strand.objects.all())
        columns = {"order": "position", "strand": "strand_code"}
        measures = Kept(Measure.objects.all(), ["code"], report, columns=columns)
        for line in sheet.lines:
            with report.row(line):
                values = {
                    "code": line["code"],
                    "strand": find(strands, line["strand_code"], "strand_code"),
                    "order": line["position"],
                    "text": line["text"],
                }
                measures.put(line, values | provenance(line))
        note_batch("import_measures", report, by=by, record_kind="measure")
    return report


@transaction.atomic
def import_themes(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change themes and the measures they run over."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        measures = by_code(Measure.objects.all())
        themes = Kept(Theme.objects.prefetch_related("measures"), ["code"], report)
        for line in sheet.lines:
            with report.row(line):
                values = {"code": line["code"], "title": line["title"], **provenance(line)}
                covered = find_all(measures, line["measures"], "measures")
                themes.put(line, values, {"measures": covered})
        note_batch("import_themes", report, by=by, record_kind="theme")
    return report
