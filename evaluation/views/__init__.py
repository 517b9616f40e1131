"""Pages of evaluations, figures and reports."""

from evaluation.views.evaluations import list_evaluations, view_evaluation
from evaluation.views.figures import download_figure_records, view_figure, view_figure_part
from evaluation.views.reports import (
    add_report,
    download_report,
    download_report_table,
    list_reports,
    retry_report,
    view_report,
    view_report_progress,
)

__all__ = [
    "add_report",
    "download_figure_records",
    "download_report",
    "download_report_table",
    "list_evaluations",
    "list_reports",
    "retry_report",
    "view_evaluation",
    "view_figure",
    "view_figure_part",
    "view_report",
    "view_report_progress",
]
