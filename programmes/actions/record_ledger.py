"""What a sheet says to the ledger: amounts as they now stand, and that records are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.accounts.models import User
from programmes.ledger.models import Milestone, MilestoneKind, Place, Posting, SubjectKind
from programmes.ledger.posting import post, record_milestone, reverse

REASON = "Stated in the sheet that was loaded."
CORRECTION = "The sheet that was loaded states otherwise."

_NOT_CELLS = {"id", "position", "posted_at", "reverses_id", "reason", "by"}
_CELLS = [f.attname for f in Posting._meta.concrete_fields if f.attname not in _NOT_CELLS]


def settle(wanted: Iterable[Posting], standing: Iterable[Posting], *, by: User | None) -> int:
    """Make the ledger say what `wanted` says, given what stands now; return the number of rows appended.

    What stands and is wanted stays; what stands and is not wanted is taken back; the rest is posted.
    """
    new: dict[tuple[Any, ...], list[Posting]] = defaultdict(list)
    for line in wanted:
        new[_cells(line)].append(line)
    stale = []
    for posting in standing:
        same = new.get(_cells(posting))
        if same:
            same.pop()
        else:
            stale.append(posting)
    lines = [line for same in new.values() for line in same]
    reversed_ = reverse(stale, by=by, reason=CORRECTION) if stale else []
    posted = post(lines, by=by, reason=REASON) if lines else []
    return len(reversed_) + len(posted)


def _cells(posting: Posting) -> tuple[Any, ...]:
    values = {name: getattr(posting, name) for name in _CELLS}
    if posting.place == Place.COUNTRY:
        # The ledger derives the region of a country when it posts.
        values["region"] = ""
    return tuple(values.values())


def make_known(
    subject_kind: SubjectKind, subjects: Mapping[str, Sequence[str]], *, by: User | None
) -> int:
    """Record that the portal knows these records, by programme; return the number of rows appended."""
    standing = Milestone.objects.filter(
        kind=MilestoneKind.RECORDED,
        subject_kind=subject_kind,
        subject__in=[code for codes in subjects.values() for code in codes],
        reverses=None,
        reversed_by=None,
    )
    known = set(standing.values_list("subject", flat=True))
    appended = 0
    for programme, codes in sorted(subjects.items()):
        new = [code for code in codes if code not in known]
        rows = (
            record_milestone(
                MilestoneKind.RECORDED, subject_kind, new, programme=programme, by=by, reason=REASON
            )
            if new
            else []
        )
        appended += len(rows)
    return appended
