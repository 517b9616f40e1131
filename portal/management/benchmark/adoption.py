"""How long it takes to adopt a large work programme and an amendment of it, beside a raw insert of the same rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from portal.countries.models import Country
from programmes.actions.adoption import adopt_document, consult_document
from programmes.actions.amendment import amend_document
from programmes.actions.moving import today
from programmes.completeness import lacks
from programmes.ledger.models import Posting, Tag
from programmes.models import (
    Action,
    ActionAmount,
    Allocation,
    Document,
    DocumentKind,
    DocumentStatus,
    Passage,
    PassageKind,
    Programme,
    Strand,
)

# Adoption is promised for this many actions.
ACTIONS = 200
CODE = "BENCH"
YEAR = 2009


@dataclass(frozen=True)
class AdoptionCost:
    """Seconds of adopting, of putting an amendment of every action in force, and of the raw insert."""

    adopt: float
    amend: float
    raw: float

    @property
    def ratio(self) -> float:
        return self.adopt / self.raw


def measure_adoption() -> AdoptionCost:
    """Adopt a work programme of `ACTIONS` actions and amend each of them. The database is not fit for more."""
    document = _draft()
    lacks(document)  # as the page does that leads to adoption
    adopt = _seconds(lambda: adopt_document(document, by=None, on=today()))
    rows, tags = (
        list(Posting.objects.filter(programme=CODE)),
        list(Tag.objects.filter(programme=CODE)),
    )
    amendment = amend_document(document, by=None, reason="Measured")
    ActionAmount.objects.filter(action__work_programme=amendment).update(amount=Decimal(2))
    consult_document(amendment, by=None)
    amend = _seconds(lambda: adopt_document(amendment, by=None, on=today()))
    return AdoptionCost(adopt, amend, _seconds(lambda: _insert_raw(rows, tags)))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _draft() -> Document:
    """A complete work programme in consultation, under an indicative programme and a strategy paper in force."""
    programme = Programme.objects.create(
        code=CODE, name="Bench", short_name="Bench", period_start=YEAR, period_end=YEAR
    )
    paper = _document(programme, DocumentKind.STRATEGY_PAPER, None)
    priority = Passage.objects.create(
        code=f"{CODE}-P1", document=paper, kind=PassageKind.PRIORITY, text="A priority"
    )
    plan = _document(programme, DocumentKind.INDICATIVE_PROGRAMME, paper)
    Allocation.objects.create(
        document=plan, period_start=YEAR, period_end=YEAR, amount=Decimal(ACTIONS)
    )
    document = _document(programme, DocumentKind.WORK_PROGRAMME, plan)
    _add_actions(document, priority)
    for each, status in (
        (paper, DocumentStatus.ADOPTED),
        (plan, DocumentStatus.ADOPTED),
        (document, DocumentStatus.IN_CONSULTATION),
    ):
        Document.objects.filter(pk=each.pk).update(status=status)
    return Document.objects.get(pk=document.pk)


def _document(programme: Programme, kind: DocumentKind, parent: Document | None) -> Document:
    return Document.objects.create(
        code=f"{CODE}-{kind.upper().replace('_', '-')}",
        programme=programme,
        kind=kind,
        title="A document",
        status=DocumentStatus.DRAFT,
        period_start=YEAR,
        period_end=YEAR,
        parent=parent,
    )


def _add_actions(document: Document, priority: Passage) -> None:
    strand, countries = Strand.objects.all()[0], list(Country.objects.all()[:2])
    actions = Action.objects.bulk_create(
        Action(
            code=f"{document.code}-{number}",
            work_programme=document,
            title=f"Action {number}",
            objectives="Objectives",
            results="Results",
            democracy=True,
            rule_of_law=True,
            human_rights=True,
        )
        for number in range(1, ACTIONS + 1)
    )
    ActionAmount.objects.bulk_create(
        ActionAmount(action=action, budget_year=YEAR, amount=Decimal(1)) for action in actions
    )
    for action in actions:
        action.strands.add(strand)
        action.countries.add(*countries)
        action.priorities.add(priority)


def _insert_raw(rows: Sequence[Posting], tags: Sequence[Tag]) -> None:
    """The rows that adoption left in the ledger, inserted once more in bulk and undone."""
    with transaction.atomic():
        for row in (*rows, *tags):
            row.pk = None
        Posting.objects.bulk_create(rows)
        Tag.objects.bulk_create(tags)
        transaction.set_rollback(True)
