"""Loading criteria, monitoring rules, evaluations, and what they asked, found and recommended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import (
    Criterion,
    Evaluation,
    EvaluationQuestion,
    Finding,
    MonitoringRule,
    Recommendation,
)
from portal.accounts.models import User
from portal.imports.cells import as_one_of
from portal.imports.keeping import Kept, by_code, find
from portal.imports.provenance import SOURCE_COLUMNS, note_batch, provenance
from portal.imports.reports import CellRefused, FileReport, all_or_nothing, begin_report
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from programmes.models import Document

KINDS = ("criterion", "monitoring", "evaluation", "question", "finding", "recommendation")

EVALUATIONS = SheetForm(
    "evaluation.csv",
    [
        Column("kind", as_one_of({kind: kind for kind in KINDS}), required=True),
        Column("code", required=True),
        Column("evaluation_code"),
        Column("criterion"),
        Column("subject", required=True),
        Column("text", required=True),
        *SOURCE_COLUMNS,
    ],
    needs=["programming_documents.csv"],
)


@transaction.atomic
def import_evaluations(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change criteria, monitoring rules, evaluations and their questions, findings, recommendations.

    A report whose findings are recorded is an evaluation too, under the code of its document, even where the
    sheet has no row of its own for it.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        writer = _Writer(report)
        # Evaluations come first: what they found hangs on them.
        for line in sorted(sheet.lines, key=lambda each: each["kind"] != "evaluation"):
            with report.row(line):
                writer.kinds[line["kind"]](line)
        note_batch("import_evaluations", report, by=by, record_kind="evaluation")
    return report


class _Writer:
    """What each kind of row becomes."""

    def __init__(self, report: FileReport) -> None:
        self._documents = by_code(Document.objects.all())
        named = {"title": "subject"}
        scheme = {"scheme": "subject", "name": "criterion"}
        self._criteria = Kept(Criterion.objects.all(), ["code"], report, columns=scheme)
        self._rules = Kept(MonitoringRule.objects.all(), ["code"], report, columns=named)
        rows = Evaluation.objects.select_related("document")
        self._evaluations = Kept(rows, ["document"], report, columns=named)
        self._implied = Kept(rows, ["document"], report, columns=named, part=True)
        self._met: dict[str, Evaluation] = {}
        judgements: dict[str, Kept[Any]] = {
            "question": Kept(EvaluationQuestion.objects.all(), ["code"], report, columns=named),
            "finding": Kept(Finding.objects.all(), ["code"], report, columns=named),
            "recommendation": Kept(Recommendation.objects.all(), ["code"], report, columns=named),
        }
        self._judgements = judgements
        self.kinds: dict[str, Callable[[Line], None]] = {
            "criterion": self._criterion,
            "monitoring": self._rule,
            "evaluation": self._evaluation,
            **dict.fromkeys(judgements, self._judgement),
        }

    def _criterion(self, line: Line) -> None:
        values = {"code": line["code"], "name": line["criterion"], "scheme": line["subject"]}
        self._criteria.put(line, values | {"text": line["text"]} | provenance(line))

    def _rule(self, line: Line) -> None:
        values = {"code": line["code"], "title": line["subject"], "text": line["text"]}
        self._rules.put(line, values | provenance(line))

    def _evaluation(self, line: Line) -> None:
        document = self._document(line)
        values = {
            "code": line["code"],
            "document": document,
            "title": line["subject"],
            "text": line["text"],
            "criteria": [part for part in line["criterion"].split(";") if part],
        }
        self._met[document.code] = self._evaluations.put(line, values | provenance(line))

    def _judgement(self, line: Line) -> None:
        document = self._document(line)
        if document.code not in self._met:
            implied = {"code": document.code, "document": document, "title": document.title}
            source = {"source": document.source, "confidence": document.confidence}
            self._met[document.code] = self._implied.put(line, implied | source)
        values = {"title": line["subject"], "evaluation": self._met[document.code]}
        same = {name: line[name] for name in ("code", "criterion", "text")}
        self._judgements[line["kind"]].put(line, same | values | provenance(line))

    def _document(self, line: Line) -> Document:
        if not line["evaluation_code"]:
            reason = _("This kind of row names its evaluation.")
            raise CellRefused("evaluation_code", "", reason)
        return find(self._documents, line["evaluation_code"], "evaluation_code")
