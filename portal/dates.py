"""Dates as precise as their source: a year, a month or a day; and the end of a day in Brussels."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

BRUSSELS = ZoneInfo("Europe/Brussels")
_FORM = re.compile(r"^([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?)?$")


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


@dataclass(frozen=True, order=True)
class PartialDate:
    """A day, a month or a year, and how precise it is.

    `first` and `last` are the days it may mean; a fact is known to lie in a period only where both do.
    """

    first: date
    precision: Precision

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; anything else raises `ValueError`."""
        match = _FORM.match(text)
        if match is None:
            raise ValueError(f"{text!r} is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = match.groups()
        first = date(int(year), int(month or 1), int(day or 1))
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return cls(first, precision)

    @property
    def last(self) -> date:
        if self.precision == Precision.DAY:
            return self.first
        month = 12 if self.precision == Precision.YEAR else self.first.month
        return date(self.first.year, month, calendar.monthrange(self.first.year, month)[1])

    def __str__(self) -> str:
        return self.first.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def check_partial_date(text: str) -> None:
    """Refuse what is not a real day, month or year."""
    try:
        PartialDate.parse(text)
    except ValueError as error:
        raise ValidationError(
            _("“%(text)s” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD."),
            params={"text": text},
        ) from error


class PartialDateField(models.CharField):  # type: ignore[type-arg]
    """Text `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or empty where not reported. The database checks the form.

    Kept as text because text of this form sorts as the dates do, and says its own precision.
    """

    default_validators = [check_partial_date]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        kwargs["blank"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_check(self, connection: BaseDatabaseWrapper) -> str:
        column = connection.ops.quote_name(self.column or "")
        return f"{column} = '' OR {column} ~ '^[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}})?)?$'"


def end_of_brussels_day(day: date) -> datetime:
    """The last microsecond of a day in Brussels, whatever the clock does that day."""
    return datetime.combine(day, time.max, tzinfo=BRUSSELS)
