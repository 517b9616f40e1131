"""What the ledger holds of one project: its figures, and the postings each is the sum of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.records import Attribution
from portal.wording import moment, partial_date
from programmes.ledger import codes, figures
from programmes.ledger.figures import Figure
from programmes.ledger.models import Measure, Milestone, MilestoneKind, Place, Posting, SubjectKind
from programmes.ledger.scope import AsOf, Scope
from programmes.tiles import Tile, money_tile
from projects.models import Project

ALWAYS_SHOWN = (Measure.CONTRACTED, Measure.PAID, Measure.ACCEPTED)
MOST_POSTINGS = 200


@dataclass(frozen=True)
class Account:
    """One measure of a project: its address, its postings as rows (the last the sum), and whether more are left out."""

    label: str
    url: str
    rows: list[Any]
    cut: bool


@dataclass(frozen=True)
class Money:
    """The figures of a project as tiles, and the postings behind them."""

    tiles: list[Tile]
    accounts: list[Account]


def money_of(project: Project, as_of: AsOf, viewer: Viewer) -> Money:
    """Ask the ledger for a project's money as of a position."""
    scope = Scope(programme=project.programme.code, project=project.code)
    answers = {measure: figures.value(measure, scope, as_of) for measure in ALWAYS_SHOWN}
    postings = _postings(project, as_of)
    names = _names([row for rows in postings.values() for row in rows], viewer)
    tiles = [money_tile(answers[measure]) for measure in ALWAYS_SHOWN]
    accounts = [
        _account(answers[measure], postings[measure], names)
        for measure in ALWAYS_SHOWN
        if postings[measure]
    ]
    return Money([*tiles, _outstanding(answers)], accounts)


def _outstanding(answers: dict[Measure, Figure]) -> Tile:
    """What is contracted and not yet paid; not known unless both are reported."""
    contracted, paid = answers[Measure.CONTRACTED].total, answers[Measure.PAID].total
    known = contracted is not None and paid is not None
    return {
        "label": _("Still to be paid"),
        "value": contracted - paid if contracted is not None and paid is not None else None,
        "coverage": _("contracted less paid")
        if known
        else _("known only where contracted and paid are both reported"),
    }


def _postings(project: Project, as_of: AsOf) -> defaultdict[str, list[Posting]]:
    rows = Posting.objects.filter(
        project=project.code, programme=project.programme.code, position__lte=as_of.position
    ).select_related("reverses", "reversed_by")
    by_measure: defaultdict[str, list[Posting]] = defaultdict(list)
    for row in rows.order_by("position"):
        by_measure[row.measure].append(row)
    return by_measure


def _names(postings: Sequence[Posting], viewer: Viewer) -> dict[str, str]:
    """Titles of the strands and countries that postings name, by code."""
    names: dict[str, str] = {}
    for field in ("strand", "country"):
        found = codes.describe(field, {getattr(row, field) for row in postings}, viewer)
        names |= {code: named.title for code, named in found.items()}
    return names


def posting_headers() -> list[Any]:
    return [
        {"label": _("No."), "numeric": True},
        _("Date"),
        _("What happened"),
        _("Strand"),
        _("Place"),
        {"label": _("Amount"), "note": "EUR", "numeric": True},
    ]


def _account(figure: Figure, postings: Sequence[Posting], names: dict[str, str]) -> Account:
    rows: list[Any] = [_posting_cells(row, names) for row in postings[:MOST_POSTINGS]]
    total = {"figure": {"value": figure.total, "url": figure.address, "plain": True}}
    sum_row = [_("Sum"), "–", "–", "–", "–", total]
    return Account(
        label=str(Measure(figure.measure).label),
        url=figure.address,
        rows=[*rows, {"cells": sum_row, "total": True}],
        cut=len(postings) > MOST_POSTINGS,
    )


def _posting_cells(row: Posting, names: dict[str, str]) -> list[Any]:
    return [
        str(row.position),
        partial_date(row.value_date, row.date_precision) if row.value_date else None,
        {"text": row.event, "note": _why(row)},
        names.get(row.strand) or _("not split"),
        names.get(row.country) or Place(row.place).label,
        {"figure": {"value": row.amount, "plain": True, "marks": _marks(row)}},
    ]


def _marks(row: Posting) -> list[str]:
    return [row.attribution] if row.attribution != Attribution.EXPLICIT else []


def _why(row: Posting) -> str:
    """The reason given, and which posting this one takes back or is taken back by."""
    parts = [row.reason]
    if row.reverses:
        parts.append(_("takes back no. %(n)s") % {"n": row.reverses.position})
    taken_back = getattr(row, "reversed_by", None)
    if taken_back:
        parts.append(_("taken back by no. %(n)s") % {"n": taken_back.position})
    return "; ".join(part for part in parts if part)


@dataclass(frozen=True)
class Milestones:
    """`entries` as the component `timeline` takes them; `known_since` is when the portal first knew of the project."""

    entries: list[dict[str, Any]]
    known_since: str | None


def milestones_of(project: Project, as_of: AsOf) -> Milestones:
    """The standing milestones of a project as of a position, in the order in which they came to be known."""
    rows = (
        Milestone.objects.filter(
            subject=project.code,
            subject_kind=SubjectKind.PROJECT,
            position__lte=as_of.position,
            reverses=None,
        )
        .exclude(reversed_by__position__lte=as_of.position)
        .order_by("position")
    )
    known = [row.posted_at for row in rows if row.kind == MilestoneKind.RECORDED]
    happened = [row for row in rows if row.kind != MilestoneKind.RECORDED]
    return Milestones(
        entries=[_entry(row) for row in happened],
        known_since=moment(known[0]) if known else None,
    )


def _entry(row: Milestone) -> dict[str, Any]:
    known = _("known to this portal since %(moment)s") % {"moment": moment(row.posted_at)}
    return {
        "when": partial_date(row.happened_on, row.date_precision)
        if row.happened_on
        else _("date not reported"),
        "title": MilestoneKind(row.kind).label,
        "text": "; ".join(part for part in (row.reason, known) if part),
    }
