"""What a row of the projects' sheet says to the ledger: one contracted amount, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from portal.imports.provenance import is_cell_recalled
from portal.imports.sheets import Line
from programmes.ledger.models import Measure, Place, Posting
from projects.models import AwardType

CONTRACTED_EVENT = "amount stated in the public record"
RECALLED_EVENT = "amount from general knowledge, not confirmed"
GLOBAL = "Global"


def contracted(line: Line, regions: Mapping[tuple[str, str], str]) -> Posting | None:
    """The posting of a row's amount, without a date: no row says when its contract was signed.

    A sub-grant posts nothing, because its money lies inside the contract it is granted under. Nothing is
    divided: with several strands or countries the amount stays whole, and the project's tags say what it
    touches. `regions` gives a region's code by programme and name.
    """
    if line["amount_eur"] is None or line["award_type"] == AwardType.SUB_GRANT:
        return None
    place, country, region = place_of(line, regions)
    return Posting(
        measure=Measure.CONTRACTED,
        amount=line["amount_eur"],
        programme=line["programme_code"],
        strand=line["strands"][0] if len(line["strands"]) == 1 else "",
        place=place,
        country=country,
        region=region,
        work_programme=line["work_programme"],
        action=line["action"],
        call=line["call_code"],
        project=line["code"],
        event=RECALLED_EVENT if is_cell_recalled(line, "amount_eur") else CONTRACTED_EVENT,
        attribution=line["attribution"],
    )


def place_of(line: Line, regions: Mapping[tuple[str, str], str]) -> tuple[Place, str, str]:
    """Where a row's money is: the place, and the country or region where it is one.

    An area that is not one of the programme's own regions by name leaves the place not reported.
    """
    countries = line["countries"]
    if len(countries) == 1:
        return Place.COUNTRY, countries[0], ""
    if countries:
        return Place.SEVERAL, "", ""
    if line["region_note"] == GLOBAL:
        return Place.GLOBAL, "", ""
    region = regions.get((line["programme_code"], line["region_note"]), "")
    return (Place.REGION if region else Place.NOT_REPORTED), "", region
