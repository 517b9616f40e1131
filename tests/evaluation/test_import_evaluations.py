"""Sheets of evaluations: what hangs on what, and what is refused."""

from __future__ import annotations

import pytest

from evaluation.actions.importing import EVALUATIONS, import_evaluations
from evaluation.models import Criterion, Evaluation, Finding
from portal.imports.reports import Outcome
from portal.imports.sheets import Refusal
from tests.factories.programmes import DocumentFactory
from tests.factories.sheets import make_sheet

pytestmark = pytest.mark.django_db
FINDING = {"kind": "finding", "code": "F1", "subject": "A finding", "text": "What was found"}


def load(tmp_path, *rows):
    return import_evaluations(make_sheet(tmp_path, EVALUATIONS, *rows), by=None)


def test_findings_may_stand_above_their_evaluation(tmp_path) -> None:
    DocumentFactory(code="EVAL", kind="evaluation_report")
    evaluation = {"kind": "evaluation", "code": "EVAL", "evaluation_code": "EVAL"}
    evaluation |= {"subject": "An evaluation", "text": "Of things", "criterion": "impact;relevance"}
    load(tmp_path, FINDING | {"evaluation_code": "EVAL"}, evaluation)
    kept = Finding.objects.get().evaluation
    assert (kept.code, kept.title, kept.criteria) == (
        "EVAL",
        "An evaluation",
        ["impact", "relevance"],
    )


def test_a_report_whose_findings_are_recorded_is_an_evaluation(tmp_path) -> None:
    DocumentFactory(code="AUDIT", kind="audit_report", title="An audit")
    row = FINDING | {"evaluation_code": "AUDIT"}
    load(tmp_path, row)
    assert (Evaluation.objects.get().code, Evaluation.objects.get().title) == ("AUDIT", "An audit")
    again = load(tmp_path, row)
    assert [each.label for each in again.of(Outcome.LEFT_ALONE)] == ["F1"]


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({}, ("evaluation_code", "", "This kind of row names its evaluation.")),
        ({"evaluation_code": "X"}, ("evaluation_code", "X", "There is no record with this code.")),
        (
            {"kind": "opinion"},
            (
                "kind",
                "opinion",
                "Write one of: criterion, monitoring, evaluation, question, finding, recommendation.",
            ),
        ),
    ],
)
def test_refused(tmp_path, cells, refusal) -> None:
    criterion = {
        "kind": "criterion",
        "code": "C1",
        "criterion": "impact",
        "subject": "s",
        "text": "t",
    }
    report = load(tmp_path, criterion, FINDING | cells)
    assert report.refused == [Refusal(3, *refusal)]
    assert (Criterion.objects.count(), Finding.objects.count()) == (0, 0)
