"""Which of the amounts that sources state set an envelope, and how an envelope divides into its leaves.

Stated amounts overlap: a region lies within a total, one year within three. The ledger takes leaves only,
so that a sum never holds a total and its parts: each part, and what is left of the total as not attributed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Stated:
    """An amount as a source states it. `row` says where, for a refusal."""

    row: int
    about: str
    programme: str
    first: int
    last: int
    dimension: str
    key: str
    amount: Decimal
    kind: str
    recalled: bool = False

    def holds(self, other: Stated) -> bool:
        """Whether the years of the other lie within these and are fewer."""
        return (
            self.first <= other.first
            and other.last <= self.last
            and (self.first, self.last) != (other.first, other.last)
        )


@dataclass(frozen=True)
class Envelope:
    """A leaf: an amount for some years, of an indicative programme or of the budget itself, in a region or none.

    `about` is the code of the record whose amount was stated; `recalled` says that it is general knowledge.
    """

    amount: Decimal
    programme: str
    about: str
    first: int
    last: int
    indicative_programme: str = ""
    region: str = ""
    recalled: bool = False


class EnvelopeRefused(ValueError):
    """Parts add up to more than their whole. `row` is that of the whole."""

    def __init__(self, row: int) -> None:
        super().__init__(_("The parts of this amount add up to more than the amount."))
        self.row = row


def envelopes(
    stated: Iterable[Stated], indicative_programmes: Mapping[str, str]
) -> Iterator[Envelope]:
    """The leaves of every envelope among these amounts.

    An indicative programme sets an envelope by an amount of the kind `indicative`, whole or by region.
    Where a programme has no indicative programme, its budget does: amounts of the kind `budget`. Anything
    announced, estimated or identified sets none. `indicative_programmes` gives each one's programme, by code.
    """
    rows = list(stated)
    for code in indicative_programmes:
        yield from _of_indicative_programme(code, [row for row in rows if row.about == code])
    programmed = set(indicative_programmes.values())
    for programme in sorted({row.programme for row in rows} - programmed):
        yield from _of_budget([row for row in rows if row.programme == programme])


def _of_indicative_programme(code: str, rows: Collection[Stated]) -> Iterator[Envelope]:
    indicative = [row for row in rows if row.kind == "indicative"]
    parts = [row for row in indicative if row.dimension == "region"]
    leaves = [replace(_leaf(row), indicative_programme=code, region=row.key) for row in parts]
    yield from leaves
    for whole in indicative:
        if whole.dimension == "total":
            rest = replace(_leaf(whole), indicative_programme=code)
            yield from _remainder(whole, rest, parts)


def _of_budget(rows: Collection[Stated]) -> Iterator[Envelope]:
    budget = [row for row in rows if row.kind == "budget" and row.dimension == "total"]
    for row in budget:
        within = [part for part in budget if row.holds(part)]
        parts = [part for part in within if not any(other.holds(part) for other in within)]
        yield from _remainder(row, _leaf(row), parts)


def _remainder(whole: Stated, leaf: Envelope, parts: Collection[Stated]) -> Iterator[Envelope]:
    rest = whole.amount - sum(part.amount for part in parts)
    if rest < 0:
        raise EnvelopeRefused(whole.row)
    if rest:
        yield replace(leaf, amount=rest)


def _leaf(row: Stated) -> Envelope:
    return Envelope(
        row.amount, row.programme, row.about, row.first, row.last, recalled=row.recalled
    )
