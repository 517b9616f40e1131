"""The countries in a region over the years, a line for each, as people write them."""

from __future__ import annotations

from dataclasses import dataclass

from portal.countries.models import Country
from programmes.models import Region


@dataclass(frozen=True)
class MemberLine:
    """A country that belongs to a region from one year to another, both included; None where there is no end."""

    country: Country
    year_from: int | None = None
    year_to: int | None = None

    def __str__(self) -> str:
        """As a person writes it: `MA`, `MA 2007-2010`, `MA 2007-`, `MA -2010`."""
        if self.year_from is None and self.year_to is None:
            return self.country.code
        return f"{self.country.code} {self.year_from or ''}-{self.year_to or ''}"


def lines_of(region: Region) -> list[MemberLine]:
    """The members of a region as lines, by country."""
    rows = region.memberships.select_related("country").order_by("country__code", "year_from")
    return [MemberLine(row.country, row.year_from, row.year_to) for row in rows]
