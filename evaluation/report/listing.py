"""The list of projects, with what each adds to the contracted figure."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from evaluation.report.portfolio import Listed
from evaluation.report.tables import NOTHING, Column, Row, Table, link_cell, money_cell
from portal.records import Confidence
from portal.wording import number, partial_date
from programmes.ledger.models import Measure
from projects.models import ProjectStatus

MOST_COUNTRIES = 6


def write_projects(material: Material) -> Section:
    """Every project of the question that is public, and one line for those that are withheld."""
    projects = _projects(material)
    return Section(
        key="projects",
        title=_("Projects"),
        blocks=[blocks.table(projects)],
        tables=[projects],
        wide=True,
    )


def _projects(material: Material) -> Table:
    public = [project for project in material.portfolio if not project.withheld]
    return Table(
        key="projects",
        title=_("Projects, by code"),
        columns=[
            Column(_("Project"), "link"),
            Column(_("Lead organisation")),
            Column(_("Countries")),
            Column(_("Strands")),
            Column(_("Start")),
            Column(_("End")),
            Column(_("Attribution")),
            Column(_("Contracted (EUR)"), "money"),
            Column(_("Beside it (EUR)"), "money"),
        ],
        rows=[*(_row(project) for project in public), *_withheld(material), _total(material)],
        note=_(
            "The contracted amounts add up to the figure in the last line. What stands beside it touches this question, "
            "but has no date or no share by which to count it."
        ),
        dense=True,
    )


def _row(project: Listed) -> Row:
    doubt = _("; unconfirmed") if project.confidence == Confidence.RECALLED else ""
    return Row(
        [
            link_cell(_named(project), f"/projects/{project.code}/", _small(project)),
            project.lead_name,
            _countries(project),
            ", ".join(sorted(project.strands)) or None,
            partial_date(project.start) if project.start else None,
            partial_date(project.end) if project.end else None,
            f"{project.attribution}{doubt}",
            _contracted(project),
            money_cell(project.beside) or NOTHING,
        ]
    )


def _contracted(project: Listed) -> str | None:
    """What is in the figure; nothing to say where all of it stands beside."""
    if project.amount is None and project.beside is not None:
        return NOTHING
    return money_cell(project.amount)


def _small(project: Listed) -> str:
    """The code, and the status of the contract where it is known."""
    if project.status == ProjectStatus.NOT_REPORTED:
        return project.code
    return f"{project.code}, {ProjectStatus(project.status).label}"


def _named(project: Listed) -> str:
    return f"{project.acronym}: {project.title}" if project.acronym else project.title


def _countries(project: Listed) -> str | None:
    codes = sorted(project.regions)
    if len(codes) <= MOST_COUNTRIES:
        return ", ".join(codes) or None
    more = _("and %(n)s more") % {"n": len(codes) - MOST_COUNTRIES}
    return f"{', '.join(codes[:MOST_COUNTRIES])} {more}"


def _withheld(material: Material) -> list[Row]:
    hidden = [project for project in material.portfolio if project.withheld]
    if not hidden:
        return []
    label = link_cell(_("Withheld: %(n)s") % {"n": number(len(hidden))})
    amounts = [project.amount for project in hidden if project.amount is not None]
    beside = [project.beside for project in hidden if project.beside is not None]
    return [Row([label, *[NOTHING] * 6, _sum(amounts), _sum(beside)], "aside")]


def _sum(amounts: list[Decimal]) -> str | None:
    """What withheld projects add, as one amount."""
    return money_cell(sum(amounts, Decimal("0.00"))) if amounts else NOTHING


def _total(material: Material) -> Row:
    reading = material.reading(Measure.CONTRACTED)
    value = None if reading.value is None else Decimal(reading.value)
    return Row([link_cell(_("Total")), *[NOTHING] * 6, money_cell(value), NOTHING], "total")
