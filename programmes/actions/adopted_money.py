"""What an adopted document says to the ledger: its allocations or indicative amounts, and every later difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from portal.accounts.models import User
from programmes.cells import cells_of, touches_of
from programmes.ledger import figures
from programmes.ledger.models import Measure, MilestoneKind, Place, Posting, SubjectKind
from programmes.ledger.posting import post, record_milestone, tag
from programmes.ledger.scope import Scope, now
from programmes.models import Action, Allocation, Document, DocumentKind

MEASURES = {
    DocumentKind.INDICATIVE_PROGRAMME: Measure.ENVELOPE,
    DocumentKind.WORK_PROGRAMME: Measure.PLANNED,
}
# The fields that tell one amount of a document from another in the ledger.
CELLS = (
    "programme",
    "indicative_programme",
    "work_programme",
    "action",
    "strand",
    "place",
    "region",
    "country",
    "attribution",
    "budget_year",
    "period_start",
    "period_end",
)
Cell = tuple[Any, ...]
_REGION, _PLACE = CELLS.index("region"), CELLS.index("place")
ZERO = Decimal("0.00")


def lines_of(document: Document, actions: Iterable[Action]) -> list[Posting]:
    """The amounts of a document as postings: those of its allocations, or of these its actions by budget year."""
    leaves = document.allocations.select_related("strand", "region")
    planned = [line for action in actions for line in _planned(action)]
    return [*planned, *(_envelope(document, leaf) for leaf in leaves)]


def _envelope(document: Document, leaf: Allocation) -> Posting:
    return Posting(
        measure=Measure.ENVELOPE,
        amount=leaf.amount,
        budget_year=leaf.period_start if leaf.period_start == leaf.period_end else None,
        period_start=leaf.period_start,
        period_end=leaf.period_end,
        programme=document.programme.code,
        indicative_programme=document.code,
        strand=leaf.strand.code if leaf.strand else "",
        place=Place.REGION if leaf.region else Place.NOT_REPORTED,
        region=leaf.region.code if leaf.region else "",
    )


def _planned(action: Action) -> Iterator[Posting]:
    cells = cells_of(action)
    for amount in action.amounts.all():
        yield Posting(
            measure=Measure.PLANNED,
            amount=amount.amount,
            budget_year=amount.budget_year,
            **cells,
        )


def post_difference(
    document: Document, wanted: Sequence[Posting], *, by: User | None, event: str, reason: str = ""
) -> list[Posting]:
    """Make the ledger say of a document what `wanted` says, by posting the difference in each cell.

    To be called once the caller's transaction has written to the ledger or the trail: nobody else writes then
    until it ends, so nothing moves between reading what stands and posting.
    """
    if document.kind not in MEASURES:
        return []
    due = _by_cell(wanted, standing := _standing(document))
    corrections: list[Posting] = []
    additions: list[Posting] = []
    for cell in [*due, *(cell for cell in standing if cell not in due)]:
        difference = due.get(cell, ZERO) - standing.get(cell, ZERO)
        if difference:
            line = _line(document, cell, difference, event)
            (corrections if cell in standing else additions).append(line)
    return [
        *(post(additions, by=by, reason=reason) if additions else []),
        *(post(corrections, by=by, reason=reason, corrects=True) if corrections else []),
    ]


def _line(document: Document, cell: Cell, amount: Decimal, event: str) -> Posting:
    return Posting(
        **dict(zip(CELLS, cell, strict=True)),
        measure=MEASURES[DocumentKind(document.kind)],
        amount=amount,
        event=event,
    )


def _standing(document: Document) -> dict[Cell, Decimal]:
    """What the ledger holds of a document now, by cell; cells that came to nothing are left out."""
    scope = Scope(document.programme.code, **{document.kind: document.code})
    measure = MEASURES[DocumentKind(document.kind)]
    cells = figures.table(measure, scope, now([scope.programme]), CELLS)
    return {key: cell.amount for key, cell in cells.items() if cell.amount}


def _by_cell(wanted: Sequence[Posting], standing: dict[Cell, Decimal]) -> dict[Cell, Decimal]:
    """Amounts by cell. A country's amount stays in the region in which it stands already."""
    homes = {_without_region(cell): cell for cell in standing if cell[_PLACE] == Place.COUNTRY}
    due: dict[Cell, Decimal] = {}
    for line in wanted:
        cell = tuple(getattr(line, name) for name in CELLS)
        cell = homes.get(_without_region(cell), cell)
        due[cell] = due.get(cell, ZERO) + line.amount
    return due


def _without_region(cell: Cell) -> Cell:
    return (*cell[:_REGION], *cell[_REGION + 1 :])


def make_known(document: Document, *, by: User | None, on: str) -> None:
    """Let the ledger know of a document that was adopted, from which figures count how many report."""
    if document.kind in MEASURES:
        record_milestone(
            MilestoneKind.RECORDED,
            SubjectKind(document.kind),
            [document.code],
            programme=document.programme.code,
            by=by,
            on=on,
        )


def tag_actions(document: Document, actions: Iterable[Action], *, by: User | None) -> None:
    """Say which strands and countries each of these actions of a work programme touches."""
    touches = {action.code: touches_of(action) for action in actions}
    tag(SubjectKind.ACTION, touches, programme=document.programme.code, by=by)
