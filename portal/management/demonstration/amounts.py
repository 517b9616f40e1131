"""How much the demonstration programme plans, sets aside and leaves: every amount above its contracts, in EUR."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from portal.management.demonstration.plan import STRANDS, WORK_PROGRAMMES, Plan
from programmes.ledger.splitting import CENT

# Indicative amounts by action code and budget year.
Amounts = Mapping[tuple[str, int], Decimal]
# What an action is planned with where no project hangs on it yet.
SMALLEST_AMOUNT = Decimal(3_000_000)
STEP = Decimal(100_000)
MILLION = Decimal(1_000_000)


def amounts_for(plan: Plan, needed: Amounts) -> dict[tuple[str, int], Decimal]:
    """For every action and year, a tenth more than its contracts need, in whole hundred thousands."""
    amounts = {}
    for programme in WORK_PROGRAMMES:
        for action in plan.actions(programme):
            for year in action.years:
                need = needed.get((action.code, year), Decimal(0)) * 11 / 10
                steps = (need / STEP).to_integral_value(ROUND_CEILING)
                amounts[action.code, year] = max(SMALLEST_AMOUNT, steps * STEP)
    return amounts


def leaves_of(plan: Plan, amounts: Amounts, first: int, last: int) -> dict[str, Decimal]:
    """What an indicative programme sets aside by strand, and under "" what is not attributed.

    A tenth more than all its work programmes come to, amendments included, in whole millions.
    """
    planned = dict.fromkeys((*STRANDS, ""), Decimal(0))
    for programme in WORK_PROGRAMMES:
        if first <= programme.year <= last:
            for action in plan.actions(programme):
                planned[action.strand] += sum(amounts[action.code, y] for y in action.years)
            if change := programme.amendment:
                planned[plan.actions(programme)[0].strand] += change.raised_by
                planned[change.added_strand] += change.added_amount
    return {strand: max(_in_millions(amount), MILLION) for strand, amount in planned.items()}


def _in_millions(amount: Decimal) -> Decimal:
    return (amount * 11 / 10 / MILLION).to_integral_value(ROUND_CEILING) * MILLION


def half_of_what_is_left(amounts: Amounts, needed: Amounts, key: tuple[str, int]) -> Decimal:
    """Half of what contracts never need of an action's money of a year."""
    return ((amounts[key] - needed.get(key, Decimal(0))) / 2).quantize(CENT)
