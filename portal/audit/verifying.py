"""Checking the seals: every row is written down again and compared with what the seal kept of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.leaves import Stretch, leaves_of, read_leaves, stretches, write_plainly
from portal.audit.models import Seal, SealPage
from portal.audit.sealed import table_of
from portal.audit.sealing import NO_SEAL, digest_of


class Trouble(models.TextChoices):
    """What can be wrong beneath a seal. The sentence is filled with the number of the seal."""

    ALTERED = "altered", gettext_lazy("was altered")
    MISSING = "missing", gettext_lazy("is missing")
    INSERTED = "inserted", gettext_lazy("was put in afterwards")
    PAGES = "pages", gettext_lazy("Seal %(seal)s: the list that it keeps of its rows was altered.")
    BOTH = (
        "both",
        gettext_lazy(
            "Seal %(seal)s: rows were altered, and the list that it keeps of them too, so the rows cannot be named."
        ),
    )
    SEAL = "seal", gettext_lazy("Seal %(seal)s was itself altered.")
    CHAIN = (
        "chain",
        gettext_lazy(
            "Seal %(seal)s does not continue the seal before it: a seal was altered or taken away."
        ),
    )


@dataclass(frozen=True)
class Finding:
    """The first thing that is wrong beneath a seal; for a row its position and the number of its table."""

    trouble: str
    seal: int
    position: int | None = None
    table: int | None = None

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @property
    def words(self) -> str:
        """The finding as a sentence."""
        if self.position is None or self.table is None:
            return str(Trouble(self.trouble).label) % {"seal": self.seal}
        table = table_of(self.table)
        return _("Seal %(seal)s: %(row)s at position %(position)s %(trouble)s.") % {
            "seal": self.seal,
            "row": table.noun if table else _("row of an unknown table"),
            "position": self.position,
            "trouble": Trouble(self.trouble).label,
        }

    @property
    def about(self) -> str:
        """What the row says now. Empty where it is gone. Not for those who may not see every record."""
        table = table_of(self.table) if self.table else None
        return table.describe(self.position) if table and self.position is not None else ""


@dataclass(frozen=True)
class SealResult:
    """A seal that was checked; `findings` is empty where it holds."""

    seal: Seal
    findings: list[Finding]


def verify_seals() -> Iterator[SealResult]:
    """Check every seal, the first one first, each against its own text, the seal before and its rows.

    Reads every sealed row once; memory does not grow with their number.
    """
    before: Seal | None = None
    for seal in Seal.objects.order_by("number"):
        yield SealResult(seal, list(_findings(seal, before)))
        before = seal


def _findings(seal: Seal, before: Seal | None) -> Iterator[Finding]:
    if not _continues(seal, before):
        yield Finding(Trouble.CHAIN, seal.number)
    if digest_of(seal) != seal.digest:
        # What it says of its rows cannot be relied on.
        yield Finding(Trouble.SEAL, seal.number)
    elif wrong := _compare_rows(seal):
        yield wrong


def _continues(seal: Seal, before: Seal | None) -> bool:
    number, last, digest = (0, 0, NO_SEAL)
    if before:
        number, last, digest = before.number, before.last_position, before.digest
    following = (number + 1, last + 1, digest)
    return (seal.number, seal.first_position, seal.previous) == following


@transaction.atomic
def _compare_rows(seal: Seal) -> Finding | None:
    write_plainly()
    listed, found = hashlib.sha256(), hashlib.sha256()
    first: Finding | None = None
    for stretch in stretches(seal):
        kept, now = _page(seal, stretch), read_leaves(stretch, seal.form)
        listed.update(kept)
        found.update(now)
        if kept != now and first is None:
            first = _first_difference(seal, kept, now)
    if listed.hexdigest() == seal.content:
        return first
    trouble = Trouble.PAGES if found.hexdigest() == seal.content else Trouble.BOTH
    return Finding(trouble, seal.number)


def _page(seal: Seal, stretch: Stretch) -> bytes:
    page = SealPage.objects.filter(seal=seal, through=stretch.through)
    return bytes(page.values_list("leaves", flat=True).first() or b"")


def _first_difference(seal: Seal, kept: bytes, now: bytes) -> Finding:
    listed, found = Counter(leaves_of(kept)), Counter(leaves_of(now))
    gone = {(leaf.position, leaf.table) for leaf in listed - found}
    new = {(leaf.position, leaf.table) for leaf in found - listed}
    place = min(gone | new)
    trouble = Trouble.ALTERED
    if place not in new:
        trouble = Trouble.MISSING
    elif place not in gone:
        trouble = Trouble.INSERTED
    return Finding(trouble, seal.number, *place)
