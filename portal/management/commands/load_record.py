"""`manage.py load_record`: the public record, sheet by sheet, into the portal."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.actions.import_calls import CALLS, GRIDS, import_calls, import_grids
from calls.actions.import_lots import LOT_BUDGETS, LOTS, import_lot_budgets, import_lots
from evaluation.actions.importing import EVALUATIONS, import_evaluations
from portal.imports.reports import FileReport, Outcome, RowOutcome
from portal.imports.sheets import Refusal, Sheet, SheetForm, read_sheet
from programmes.actions.import_amounts import ALLOCATIONS, import_allocations
from programmes.actions.import_documents import (
    ACTIONS,
    DOCUMENTS,
    LINKS,
    import_actions,
    import_document_links,
    import_documents,
)
from programmes.actions.import_places import COUNTRIES, RULES, import_countries, import_rules
from programmes.actions.import_vocabulary import (
    MEASURES,
    PROGRAMMES,
    STRANDS,
    THEMES,
    import_measures,
    import_programmes,
    import_strands,
    import_themes,
)
from projects.actions.import_projects import PROJECTS, import_projects

RECORD = settings.BASE_DIR / "programmes" / "record"
Load = tuple[SheetForm, Callable[..., FileReport]]


def loads(folder: Path, *, with_recalled: bool) -> list[Load]:
    """Every sheet in the order in which it is loaded, with the action that loads it."""

    def countries(sheet: Sheet, **options: Any) -> FileReport:
        return import_countries(sheet, read_sheet(folder / RULES.name, RULES), **options)

    return [
        (PROGRAMMES, import_programmes),
        (STRANDS, import_strands),
        (MEASURES, import_measures),
        (THEMES, import_themes),
        (RULES, import_rules),
        (COUNTRIES, countries),
        (DOCUMENTS, partial(import_documents, with_recalled=with_recalled)),
        (LINKS, import_document_links),
        (ACTIONS, import_actions),
        (CALLS, partial(import_calls, with_recalled=with_recalled)),
        (PROJECTS, partial(import_projects, with_recalled=with_recalled)),
        (ALLOCATIONS, partial(import_allocations, with_recalled=with_recalled)),
        (LOTS, import_lots),
        (LOT_BUDGETS, import_lot_budgets),
        (GRIDS, import_grids),
        (EVALUATIONS, import_evaluations),
    ]


def load_sheets(folder: Path, *, with_recalled: bool) -> Iterator[FileReport]:
    """Load every sheet of a folder. A sheet that stands on one that was not loaded is not loaded either."""
    failed: set[str] = set()
    for form, action in loads(folder, with_recalled=with_recalled):
        waits_for = [name for name in form.needs if name in failed]
        if waits_for:
            report = FileReport(form.name, waits_for=waits_for)
        else:
            report = action(read_sheet(folder / form.name, form), by=None)
        if not report.is_loaded:
            failed.add(form.name)
        yield report


class Command(BaseCommand):
    # Loading shows no page, so it need not wait until every page has been imported.
    requires_system_checks = []
    help = (
        "Load the public record. A second run changes nothing. Each sheet is loaded as a whole or not at "
        "all; what rests on general knowledge is marked, and recalled amounts and projects are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-recalled",
            action="store_true",
            help="load recalled amounts and recalled projects too, marked as unconfirmed",
        )
        parser.add_argument(
            "--folder", type=Path, default=RECORD, help="load the sheets of another folder"
        )
        parser.add_argument(
            "--preview", action="store_true", help="say what a load would do, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("There is no folder %s.") % folder)
        reports = []
        with transaction.atomic() if options["preview"] else nullcontext():
            for report in load_sheets(folder, with_recalled=options["with_recalled"]):
                self._print(report, verbose=options["verbosity"] > 1)
                reports.append(report)
            if options["preview"]:
                transaction.set_rollback(rollback=True)
        failed = [report.name for report in reports if not report.is_loaded]
        if failed:
            raise CommandError(_("Not loaded: %s.") % ", ".join(failed))

    def _print(self, report: FileReport, *, verbose: bool) -> None:
        self.stdout.write(f"{report.name:<28}{_summary(report)}")
        if report.is_loaded:
            rows = report.of(Outcome.CHANGED) + (report.of(Outcome.ADDED) if verbose else [])
            for row in rows:
                self.stdout.write("\n".join(_changes(row)))
        for refusal in report.refused:
            self.stdout.write(f"  {_refusal(refusal)}")
        for warning in report.warnings:
            named = {"row": warning.row, "label": warning.label, "text": warning.text}
            self.stdout.write("  " + _("row %(row)d %(label)s: warning: %(text)s") % named)


WORDS = {
    Outcome.ADDED: gettext_lazy("%d added"),
    Outcome.CHANGED: gettext_lazy("%d changed"),
    Outcome.LEFT_ALONE: gettext_lazy("%d left alone"),
    Outcome.LEFT_OUT: gettext_lazy("%d left out"),
}


def _summary(report: FileReport) -> str:
    if report.waits_for:
        return _("not loaded, because of %s") % ", ".join(report.waits_for)
    if report.refused:
        return _("nothing loaded: %d refused") % len(report.refused)
    counts = [str(word) % len(rows) for kind, word in WORDS.items() if (rows := report.of(kind))]
    ledger = [_("%d ledger rows") % report.appended] if report.appended else []
    return ", ".join(counts + ledger)


def _changes(row: RowOutcome) -> Iterator[str]:
    named = {"row": row.number, "label": row.label}
    changed = row.outcome == Outcome.CHANGED
    text = _("row %(row)d %(label)s: changed") if changed else _("row %(row)d %(label)s: added")
    yield f"  {text % named}"
    for each in row.changes:
        yield f"    {each.field}: “{each.old}” -> “{each.new}”"


def _refusal(refusal: Refusal) -> str:
    where = [_("file") if refusal.row is None else _("row %d") % refusal.row]
    if refusal.column:
        where.append(_("column %s") % refusal.column)
    value = f": “{refusal.value}”" if refusal.value else ""
    return f"{', '.join(where)}{value}: {refusal.reason}"
