"""What one invented project books in the ledger: each amount divided by its shares, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from portal.dates import BRUSSELS
from programmes.ledger.models import Measure
from programmes.ledger.splitting import CENT, split_next

# A strand and a country; both empty where an amount is not divided.
Cell = tuple[str, str]
UNDIVIDED: Cell = ("", "")


@dataclass(frozen=True)
class Booking:
    """One amount of one measure in its parts, and the moment at which the portal learned of it.

    `takes_back` is the place, among the bookings of its project, of the one it reverses.
    """

    measure: Measure
    parts: Mapping[Cell, Decimal]
    on: date | None
    moment: datetime
    event: str
    reason: str = ""
    takes_back: int | None = None


def moment_after(day: date, number: int, days: int = 2) -> datetime:
    """Working hours in Brussels some days after a fact; the hour differs from project to project."""
    hour = time(9 + number % 8, number * 7 % 60)
    return datetime.combine(day + timedelta(days=days), hour, tzinfo=BRUSSELS)


def portion(amount: Decimal, percent: int) -> Decimal:
    """That many per cent of an amount, in whole cents."""
    return (amount * percent / 100).quantize(CENT)


@dataclass
class Account:
    """The bookings of one project so far. `shares` are percentages by cell that add up to 100."""

    number: int
    shares: Mapping[Cell, Decimal]
    bookings: list[Booking] = field(default_factory=list)
    _posted: dict[Measure, dict[Cell, Decimal]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Decimal))
    )

    def total(self, measure: Measure) -> Decimal:
        """What has been booked of a measure, in EUR."""
        return sum(self._posted[measure].values(), Decimal(0))

    def bring_to(
        self, measure: Measure, target: Decimal, on: date, event: str, known_after: int = 2
    ) -> None:
        """Book what is missing to `target`, which may be negative; nothing where nothing is missing.

        The portal learns of it `known_after` days after `on`.
        """
        parts = split_next(target, self.shares, self._posted[measure])
        moment = moment_after(on, self.number, known_after)
        self._add(Booking(measure, parts, on, moment, event))

    def take_back_last(self, reason: str) -> None:
        """Reverse the last booking two days after it became known."""
        last = self.bookings[-1]
        self._add(
            Booking(
                measure=last.measure,
                parts={cell: -part for cell, part in last.parts.items()},
                on=last.on,
                moment=last.moment + timedelta(days=2),
                event=last.event,
                reason=reason,
                takes_back=len(self.bookings) - 1,
            )
        )

    def _add(self, booking: Booking) -> None:
        if not booking.parts:
            return
        posted = self._posted[booking.measure]
        for cell, part in booking.parts.items():
            posted[cell] += part
        self.bookings.append(booking)
