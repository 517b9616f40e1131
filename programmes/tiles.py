"""Figures and counts as pages show them: the value, its address, its coverage, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.records import Attribution
from portal.wording import money, number
from programmes.ledger import counts, figures
from programmes.ledger.counts import CountFigure, CountMeasure
from programmes.ledger.figures import Figure, Part
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope

Tile = dict[str, Any]


def money_tiles(measures: Sequence[str], scope: Scope, as_of: AsOf) -> list[Tile]:
    """One tile for each measure of a question, in the order given."""
    return [money_tile(figures.value(measure, scope, as_of)) for measure in measures]


def money_tile(figure: Figure) -> Tile:
    """A figure of money: none reported is "not reported", some is "n of m reported", never a bare number."""
    tile: Tile = {
        "label": Measure(figure.measure).label,
        "value": figure.total,
        "url": figure.address,
        "notes": _notes(figure),
    }
    if figure.recorded:
        return tile | {"reported": figure.reported, "total": figure.recorded}
    return tile | {"coverage": _("no record that could report it")}


def _notes(figure: Figure) -> list[str]:
    beside = [
        (figure.share_unknown, _("also touching this, share unknown: %(n)s, %(sum)s")),
        (figure.not_attributable, _("not attributable: %(n)s, %(sum)s")),
        (figure.undated, _("undated: %(n)s, %(sum)s")),
        (figure.indivisible, _("not divisible by year: %(n)s, %(sum)s")),
    ]
    notes = [text % _part(part) for part, text in beside if part.postings]
    doubtful = (Attribution.INFERRED, Attribution.UNCERTAIN)
    of_which = [_of_which(kind, figure) for kind in doubtful if kind in figure.by_attribution]
    return notes + of_which


def _part(part: Part) -> dict[str, str]:
    records = ngettext("%(count)s record", "%(count)s records", part.records)
    return {"n": records % {"count": number(part.records)}, "sum": money(part.amount)}


def _of_which(kind: Attribution, figure: Figure) -> str:
    texts = {
        Attribution.INFERRED: _("of which attribution inferred: %(sum)s"),
        Attribution.UNCERTAIN: _("of which attribution uncertain: %(sum)s"),
    }
    return texts[kind] % {"sum": money(figure.by_attribution[kind])}


def count_tiles(measures: Sequence[CountMeasure], scope: Scope, as_of: AsOf) -> list[Tile]:
    """One tile for each count of a question, in the order given."""
    return [count_tile(measure, scope, as_of) for measure in measures]


def count_tile(measure: CountMeasure, scope: Scope, as_of: AsOf) -> Tile:
    """A count of distinct records, with how many of them also touch other strands or places.

    Facts that nobody reported of any record are "not reported", not 0.
    """
    counted = counts.count(measure, scope, as_of)
    tile: Tile = {
        "label": measure.label,
        "value": counted.total,
        "kind": "count",
        "url": counted.address,
        "notes": _count_notes(counted),
    }
    if measure in KNOWN_OF_ALL:
        return tile
    return tile | {
        "value": counted.total or None,
        "reported": counted.total,
        "total": counted.recorded,
    }


# Counts of the records that the portal knows: there 0 is a number. The others count reported facts.
KNOWN_OF_ALL = (CountMeasure.PROJECTS, CountMeasure.CALLS)


def _count_notes(counted: CountFigure) -> list[str]:
    notes = []
    if counted.elsewhere:
        notes.append(_("of which %(n)s also elsewhere") % {"n": number(counted.elsewhere)})
    if counted.undated:
        notes.append(_("%(n)s undated") % {"n": number(counted.undated)})
    return notes
