"""The annexes: how the figures are made, where each is found, and which files the report carries."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from evaluation.figures import DEFINITIONS, PARTS, Reading
from evaluation.questions import period_text
from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from evaluation.report.tables import Column, Row, Table, figure_cell
from portal.wording import MARKS, moment


def write_method(material: Material) -> Section:
    """Definitions, axes, the as-of moment, rules of addition and rounding, reliability, digests."""
    definitions = _definitions()
    return Section(
        key="method",
        title=_("Method"),
        annex=True,
        blocks=[
            blocks.heading(_("Definitions")),
            blocks.table(definitions),
            blocks.heading(_("The question and its moment")),
            blocks.paragraphs(*_question_rules(material)),
            blocks.heading(_("Adding and rounding")),
            blocks.paragraphs(*_addition_rules()),
            blocks.heading(_("How sure a value is")),
            blocks.facts([(str(MARKS[code].label), str(MARKS[code].meaning)) for code in _marks()]),
            blocks.heading(_("Digests")),
            blocks.paragraphs(*_digest_rules()),
            blocks.heading(_("The seal over the ledger")),
            blocks.paragraphs(*_seal_words(material)),
        ],
        tables=[definitions],
    )


def _marks() -> list[str]:
    return ["explicit", "inferred", "uncertain", "unconfirmed", "withheld"]


def _definitions() -> Table:
    rows = [
        Row([str(each.label), str(each.meaning), str(each.formula)])
        for each in DEFINITIONS.values()
    ]
    return Table(
        key="definitions",
        title=_("What each figure means and how it is made"),
        columns=[Column(_("Figure")), Column(_("Meaning")), Column(_("How it is made"))],
        rows=rows,
        dense=True,
    )


def _question_rules(material: Material) -> list[str]:
    return [
        _("This report's period: %(period)s.") % {"period": period_text(material.scope)},
        _(
            "A period is read on one of two axes: by value date (what happened when) for contracted, paid and accepted "
            "amounts, or by the budget year of the decision. Envelope, planned and committed amounts know budget "
            "years only. Without a period everything counts, undated amounts included; with one, undated amounts stand beside "
            "the value. A date known to the year counts where the whole year lies inside."
        ),
        _(
            "Every figure answers as of position %(position)s of the ledger. Later corrections get later positions, so the "
            "same address gives the same answer for ever. The portal knows of a record from the day it was loaded, not from the "
            "day it happened."
        )
        % {"position": material.as_of.position},
        _(
            "Titles, organisations, documents and calls are what the portal held when this report was built. They are frozen in its "
            "tables."
        ),
    ]


def _addition_rules() -> list[str]:
    named = "; ".join(str(label) for label in PARTS.values())
    return [
        _("Amounts are in EUR, to the cent. Nothing shown is rounded; percentages only are."),
        _(
            "Measures are never added to each other, and parent and child amounts never enter one sum. Counts are of distinct "
            "records and do not add up across strands or countries. Contracted amounts by strand or country add up, with the lines that are not divided."
        ),
        _("Beside a value, and never in it, stand: %(parts)s.") % {"parts": named},
        _(
            "Restricted records are shown as one line with their number and their sum, because this report may be passed on. "
            "Their money is in every figure."
        ),
    ]


def _digest_rules() -> list[str]:
    return [
        _(
            "The portal's page of this report gives the SHA-256 of the PDF file: a file is untouched where its own SHA-256 "
            "is the same."
        ),
        _(
            "The reference on the cover is the SHA-256 of the attached manifest in canonical form (members sorted, no spaces, UTF-8), "
            "without its members “versions” and “digest”. The manifest holds the SHA-256 of every attached table and of the frozen text."
        ),
        _(
            "Built again from the manifest and its rows with the same versions of libraries and fonts, the file is the same to the byte; with other "
            "versions its text and attachments are the same."
        ),
    ]


def _seal_words(material: Material) -> list[str]:
    """The newest seal when the report was written, and whether it covers what the report was read from."""
    seal, position = material.seal, material.as_of.position
    if seal is None:
        return [_("The ledger was not sealed yet when this report was built.")]
    named = _(
        "When this report was built, the newest seal over ledger and audit trail was seal %(number)s of %(moment)s. It covers everything "
        "up to position %(last)s; its digest is %(digest)s."
    )
    values = {
        "number": seal.number,
        "moment": moment(seal.sealed_at),
        "last": seal.last_position,
        "digest": seal.digest,
    }
    covered = _(
        "All that this report was read from is covered: it answers as of position %(position)s."
    )
    later = _(
        "This report answers as of position %(position)s: what came after the seal is covered by the next one."
    )
    words = covered if position <= seal.last_position else later
    kept = _(
        "The portal lists its seals in public. As long as it lists this one with this digest, and the check of the seals finds that it "
        "holds, nothing beneath it was altered."
    )
    return [named % values, words % {"position": position}, kept]


def write_figures(readings: Mapping[str, Reading]) -> Section:
    """Every figure of the report with its coverage and its address."""
    table = Table(
        key="figures",
        title=_("Figures of this report and their addresses"),
        columns=[Column(_("Figure")), Column(_("Value"), "figure"), Column(_("Address"))],
        rows=[
            Row([_labelled(key, reading), figure_cell(reading), reading.address])
            for key, reading in readings.items()
        ],
        dense=True,
    )
    return Section(
        key="figures",
        title=_("Figures and their addresses"),
        annex=True,
        blocks=[
            blocks.paragraphs(
                _(
                    "An address opens the figure in the portal, with its definition and the records it is made of. It answers the same for ever."
                )
            ),
            blocks.table(table),
        ],
        tables=[table],
    )


def _labelled(key: str, reading: Reading) -> str:
    narrower = key.partition("-")[2]
    return f"{reading.label}, {narrower}" if narrower else reading.label
