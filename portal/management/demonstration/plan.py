"""What the demonstration programme plans: its periods, work programmes, actions and calls, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
    """An action of a work programme. Without strand and area it is global and not divided."""

    code: str
    title: str
    strand: str
    area: str
    years: tuple[int, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        return AREA_BY_CODE[self.area].countries if self.area else COUNTRIES


@dataclass(frozen=True)
class WorkProgrammePlan:
    """A work programme: what it adds to its year's name, and how its actions are carried out.

    `years` are the budget years its actions draw on; every one after the first is conditional.
    """

    name: str
    title: str
    years: tuple[int, ...]
    by_call: bool
    action_count: int = 3
    draft: bool = False

    @property
    def year(self) -> int:
        return self.years[0]

    @property
    def adopted(self) -> date:
        """Later parts of a year are adopted later in it."""
        return date(self.year, 7 if self.name.endswith("-2") else 2, 15)


WORK_PROGRAMMES = (
    WorkProgrammePlan("2018", "Annual work programme 2018", (2018, 2019), by_call=True),
    WorkProgrammePlan("2019", "Annual work programme 2019", (2019,), by_call=False),
    WorkProgrammePlan("2020-1", "Annual work programme 2020, part 1", (2020,), by_call=True),
    WorkProgrammePlan(
        "2020-2", "Special measure 2020: global initiatives", (2020,), by_call=False, action_count=1
    ),
    WorkProgrammePlan("2021", "Annual work programme 2021", (2021, 2022), by_call=True),
    WorkProgrammePlan("2022", "Annual work programme 2022", (2022,), by_call=False),
    WorkProgrammePlan("2023", "Annual work programme 2023", (2023,), by_call=True),
    WorkProgrammePlan("2024", "Annual work programme 2024", (2024, 2025), by_call=True),
    WorkProgrammePlan("2025", "Annual work programme 2025", (2025,), by_call=True),
    WorkProgrammePlan("2026", "Annual work programme 2026", (2026,), by_call=True, draft=True),
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


@dataclass(frozen=True)
class Plan:
    """The codes of one programme's whole cascade. `code` is the programme's own and begins all others."""

    code: str

    def strategy_paper(self, year: int) -> str:
        return self._with_period("SP", year)

    def indicative_programme(self, year: int) -> str:
        return self._with_period("MIP", year)

    def work_programme(self, name: str) -> str:
        return f"{self.code}-AWP-{name}"

    def call(self, name: str) -> str:
        return f"{self.code}-CALL-{name}"

    def _with_period(self, kind: str, year: int) -> str:
        first, last = next(period for period in PERIODS if period[0] <= year <= period[1])
        return f"{self.code}-{kind}-{first}-{last}"

    def actions(self, programme: WorkProgrammePlan) -> list[ActionPlan]:
        """The actions of one work programme: strands and areas take turns."""
        place = WORK_PROGRAMMES.index(programme)
        numbers = range(1, programme.action_count + 1)
        return [self._action(programme, place * 3 + number - 1, number) for number in numbers]

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
            if programme.year >= FIRST_YEAR_WITHOUT_PROJECTS:
                return
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
