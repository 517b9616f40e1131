"""The money of the demonstration programme above its contracts: envelopes, plans, commitments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any
from uuid import UUID

from portal.management.demonstration.cascade import Amounts
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.plan import (
    PERIODS,
    STRANDS,
    WORK_PROGRAMMES,
    ActionPlan,
    Plan,
    WorkProgrammePlan,
)
from programmes.ledger.models import (
    Measure,
    Milestone,
    MilestoneKind,
    Place,
    Posting,
    SubjectKind,
)
from programmes.ledger.splitting import CENT

LedgerRow = Posting | Milestone
MILLION = Decimal(1_000_000)
# Commitments up to this year have passed their final contracting date: 31 December of the year after.
LAST_DECOMMITTED_YEAR = 2020


def budget_rows(
    plan: Plan, amounts: Amounts, needed: Amounts, by: UUID | None
) -> Iterator[tuple[datetime, list[LedgerRow]]]:
    """What planning and committing post, each with its moment. `by` is who adopts."""
    for first, last in PERIODS:
        code = plan.indicative_programme(first)
        moment = moment_after(date(first - 1, 11, 20), 0)
        known = _known(plan, SubjectKind.INDICATIVE_PROGRAMME, code)
        yield _signed(by, moment, [known, *_envelope(plan, amounts, code, first, last)])
    for programme in WORK_PROGRAMMES:
        if not programme.draft:
            yield _signed(by, *_adoption(plan, programme, amounts))
            for moment, rows in _commitments(plan, programme, amounts, needed):
                yield _signed(by, moment, rows)


def _signed(
    by: UUID | None, moment: datetime, rows: list[LedgerRow]
) -> tuple[datetime, list[LedgerRow]]:
    for row in rows:
        row.by = by
    return moment, rows


def _known(plan: Plan, kind: SubjectKind, code: str) -> Milestone:
    return Milestone(
        subject_kind=kind, subject=code, kind=MilestoneKind.RECORDED, programme=plan.code
    )


def known_call(plan: Plan, code: str, by: UUID | None) -> Milestone:
    """The fact that the portal knows a call."""
    milestone = _known(plan, SubjectKind.CALL, code)
    milestone.by = by
    return milestone


def _envelope(plan: Plan, amounts: Amounts, code: str, first: int, last: int) -> Iterator[Posting]:
    """A leaf for each strand, and one for what is not attributed: a tenth more than is planned."""
    planned = dict.fromkeys((*STRANDS, ""), Decimal(0))
    for programme in WORK_PROGRAMMES:
        if first <= programme.year <= last:
            for action in plan.actions(programme):
                planned[action.strand] += sum(amounts[action.code, y] for y in programme.years)
    for strand, amount in planned.items():
        leaf = (amount * 11 / 10 / MILLION).to_integral_value(ROUND_CEILING) * MILLION
        yield Posting(
            measure=Measure.ENVELOPE,
            amount=max(leaf, MILLION),
            value_date=date(first - 1, 11, 20),
            period_start=first,
            period_end=last,
            programme=plan.code,
            strand=strand,
            place=Place.NOT_REPORTED,
            indicative_programme=code,
            event="Indicative programme adopted",
        )


def _adoption(
    plan: Plan, programme: WorkProgrammePlan, amounts: Amounts
) -> tuple[datetime, list[LedgerRow]]:
    planned = [
        Posting(
            **_where(plan, programme, action, year),
            measure=Measure.PLANNED,
            amount=amounts[action.code, year],
            value_date=programme.adopted,
            event="Work programme adopted",
        )
        for action in plan.actions(programme)
        for year in programme.years
    ]
    code = plan.work_programme(programme.name)
    known = _known(plan, SubjectKind.WORK_PROGRAMME, code)
    return moment_after(programme.adopted, 1), [known, *planned]


def _commitments(
    plan: Plan, programme: WorkProgrammePlan, amounts: Amounts, needed: Amounts
) -> Iterator[tuple[datetime, list[LedgerRow]]]:
    """Each budget year's global commitment and, once it has expired, half of what was never contracted."""
    for year in programme.years:
        booked, expired = date(year, programme.adopted.month + 1, 10), date(year + 1, 12, 31)
        cells = [(action, (action.code, year)) for action in plan.actions(programme)]
        made: list[LedgerRow] = [
            Posting(
                **_where(plan, programme, action, year),
                measure=Measure.COMMITTED,
                amount=amounts[key],
                value_date=booked,
                event="Global commitment booked",
            )
            for action, key in cells
        ]
        undone: list[LedgerRow] = [
            Posting(
                **_where(plan, programme, action, year),
                measure=Measure.COMMITTED,
                amount=-((amounts[key] - needed.get(key, Decimal(0))) / 2).quantize(CENT),
                value_date=expired,
                event="Decommitment after the final contracting date",
            )
            for action, key in cells
            if year <= LAST_DECOMMITTED_YEAR
        ]
        yield moment_after(booked, 2), made
        yield moment_after(expired, 3), undone


def _where(
    plan: Plan, programme: WorkProgrammePlan, action: ActionPlan, year: int
) -> dict[str, Any]:
    """The cells of a posting that hangs on an action in a budget year."""
    return {
        "budget_year": year,
        "programme": plan.code,
        "strand": action.strand,
        "place": Place.REGION if action.area else Place.GLOBAL,
        "region": action.area,
        "indicative_programme": plan.indicative_programme(programme.year),
        "work_programme": plan.work_programme(programme.name),
        "action": action.code,
    }
