"""How many records the amounts of a matrix are summed from: each distinct in its cell, its row, its column and the whole.

Counts are never added to each other: a record with money in two cells is one record of the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.wording import NO_BREAK, number
from programmes.ledger.figures import Spread
from programmes.ledger.models import SubjectKind
from programmes.ledger.selection import REPORTED_FOR

# A row and a column; the empty one stands for all of them.
Spot = tuple[str, str]


@dataclass(frozen=True)
class Tally:
    """The records behind an amount: `n` of them, of which `elsewhere` have money outside its cell, row or column too.

    `loose` says that some of the amount hangs on no record of the kind.
    """

    n: int = 0
    elsewhere: int = 0
    loose: bool = False


def tallies(found: Iterable[Spread], spot: Callable[[Sequence[str]], Spot]) -> dict[Spot, Tally]:
    """The tally of each cell, row, column and of the whole. `spot` says in which cell the keys of a place lie."""
    inside: Counter[Spot] = Counter()
    beyond: Counter[Spot] = Counter()
    loose: set[Spot] = set()
    for spread in found:
        cells = {spot(place) for place in spread.places}
        lines = _lines(cells)
        if not spread.on_record:
            loose |= lines.keys()
            continue
        for line, others in lines.items():
            inside[line] += spread.n
            beyond[line] += spread.n if others else 0
    return {
        line: Tally(inside[line], beyond[line], line in loose) for line in inside.keys() | loose
    }


def _lines(cells: set[Spot]) -> Mapping[Spot, bool]:
    """Each cell with its row, its column and the whole, and whether any of the cells lies outside."""
    rows, columns = {row for row, _column in cells}, {column for _row, column in cells}
    return {
        **{cell: len(cells) > 1 for cell in cells},
        **{(row, ""): len(rows) > 1 for row in rows},
        **{("", column): len(columns) > 1 for column in columns},
        ("", ""): False,
    }


def words_of(tally: Tally, measure: str) -> str:
    """A tally in words: `3 projects, 1 also elsewhere`; and where an amount, or some of it, is on no record.

    Protected so that a narrow cell breaks it after the comma.
    """
    kind = REPORTED_FOR[measure]
    parts = [_counted(kind, tally.n)] if tally.n else []
    if tally.elsewhere:
        words = _("%(n)s also elsewhere") % {"n": number(tally.elsewhere)}
        parts.append(words.replace(" ", NO_BREAK))
    if tally.loose:
        parts.append(_partly_loose(kind) if tally.n else _loose(kind))
    return ", ".join(parts)


def _counted(kind: SubjectKind, n: int) -> str:
    words = {
        SubjectKind.PROJECT: ngettext("%(n)s project", "%(n)s projects", n),
        SubjectKind.WORK_PROGRAMME: ngettext("%(n)s work programme", "%(n)s work programmes", n),
        SubjectKind.INDICATIVE_PROGRAMME: ngettext(
            "%(n)s indicative programme", "%(n)s indicative programmes", n
        ),
    }
    return words[kind] % {"n": number(n)}


def _loose(kind: SubjectKind) -> str:
    return {
        SubjectKind.PROJECT: _("on no project"),
        SubjectKind.WORK_PROGRAMME: _("on no work programme"),
        SubjectKind.INDICATIVE_PROGRAMME: _("on no indicative programme"),
    }[kind]


def _partly_loose(kind: SubjectKind) -> str:
    return {
        SubjectKind.PROJECT: _("some on no project"),
        SubjectKind.WORK_PROGRAMME: _("some on no work programme"),
        SubjectKind.INDICATIVE_PROGRAMME: _("some on no indicative programme"),
    }[kind]
