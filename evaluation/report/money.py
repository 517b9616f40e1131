"""Money: every measure with what is known of it, and what others state beside it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.figure_words import stated_period
from evaluation.figures import PARTS
from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.documents import reliability
from evaluation.report.material import Material
from evaluation.report.summary import MONEY_KEYS
from evaluation.report.tables import Column, Row, Table, figure_cell, money_cell
from portal.records import Attribution
from programmes.ledger.models import Measure


def write_money(material: Material) -> Section:
    """Every measure with its coverage, what stands beside it, and the amounts that sources state."""
    measures, beside, stated = _measures(material), _beside(material), _stated(material)
    tables = [table for table in (measures, beside, stated) if table.rows]
    return Section(
        key="money",
        title=_("Money"),
        blocks=[
            blocks.paragraphs(
                _(
                    "Measures stand beside each other and are never added to each other. Every figure opens its "
                    "records at its address; their amounts add up to it, to the cent."
                )
            ),
            *(blocks.table(table) for table in tables[:1]),
            *_beside_pieces(beside),
            *_stated_pieces(stated),
        ],
        tables=tables,
    )


def _measures(material: Material) -> Table:
    attributions = [Attribution.EXPLICIT, Attribution.INFERRED, Attribution.UNCERTAIN]
    rows = []
    for key in Measure.values:
        reading = material.reading(key)
        parts = [money_cell(reading.by_attribution.get(each)) for each in attributions]
        if reading.value is not None:
            parts = [part or money_cell(Decimal(0)) for part in parts]
        rows.append(Row([reading.label, figure_cell(reading), *parts]))
    return Table(
        key="measures",
        title=_("Measures of money"),
        columns=[
            Column(_("Measure")),
            Column(_("Value (EUR)"), "figure"),
            *(Column(_("of which %(kind)s") % {"kind": each}, "money") for each in attributions),
        ],
        rows=rows,
        note=_(
            "Explicit, inferred and uncertain say how surely an amount belongs to the programme; they add up to the value."
        ),
    )


def _beside(material: Material) -> Table:
    rows = [
        Row(
            [material.reading(key).label, str(PARTS[bucket]), part.records, money_cell(part.amount)]
        )
        for key in MONEY_KEYS
        for bucket, part in material.reading(key).parts.items()
    ]
    return Table(
        key="beside",
        title=_("Money that stands beside the figures"),
        columns=[
            Column(_("Measure")),
            Column(_("Why it is not in the value")),
            Column(_("Records"), "count"),
            Column(_("Amount (EUR)"), "money"),
        ],
        rows=rows,
    )


def _beside_pieces(beside: Table) -> list[blocks.Block]:
    if not beside.rows:
        return []
    return [blocks.heading(_("Beside the figures")), blocks.table(beside)]


def _stated(material: Material) -> Table:
    rows = [
        Row(
            [
                stated.label,
                stated.kind,
                stated_period(stated) or None,
                money_cell(stated.amount),
                stated.source or None,
                reliability(stated),
            ]
        )
        for stated in material.papers.stated
    ]
    return Table(
        key="stated-amounts",
        title=_("Amounts that sources state about the programme"),
        columns=[
            Column(_("What")),
            Column(_("Kind")),
            Column(_("Years")),
            Column(_("Amount (EUR)"), "money"),
            Column(_("Source")),
            Column(_("How it is known")),
        ],
        rows=rows,
        note=_("Stated amounts overlap. They are never summed and never part of a figure."),
        dense=True,
    )


def _stated_pieces(stated: Table) -> list[blocks.Block]:
    if not stated.rows:
        return []
    text = _(
        "Totals given by auditors and others stand here beside the figures of this portal. A difference between "
        "them is a finding, not an error of addition."
    )
    return [
        blocks.heading(_("What others state")),
        blocks.paragraphs(text),
        blocks.table(stated),
    ]
