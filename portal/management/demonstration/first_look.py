"""The demonstration programme of a first look: some fifty projects, written through the ledger's own door."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from portal.audit.trail import write_entry
from portal.management.demonstration.budget import budget_rows, known_call
from portal.management.demonstration.calls import known_moments
from portal.management.demonstration.cascade import Amounts, amounts_for
from portal.management.demonstration.money import Cell
from portal.management.demonstration.people import add_people, officers
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.programme import (
    add_programme,
    awarded_by_call,
    check_vocabulary,
    keys_of,
)
from portal.management.demonstration.rows import (
    Shelf,
    country_rows,
    is_birth,
    milestone_row,
    partner_rows,
    posting_rows,
    project_row,
    strand_rows,
    tag_rows,
)
from portal.management.demonstration.stories import Story, needed_commitments, stories
from portal.management.demonstration.timeline import Timeline
from programmes.ledger.models import Milestone, Posting, Tag
from programmes.models import Programme
from projects.models import Partner, Project, ProjectCountry, ProjectStrand

CODE = "DEMO"
PROJECTS = 50


@transaction.atomic
def make_demonstration() -> int:
    """Make the demonstration's people and its programme, and return the number of records added; 0 on a second run.

    Raises `VocabularyMissing` before anything is written.
    """
    check_vocabulary()
    added = add_people()
    if Programme.objects.filter(code=CODE).exists():
        return added
    plan, people = Plan(CODE), officers()
    needed = needed_commitments(plan, PROJECTS)
    amounts = amounts_for(plan, needed)
    programme = add_programme(plan, amounts, awarded_by_call(plan, PROJECTS))
    actors = people[0].actor, people[1].actor
    shelf = Shelf(plan, keys_of(programme), width=4, officers=actors)
    told = list(stories(plan, PROJECTS))
    for story in told:
        _add_project(story, shelf)
    rows = _timeline(told, shelf, amounts, needed).write(people)
    write_entry(
        "seed_demo",
        by=None,
        record_kind="programme",
        record_code=CODE,
        new={"projects": PROJECTS, "ledger_rows": rows},
    )
    return added + 1 + PROJECTS + rows


def _add_project(story: Story, shelf: Shelf) -> None:
    project = Project(**project_row(story, shelf))
    project.full_clean()
    project.save()
    ProjectStrand.objects.bulk_create(
        ProjectStrand(project=project, **row) for row in strand_rows(story, shelf)
    )
    ProjectCountry.objects.bulk_create(
        ProjectCountry(project=project, **row) for row in country_rows(story, shelf)
    )
    Partner.objects.bulk_create(
        Partner(project=project, **row) for row in partner_rows(story, shelf)
    )


def _timeline(told: Sequence[Story], shelf: Shelf, amounts: Amounts, needed: Amounts) -> Timeline:
    timeline = Timeline()
    adopter = shelf.officers[1]
    for moment, rows in budget_rows(shelf.plan, amounts, needed, adopter):
        timeline.add(moment, rows)
    for call, moment in known_moments():
        timeline.add(moment, [known_call(shelf.plan, shelf.plan.call(call.name), adopter)])
    for story in told:
        _add_story(timeline, story, shelf)
    return timeline


def _add_story(timeline: Timeline, story: Story, shelf: Shelf) -> None:
    for fact in story.facts:
        timeline.add(fact.moment, [Milestone(**milestone_row(story, fact, shelf))])
        if is_birth(fact):
            timeline.add(fact.moment, [Tag(**row) for row in tag_rows(story, shelf)])
    written: list[dict[Cell, Posting]] = []
    for booking in story.bookings:
        made = {cell: Posting(**row) for cell, row in posting_rows(story, booking, shelf)}
        if booking.takes_back is not None:
            for cell, row in made.items():
                row.reverses = written[booking.takes_back][cell]
        written.append(made)
        timeline.add(booking.moment, made.values())
