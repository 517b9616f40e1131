"""Financing decisions and what becomes of their commitments: booked, freed, carried over, released."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from portal.management.demonstration.amounts import half_of_what_is_left
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.plan import (
    WORK_PROGRAMMES,
    ActionPlan,
    Plan,
    Standing,
    WorkProgrammePlan,
)
from portal.management.demonstration.rows import SOURCE
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.actions.financing import (
    add_commitment,
    add_financing_decision,
    book_commitment,
    carry_over_commitment,
    decommit_commitment,
)
from programmes.models import Action, Commitment, Document, FinancingDecision

BUDGET_LINE = "99 02 01"
# Commitments up to this year have passed their final contracting date: 31 December of the year after.
LAST_DECOMMITTED_YEAR = 2020
# The first action of this work programme carries conditional money over from its second year to the next.
CARRIED_OVER = "2021"
# The last action of this one waits for a second officer to book its money.
WAITING = "2025"


def decision_happenings(script: Script) -> Iterator[Happening]:
    """For each work programme in force its decision, and everything that happens to the money it sets aside."""
    for sketch in WORK_PROGRAMMES:
        if sketch.standing != Standing.IN_FORCE:
            continue
        decided = decided_on(sketch)
        yield Happening(
            moment_after(decided, 0), partial(_decide, script, sketch, sketch.name, decided)
        )
        for action in script.plan.actions(sketch):
            for year in action.years:
                yield from _commitment(script, sketch, action, year)
        if sketch.name == CARRIED_OVER:
            yield _carrying_over(script, sketch)
        if sketch.amendment and sketch.amendment.adopted:
            yield from _second_decision(script, sketch)


def _decide(script: Script, sketch: WorkProgrammePlan, name: str, decided: date) -> None:
    add_financing_decision(
        Document.objects.get(code=script.plan.work_programme(sketch.name)),
        by=script.writer(sketch.year),
        code=script.plan.decision(name),
        number=f"Demonstration decision {name}",
        decided_on=decided,
        budget_line=BUDGET_LINE,
        note=f"{SOURCE}.",
    )


@dataclass(frozen=True)
class Proposal:
    """Money of one budget year that a decision, by code, sets aside for an action under a commitment's code."""

    decision: str
    code: str
    action: str
    year: int
    amount: Decimal


def _propose(script: Script, sketch: WorkProgrammePlan, proposal: Proposal) -> None:
    add_commitment(
        FinancingDecision.objects.get(code=proposal.decision),
        Action.objects.get(code=proposal.action),
        by=script.writer(sketch.year),
        budget_year=proposal.year,
        amount=proposal.amount,
        conditional=proposal.year != sketch.year,
        code=proposal.code,
    )


def _commitment(
    script: Script, sketch: WorkProgrammePlan, action: ActionPlan, year: int
) -> Iterator[Happening]:
    """Proposed with the decision, booked in its year, and half of what nobody contracted released in the end."""
    key, code = (action.code, year), action.commitment(year)
    decision = script.plan.decision(sketch.name)
    proposal = Proposal(decision, code, action.code, year, script.amounts[key])
    propose = partial(_propose, script, sketch, proposal)
    yield Happening(moment_after(decided_on(sketch), 1), propose)
    if waits(script.plan, sketch, action):
        return
    booked = date(year, decided_on(sketch).month, 10)
    yield Happening(moment_after(booked, 2), partial(_book, script, sketch, code, booked))
    if year <= LAST_DECOMMITTED_YEAR:
        left = half_of_what_is_left(script.amounts, script.needed, key)
        expired = date(year + 1, 12, 31)
        release = partial(_release, script, sketch, code, left, expired)
        yield Happening(moment_after(expired, 3), release)


def decided_on(sketch: WorkProgrammePlan) -> date:
    """The day of the financing decision: the first of the month after adoption."""
    return date(sketch.year, sketch.adopted.month + 1, 1)


def waits(plan: Plan, sketch: WorkProgrammePlan, action: ActionPlan) -> bool:
    """Whether the money of an action is proposed, but nobody has booked it yet."""
    return sketch.name == WAITING and action == plan.actions(sketch)[-1]


def _book(script: Script, sketch: WorkProgrammePlan, code: str, on: date) -> None:
    """Money of a later year is free from December on, when that year's budget is adopted."""
    freed = date(on.year - 1, 12, 18) if on.year != sketch.year else None
    commitment = Commitment.objects.get(code=code)
    book_commitment(commitment, by=script.approver(sketch.year), on=on, freed_on=freed)


def _release(
    script: Script, sketch: WorkProgrammePlan, code: str, amount: Decimal, on: date
) -> None:
    decommit_commitment(
        Commitment.objects.get(code=code),
        by=script.writer(sketch.year),
        amount=amount,
        on=on,
        reason="No contract took it by the final contracting date.",
    )


def _carrying_over(script: Script, sketch: WorkProgrammePlan) -> Happening:
    """What the first action does not need of its conditional year goes to the year after, in December."""
    action, year = script.plan.actions(sketch)[0], sketch.years[-1]
    amount = half_of_what_is_left(script.amounts, script.needed, (action.code, year))

    def carry_over() -> None:
        carry_over_commitment(
            Commitment.objects.get(code=action.commitment(year)),
            by=script.writer(sketch.year),
            to_year=year + 1,
            amount=amount,
            on=date(year, 12, 12),
            reason="Partners signed later than was foreseen.",
        )

    return Happening(moment_after(date(year, 12, 12), 0), carry_over)


def _second_decision(script: Script, sketch: WorkProgrammePlan) -> Iterator[Happening]:
    """What an amendment adds is decided on the first of the month after, and booked ten days later."""
    plan, change, added = script.plan, sketch.amendment, script.plan.added(sketch)
    if change is None or change.adopted is None:
        return
    name = f"{sketch.name}-A1"
    decided = date(change.year, change.adopted.month + 1, 1)
    yield Happening(moment_after(decided, 0), partial(_decide, script, sketch, name, decided))
    first = plan.actions(sketch)[0]
    parts = [(first.code, f"{first.commitment(change.year)}-A1", change.raised_by)]
    if added:
        parts.append((added.code, added.commitment(change.year), change.added_amount))
    for action, code, amount in parts:
        proposal = Proposal(plan.decision(name), code, action, change.year, amount)
        yield Happening(moment_after(decided, 1), partial(_propose, script, sketch, proposal))
        booked = date(change.year, decided.month, 10)
        yield Happening(moment_after(booked, 2), partial(_book, script, sketch, code, booked))
