"""How money, counts, shares, dates and marks are put in words, on pages and in reports alike.

Texts carry their own protection against line breaks (U+00A0 between groups of digits and before
units). In right-to-left languages a left-to-right mark goes in front of a minus sign, so that the sign
stays on the left of its number.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from django.utils.formats import date_format, get_format
from django.utils.translation import get_language_bidi, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.dates import BRUSSELS, PartialDate

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NO_BREAK = "\u00a0"
LEFT_TO_RIGHT = "\u200e"
MINUS = "\u2212"
CENT = Decimal("0.01")


class Mark(NamedTuple):
    """What is to be known about a value before it is relied on.

    `symbol` is what a dense table shows; `label` is the word; `meaning` is the sentence of the legend.
    """

    label: StrPromise
    meaning: StrPromise
    symbol: str


MARKS = {
    "explicit": Mark(
        pgettext_lazy("mark", "explicit"), _("The source itself states this value."), "="
    ),
    "inferred": Mark(
        pgettext_lazy("mark", "inferred"),
        _("Concluded from what the source says; the source does not state it."),
        "\u2248",
    ),
    "uncertain": Mark(
        pgettext_lazy("mark", "uncertain"),
        _("Sources disagree, or the one source is doubtful."),
        "?",
    ),
    "unconfirmed": Mark(
        pgettext_lazy("mark", "unconfirmed"),
        _("From general knowledge; no document was found that confirms it."),
        "\u2020",
    ),
    "demonstration": Mark(
        pgettext_lazy("mark", "demonstration"),
        _("Made up to show the portal at work; not a fact."),
        "\u25c6",
    ),
    "withheld": Mark(
        pgettext_lazy("mark", "withheld"),
        _("Restricted records: the sum counts, the details are not shown."),
        "\u25a0",
    ),
}


def not_reported() -> str:
    """What stands where no source gives a value; never a zero."""
    return gettext("not reported")


def _grouped(digits: str) -> str:
    return f"{int(digits):,}".replace(",", NO_BREAK)


def _signed(negative: bool, text: str) -> str:
    if not negative:
        return text
    return f"{LEFT_TO_RIGHT if get_language_bidi() else ''}{MINUS}{text}"


def amount(value: Decimal | int | None, cents: bool = False) -> str:
    """An amount of euros without its currency: `1 234 567` or `1 234 567.50`.

    Cents are shown when this amount has some or when `cents` is true (a column in which another
    amount has some: see `any_cents`), so nothing shown is ever rounded away. None is "not reported".
    """
    if value is None:
        return not_reported()
    exact = Decimal(value).quantize(CENT, rounding=ROUND_HALF_UP)
    whole, fraction = f"{abs(exact):.2f}".split(".")
    decimals = f"{get_format('DECIMAL_SEPARATOR')}{fraction}" if cents or fraction != "00" else ""
    return _signed(exact < 0, _grouped(whole) + decimals)


def money(value: Decimal | int | None, cents: bool = False) -> str:
    """An amount with its currency: `EUR 1 234 567`. None is "not reported"."""
    return not_reported() if value is None else f"EUR{NO_BREAK}{amount(value, cents)}"


def any_cents(values: Iterable[Decimal | int | None]) -> bool:
    """Whether a column of these amounts has to show cents."""
    return any(value is not None and Decimal(value) % 1 for value in values)


def number(value: int | None) -> str:
    """A count: `12 345`. None is "not reported"."""
    return not_reported() if value is None else _signed(value < 0, _grouped(str(abs(value))))


def percent(share: Decimal | Fraction | float | None, places: int = 1) -> str:
    """A share between 0 and 1 as `32.6 %`. None is "not reported".

    Rounding never reaches an end that was not reached: 0.9999 is `>99.9 %`, 0.0001 is `<0.1 %`.
    """
    if share is None:
        return not_reported()
    step = Decimal(1).scaleb(-places)
    exact = Fraction(share) * 100
    rounded = Decimal(exact.numerator) / Decimal(exact.denominator)
    rounded = rounded.quantize(step, rounding=ROUND_HALF_UP)
    sign = ""
    if rounded == 100 and exact < 100:
        sign, rounded = ">", 100 - step
    elif rounded == 0 and exact > 0:
        sign, rounded = "<", step
    text = f"{rounded}" if rounded % 1 else f"{rounded:.0f}"
    return f"{sign}{text.replace('.', get_format('DECIMAL_SEPARATOR'))}{NO_BREAK}%"


def partial_date(value: PartialDate | str | date | None, precision: str = "day") -> str:
    """A date as precise as it is known: `2009`, `May 2009` or `4 May 2009`.

    Takes a partial date, its text (`2009`, `2009-05`, `2009-05-04`), or a date with its precision (day,
    month or year). None and the empty text are "not reported".
    """
    if not value:
        return not_reported()
    if isinstance(value, str):
        value = PartialDate.parse(value)
    if isinstance(value, PartialDate):
        return partial_date(value.first, value.precision)
    pattern = {"year": "Y", "month": "F Y"}.get(precision, "j F Y")
    return date_format(value, pattern).replace(" ", NO_BREAK)


def moment(value: datetime | None) -> str:
    """A moment in Brussels time, named as such: `4 May 2009, 14:05 (Brussels time)`."""
    if value is None:
        return not_reported()
    local = value.astimezone(BRUSSELS)
    return gettext("%(day)s, %(time)s (Brussels time)") % {
        "day": partial_date(local.date()),
        "time": f"{local:%H:%M}",
    }
