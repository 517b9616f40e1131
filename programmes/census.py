"""How many projects touch each strand and region of a programme: each counted in every cell that it touches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.wording import number
from programmes.coverage import Cell, Heading, Matrix, Row, regions_of, routes_among
from programmes.ledger import counts
from programmes.ledger.counts import CountMeasure, Kin
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.words import ITSELF, ITSELF_WORDS, PlaceWord, StrandWord
from programmes.models import Programme, Region, Strand

MEASURE = CountMeasure.PROJECTS


@dataclass(frozen=True)
class _Line:
    """A row or column of the count: its heading, and which records are counted in it, and elsewhere too."""

    heading: Heading
    touches: Callable[[Kin], bool]
    beyond: Callable[[Kin], bool]


def project_matrix(programme: Programme, as_of: AsOf) -> Matrix:
    """The matrix of the projects that the portal knows of, each distinct in its cell, whatever the year."""
    scope = Scope(programme.code)
    kin = counts.census(MEASURE, scope, as_of)
    rows = _rows(regions_of(programme), kin)
    columns = _columns(list(programme.strands.all()), kin)

    def cell(*lines: _Line) -> Cell:
        inside = [each for each in kin if all(line.touches(each) for line in lines)]
        beyond = [each for each in inside if any(line.beyond(each) for line in lines)]
        named = Scope(
            programme.code,
            strands=tuple(line.heading.key for line in lines if line in columns),
            regions=tuple(line.heading.key for line in lines if line in rows),
        )
        n = sum(each.n for each in inside)
        url = counts.address(MEASURE, named, as_of) if n else ""
        elsewhere = sum(each.n for each in beyond)
        words = _("of which %(n)s also elsewhere") % {"n": number(elsewhere)}
        return Cell(n, url, elsewhere=elsewhere, note=words if elsewhere else "")

    return Matrix(
        columns=[column.heading for column in columns],
        rows=[
            Row(row.heading, [cell(column, row) for column in columns], cell(row)) for row in rows
        ],
        totals=[cell(column) for column in columns],
        total=cell(),
    )


def _columns(strands: Sequence[Strand], kin: Sequence[Kin]) -> list[_Line]:
    used = {code for each in kin for code in each.strands}
    named = [
        Heading(each.code, each.title, gap="" if each.code in used else _("no project"))
        for each in strands
    ]
    former = [Heading(code, code) for code in sorted(used - {each.code for each in strands})]
    none = Heading(StrandWord.NOT_REPORTED.value, str(StrandWord.NOT_REPORTED.label).capitalize())
    return [
        *(_Line(each, *_among("strands", each.key)) for each in [*named, *former]),
        _Line(none, lambda each: not each.strands, lambda _each: False),
    ]


def _rows(regions: Sequence[Region], kin: Sequence[Kin]) -> list[_Line]:
    routes = routes_among(regions)
    used = {code for each in kin for code in each.regions}
    lines = []
    for region in regions:
        if region.code not in routes:
            gap = "" if region.code in used else _("no project")
            note = region.parent.name if region.parent else ""
            heading = Heading(region.code, region.name, note, gap)
            lines.append(_Line(heading, *_among("regions", region.code)))
        elif region.code in used:
            words = ITSELF_WORDS % {"region": region.name}
            heading = Heading(f"{region.code}{ITSELF}", words)
            lines.append(_Line(heading, *_among("regions", region.code)))
    known = {region.code for region in regions}
    lines += [
        _Line(Heading(code, code), *_among("regions", code)) for code in sorted(used - known - {""})
    ]
    if "" in used:
        words = str(PlaceWord.NO_REGION.label).capitalize()
        lines.append(_Line(Heading(PlaceWord.NO_REGION.value, words), *_among("regions", "")))
    none = Heading(PlaceWord.NOT_REPORTED.value, str(PlaceWord.NOT_REPORTED.label).capitalize())
    return [*lines, _Line(none, lambda each: not each.regions, lambda _each: False)]


def _among(field: str, code: str) -> tuple[Callable[[Kin], bool], Callable[[Kin], bool]]:
    """Whether records touch a strand or region, and whether they touch others."""

    def touches(each: Kin) -> bool:
        return code in getattr(each, field)

    def beyond(each: Kin) -> bool:
        return any(other != code for other in getattr(each, field))

    return touches, beyond
