"""Numbers as a reader sees them: millions of euros, decimal signs of the language."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _

from portal.charts.chart import EURO, Chart, Number


@dataclass(frozen=True)
class Scale:
    """What the drawn numbers are divided by, how many decimals they show, and their unit in words."""

    divisor: int
    decimals: int
    unit: str

    def show(self, value: Number) -> str:
        """The value as text, with the separators of the language: halves round away from 0."""
        step = Decimal(1).scaleb(-self.decimals)
        rounded = (Decimal(str(value)) / self.divisor).quantize(step, ROUND_HALF_UP)
        return str(number_format(rounded, self.decimals, force_grouping=True)).replace("-", "−")


def scale_of(chart: Chart) -> Scale:
    """Millions from a million euros up, thousands from ten thousand, else as it is."""
    largest = max((abs(value) for value in chart.values), default=0)
    if chart.unit == EURO and largest >= 1_000_000:
        return Scale(1_000_000, 1, _("EUR m"))
    if chart.unit == EURO and largest >= 10_000:
        return Scale(1000, 0, _("EUR thousand"))
    whole = all(value.is_integer() for value in chart.values)
    return Scale(1, 0 if whole else 1, chart.unit)


def number_locale() -> dict[str, object]:
    """The separators of the active language, as d3-format takes them."""
    return {
        "decimal": get_format("DECIMAL_SEPARATOR"),
        "thousands": get_format("THOUSAND_SEPARATOR"),
        "grouping": [3],
        "currency": ["", ""],
        "minus": "−",
    }


def classes(values: Sequence[float], most: int = 5) -> list[tuple[float, float]]:
    """Part values into at most `most` classes of about as many distinct values: (smallest, largest) each."""
    distinct = sorted(set(values))
    count = min(most, len(distinct))
    edges = [math.ceil(index * len(distinct) / count) for index in range(count + 1)]
    return [(distinct[first], distinct[after - 1]) for first, after in pairwise(edges)]
