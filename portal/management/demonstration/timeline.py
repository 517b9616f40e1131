"""Writing things into the ledger in the order of their moments, so that positions and moments rise together.

Milestones and tags of the past are appended here and not by `posting`, which only knows the present: the
database lets nobody but a demonstration programme say that something was posted earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from portal.accounts.models import User
from programmes.ledger.models import Milestone, Posting, Tag
from programmes.ledger.posting import post

LedgerRow = Posting | Milestone | Tag
# At one moment a record becomes known first, then what it touches, then its money.
_RANK: dict[type[LedgerRow], int] = {Milestone: 0, Tag: 1, Posting: 2}


@dataclass
class Timeline:
    """Rows that wait to be written, each with the moment at which the portal learned of it."""

    rows: list[LedgerRow] = field(default_factory=list)

    def add(self, moment: datetime, rows: Iterable[LedgerRow]) -> None:
        """Put rows on the timeline at one moment."""
        for row in rows:
            row.posted_at = moment
            self.rows.append(row)

    def write(self, people: Sequence[User]) -> int:
        """Append all rows to the ledger, earliest first, and return how many.

        Runs in its caller's transaction. `people` are those in whose names rows are; others' rows have no name.
        """
        by_actor: dict[UUID | None, User] = {person.actor: person for person in people}
        ordered = sorted(self.rows, key=lambda row: (row.posted_at, _RANK[type(row)]))
        for (kind, actor, _reverses), group in groupby(ordered, key=_batch):
            _append(kind, list(group), by_actor.get(actor))
        return len(ordered)


def _batch(row: LedgerRow) -> tuple[type[LedgerRow], UUID | None, bool]:
    """Neighbours that may be appended together; a reversal waits until what it takes back is written."""
    return type(row), row.by, row.reverses is not None


def _append(kind: type[LedgerRow], rows: list[LedgerRow], by: User | None) -> None:
    if kind is Posting:
        post([row for row in rows if isinstance(row, Posting)], by=by)
    elif kind is Milestone:
        Milestone.objects.bulk_create([row for row in rows if isinstance(row, Milestone)])
    else:
        Tag.objects.bulk_create([row for row in rows if isinstance(row, Tag)])
