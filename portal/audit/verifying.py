"""Checking the seals: every row is written down again and compared with what the seal kept of it.

The seals themselves are compared with what was printed of them (`portal.audit.heads`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.heads import PublishedHead, published_heads
from portal.audit.leaves import (
    Stretch,
    is_readable,
    leaves_of,
    read_leaves,
    stretches,
    write_plainly,
)
from portal.audit.models import Seal, SealPage
from portal.audit.sealed import table_of
from portal.audit.sealing import NO_SEAL, digest_of
from portal.audit.words import kind_words


class Trouble(models.TextChoices):
    """What can be wrong beneath a seal. The sentence is filled with the number of the seal."""

    ALTERED = "altered", gettext_lazy("was altered")
    MISSING = "missing", gettext_lazy("is missing")
    INSERTED = "inserted", gettext_lazy("was put in afterwards")
    PAGE = (
        "page",
        gettext_lazy(
            "Seal %(seal)s: the page of its list that goes up to position %(position)s cannot be read."
        ),
    )
    PAGES = (
        "pages",
        gettext_lazy(
            "Seal %(seal)s: the list that it keeps of its rows was altered; the rows are as they were sealed."
        ),
    )
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
    GONE = "gone", gettext_lazy("Seal %(seal)s is gone: it is known from elsewhere.")
    EXCHANGED = (
        "exchanged",
        gettext_lazy("Seal %(seal)s was exchanged: another digest of it is known from elsewhere."),
    )
    BROKEN_OFF = (
        "broken_off",
        gettext_lazy(
            "The check broke off before it was through, after %(seal)s seals. The log of the portal says why."
        ),
    )


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with a seal, or the first thing that is wrong beneath it.

    For a row its position and the number of its table; for a page of leaves the position it goes up to; for a
    seal that is known from elsewhere the record that names it. For a check that broke off, `seal` is how many
    seals it had seen.
    """

    trouble: str
    seal: int
    position: int | None = None
    table: int | None = None
    kind: str = ""
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is known, from which `Finding(**data)` is made again."""
        return {name: value for name, value in vars(self).items() if value not in (None, "")}

    @property
    def words(self) -> str:
        """The finding as a sentence."""
        if self.position is None or self.table is None:
            return str(Trouble(self.trouble).label) % vars(self)
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

    @property
    def in_full(self) -> str:
        """The sentence, and what the row says now or which record names the seal. Not for everybody either."""
        more = ""
        if self.kind:
            record = f"{kind_words(self.kind)} {self.code}"
            more = _("It was named in: %(record)s.") % {"record": record}
        elif about := self.about:
            more = _("It says now: %(row)s.") % {"row": about}
        return f"{self.words} {more}".strip()


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


def compare_heads(named: Iterable[PublishedHead] = ()) -> list[Finding]:
    """What is wrong with the seals that reports and earlier checks name, and with those `named` by hand.

    One finding for each seal, in their order.
    """
    # Read before the seals: a report may be written meanwhile that names a new one.
    heads = [*named, *published_heads()]
    digests = dict(Seal.objects.values_list("number", "digest"))
    wrong: dict[int, Finding] = {}
    for head in heads:
        digest = digests.get(head.number)
        if digest is None or head.digest not in ("", digest):
            trouble = Trouble.GONE if digest is None else Trouble.EXCHANGED
            finding = Finding(trouble, head.number, kind=head.kind, code=head.code)
            wrong.setdefault(head.number, finding)
    return [wrong[number] for number in sorted(wrong)]


def _findings(seal: Seal, before: Seal | None) -> Iterator[Finding]:
    if not _continues(seal, before):
        yield Finding(Trouble.CHAIN, seal.number)
    if digest_of(seal) != seal.digest:
        # What it says of its rows cannot be relied on.
        yield Finding(Trouble.SEAL, seal.number)
    else:
        yield from _compare_rows(seal)


def _continues(seal: Seal, before: Seal | None) -> bool:
    number, last, digest = (0, 0, NO_SEAL)
    if before:
        number, last, digest = before.number, before.last_position, before.digest
    following = (number + 1, last + 1, digest)
    return (seal.number, seal.first_position, seal.previous) == following


@transaction.atomic
def _compare_rows(seal: Seal) -> list[Finding]:
    write_plainly()
    listed, found = hashlib.sha256(), hashlib.sha256()
    unreadable: list[Finding] = []
    first: tuple[bytes, bytes] | None = None
    for stretch in stretches(seal):
        kept, now = _page(seal, stretch), read_leaves(stretch, seal.form)
        listed.update(kept)
        found.update(now)
        if not unreadable and not is_readable(kept, stretch):
            unreadable = [Finding(Trouble.PAGE, seal.number, stretch.through)]
        if first is None and kept != now:
            first = kept, now
    # Only a list that the seal vouches for can tell which row differs.
    if listed.hexdigest() == seal.content and not unreadable:
        return [_first_difference(seal, *first)] if first else []
    trouble = Trouble.PAGES if found.hexdigest() == seal.content else Trouble.BOTH
    return [*unreadable, Finding(trouble, seal.number)]


def _page(seal: Seal, stretch: Stretch) -> bytes:
    page = SealPage.objects.filter(seal=seal, through=stretch.through)
    return bytes(page.values_list("leaves", flat=True).first() or b"")


def _first_difference(seal: Seal, kept: bytes, now: bytes) -> Finding:
    listed, found = Counter(leaves_of(kept)), Counter(leaves_of(now))
    gone = {(leaf.position, leaf.table) for leaf in listed - found}
    new = {(leaf.position, leaf.table) for leaf in found - listed}
    if not gone | new:
        # The same leaves in an order in which no seal keeps them.
        return Finding(Trouble.PAGES, seal.number)
    place = min(gone | new)
    trouble = Trouble.ALTERED
    if place not in new:
        trouble = Trouble.MISSING
    elif place not in gone:
        trouble = Trouble.INSERTED
    return Finding(trouble, seal.number, *place)
