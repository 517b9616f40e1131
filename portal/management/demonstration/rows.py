"""A story as rows of the database's tables: what is written in fifty and in a million alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from portal.management.demonstration.contracts import Fate
from portal.management.demonstration.facts import Fact
from portal.management.demonstration.money import UNDIVIDED, Booking, Cell
from portal.management.demonstration.places import AREA_OF
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.stories import Story
from portal.management.demonstration.words import ORGANISATIONS
from portal.records import Attribution
from programmes.ledger.models import Dimension, MilestoneKind, Place, SubjectKind

Row = dict[str, Any]
SOURCE = "Invented for demonstration"


@dataclass(frozen=True)
class Keys:
    """Primary keys of what stories hang on, by code; organisations by their place in the list."""

    programme: int
    work_programmes: Mapping[str, int]
    actions: Mapping[str, int]
    calls: Mapping[str, int]
    strands: Mapping[str, int]
    countries: Mapping[str, int]
    organisations: Mapping[int, int]


@dataclass(frozen=True)
class Shelf:
    """Where stories are written: the plan they follow, and who posts.

    `width` is the number of digits in a project's code.
    """

    plan: Plan
    width: int
    officers: tuple[UUID | None, UUID | None]

    def code(self, story: Story) -> str:
        return f"{self.plan.code}-{story.terms.number:0{self.width}d}"

    def officer(self, story: Story) -> UUID | None:
        return self.officers[story.terms.number % 2]


def project_row(story: Story, shelf: Shelf, keys: Keys) -> Row:
    """The project's own row."""
    start, end = story.dates
    contribution = story.contribution
    return {
        "code": shelf.code(story),
        "programme_id": keys.programme,
        **_origin(story, shelf, keys),
        "title": story.title,
        "summary": story.summary,
        "award_type": str(story.award_type),
        "attribution": _attribution(story).value,
        "status": story.status.value,
        "start": start,
        "end": end,
        "eu_contribution": contribution,
        "total_cost": None if contribution is None else _total_cost(contribution, story),
        "lead_id": keys.organisations[story.lead],
        "restricted": story.terms.is_shelter,
        "restricted_reason": SHELTER_REASON if story.terms.is_shelter else "",
        "source": SOURCE,
    }


SHELTER_REASON = "Runs a shelter: its name and place would help those who pursue its guests."


def _origin(story: Story, shelf: Shelf, keys: Keys) -> Row:
    """Where a project comes from and its reference; of an inherited one nothing is known."""
    if story.terms.fate == Fate.INHERITED:
        return {"call_id": None, "work_programme_id": None, "action_id": None, "reference": ""}
    slot = story.terms.slot
    return {
        "call_id": keys.calls[slot.call] if slot.call else None,
        "work_programme_id": keys.work_programmes[slot.work_programme],
        "action_id": keys.actions[slot.action.code],
        "reference": f"{shelf.plan.code}/{slot.budget_year}/{story.terms.number}",
    }


def _attribution(story: Story) -> Attribution:
    inherited = story.terms.fate == Fate.INHERITED
    return Attribution.INFERRED if inherited else Attribution.EXPLICIT


def _total_cost(contribution: Decimal, story: Story) -> Decimal:
    return (contribution * 100 / story.terms.cofinancing).quantize(Decimal("0.01"))


def strand_rows(story: Story, keys: Keys) -> Iterator[Row]:
    """The strands it touches, the first of them its main one; without shares none is known to be main."""
    for place, (code, share) in enumerate(story.strands.items()):
        main = place == 0 and share is not None
        yield {"strand_id": keys.strands[code], "main": main, "share": share}


def country_rows(story: Story, keys: Keys) -> Iterator[Row]:
    """The countries it takes place in."""
    for code, share in story.countries.items():
        yield {"country_id": keys.countries[code], "share": share}


def partner_rows(story: Story, keys: Keys) -> Iterator[Row]:
    """Who takes part beside the lead."""
    for order, (name, place) in enumerate(story.partners, start=1):
        linked = None if place is None else keys.organisations[place]
        yield {"name": name, "organisation_id": linked, "order": order}


def organisation_rows(shelf_code: str, countries: Mapping[str, int]) -> Iterator[Row]:
    """The invented organisations, in the order of their list."""
    for place, (name, kind, country) in enumerate(ORGANISATIONS, start=1):
        yield {
            "code": f"{shelf_code}-ORG-{place}",
            "name": name,
            "kind": kind.value,
            "country_id": countries[country] if country else None,
            "source": SOURCE,
        }


def posting_rows(story: Story, booking: Booking, shelf: Shelf) -> Iterator[tuple[Cell, Row]]:
    """One row for each part of a booking, with its cell."""
    shared: Row = {
        "programme": shelf.plan.code,
        "measure": booking.measure.value,
        "value_date": booking.on,
        "event": booking.event,
        "reason": booking.reason,
        "project": shelf.code(story),
        "attribution": _attribution(story).value,
        "by": shelf.officer(story),
        **_cascade(story),
    }
    for cell, part in booking.parts.items():
        strand, country = cell
        place = Place.SEVERAL if cell == UNDIVIDED else Place.COUNTRY
        region = AREA_OF[country] if country else ""
        where = {"strand": strand, "country": country, "place": place.value, "region": region}
        yield cell, {**shared, **where, "amount": part}


def _cascade(story: Story) -> Row:
    """The codes above a project, which its money carries."""
    if story.terms.fate == Fate.INHERITED:
        return {}
    slot = story.terms.slot
    return {
        "budget_year": slot.budget_year,
        "indicative_programme": slot.indicative_programme,
        "work_programme": slot.work_programme,
        "action": slot.action.code,
        "commitment": slot.commitment,
        "call": slot.call,
        "lot": slot.lot,
    }


def milestone_row(story: Story, fact: Fact, shelf: Shelf) -> Row:
    """The row of one fact."""
    return {
        **_subject(story, shelf),
        "kind": fact.kind.value,
        "happened_on": fact.on,
    }


def tag_rows(story: Story, shelf: Shelf) -> Iterator[Row]:
    """A tag for each strand and country that a project touches."""
    subject = _subject(story, shelf)
    for strand in story.strands:
        yield {**subject, "dimension": Dimension.STRAND.value, "key": strand}
    for country in story.countries:
        place = {"key": country, "region": AREA_OF[country]}
        yield {**subject, "dimension": Dimension.COUNTRY.value, **place}


def _subject(story: Story, shelf: Shelf) -> Row:
    return {
        "subject_kind": SubjectKind.PROJECT.value,
        "subject": shelf.code(story),
        "programme": shelf.plan.code,
        "by": shelf.officer(story),
    }


def is_birth(fact: Fact) -> bool:
    """Whether a fact is the one by which the portal first knew the project."""
    return fact.kind == MilestoneKind.RECORDED
