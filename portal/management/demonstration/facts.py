"""The dated facts of invented projects that are not money: signed, baseline, target, reports, closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.management.demonstration.contracts import HORIZON, Fate, Terms
from portal.management.demonstration.money import moment_after
from programmes.ledger.models import MilestoneKind


@dataclass(frozen=True)
class Fact:
    """A milestone of a project, its day where it has one, and the moment at which the portal learned of it."""

    kind: MilestoneKind
    on: date | None
    moment: datetime


def facts_of(terms: Terms) -> list[Fact]:
    """The milestones of a project up to the horizon, in the order of their moments."""
    recorded = terms.slot.decided if terms.fate == Fate.PREPARED else terms.signed
    known = moment_after(recorded, terms.number)
    dated = [
        Fact(kind, on, moment_after(on, terms.number)) for kind, on in _dated(terms) if on < HORIZON
    ]
    return [
        Fact(MilestoneKind.RECORDED, None, known),
        *sorted(dated, key=lambda fact: fact.moment),
    ]


def _dated(terms: Terms) -> Iterator[tuple[MilestoneKind, date]]:
    if terms.fate in {Fate.PREPARED, Fate.INHERITED}:
        return
    yield MilestoneKind.CONTRACT_SIGNED, terms.signed
    if terms.number % 5:
        yield MilestoneKind.BASELINE_SET, terms.start + timedelta(days=90)
    if terms.number % 4:
        yield MilestoneKind.TARGET_SET, terms.start + timedelta(days=100)
    if terms.fate == Fate.COMPLETE:
        yield from _closing(terms)


def _closing(terms: Terms) -> Iterator[tuple[MilestoneKind, date]]:
    if terms.number % 3:
        yield MilestoneKind.EVIDENCE_ACCEPTED, terms.closed - timedelta(days=10)
    if terms.number % 8 != 1:
        yield MilestoneKind.FINAL_REPORT_ACCEPTED, terms.closed
    yield MilestoneKind.CLOSED, terms.closed + timedelta(days=20)
