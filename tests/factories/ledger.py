"""What the ledger knows of a record: milestones, tags and postings, as the actions would write them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from programmes.ledger.models import Measure, MilestoneKind, Place, Posting, SubjectKind
from programmes.ledger.posting import Touches, post, record_milestone, tag


def know(kind: SubjectKind, *codes: str, programme: str = "TPMA") -> None:
    """The portal knows of these records."""
    record_milestone(MilestoneKind.RECORDED, kind, codes, programme=programme, by=None)


def post_line(measure: Measure, amount: str, *, programme: str = "TPMA", **cells) -> None:
    """One amount of one measure."""
    if "country" in cells:
        cells.setdefault("place", Place.COUNTRY)
    line = Posting(
        measure=measure, amount=Decimal(amount), programme=programme, event="as stated", **cells
    )
    post([line], by=None)


def know_project(
    code: str,
    *,
    programme: str = "TPMA",
    strands: Sequence[str] = (),
    countries: Sequence[str] = (),
    contracted: str = "",
    **cells,
) -> None:
    """The portal knows of a project, what it touches, and perhaps what was contracted, undivided unless cells say."""
    know(SubjectKind.PROJECT, code, programme=programme)
    tag(
        SubjectKind.PROJECT,
        {code: Touches(strands, countries)},
        programme=programme,
        by=None,
    )
    if contracted:
        if len(strands) == 1:
            cells.setdefault("strand", strands[0])
        if len(countries) == 1:
            cells.setdefault("country", countries[0])
        elif countries:
            cells.setdefault("place", Place.SEVERAL)
        post_line(Measure.CONTRACTED, contracted, programme=programme, project=code, **cells)
