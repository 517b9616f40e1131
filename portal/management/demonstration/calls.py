"""The calls of the demonstration programme: awarded ones, one open until 2031, one forthcoming, and the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

from calls.models import Call, CallStatus, Lot, LotBudget, Procedure
from portal.countries.models import Country
from portal.dates import BRUSSELS
from portal.management.demonstration.amounts import Amounts
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.plan import (
    FIRST_YEAR_WITHOUT_PROJECTS,
    WORK_PROGRAMMES,
    ActionPlan,
    Plan,
    WorkProgrammePlan,
)
from portal.management.demonstration.rows import SOURCE
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.ledger.models import MilestoneKind, SubjectKind
from programmes.ledger.posting import record_milestone
from programmes.models import Action, Programme, Region, Strand


@dataclass(frozen=True)
class CallSketch:
    """A call: the work programme it carries out, when it opens and closes in Brussels, and where it stands.

    `lots` are the numbers of the actions that it carries out, each a lot.
    """

    name: str
    work_programme: WorkProgrammePlan
    title: str
    opens: date
    deadline: datetime
    status: CallStatus
    lots: tuple[int, ...] = (1, 2, 3)

    @property
    def is_public(self) -> bool:
        return self.status != CallStatus.DRAFT

    @property
    def announced(self) -> date:
        return min(self.opens, LAST_ANNOUNCED)

    def actions(self, plan: Plan) -> list[tuple[int, ActionPlan]]:
        """The actions it carries out, with their numbers."""
        numbered = enumerate(plan.actions(self.work_programme), start=1)
        return [(number, action) for number, action in numbered if number in self.lots]


def _at(year: int, month: int, day: int) -> datetime:
    return datetime.combine(date(year, month, day), time(16), tzinfo=BRUSSELS)


_PUBLISHED = CallStatus.PUBLISHED
LAST_ANNOUNCED = date(2025, 6, 2)


def _sketches() -> Iterator[CallSketch]:
    by_name = {programme.name: programme for programme in WORK_PROGRAMMES}
    for programme in WORK_PROGRAMMES:
        year = programme.year
        if programme.by_call and year < FIRST_YEAR_WITHOUT_PROJECTS:
            years = "-".join(str(each) for each in programme.years)
            yield CallSketch(
                programme.name,
                programme,
                f"Migration and asylum: call for proposals {years}",
                date(year, 4, 2),
                _at(year, 7, 3),
                CallStatus.AWARDED,
            )
    latest, draft = by_name["2025"], by_name["2026"]
    for name, title, opens, deadline, status, lot in (
        ("2025", "Small local initiatives", date(2025, 4, 1), _at(2031, 1, 31), _PUBLISHED, 1),
        (
            "2030",
            "Partnerships for the long term",
            date(2030, 9, 2),
            _at(2030, 12, 16),
            _PUBLISHED,
            2,
        ),
        ("2025-2", "Quick starts", date(2025, 4, 15), _at(2025, 6, 10), CallStatus.CANCELLED, 3),
        (
            "2025-3",
            "Data and research",
            date(2025, 5, 6),
            _at(2031, 3, 31),
            CallStatus.SUSPENDED,
            3,
        ),
    ):
        yield CallSketch(name, latest, title, opens, deadline, status, (lot,))
    yield CallSketch(
        "2026", draft, "Cities and migration", date(2026, 4, 1), _at(2026, 7, 1), CallStatus.DRAFT
    )


SKETCHES = tuple(_sketches())


def call_happenings(script: Script, awarded: Mapping[str, int]) -> Iterator[Happening]:
    """Every call as it is announced; a forthcoming one is early. `awarded` counts contracts by call code."""
    for sketch in SKETCHES:
        add = partial(_add_call, script, sketch, awarded)
        yield Happening(moment_after(sketch.announced, 4, days=0), add)


def _add_call(script: Script, sketch: CallSketch, awarded: Mapping[str, int]) -> None:
    """Add a call with its lots and, where it is public, let the ledger know of it."""
    plan, amounts = script.plan, script.amounts
    code = plan.call(sketch.name)
    call = Call.objects.create(
        code=code,
        programme=Programme.objects.get(code=plan.code),
        reference=f"{plan.code}/{sketch.name}",
        title=sketch.title,
        summary="For bodies that want to work with partner countries on migration and asylum.",
        status=sketch.status,
        procedure=Procedure.OPEN if sketch.name == "2025" else Procedure.RESTRICTED,
        published=sketch.announced.isoformat() if sketch.is_public else "",
        opens_at=datetime.combine(sketch.opens, time(9), tzinfo=BRUSSELS),
        deadline_at=sketch.deadline,
        budget=_budget(sketch, plan, amounts),
        grant_min=Decimal(300_000),
        grant_max=Decimal(2_500_000),
        cofinancing_max=Decimal(90),
        duration_note="18 to 48 months",
        eligibility_note="Bodies without profit aim; international organisations.",
        proposals_awarded=awarded.get(code),
        proposals_received=awarded[code] * 6 if code in awarded else None,
        source=SOURCE,
    )
    _add_lots(call, sketch, plan, amounts)
    if sketch.is_public:
        record_milestone(
            MilestoneKind.RECORDED,
            SubjectKind.CALL,
            [code],
            programme=plan.code,
            by=script.approver(sketch.work_programme.year),
        )


def _budget(sketch: CallSketch, plan: Plan, amounts: Amounts) -> Decimal:
    return sum(
        (
            amounts[action.code, year]
            for _number, action in sketch.actions(plan)
            for year in action.years
        ),
        Decimal(0),
    )


def _add_lots(call: Call, sketch: CallSketch, plan: Plan, amounts: Amounts) -> None:
    """A lot for each action of the work programme, with its budget years."""
    regions = {region.code: region for region in Region.objects.filter(programme=call.programme)}
    for number, action in sketch.actions(plan):
        record = Action.objects.get(code=action.code)
        lot = Lot.objects.create(
            code=f"{call.code}-L{number}",
            call=call,
            number=str(number),
            title=action.title,
            budget=sum((amounts[action.code, year] for year in action.years), Decimal(0)),
            source=SOURCE,
        )
        strands = Strand.objects.filter(code=action.strand)
        lot.strands.set(strands)
        lot.regions.set([regions[action.area]])
        call.strands.add(*strands)
        call.countries.add(*Country.objects.filter(code__in=action.countries))
        call.actions.add(record)
        LotBudget.objects.bulk_create(
            LotBudget(
                lot=lot,
                budget_year=year,
                amount=amounts[action.code, year],
                conditional=year != sketch.work_programme.year,
                action=record,
            )
            for year in action.years
        )
