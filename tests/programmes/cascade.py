"""A programme as officers would have drafted it: a strategy paper, an indicative programme, a work programme."""

from __future__ import annotations

from decimal import Decimal

from programmes.models import (
    Action,
    Document,
    DocumentKind,
    DocumentStatus,
    Passage,
    PassageKind,
)
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    AllocationFactory,
    CountryFactory,
    DocumentFactory,
    PassageFactory,
    StrandFactory,
)

DRAFT, CONSULTED = DocumentStatus.DRAFT, DocumentStatus.IN_CONSULTATION


def strategy_paper(code: str = "TSP", status: str = CONSULTED, **fields) -> Document:
    """A strategy paper of 2007-2010 with an objective and a priority that serves it."""
    paper = DocumentFactory(
        code=code,
        kind=DocumentKind.STRATEGY_PAPER,
        status=DRAFT,
        **{"period_start": 2007, "period_end": 2010, **fields},
    )
    objective = PassageFactory(document=paper, code=f"{code}-O1", kind=PassageKind.OBJECTIVE)
    PassageFactory(document=paper, code=f"{code}-P1", serves=objective, chapter="2", page=7)
    return _at(paper, status)


def indicative_programme(
    parent: Document | None = None, code: str = "MIP", status: str = CONSULTED, **fields
) -> Document:
    """An indicative programme of 2007-2010 that sets 1 million aside, under a strategy paper in force."""
    parent = parent or strategy_paper(status=DocumentStatus.ADOPTED)
    document = DocumentFactory(
        code=code,
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        status=DRAFT,
        parent=parent,
        **{"period_start": 2007, "period_end": 2010, **fields},
    )
    AllocationFactory(document=document, amount=Decimal("1000000.00"))
    return _at(document, status)


def work_programme(
    parent: Document | None = None, code: str = "AAP-2009", status: str = CONSULTED, **fields
) -> Document:
    """A work programme of 2009 with one complete action of 400,000, under an indicative programme in force."""
    parent = parent or indicative_programme(status=DocumentStatus.ADOPTED)
    document = DocumentFactory(
        code=code,
        status=DRAFT,
        parent=parent,
        **{"period_start": 2009, "period_end": 2009, **fields},
    )
    complete_action(document, f"{code}-1")
    return _at(document, status)


def complete_action(
    document: Document, code: str, amount: str = "400000.00", year: int = 2009, **fields
) -> Action:
    """An action with everything that the law and the portal ask of it."""
    action = ActionFactory(
        code=code,
        work_programme=document,
        **{
            "objectives": "Fewer people at sea",
            "results": "Ten ports trained",
            "democracy": False,
            "rule_of_law": True,
            "human_rights": True,
            **fields,
        },
    )
    action.strands.add(StrandFactory())
    action.countries.add(CountryFactory(code="TN"))
    action.priorities.add(*Passage.objects.filter(kind=PassageKind.PRIORITY, amends=None))
    ActionAmountFactory(action=action, budget_year=year, amount=Decimal(amount))
    return action


def _at(document: Document, status: str) -> Document:
    """The document in a status, as if somebody had moved it there long ago."""
    Document.objects.filter(pk=document.pk).update(status=status)
    document.refresh_from_db()
    return document
