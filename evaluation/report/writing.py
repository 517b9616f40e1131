"""The report as a whole: its sections in reading order."""

from __future__ import annotations

from evaluation.report.blocks import Section
from evaluation.report.composition import write_strands, write_when, write_where, write_who
from evaluation.report.documents import write_calls, write_programme
from evaluation.report.gaps import write_gaps
from evaluation.report.judgements import write_judgements
from evaluation.report.listing import write_projects
from evaluation.report.material import Material
from evaluation.report.method import write_figures, write_method
from evaluation.report.money import write_money
from evaluation.report.summary import write_summary


def write_report(material: Material) -> list[Section]:
    """Every section of the report in the active language, annexes last."""
    return [
        write_summary(material),
        write_programme(material),
        write_calls(material),
        write_who(material),
        write_where(material),
        write_strands(material),
        write_when(material),
        write_money(material),
        write_gaps(material),
        write_judgements(material),
        write_projects(material),
        write_method(material),
        write_figures(material.answers.readings),
    ]
