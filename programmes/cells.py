"""Where the money of an action lies in the ledger: its strand, its place, and what it hangs on."""

from __future__ import annotations

from typing import Any

from programmes.ledger.models import Place
from programmes.ledger.posting import Touches
from programmes.models import Action


def cells_of(action: Action) -> dict[str, Any]:
    """The fields of a posting that hangs on an action; nothing is divided that the action does not divide.

    Reads the action's strands, regions and countries: prefetch them, and its work programme with programme
    and parent, before asking for many.
    """
    work_programme = action.work_programme
    strands = list(action.strands.all())
    return {
        "programme": work_programme.programme.code,
        "indicative_programme": work_programme.parent.code if work_programme.parent else "",
        "work_programme": work_programme.code,
        "action": action.code,
        "strand": strands[0].code if len(strands) == 1 else "",
        "attribution": action.attribution,
        **_place_of(action),
    }


def _place_of(action: Action) -> dict[str, Any]:
    countries, regions = list(action.countries.all()), list(action.regions.all())
    if len(countries) == 1 and len(regions) <= 1:
        return {"place": Place.COUNTRY, "country": countries[0].code}
    if len(regions) == 1:
        return {"place": Place.REGION, "region": regions[0].code}
    if action.worldwide:
        return {"place": Place.GLOBAL}
    return {"place": Place.SEVERAL if countries or regions else Place.NOT_REPORTED}


def touches_of(action: Action) -> Touches:
    """The strands and countries that an action touches."""
    return Touches(
        [strand.code for strand in action.strands.all()],
        [country.code for country in action.countries.all()],
    )
