"""Evaluations and what they found, and the reports the portal builds."""

from evaluation.models.records import (
    Criterion,
    Evaluation,
    EvaluationQuestion,
    Finding,
    MonitoringRule,
    Recommendation,
)
from evaluation.models.report import (
    Report,
    ReportFigure,
    ReportKind,
    ReportQuerySet,
    ReportStatus,
    ReportTable,
)

__all__ = [
    "Criterion",
    "Evaluation",
    "EvaluationQuestion",
    "Finding",
    "MonitoringRule",
    "Recommendation",
    "Report",
    "ReportFigure",
    "ReportKind",
    "ReportQuerySet",
    "ReportStatus",
    "ReportTable",
]
