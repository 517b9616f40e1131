"""Why a verb is refused: all reasons at once, each with the field that mends it."""

from __future__ import annotations

from collections.abc import Sequence

from programmes.completeness import Excess, Lack
from programmes.models import Commitment, Document, Programme


class Refused(Exception):
    """The verb cannot be done. `lacks` holds every reason. Nothing was changed."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__("; ".join(lack.text for lack in lacks))
        self.lacks = list(lacks)


class ReasonNeeded(Exception):
    """An indicative amount would be exceeded and no reason was given. Nothing was changed."""

    def __init__(self, excesses: Sequence[Excess]) -> None:
        super().__init__("; ".join(excess.text for excess in excesses))
        self.excesses = list(excesses)


class FourEyes(Exception):
    """Whoever approves changed the record, or a part of it, since it was last approved. Nothing was changed."""

    def __init__(self, record: Document | Commitment | Programme) -> None:
        super().__init__(record.code)
        self.record = record


class Stale(Exception):
    """Somebody changed the record since it was opened for editing. Nothing was changed.

    `who` is the name of the last person who did, empty where it is not known; `when` the moment in words.
    """

    def __init__(self, who: str, when: str) -> None:
        super().__init__(who)
        self.who, self.when = who, when
