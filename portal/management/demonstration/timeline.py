"""Telling the past in the order of its moments, so that positions and moments rise together.

A happening is something that an officer does through the portal's own actions, told at its moment. Between
happenings stand rows of projects that are appended to the ledger here: the database lets nobody but a
demonstration programme say that something was posted earlier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from portal.accounts.models import User
from portal.audit.moments import at_moment
from programmes.ledger.models import Milestone, Posting, Tag
from programmes.ledger.posting import post

LedgerRow = Posting | Milestone | Tag


@dataclass(frozen=True)
class Happening:
    """Something done at a moment. What it needs, it looks up when its time has come."""

    moment: datetime
    do: Callable[[], object]


@dataclass
class Timeline:
    """Happenings and ledger rows that wait to be told, each with the moment at which the portal learned of it."""

    told: list[Happening | LedgerRow] = field(default_factory=list)

    def happen(self, happenings: Iterable[Happening]) -> None:
        """Put what people do on the timeline."""
        self.told.extend(happenings)

    def add(self, moment: datetime, rows: Iterable[LedgerRow]) -> None:
        """Put rows on the timeline at one moment."""
        for row in rows:
            row.posted_at = moment
            self.told.append(row)

    def tell(self, people: Sequence[User]) -> None:
        """Do and append everything, earliest first; at one moment in the order in which it was put there.

        Runs in its caller's transaction. `people` are those in whose names rows are; others' rows have no name.
        """
        by_actor: dict[UUID | None, User] = {person.actor: person for person in people}
        for (kind, actor, _reverses), group in groupby(sorted(self.told, key=_place), key=_batch):
            if kind is Happening:
                _do(group)
            else:
                _append(kind, list(group), by_actor.get(actor))


# At one moment something is done first; then a record becomes known, what it touches, and its money.
_RANK: dict[type[Any], int] = {Happening: 0, Milestone: 1, Tag: 2, Posting: 3}


def _place(told: Happening | LedgerRow) -> tuple[datetime, int]:
    moment = told.moment if isinstance(told, Happening) else told.posted_at
    return moment, _RANK[type(told)]


def _batch(told: Happening | LedgerRow) -> tuple[type[Any], UUID | None, bool]:
    """Neighbours that may be appended together; a reversal waits until what it takes back is written."""
    if isinstance(told, Happening):
        return Happening, None, False
    return type(told), told.by, told.reverses is not None


def _do(happenings: Iterable[Any]) -> None:
    for happening in happenings:
        with at_moment(happening.moment):
            happening.do()


def _append(kind: type[Any], rows: Sequence[Any], by: User | None) -> None:
    if kind is Posting:
        post(rows, by=by)
    else:
        kind.objects.bulk_create(rows)
