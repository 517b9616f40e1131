"""What the demonstration programme stands on: its strands and countries, as a loaded record has them."""

from __future__ import annotations

from portal.countries.models import Country
from portal.management.demonstration.places import COUNTRIES
from portal.management.demonstration.plan import STRANDS
from programmes.models import Strand


def add_vocabulary() -> None:
    Strand.objects.bulk_create(
        Strand(code=code, number=number, title=code.title())
        for number, code in enumerate(STRANDS, start=1)
    )
    Country.objects.bulk_create(
        Country(code=code, iso3=f"{code}X", name=f"Country {code}") for code in COUNTRIES
    )
