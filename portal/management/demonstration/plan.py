"""What the demonstration programme plans: its periods, work programmes, actions and calls, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from portal.management.demonstration.places import AREA_BY_CODE, AREAS, COUNTRIES

STRANDS = ("MIGDEV", "ECOMIG", "ILLMIG", "MIGPROT", "ASYLUM")
STRAND_WORDS = {
    "MIGDEV": "Migration and development",
    "ECOMIG": "Labour migration",
    "ILLMIG": "Return and readmission",
    "MIGPROT": "Protection against exploitation",
    "ASYLUM": "Asylum and international protection",
}
FIRST_YEAR, LAST_YEAR = 2018, 2031
PERIODS = ((2018, 2022), (2023, 2031))


@dataclass(frozen=True)
class ActionPlan:
    """An action of a work programme. Without strand and area it is global and touches every strand."""

    code: str
    title: str
    strand: str
    area: str
    years: tuple[int, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        return AREA_BY_CODE[self.area].countries if self.area else COUNTRIES

    def commitment(self, year: int) -> str:
        """The code of the commitment that sets money of a budget year aside for it."""
        return f"{self.code}-C{year}"


class Standing(StrEnum):
    """How far a work programme has come by the horizon."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    IN_CONSULTATION = "in_consultation"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class AmendmentPlan:
    """A change of a work programme: its first action is raised in a year, and an action may be added.

    `adopted` is None where it is still being drafted. The added action is planned with `added_amount`.
    """

    drafted: date
    adopted: date | None
    reason: str
    year: int
    raised_by: Decimal
    added_title: str = ""
    added_strand: str = ""
    added_area: str = ""
    added_amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class WorkProgrammePlan:
    """A work programme: what it adds to its year's name, and how its actions are carried out.

    `years` are the budget years its actions draw on; every one after the first is conditional. `adopted` is
    the day on which it is, or would be, adopted.
    """

    name: str
    title: str
    years: tuple[int, ...]
    by_call: bool
    action_count: int = 3
    standing: Standing = Standing.IN_FORCE
    amendment: AmendmentPlan | None = None

    @property
    def year(self) -> int:
        return self.years[0]

    @property
    def is_adopted(self) -> bool:
        return self.standing in {Standing.IN_FORCE, Standing.REPEALED}

    @property
    def adopted(self) -> date:
        """Later parts of a year are adopted later in it."""
        return date(self.year, 7 if self.name.endswith("-2") else 2, 15)

    @property
    def drafted(self) -> date:
        """Work begins two months before; what is not adopted yet was begun in spring 2025."""
        if self.is_adopted:
            return self.adopted - timedelta(days=60)
        return date(2025, 4 if self.standing == Standing.IN_CONSULTATION else 6, 8)


RAISED = AmendmentPlan(
    drafted=date(2022, 8, 30),
    adopted=date(2022, 10, 14),
    reason="More people sought protection along the eastern route than was foreseen.",
    year=2022,
    raised_by=Decimal(1_500_000),
    added_title="Asylum and international protection: reception in Eastern Europe",
    added_strand="ASYLUM",
    added_area="EASTERN-EUROPE",
    added_amount=Decimal(4_000_000),
)
BEING_RAISED = AmendmentPlan(
    drafted=date(2025, 5, 12),
    adopted=None,
    reason="The call of 2024 brought more good proposals than its budget holds.",
    year=2025,
    raised_by=Decimal(800_000),
)

WORK_PROGRAMMES = (
    WorkProgrammePlan("2018", "Annual work programme 2018", (2018, 2019), by_call=True),
    WorkProgrammePlan("2019", "Annual work programme 2019", (2019,), by_call=False),
    WorkProgrammePlan("2020-1", "Annual work programme 2020, part 1", (2020,), by_call=True),
    WorkProgrammePlan(
        "2020-2", "Special measure 2020: global initiatives", (2020,), by_call=False, action_count=1
    ),
    WorkProgrammePlan("2021", "Annual work programme 2021", (2021, 2022), by_call=True),
    WorkProgrammePlan(
        "2022", "Annual work programme 2022", (2022,), by_call=False, amendment=RAISED
    ),
    WorkProgrammePlan("2023", "Annual work programme 2023", (2023,), by_call=True),
    WorkProgrammePlan(
        "2024", "Annual work programme 2024", (2024, 2025), by_call=True, amendment=BEING_RAISED
    ),
    WorkProgrammePlan("2025", "Annual work programme 2025", (2025,), by_call=True),
    WorkProgrammePlan(
        "2026",
        "Annual work programme 2026",
        (2026,),
        by_call=True,
        standing=Standing.IN_CONSULTATION,
    ),
    WorkProgrammePlan(
        "2027",
        "Annual work programme 2027",
        (2027, 2028),
        by_call=True,
        action_count=2,
        standing=Standing.INCOMPLETE,
    ),
    WorkProgrammePlan(
        "2019-2",
        "Special measure 2019: a regional platform",
        (2019,),
        by_call=False,
        action_count=2,
        standing=Standing.REPEALED,
    ),
)
# Work programmes from this year on have calls, but no project yet.
FIRST_YEAR_WITHOUT_PROJECTS = 2025


@dataclass(frozen=True)
class Slot:
    """What a project hangs on: one budget year of an action, and the call and lot through which it was awarded."""

    indicative_programme: str
    work_programme: str
    action: ActionPlan
    budget_year: int
    call: str
    lot: str

    @property
    def decided(self) -> date:
        return date(self.budget_year, 11, 15)

    @property
    def commitment(self) -> str:
        return self.action.commitment(self.budget_year)


@dataclass(frozen=True)
class Plan:
    """The codes of one programme's whole cascade. `code` is the programme's own and begins all others."""

    code: str

    @property
    def interim_paper(self) -> str:
        """The strategy paper that stood until the first one was adopted."""
        return f"{self.code}-SP-INTERIM"

    def strategy_paper(self, year: int) -> str:
        return self._with_period("SP", year)

    def indicative_programme(self, year: int) -> str:
        return self._with_period("MIP", year)

    def work_programme(self, name: str) -> str:
        return f"{self.code}-AWP-{name}"

    def decision(self, name: str) -> str:
        return f"{self.code}-FD-{name}"

    def call(self, name: str) -> str:
        return f"{self.code}-CALL-{name}"

    def _with_period(self, kind: str, year: int) -> str:
        first, last = next(period for period in PERIODS if period[0] <= year <= period[1])
        return f"{self.code}-{kind}-{first}-{last}"

    def actions(self, programme: WorkProgrammePlan) -> list[ActionPlan]:
        """The actions of one work programme as it is first adopted: strands and areas take turns."""
        place = WORK_PROGRAMMES.index(programme)
        numbers = range(1, programme.action_count + 1)
        return [self._action(programme, place * 3 + number - 1, number) for number in numbers]

    def added(self, programme: WorkProgrammePlan) -> ActionPlan | None:
        """The action that an amendment adds, if it adds one."""
        change = programme.amendment
        if change is None or not change.added_title:
            return None
        code = f"{self.work_programme(programme.name)}-{programme.action_count + 1}"
        return ActionPlan(
            code, change.added_title, change.added_strand, change.added_area, (change.year,)
        )

    def _action(self, programme: WorkProgrammePlan, turn: int, number: int) -> ActionPlan:
        code = f"{self.work_programme(programme.name)}-{number}"
        if programme.action_count == 1:
            title = "Global initiatives on data, standards and exchange"
            return ActionPlan(code, title, "", "", programme.years)
        strand, area = STRANDS[turn % len(STRANDS)], AREAS[turn % len(AREAS)]
        title = f"{STRAND_WORDS[strand]}: {area.name}"
        return ActionPlan(code, title, strand, area.code, programme.years)

    @cached_property
    def slots(self) -> list[Slot]:
        """Every budget year of every action under which there are projects."""
        return list(self._slots())

    def _slots(self) -> Iterator[Slot]:
        for programme in WORK_PROGRAMMES:
            early = programme.year < FIRST_YEAR_WITHOUT_PROJECTS
            if not early or programme.standing != Standing.IN_FORCE:
                continue
            call = self.call(programme.name) if programme.by_call else ""
            for number, action in enumerate(self.actions(programme), start=1):
                for year in programme.years:
                    yield Slot(
                        indicative_programme=self.indicative_programme(programme.year),
                        work_programme=self.work_programme(programme.name),
                        action=action,
                        budget_year=year,
                        call=call,
                        lot=f"{call}-L{number}" if call else "",
                    )
