"""What a chart shows, said once for page and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["bar", "stacked", "line", "area", "map"]
Number = int | float | Decimal
Value = str | Number | None
EURO = "EUR"
MOST_SERIES = 6


@dataclass(frozen=True)
class Chart:
    """One chart: what kind, what it says in words, and the rows of the table it is drawn from.

    `x` and `y` name columns of the rows. Along `x` lies the category (`bar`, `stacked`), the year
    (`line`, `area`) or the country's ISO 3166 two-letter code (`map`); `y` is the value, a number,
    or None where it is not reported, which is never drawn as 0. `series` names the column that
    splits bars, lines and areas, in the order of the rows; at most six of them. `unit` is what the
    values are: `EUR` is shown in millions or thousands where that reads better.

    `title` and `description` are read aloud in place of the picture (`alt`), in the reader's
    language, as are all texts of the rows. Refused with `ValueError`: no rows, a row without one of
    the columns, more series than can be told apart without colour.
    """

    kind: Kind
    title: str
    description: str
    rows: Sequence[Mapping[str, Value]]
    x: str
    y: str
    series: str | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if not self.rows:
            raise ValueError(f"the chart {self.title!r} has no rows")
        if self.kind == "stacked" and self.series is None:
            raise ValueError(f"the chart {self.title!r} is stacked of nothing: series is missing")
        columns = {self.x, self.y} | ({self.series} if self.series else set())
        for row in self.rows:
            if missing := columns - row.keys():
                raise ValueError(f"a row of {self.title!r} has no {', '.join(sorted(missing))}")
        if len(self.series_names) > MOST_SERIES:
            raise ValueError(f"the chart {self.title!r} has more than {MOST_SERIES} series")

    @property
    def alt(self) -> str:
        """The words that stand for the picture."""
        return f"{self.title}. {self.description}"

    @property
    def series_names(self) -> list[str]:
        """Each series once, in the order of the rows; empty where there is one without a name."""
        if self.series is None:
            return []
        return list(dict.fromkeys(str(row[self.series]) for row in self.rows))

    @property
    def values(self) -> list[float]:
        """The values that are reported."""
        return [float(value) for row in self.rows if (value := self.number(row)) is not None]

    def number(self, row: Mapping[str, Value]) -> Decimal | None:
        """The value of a row, exactly; None where it is not reported."""
        value = row[self.y]
        return None if value is None else Decimal(str(value))
