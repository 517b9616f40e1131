"""Where the demonstration programme works: routes, their regions, and the countries in each."""

from __future__ import annotations

from dataclasses import dataclass

from portal.countries.models import Country
from programmes.models import (
    EligibilityRule,
    Instrument,
    Programme,
    ProgrammeCountry,
    Question,
    Region,
    RegionMembership,
)

ROUTES = {"SOUTH": "Southern route", "EAST": "Eastern route", "OTHER": "Other regions"}


@dataclass(frozen=True)
class Area:
    """A region: the route it lies on, its instrument, and the ISO codes of its countries."""

    code: str
    name: str
    route: str
    instrument: Instrument
    countries: tuple[str, ...]


AREAS = (
    Area(
        "SOUTHERN-MEDITERRANEAN",
        "Southern Mediterranean",
        "SOUTH",
        Instrument.ENPI,
        ("MA", "DZ", "EG", "TN"),
    ),
    Area("EASTERN-EUROPE", "Eastern Europe", "EAST", Instrument.ENPI, ("MD", "UA")),
    Area("WEST-AFRICA", "West Africa", "SOUTH", Instrument.EDF, ("GH", "ML", "NG", "SN")),
    Area("SOUTH-CAUCASUS", "South Caucasus", "EAST", Instrument.ENPI, ("AM", "AZ", "GE")),
    Area("CENTRAL-ASIA", "Central Asia", "EAST", Instrument.DCI, ("KG", "TJ", "UZ")),
    Area("SOUTH-ASIA", "South Asia", "OTHER", Instrument.DCI, ("BD", "LK", "PK")),
    Area("LATIN-AMERICA", "Latin America", "OTHER", Instrument.DCI, ("CO", "EC", "PE")),
)
AREA_BY_CODE = {area.code: area for area in AREAS}
AREA_OF = {country: area.code for area in AREAS for country in area.countries}
COUNTRIES = tuple(AREA_OF)


def add_places(programme: Programme) -> None:
    """Give the programme its routes, regions, members and the rule by which its countries take part."""
    routes = {
        code: Region.objects.create(programme=programme, code=code, name=name)
        for code, name in ROUTES.items()
    }
    rule = EligibilityRule.objects.create(
        code=f"{programme.code}-PLACE",
        programme=programme,
        question=Question.PLACE,
        admits=True,
        text="An action may take place in the partner countries that the programme lists.",
    )
    countries = {row.code: row for row in Country.objects.filter(code__in=COUNTRIES)}
    for area in AREAS:
        region = Region.objects.create(
            programme=programme, code=area.code, name=area.name, parent=routes[area.route]
        )
        for code in area.countries:
            _add_country(programme, countries[code], region, area, rule)


def _add_country(
    programme: Programme, country: Country, region: Region, area: Area, rule: EligibilityRule
) -> None:
    RegionMembership.objects.create(region=region, programme=programme, country=country)
    ProgrammeCountry.objects.create(
        programme=programme,
        country=country,
        instrument=area.instrument,
        route=area.route,
        priority=area.route != "OTHER",
        rule=rule,
    )
