"""What is not known: for how many records each fact is missing."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.composition import has_amount
from evaluation.report.material import Material
from evaluation.report.portfolio import Listed
from evaluation.report.summary import COUNT_KEYS
from evaluation.report.tables import Column, Row, Table
from portal.records import Attribution, Confidence
from programmes.ledger.models import Measure
from projects.models import ProjectStatus


def write_gaps(material: Material) -> Section:
    """A table of what is known and not known of the projects, and the share that rests on inference."""
    known, doubts = _known(material), _doubts(material)
    return Section(
        key="gaps",
        title=_("What is not known"),
        blocks=[
            blocks.paragraphs(
                _(
                    "Gaps are shown as gaps: nothing missing was estimated or filled in. Each line says for how many "
                    "projects a fact is reported."
                )
            ),
            blocks.table(known),
            blocks.table(doubts),
        ],
        tables=[known, doubts],
    )


def _known(material: Material) -> Table:
    tests: list[tuple[str, Callable[[Listed], bool]]] = [
        (_("Contracted amount"), has_amount),
        (_("Lead organisation"), lambda each: bool(each.lead_name)),
        (_("Kind of lead organisation"), lambda each: bool(each.lead_kind)),
        (_("At least one country"), lambda each: bool(each.regions)),
        (_("At least one strand"), lambda each: bool(each.strands)),
        (_("Start"), lambda each: bool(each.start)),
        (_("End"), lambda each: bool(each.end)),
        (_("Call"), lambda each: bool(each.call_code)),
        (_("Annual work programme"), lambda each: bool(each.work_programme_code)),
        (_("Status of the contract"), lambda each: each.status != ProjectStatus.NOT_REPORTED),
    ]
    total = len(material.portfolio)
    counted = [(label, sum(map(test, material.portfolio)), total) for label, test in tests]
    rows = [*counted, *_reported(material)]
    return Table(
        key="known",
        title=_("What is reported of the projects"),
        columns=[
            Column(_("Fact")),
            Column(_("Reported for"), "count"),
            Column(_("Of"), "count"),
            Column(_("Not reported for"), "count"),
        ],
        rows=[Row([label, known, of, of - known]) for label, known, of in rows],
    )


def _reported(material: Material) -> list[tuple[str, int, int]]:
    """The same for the figures that say how many records report them."""
    keys = [Measure.PAID, Measure.ACCEPTED, *COUNT_KEYS]
    readings = [material.reading(key) for key in keys]
    return [
        (reading.label, reading.reported or 0, reading.recorded)
        for reading in readings
        if reading.recorded is not None
    ]


def _doubts(material: Material) -> Table:
    projects = material.portfolio
    rows = [
        (
            _("Attribution inferred"),
            sum(each.attribution == Attribution.INFERRED for each in projects),
        ),
        (
            _("Attribution uncertain"),
            sum(each.attribution == Attribution.UNCERTAIN for each in projects),
        ),
        (
            _("Known from general knowledge only"),
            sum(each.confidence == Confidence.RECALLED for each in projects),
        ),
        (
            _("In several countries"),
            sum(len(each.regions) > 1 for each in projects),
        ),
        (
            _("In several strands"),
            sum(len(each.strands) > 1 for each in projects),
        ),
    ]
    return Table(
        key="doubts",
        title=_("What rests on inference, or lies in several places"),
        columns=[Column(_("Projects")), Column(_("Number"), "count"), Column(_("Of"), "count")],
        rows=[Row([label, n, len(projects)]) for label, n in rows],
    )
