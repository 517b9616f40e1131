"""Streaming stories into a database made for measuring, through COPY, with memory that does not grow.

The ledger's guards stay on: each row takes its position from the database, at the moment of loading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from portal.management.demonstration.money import Cell
from portal.management.demonstration.people import add_measuring_officers
from portal.management.demonstration.programme import happenings, keys_of, script_for
from portal.management.demonstration.rows import (
    Keys,
    Row,
    Shelf,
    country_rows,
    milestone_row,
    partner_rows,
    posting_rows,
    project_row,
    strand_rows,
    tag_rows,
)
from portal.management.demonstration.stories import Story, stories
from portal.management.demonstration.timeline import Timeline
from programmes.ledger.models import Milestone, Posting, Tag
from projects.models import Partner, Project, ProjectCountry, ProjectStrand

CODE = "SCALE"
BATCH = 1_000
# In the order of their foreign keys.
TABLES: tuple[type[models.Model], ...] = (
    Project,
    ProjectStrand,
    ProjectCountry,
    Partner,
    Milestone,
    Tag,
    Posting,
)
ModelRow = tuple[type[models.Model], Row]
SET_BY_DATABASE = frozenset({"position", "posted_at"})


@dataclass
class Progress:
    """How far the loading has come: projects, postings, and rows of every table."""

    projects: int = 0
    postings: int = 0
    rows: int = 0


@transaction.atomic
def fill(projects: int, lines_each: int, report: Callable[[Progress], None]) -> Progress:
    """Write so many invented projects with about `lines_each` postings for each on the whole, all or none.

    What stands above them is done by two officers made for it. Calls `report` after every thousand projects.
    Needs the strands and countries of the public record.
    """
    script = script_for(CODE, projects, add_measuring_officers())
    timeline = Timeline()
    timeline.happen(happenings(script, projects))
    timeline.tell(script.people)
    width = max(4, len(str(projects)))
    shelf = Shelf(script.plan, width=width, officers=(None, None))
    keys = keys_of(script.plan)
    free = _FreeKeys(projects=count(_next_key(Project)), postings=count(_next_key(Posting)))
    progress = Progress()
    with connection.cursor() as cursor:
        told = stories(script.plan, projects, lines_each)
        while batch := list(islice(told, BATCH)):
            _write(cursor, [_rows_of(story, shelf, keys, free) for story in batch], progress)
            report(progress)
        _move_sequences(cursor)
    return progress


@dataclass(frozen=True)
class _FreeKeys:
    """The next free primary keys of the tables whose rows other rows name."""

    projects: Iterator[int]
    postings: Iterator[int]


def _next_key(model: type[models.Model]) -> int:
    highest: int | None = model._default_manager.aggregate(highest=models.Max("pk"))["highest"]
    return (highest or 0) + 1


def _write(cursor: CursorWrapper, batch: Sequence[Iterator[ModelRow]], progress: Progress) -> None:
    """Copy the rows of some projects into all tables, and have what the database checks at the end checked now."""
    sheets: dict[type[models.Model], list[Row]] = {model: [] for model in TABLES}
    for model, row in chain.from_iterable(batch):
        sheets[model].append(row)
    for model, rows in sheets.items():
        _copy(cursor, model, rows)
        progress.rows += len(rows)
    progress.projects += len(batch)
    progress.postings += len(sheets[Posting])
    # Left to the end, a million checks would wait in the server's memory.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _rows_of(story: Story, shelf: Shelf, keys: Keys, free: _FreeKeys) -> Iterator[ModelRow]:
    key = next(free.projects)
    yield Project, {"id": key, **project_row(story, shelf, keys)}
    for model, rows in (
        (ProjectStrand, strand_rows(story, keys)),
        (ProjectCountry, country_rows(story, keys)),
        (Partner, partner_rows(story, keys)),
    ):
        for row in rows:
            yield model, {"project_id": key, **row}
    for fact in story.facts:
        yield Milestone, milestone_row(story, fact, shelf)
    for row in tag_rows(story, shelf):
        yield Tag, row
    for row in _postings(story, shelf, free):
        yield Posting, row


def _postings(story: Story, shelf: Shelf, free: _FreeKeys) -> Iterator[Row]:
    written: list[dict[Cell, int]] = []
    for booking in story.bookings:
        keys: dict[Cell, int] = {}
        reversed_keys = {} if booking.takes_back is None else written[booking.takes_back]
        for cell, row in posting_rows(story, booking, shelf):
            keys[cell] = next(free.postings)
            yield {"id": keys[cell], "reverses_id": reversed_keys.get(cell), **row}
        written.append(keys)


def _copy(cursor: CursorWrapper, model: type[models.Model], rows: Sequence[Row]) -> None:
    """Stream rows into one table; columns that a row leaves out have the model's default."""
    if not rows:
        return
    given = [
        field
        for field in model._meta.concrete_fields
        if field.attname not in SET_BY_DATABASE and (not field.primary_key or "id" in rows[0])
    ]
    defaults = {field.attname: field.get_default() for field in given}
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in given)
    with cursor.copy(f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row.get(name, default) for name, default in defaults.items()])


def _move_sequences(cursor: CursorWrapper) -> None:
    """Let the next row of each table whose keys were given come after them."""
    for model in (Project, Posting):
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        )
