"""What evaluations and audits found and recommended, as far as the record holds it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from evaluation.models import Evaluation
from evaluation.models.records import Judgement
from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.documents import reliability
from evaluation.report.material import Material
from evaluation.report.tables import Column, Row, Table, link_cell
from programmes.models import DocumentKind


def write_judgements(material: Material) -> Section:
    """Findings and recommendations on record, and the evaluations of which nothing is recorded."""
    tables = [
        table
        for table in (
            _table("findings", _("Findings on record"), material, "findings"),
            _table("recommendations", _("Recommendations on record"), material, "recommendations"),
            _table("questions", _("Questions asked"), material, "questions"),
        )
        if table.rows
    ]
    return Section(
        key="evaluations",
        title=_("Evaluations and audits"),
        blocks=[
            blocks.paragraphs(
                _(
                    "This part repeats what evaluations and audits of the programme found; it does not judge. Projects "
                    "and figures elsewhere in this report were not evaluated by it."
                )
            ),
            *(blocks.table(table) for table in tables),
            *_silent(material),
        ],
        tables=tables,
    )


def _table(key: str, title: str, material: Material, kind: str) -> Table:
    rows = [
        Row(
            [
                link_cell(evaluation.code, f"/evaluation/{evaluation.code}/"),
                judgement.criterion or None,
                judgement.text,
                judgement.source or None,
                reliability(judgement),
            ]
        )
        for evaluation in material.papers.evaluations
        for judgement in _judgements(evaluation, kind)
    ]
    columns = [
        Column(_("Evaluation or audit"), "link"),
        Column(_("Criterion")),
        Column(_("Text")),
        Column(_("Source")),
        Column(_("How it is known")),
    ]
    return Table(key=key, title=title, columns=columns, rows=rows, dense=True)


def _judgements(evaluation: Evaluation, kind: str) -> list[Judgement]:
    kinds: dict[str, Iterable[Judgement]] = {
        "findings": evaluation.findings.all(),
        "recommendations": evaluation.recommendations.all(),
        "questions": evaluation.questions.all(),
    }
    return list(kinds[kind])


def _silent(material: Material) -> list[blocks.Block]:
    heard = {
        evaluation.document_id
        for evaluation in material.papers.evaluations
        if evaluation.findings.all() or evaluation.recommendations.all()
    }
    kinds = (DocumentKind.EVALUATION_REPORT, DocumentKind.AUDIT_REPORT)
    silent = [
        f"{document.title}: {document.get_status_display()}"
        for document in material.papers.documents
        if document.kind in kinds and document.pk not in heard
    ]
    if not silent:
        return []
    title = _("Evaluations and audits without any finding on record")
    return [blocks.note(title, silent, gap=True)]
