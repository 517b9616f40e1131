"""A work programme in force with one action over two budget years, and decisions and commitments under it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from programmes.actions.financing import (
    add_commitment,
    add_financing_decision,
    book_commitment,
)
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import Scope, now
from programmes.models import Action, Commitment, DocumentKind, FinancingDecision
from tests.factories.ledger import post_line
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    StrandFactory,
)

DECIDED = date(2010, 6, 1)
BOOKED = date(2010, 7, 1)


def planned_action() -> Action:
    """Action AWP-2010-1: 1 000 000 of 2010 and, subject to its budget, 400 000 of 2011, in Moldova, for one strand."""
    above = DocumentFactory(
        code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, period_start=2007, period_end=2010
    )
    document = DocumentFactory(code="AWP-2010", title="Work programme 2010", parent=above)
    action = ActionFactory(code="AWP-2010-1", title="Mobility", work_programme=document)
    action.strands.add(StrandFactory(code="MIGDEV"))
    action.countries.add(CountryFactory(code="MD"))
    for year, amount in ((2010, "1000000"), (2011, "400000")):
        ActionAmountFactory(
            action=action, budget_year=year, amount=amount, conditional=year == 2011
        )
        post_line(
            Measure.PLANNED,
            amount,
            budget_year=year,
            indicative_programme="MIP",
            work_programme="AWP-2010",
            action="AWP-2010-1",
            strand="MIGDEV",
            country="MD",
        )
    return action


def decided(action: Action, by) -> FinancingDecision:
    return add_financing_decision(
        action.work_programme,
        by=by,
        code="FD-2010",
        number="C(2010) 4102",
        decided_on=DECIDED,
        budget_line="19 02 01",
    )


def proposed(action: Action, by, amount="600000", year=2010, **fields) -> Commitment:
    """Commitment FD-2010-C1, not booked."""
    decision = FinancingDecision.objects.filter(code="FD-2010").first() or decided(action, by)
    return add_commitment(
        decision, action, by=by, budget_year=year, amount=Decimal(amount), **fields
    )


def booked(action: Action, by, second, amount="600000", year=2010, **fields) -> Commitment:
    """Commitment FD-2010-C1, booked by the second officer on 1 July 2010."""
    commitment = proposed(action, by, amount, year, **fields)
    freed = BOOKED if commitment.conditional else None
    return book_commitment(commitment, by=second, on=BOOKED, freed_on=freed)


def contracted(commitment: Commitment, amount: str, project: str = "", **cells) -> None:
    """What contracts have taken of a commitment."""
    post_line(
        Measure.CONTRACTED,
        amount,
        indicative_programme="MIP",
        work_programme="AWP-2010",
        action="AWP-2010-1",
        commitment=commitment.code,
        project=project,
        **cells,
    )


def committed(**scope) -> dict[int, Decimal]:
    """What is committed now, by budget year."""
    found = figures.table(Measure.COMMITTED, Scope("TPMA", **scope), now(["TPMA"]), ["budget_year"])
    return {year: cell.amount for (year,), cell in found.items()}
