"""Loading the lots of calls and what each takes from which budget year, as sources state it."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import Call, Lot, LotBudget
from portal.accounts.models import User
from portal.imports.cells import as_flag, as_list, as_year
from portal.imports.keeping import Kept, by_code, find, find_all
from portal.imports.provenance import SOURCE_COLUMNS, note_batch, provenance
from portal.imports.reports import CellRefused, FileReport, all_or_nothing, begin_report
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from programmes.models import Region, StatedAmount

LOTS = SheetForm(
    "lots.csv",
    [
        Column("code", required=True),
        Column("call_code", required=True),
        Column("parent"),
        Column("number", required=True),
        Column("title", required=True),
        Column("allocation_key"),
        Column("regions", as_list, empty=[]),
        *SOURCE_COLUMNS,
    ],
    needs=["calls.csv", "countries.csv", "allocations.csv"],
)
LOT_BUDGETS = SheetForm(
    "lot_budgets.csv",
    [
        Column("lot_code", required=True),
        Column("budget_year", as_year, required=True),
        Column("allocation_key", required=True),
        Column("conditional", as_flag, required=True),
        Column("source", required=True),
    ],
    key=["lot_code", "budget_year"],
    needs=["lots.csv"],
)


@transaction.atomic
def import_lots(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change lots. A lot's budget is the amount stated for it; a lot without one has none."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        calls = by_code(Call.objects.select_related("programme"))
        regions = {(region.programme_id, region.code): region for region in Region.objects.all()}
        columns = {"call": "call_code", "budget": "allocation_key"}
        lots = Kept(Lot.objects.prefetch_related("regions"), ["code"], report, columns=columns)
        stated = _stated_for_lots()
        for line in sheet.lines:
            with report.row(line):
                call = find(calls, line["call_code"], "call_code")
                here = {
                    code: row for (home, code), row in regions.items() if home == call.programme_id
                }
                values = {name: line[name] for name in ("code", "number", "title")} | {
                    "call": call,
                    "parent": lots.require(line, "parent"),
                    "budget": _amount(line, call.code, stated) if line["allocation_key"] else None,
                }
                where = {"regions": find_all(here, line["regions"], "regions")}
                lots.put(line, values | provenance(line), where)
        note_batch("import_lots", report, by=by, record_kind="lot")
    return report


@transaction.atomic
def import_lot_budgets(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change what lots take from each budget year. It is a budget and posts nothing."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        lots = by_code(Lot.objects.select_related("call"))
        columns = {"amount": "allocation_key", "lot": "lot_code"}
        rows = LotBudget.objects.select_related("lot")
        budgets = Kept(rows, ["lot", "budget_year"], report, columns=columns)
        stated = _stated_for_lots()
        for line in sheet.lines:
            with report.row(line):
                lot = find(lots, line["lot_code"], "lot_code")
                values = {
                    "lot": lot,
                    "budget_year": line["budget_year"],
                    "amount": _amount(line, lot.call.code, stated),
                    "conditional": line["conditional"],
                }
                budgets.put(line, values)
        note_batch("import_lot_budgets", report, by=by, record_kind="lot budget")
    return report


def _stated_for_lots() -> dict[tuple[str, str], Decimal]:
    rows = StatedAmount.objects.filter(dimension="lot")
    return {
        (about, key): amount for about, key, amount in rows.values_list("about", "key", "amount")
    }


def _amount(line: Line, call: str, stated: dict[tuple[str, str], Decimal]) -> Decimal:
    key = line["allocation_key"]
    if (call, key) not in stated:
        raise CellRefused("allocation_key", key, _("No amount is stated under this key."))
    return stated[call, key]
