"""Opening a figure: the records it is made of, as far as a viewer may see them, and one line for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import models

from calls.models import Call
from evaluation.figures import NOT_REPORTED, not_reporting
from portal.accounts.people import Viewer
from portal.pages import read_page
from programmes.ledger import codes, counts, figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Posting, SubjectKind
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.selection import REPORTED_FOR, Bucket
from programmes.models import Document
from projects.models import Project

BATCH = 1_000
Rows = models.QuerySet[Any, dict[str, Any]]


@dataclass(frozen=True)
class Opened:
    """One record in a figure: what it adds (EUR), from how many postings, or when a counted fact happened.

    An empty `code` stands for amounts that hang on no record of the kind. `title` and `url` are empty then.
    """

    code: str
    title: str
    url: str
    amount: Decimal | None = None
    postings: int = 0
    on: date | None = None


@dataclass(frozen=True)
class Withheld:
    """The records that a viewer may not see: how many, and what they add together."""

    records: int
    amount: Decimal


@dataclass(frozen=True)
class OpenedPage:
    """Some records of a figure, and the keys of the records after and before them."""

    records: list[Opened]
    after: str | None
    before: str | None


def kind_of(measure: str) -> SubjectKind:
    """Which kind of record a measure is made of."""
    if measure in CountMeasure.values:
        return counts.counted_kind(measure)
    return REPORTED_FOR[measure]


def rows_of(measure: str, scope: Scope, as_of: AsOf, part: str = Bucket.INSIDE) -> Rows:
    """Rows `record` (its code) with `amount` and `n`, or `on`: what a figure, or a part beside it, opens."""
    if measure in CountMeasure.values:
        return counts.counted_records(measure, scope, as_of)
    if part == NOT_REPORTED:
        return not_reporting(measure, scope, as_of)
    return figures.by_record(measure, scope, as_of, Bucket(part))


def _hidden(kind: SubjectKind, viewer: Viewer) -> models.QuerySet[Any, Any]:
    """Codes of the records of a kind that a viewer may not see."""
    homes: Mapping[str, Any] = {
        SubjectKind.PROJECT: Project.objects,
        SubjectKind.CALL: Call.objects,
        SubjectKind.WORK_PROGRAMME: Document.objects,
        SubjectKind.INDICATIVE_PROGRAMME: Document.objects,
    }
    home = homes[kind]
    rows: models.QuerySet[Any, Any] = home.exclude(pk__in=home.visible_to(viewer).values("pk"))
    return rows.values("code")


def withheld(measure: str, rows: Rows, viewer: Viewer) -> Withheld:
    """How many of the rows are withheld from a viewer, and their sum."""
    amounts = [
        row.get("amount") or Decimal("0.00")
        for row in rows.filter(record__in=_hidden(kind_of(measure), viewer))
    ]
    return Withheld(len(amounts), sum(amounts, Decimal("0.00")))


def open_page(
    measure: str, rows: Rows, viewer: Viewer, *, after: str | None, before: str | None
) -> OpenedPage:
    """A page of the records that a viewer may see, by code."""
    seen = rows.exclude(record__in=_hidden(kind_of(measure), viewer))
    page = read_page(seen, ["record"], after=after, before=before)
    return OpenedPage(_described(measure, page.rows, viewer), page.after, page.before)


def open_all(measure: str, rows: Rows, viewer: Viewer) -> Iterator[Opened]:
    """Every record that a viewer may see, by code, read in batches."""
    found = rows.exclude(record__in=_hidden(kind_of(measure), viewer)).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield from _described(measure, batch, viewer)


def _described(measure: str, rows: Iterable[Mapping[str, Any]], viewer: Viewer) -> list[Opened]:
    rows = list(rows)
    names = codes.describe(kind_of(measure).value, [row["record"] for row in rows], viewer)
    return [
        Opened(
            code=row["record"],
            title=names[row["record"]].title if row["record"] in names else "",
            url=names[row["record"]].url if row["record"] in names else "",
            amount=row.get("amount"),
            postings=row.get("n", 0),
            on=row.get("on"),
        )
        for row in rows
    ]


def postings_of(
    measure: str, scope: Scope, as_of: AsOf, part: str, *, record: str, viewer: Viewer
) -> models.QuerySet[Posting]:
    """The postings one record adds to a figure, in the order in which they were posted.

    None for a record that the viewer may not see, and for measures that are not money.
    """
    if measure not in REPORTED_FOR or part == NOT_REPORTED:
        return Posting.objects.none()
    kind = kind_of(measure)
    rows = figures.postings(measure, scope, as_of, Bucket(part)).filter(**{kind.value: record})
    return rows.exclude(**{f"{kind.value}__in": _hidden(kind, viewer)}).order_by("position")
