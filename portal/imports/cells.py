"""What the text of a cell says. Each function raises `ValueError` with the reason where it says nothing clear."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from decimal import Decimal, InvalidOperation

from django.db import models
from django.utils.translation import gettext as _

from portal.dates import PartialDate

_AMOUNT = re.compile(r"^[0-9]{1,16}(\.[0-9]+)?$")


def as_list(text: str) -> list[str]:
    """The parts between semicolons, without the empty ones."""
    return [part.strip() for part in text.split(";") if part.strip()]


def as_amount(text: str) -> Decimal:
    """Euros without separators, to the cent: `1999999.0`, `698005.92`. Never negative."""
    if not _AMOUNT.match(text):
        raise ValueError(_("Write an amount in EUR without separators, e.g. 698005.92."))
    amount = Decimal(text)
    if amount != round(amount, 2):
        raise ValueError(_("An amount has whole cents."))
    return round(amount, 2)


def as_percent(text: str) -> Decimal:
    """A share in per cent, more than 0 and at most 100."""
    try:
        share = Decimal(text)
    except InvalidOperation:
        share = Decimal(0)
    if not share.is_finite() or not 0 < share <= 100:
        raise ValueError(_("Write a share in per cent, more than 0 and at most 100."))
    return share


def as_count(text: str) -> int:
    """A whole number, 0 or more."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError(_("Write a whole number."))
    return int(text)


def as_year(text: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise ValueError(_("Write a year of four digits."))
    return int(text)


def as_date(text: str) -> str:
    """A date as precise as its source, kept as it is: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`."""
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        reason = _("Write a real date as YYYY, YYYY-MM or YYYY-MM-DD.")
        raise ValueError(reason) from None


def as_hour(text: str) -> time:
    """An hour of the day: `16:00`."""
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise ValueError(_("Write an hour as HH:MM."))
    return time.fromisoformat(text)


def as_flag(text: str) -> bool:
    """`yes` or `no`."""
    if text not in {"yes", "no"}:
        raise ValueError(_("Write yes or no."))
    return text == "yes"


def as_choice(choices: type[models.TextChoices]) -> Callable[[str], str]:
    """One of the values of a vocabulary, written as the portal keeps it."""
    return as_one_of({value: value for value in choices.values})


def as_one_of(words: dict[str, str]) -> Callable[[str], str]:
    """One of the words a source uses, turned into the value the portal keeps."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(_("Write one of: %s.") % ", ".join(words))
        return words[text]

    return read
