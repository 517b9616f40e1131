"""What invented contracts agree on and what becomes of them: amounts, dates, instalments, closure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from random import Random

from portal.management.demonstration.money import UNDIVIDED, Account, Booking, moment_after, portion
from portal.management.demonstration.plan import Plan, Slot
from programmes.ledger.models import Measure
from programmes.ledger.splitting import CENT

SEED = "demonstration"
# Nothing happens after this day: the demonstration is the same whenever it is made.
HORIZON = date(2025, 6, 30)


class Fate(StrEnum):
    """How far a project has come by the horizon. An inherited one is known from old lists only."""

    COMPLETE = "complete"
    TERMINATED = "terminated"
    RUNNING = "running"
    SUSPENDED = "suspended"
    PREPARED = "prepared"
    INHERITED = "inherited"


_C, _R = Fate.COMPLETE, Fate.RUNNING
# Every 25 projects in a row have these fates, so that each occurs at any size.
FATES = (
    *(_C, _R, _C, _C, Fate.PREPARED),
    *(_C, _R, _C, _C, Fate.SUSPENDED),
    *(_C, _R, _C, Fate.TERMINATED, _C),
    *(_R, _C, Fate.PREPARED, _R, _C),
    *(Fate.INHERITED, _C, _R, _C, Fate.TERMINATED),
)
BUDGET_YEARS = {
    Fate.COMPLETE: (2018, 2019, 2020),
    Fate.TERMINATED: (2018, 2019, 2020),
    Fate.RUNNING: (2021, 2022, 2023),
    Fate.SUSPENDED: (2021, 2022, 2023),
    Fate.PREPARED: (2024,),
    Fate.INHERITED: (2018,),
}
# One project in fifty is a shelter, whose name and place are withheld.
SHELTER_EVERY, SHELTER_AT = 50, 8


@dataclass(frozen=True)
class Terms:
    """What a contract says. `amended` is the amount in EUR after its addendum, `grant` that before it."""

    number: int
    fate: Fate
    slot: Slot
    signed: date
    start: date
    end: date
    grant: Decimal
    amended: Decimal
    cofinancing: int

    @property
    def is_shelter(self) -> bool:
        return self.number % SHELTER_EVERY == SHELTER_AT

    @property
    def closed(self) -> date:
        """When the last payment is settled: eight months after the end."""
        return self.end + timedelta(days=240)

    @property
    def terminated(self) -> date:
        return self.start + (self.end - self.start) * 3 / 5

    @property
    def ceiling(self) -> Decimal:
        """The most that is ever contracted, which the commitment has to cover."""
        signs = self.fate not in {Fate.PREPARED, Fate.INHERITED}
        return max(self.grant, self.amended) if signs else Decimal(0)


def terms(plan: Plan, number: int) -> Terms:
    """The terms of the project with this number, from 1."""
    rng = Random(f"{SEED}/{number}")  # noqa: S311 - repeatable on purpose
    fate = FATES[(number - 1) % len(FATES)]
    slot = _slot(plan, number, fate)
    signed = slot.decided + timedelta(days=rng.randrange(60, 240))
    start = (signed.replace(day=1) + timedelta(days=32)).replace(day=1)
    months = rng.choice((36, 42, 48) if fate in {_R, Fate.SUSPENDED} else (18, 24, 30, 36))
    grant = rng.randrange(35_000_000, 240_000_000) * CENT
    change = {1: 8, 3: -5}.get(number % 8, 0)
    return Terms(
        number=number,
        fate=fate,
        slot=slot,
        signed=signed,
        start=start,
        end=_months_later(start, months) - timedelta(days=1),
        grant=grant,
        amended=grant + portion(grant, change),
        cofinancing=rng.choice((75, 80, 90, 100)),
    )


def _slot(plan: Plan, number: int, fate: Fate) -> Slot:
    strand = "MIGPROT" if number % SHELTER_EVERY == SHELTER_AT else ""
    fitting = _fitting(plan, fate, strand)
    return fitting[number % len(fitting)]


@cache
def _fitting(plan: Plan, fate: Fate, strand: str) -> tuple[Slot, ...]:
    return tuple(
        slot
        for slot in plan.slots
        if slot.budget_year in BUDGET_YEARS[fate] and strand in {"", slot.action.strand}
    )


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


@dataclass(frozen=True)
class Step:
    """A measure is brought to a target on a day. With `mistake`, a wrong amount is keyed first and taken back."""

    on: date
    measure: Measure
    target: Decimal
    event: str
    mistake: bool = False


def book_contract(terms: Terms, account: Account, interims: int) -> None:
    """Book everything that happens to a contract up to the horizon, in the order of its days."""
    ended = terms.terminated if terms.fate == Fate.TERMINATED else HORIZON
    steps = [*_signature(terms), *_instalments(terms, interims)]
    for step in sorted(steps, key=lambda step: step.on):
        if step.on < ended:
            _take(step, account)
    if terms.fate == Fate.COMPLETE:
        percent = (100, 100, 97, 92, 70)[terms.number % 5]
        _settle(account, portion(terms.amended, percent), terms.closed)
    elif terms.fate == Fate.TERMINATED:
        _settle(account, portion(terms.amended, 35), terms.terminated)


def _signature(terms: Terms) -> Iterator[Step]:
    yield Step(terms.signed, Measure.CONTRACTED, terms.grant, "Contract signed")
    on = terms.signed + timedelta(days=30)
    yield Step(on, Measure.PAID, portion(terms.grant, 40), "Pre-financing paid")
    if terms.amended != terms.grant:
        on = terms.start + (terms.end - terms.start) / 3
        yield Step(on, Measure.CONTRACTED, terms.amended, "Addendum signed")


def _instalments(terms: Terms, interims: int) -> Iterator[Step]:
    lowest = min(terms.grant, terms.amended)
    for turn in range(1, interims + 1):
        on = terms.start + (terms.end - terms.start) * turn / (interims + 1)
        accepted = portion(lowest, 80 * turn // interims)
        yield Step(on, Measure.ACCEPTED, accepted, "Costs accepted at interim")
        paid = portion(terms.grant, 40) + portion(lowest, 45 * turn // interims)
        mistake = turn == 1 and terms.number % 10 == 4
        yield Step(on, Measure.PAID, paid, "Interim payment", mistake)
        if turn == interims and terms.number % 9 == 2:
            corrected, on = accepted - portion(lowest, 2), on + timedelta(days=40)
            yield Step(on, Measure.ACCEPTED, corrected, "Correction after verification")


def _take(step: Step, account: Account) -> None:
    if step.mistake:
        wrong = step.target + 1000
        account.bring_to(step.measure, wrong, step.on, step.event)
        account.take_back_last("The amount of another request was keyed.")
    known_after = 5 if step.mistake else 2
    account.bring_to(step.measure, step.target, step.on, step.event, known_after)


def _settle(account: Account, final: Decimal, on: date) -> None:
    """Bring accepted, paid and contracted to the same final amount, in every cell."""
    account.bring_to(Measure.ACCEPTED, final, on, "Costs accepted at balance")
    falls = final < account.total(Measure.PAID)
    event = "Recovery of what was not spent" if falls else "Balance paid"
    account.bring_to(Measure.PAID, final, on + timedelta(days=10), event)
    account.bring_to(Measure.CONTRACTED, final, on + timedelta(days=20), "Decommitment at closure")


def book_inherited(terms: Terms, account: Account) -> None:
    """Book the amount that an old list states, undated and not divided; every second list states none."""
    if terms.number % 2:
        return
    account.bookings.append(
        Booking(
            measure=Measure.CONTRACTED,
            parts={UNDIVIDED: terms.grant},
            on=None,
            moment=moment_after(terms.signed, terms.number),
            event="Amount stated in a list of earlier projects",
        )
    )
