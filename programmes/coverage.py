"""Which strands and regions the money of a programme covers, year by year: every posting in exactly one cell.

Rows are regions, columns strands, as the parts of a question name them, words among them for what lies in
none. A cell is the figure that its address opens, and cells add up to the totals of rows and columns. The
number of records beneath an amount is distinct everywhere, and adds up to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.wording import money
from programmes.ledger import figures
from programmes.ledger.figures import Block
from programmes.ledger.models import Measure, Place
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.selection import Bucket
from programmes.ledger.words import ITSELF, ITSELF_WORDS, PlaceWord, StrandWord, is_word
from programmes.models import Programme, Region, Strand
from programmes.tallies import Spot, Tally, tallies, words_of

BY = ("strand", "region", "place", "budget_year", "period_start", "period_end")
STRAND, REGION, PLACE, YEAR, START, END = range(len(BY))

PLACED: Mapping[str, PlaceWord] = {
    Place.GLOBAL: PlaceWord.GLOBAL,
    Place.SEVERAL: PlaceWord.SEVERAL,
    Place.COUNTRY: PlaceWord.NO_REGION,
    Place.NOT_REPORTED: PlaceWord.NOT_REPORTED,
}


@dataclass(frozen=True)
class Years:
    """Some budget years, both included; none at all for the whole programme; `undated` for amounts without one."""

    first: int | None = None
    last: int | None = None
    undated: bool = False

    @property
    def text(self) -> str:
        """As an address says it: empty, `2009`, `2007-2010` or `undated`."""
        years = [str(year) for year in (self.first, self.last) if year]
        return "undated" if self.undated else "-".join(dict.fromkeys(years))

    def hold(self, block: Block) -> bool:
        """Whether what a block holds lies in these years; an envelope does if all its years do."""
        if self.first is None or self.last is None:
            return not self.undated or _span_of(block) is None
        span = _span_of(block)
        return span is not None and self.first <= span[0] and span[1] <= self.last


def _span_of(block: Block) -> tuple[int, int] | None:
    if block.measure == Measure.ENVELOPE:
        return block.keys[START], block.keys[END]
    year = block.keys[YEAR]
    return None if year is None else (year, year)


@dataclass(frozen=True)
class Cell:
    """A value with the address of its figure, None where nothing is reported.

    `records` is how many records an amount is summed from, None of a count; `elsewhere` of them, or of those
    counted, are in other cells too; `note` says so in words, and where an amount is on no record. `gap` says
    what is missing, with the address that shows it.
    """

    value: Decimal | int | None
    url: str = ""
    records: int | None = None
    elsewhere: int = 0
    note: str = ""
    gap: str = ""
    gap_url: str = ""


@dataclass(frozen=True)
class Heading:
    """A row or column: what a question names it by, its name, the route it lies on, and what it lacks."""

    key: str
    label: str
    note: str = ""
    gap: str = ""


@dataclass(frozen=True)
class Row:
    heading: Heading
    cells: Sequence[Cell]
    total: Cell


@dataclass(frozen=True)
class Matrix:
    """Regions by strands, with the totals of both."""

    columns: Sequence[Heading]
    rows: Sequence[Row]
    totals: Sequence[Cell]
    total: Cell


def row_of(keys: Sequence[Any], routes: frozenset[str]) -> str:
    """The part of a question that names where a block of these keys lies. `routes` are the regions that hold others."""
    region: str = keys[REGION]
    if not region:
        return PLACED[keys[PLACE]].value
    return f"{region}{ITSELF}" if region in routes else region


def column_of(keys: Sequence[Any]) -> str:
    """The part of a question that names the strand of a block of these keys."""
    return keys[STRAND] or StrandWord.UNDIVIDED.value


@dataclass(frozen=True)
class Money:
    """Everything posted for a programme, in blocks, and its regions and strands."""

    programme: Programme
    as_of: AsOf
    found: Sequence[Block]
    regions: Sequence[Region]
    strands: Sequence[Strand]

    @property
    def routes(self) -> frozenset[str]:
        return routes_among(self.regions)

    def years(self, measure: str) -> list[Years]:
        """What may be asked of a measure: all; each year of the budget, or span of years of an envelope; no year."""
        alone = measure == Measure.ENVELOPE
        kin = (block for block in self.found if (block.measure == Measure.ENVELOPE) == alone)
        spans = {_span_of(block) for block in kin}
        dated = [Years(*span) for span in sorted(span for span in spans if span)]
        return [Years(), *dated, *([Years(undated=True)] if None in spans else [])]

    def address(self, measure: str, years: Years, column: str = "", row: str = "") -> str:
        """The address of the figure of a cell, a row, a column or the whole."""
        bucket, scope = self._question(years, column, row)
        if bucket == Bucket.INSIDE:
            return figures.address(measure, scope, self.as_of)
        return figures.part_address(measure, bucket, scope, self.as_of)

    def tallies(self, measure: str, years: Years) -> dict[Spot, Tally]:
        """How many records each amount of a measure in some years is summed from, by row and column, in one query."""
        routes = self.routes
        bucket, scope = self._question(years)
        found = figures.spread(measure, BY[: PLACE + 1], scope, self.as_of, bucket)
        return tallies(found, lambda keys: (row_of(keys, routes), column_of(keys)))

    def _question(self, years: Years, column: str = "", row: str = "") -> tuple[Bucket, Scope]:
        """What is asked of a cell, a row, a column or the whole, and the part of the answer that it shows."""
        scope = Scope(
            self.programme.code,
            strands=(column,) if column else (),
            regions=(row,) if row else (),
            start=str(years.first or ""),
            end=str(years.last or ""),
        )
        if not years.undated:
            return Bucket.INSIDE, scope
        # Whatever the years asked for, these amounts stand beside them.
        first, last = self.programme.period_start, self.programme.period_end
        return Bucket.UNDATED, replace(scope, start=str(first), end=str(last))


def read_money(programme: Programme, as_of: AsOf) -> Money:
    """Everything posted for a programme as of a position, in three queries."""
    return Money(
        programme,
        as_of,
        figures.blocks(BY, Scope(programme.code), as_of),
        regions_of(programme),
        list(programme.strands.all()),
    )


def regions_of(programme: Programme) -> list[Region]:
    """The regions of a programme, route by route."""
    rows = Region.objects.filter(programme=programme).select_related("parent")
    return list(rows.order_by("parent__name", "name"))


def routes_among(regions: Iterable[Region]) -> frozenset[str]:
    """The codes of the regions that hold others."""
    return frozenset(region.parent.code for region in regions if region.parent)


def money_matrix(held: Money, measure: str, years: Years) -> Matrix:
    """The matrix of one measure in some years, in one query more."""
    routes = held.routes
    asked = [block for block in held.found if years.hold(block)]
    shown = [block for block in asked if block.measure == measure]
    sums = _sums(shown, routes)
    records = held.tallies(measure, years)
    lacking = _uncontracted(held, asked, years)
    reported = [block for block in held.found if block.value is not None]
    columns = strand_headings(held.strands, {column_of(block.keys) for block in reported})
    used = {row_of(block.keys, routes) for block in reported}

    def cell(row: str = "", column: str = "") -> Cell:
        block, tally = sums.get((row, column)), records.get((row, column), Tally())
        gap, gap_url = lacking.get((row, column), ("", ""))
        if block is None or block.value is None:
            return Cell(None, gap=gap, gap_url=gap_url)
        url, note = held.address(measure, years, column, row), words_of(tally, measure)
        return Cell(block.value, url, tally.n, tally.elsewhere, note, gap, gap_url)

    rows = [
        Row(heading, [cell(heading.key, each.key) for each in columns], cell(heading.key))
        for heading in region_headings(held.regions, used)
    ]
    return Matrix(columns, rows, [cell(column=each.key) for each in columns], cell())


def _sums(shown: Sequence[Block], routes: frozenset[str]) -> dict[Spot, Block]:
    """The sum of each cell, row and column, and of the whole, by row and column."""
    cells = figures.fold(shown, lambda each: (row_of(each.keys, routes), column_of(each.keys)))
    by_row = figures.fold(shown, lambda each: (row_of(each.keys, routes), ""))
    by_column = figures.fold(shown, lambda each: ("", column_of(each.keys)))
    whole = figures.fold(shown, lambda _each: ("", ""))
    return cells | by_row | by_column | whole


def strand_headings(strands: Sequence[Strand], used: Set[str]) -> list[Heading]:
    """A column for each strand, those without any money marked, and one for what is not divided."""
    known = [
        Heading(each.code, each.title, gap="" if each.code in used else _("no money"))
        for each in strands
    ]
    former = [Heading(key, key) for key in sorted(used - {each.key for each in known})]
    undivided = Heading(StrandWord.UNDIVIDED.value, str(StrandWord.UNDIVIDED.label).capitalize())
    return [*known, *(each for each in former if not is_word(each.key)), undivided]


def region_headings(regions: Sequence[Region], used: Set[str]) -> list[Heading]:
    """A row for each region, those without any money marked; then for what lies in none, where there is any."""
    routes = routes_among(regions)
    headings = []
    for region in regions:
        if region.code not in routes:
            gap = "" if region.code in used else _("no money")
            note = region.parent.name if region.parent else ""
            headings.append(Heading(region.code, region.name, note, gap))
        elif f"{region.code}{ITSELF}" in used:
            words = ITSELF_WORDS % {"region": region.name}
            headings.append(Heading(f"{region.code}{ITSELF}", words))
    known = {each.key for each in headings} | set(PlaceWord.values)
    former = [Heading(key, key) for key in sorted(used - known)]
    words_used = [word for word in PlaceWord if word.value in used]
    return [
        *headings,
        *former,
        *(Heading(word.value, str(word.label).capitalize()) for word in words_used),
    ]


def _uncontracted(
    held: Money, asked: Sequence[Block], years: Years
) -> dict[tuple[str, str], tuple[str, str]]:
    """For each cell of one strand and region with money set aside and none contracted: the words and the address."""
    routes = held.routes
    cells = figures.fold(
        asked, lambda block: (block.measure, row_of(block.keys, routes), column_of(block.keys))
    )
    found = {}
    # Of a cell with both, what is planned is said: it is the nearer to a contract.
    for (measure, row, column), block in sorted(cells.items()):
        contracted = cells.get((Measure.CONTRACTED, row, column))
        indicated = measure in (Measure.ENVELOPE, Measure.PLANNED) and block.amount > 0
        if indicated and not is_word(row) and not is_word(column) and not _any(contracted):
            words = _("%(measure)s: %(sum)s; nothing contracted")
            named = {"measure": Measure(measure).label, "sum": money(block.amount)}
            found[row, column] = words % named, held.address(measure, years, column, row)
    return found


def _any(block: Block | None) -> bool:
    return bool(block and block.value)
