"""The demonstration programme of a first look: some fifty projects, and all that officers did above them."""

from __future__ import annotations

from functools import partial

from portal.audit.trail import write_entry
from portal.files.store import all_or_nothing
from portal.management.demonstration.files import file_happenings
from portal.management.demonstration.money import Cell
from portal.management.demonstration.people import add_people, officers
from portal.management.demonstration.programme import (
    check_vocabulary,
    happenings,
    keys_of,
    script_for,
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
from portal.management.demonstration.stories import Story, stories
from portal.management.demonstration.timeline import Happening, Timeline
from programmes.ledger.models import Milestone, Posting, Tag
from programmes.models import Programme
from projects.models import Partner, Project, ProjectCountry, ProjectStrand

CODE = "DEMO"
PROJECTS = 50


@all_or_nothing()
def make_demonstration() -> int:
    """Make the demonstration's people and its programme, and return the number of records added; 0 on a second run.

    Raises `VocabularyMissing` before anything is written.
    """
    check_vocabulary()
    added = add_people()
    if Programme.objects.filter(code=CODE).exists():
        return added
    people = officers()
    script = script_for(CODE, PROJECTS, people)
    timeline = Timeline()
    timeline.happen(happenings(script, PROJECTS))
    timeline.happen(file_happenings(script))
    shelf = Shelf(script.plan, width=4, officers=(people[0].actor, people[1].actor))
    for story in stories(script.plan, PROJECTS):
        _put_story(timeline, story, shelf)
    timeline.tell(people)
    rows = _ledger_rows()
    write_entry(
        "seed_demo",
        by=None,
        record_kind="programme",
        record_code=CODE,
        new={"projects": PROJECTS, "ledger_rows": rows},
    )
    return added + 1 + PROJECTS + rows


def _ledger_rows() -> int:
    return sum(model.objects.filter(programme=CODE).count() for model in (Posting, Milestone, Tag))


def _put_story(timeline: Timeline, story: Story, shelf: Shelf) -> None:
    """Let a project be recorded at its birth, and put what the ledger is told of it around that."""
    for fact in story.facts:
        timeline.add(fact.moment, [Milestone(**milestone_row(story, fact, shelf))])
        if is_birth(fact):
            timeline.happen([Happening(fact.moment, partial(_add_project, story, shelf))])
            timeline.add(fact.moment, [Tag(**row) for row in tag_rows(story, shelf)])
    written: list[dict[Cell, Posting]] = []
    for booking in story.bookings:
        made = {cell: Posting(**row) for cell, row in posting_rows(story, booking, shelf)}
        if booking.takes_back is not None:
            for cell, row in made.items():
                row.reverses = written[booking.takes_back][cell]
        written.append(made)
        timeline.add(booking.moment, made.values())


def _add_project(story: Story, shelf: Shelf) -> None:
    keys = keys_of(shelf.plan)
    project = Project(**project_row(story, shelf, keys))
    project.full_clean()
    project.save()
    ProjectStrand.objects.bulk_create(
        ProjectStrand(project=project, **row) for row in strand_rows(story, keys)
    )
    ProjectCountry.objects.bulk_create(
        ProjectCountry(project=project, **row) for row in country_rows(story, keys)
    )
    Partner.objects.bulk_create(
        Partner(project=project, **row) for row in partner_rows(story, keys)
    )
