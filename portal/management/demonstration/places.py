"""Where the demonstration programme works: routes, their regions, and the countries in each."""

from __future__ import annotations

from dataclasses import dataclass

from programmes.models import Instrument

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
