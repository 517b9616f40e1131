"""The coverage matrix on random ledgers: each cell is the figure it opens, and all of them add up."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from programmes import coverage
from programmes.census import project_matrix
from programmes.coverage import Cell, Matrix, Years
from programmes.ledger import counts, figures
from programmes.ledger.models import Measure, Milestone, Place, Posting, SubjectKind, Tag
from programmes.ledger.posting import Touches, post, tag
from programmes.ledger.scope import AsOf, Scope, at_position, now, parse_question, query_string
from programmes.ledger.selection import REPORTED_FOR, Bucket
from programmes.ledger.words import PlaceWord, StrandWord
from programmes.models import Programme
from tests.factories.programmes import CountryFactory, ProgrammeFactory
from tests.programmes.ledger.test_figures import COUNTRIES, ROUTES, STRANDS, build_ledger

pytestmark = pytest.mark.django_db

ZERO = Decimal("0.00")


def build(seed: int, officer) -> tuple[random.Random, Programme]:
    """A random ledger with a country that lies in no region, and money of several countries of one region."""
    chance = random.Random(seed)
    build_ledger(chance, officer)
    CountryFactory(code="BY")
    common = {"programme": "TPMA", "measure": Measure.CONTRACTED, "event": "random"}
    post(
        [
            Posting(**common, amount=Decimal("3.10"), place=Place.COUNTRY, country="BY"),
            Posting(**common, amount=Decimal("0.07"), place=Place.SEVERAL, region="MED"),
            Posting(**common, amount=Decimal("0.90"), place=Place.REGION, region="SOUTH"),
        ],
        by=officer,
    )
    touched = {"P-TPMA-1": Touches(["ASYLUM"], ["BY", "MA"]), "P-TPMA-2": Touches([], [])}
    tag(SubjectKind.PROJECT, touched, programme="TPMA", by=officer)
    return chance, ProgrammeFactory(code="TPMA")


def cells_of(matrix: Matrix) -> list[Cell]:
    """Every cell of a matrix and all its totals."""
    inner = [cell for row in matrix.rows for cell in (*row.cells, row.total)]
    return [*inner, *matrix.totals, matrix.total]


def amount_of(cells) -> Decimal:
    return sum((cell.value or ZERO for cell in cells), ZERO)


def question_of(cell: Cell) -> tuple[str, Scope, AsOf, Bucket]:
    """The figure, or the part beside one, at the address of a cell."""
    url = urlsplit(cell.url)
    scope, as_of = parse_question(parse_qs(url.query))
    measure = url.path.split("/")[3]
    assert url.query == query_string(scope.for_measure(measure), as_of)
    bucket = Bucket.UNDATED if url.path.endswith("/undated/") else Bucket.INSIDE
    return measure, scope, as_of, bucket


def opened(cell: Cell) -> Decimal | None:
    """The value at the address of a cell."""
    measure, scope, as_of, bucket = question_of(cell)
    figure = figures.value(measure, scope, as_of)
    return figure.total if bucket == Bucket.INSIDE else figure.undated.amount


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_is_the_figure_it_opens_and_all_add_up(officer, seed):
    chance, programme = build(seed, officer)
    positions = list(Posting.objects.values_list("position", flat=True))
    as_of = now() if seed % 2 else at_position(chance.choice(positions[len(positions) // 2 :]))
    held = coverage.read_money(programme, as_of)
    every: list[Cell] = []
    for measure in Measure.values:
        matrices = {
            years: coverage.money_matrix(held, measure, years) for years in held.years(measure)
        }
        for matrix in matrices.values():
            for row in matrix.rows:
                assert amount_of(row.cells) == (row.total.value or ZERO)
            columns = zip(*(row.cells for row in matrix.rows), strict=True)
            assert [amount_of(column) for column in columns] == [
                cell.value or ZERO for cell in matrix.totals
            ]
            assert amount_of(matrix.totals) == (matrix.total.value or ZERO)
            every += cells_of(matrix)
        if measure == Measure.ENVELOPE:
            continue  # spans of years may lie in one another
        by_years = [matrix.total for years, matrix in matrices.items() if years != Years()]
        assert amount_of(by_years) == (matrices[Years()].total.value or ZERO)
    shown = [cell for cell in every if cell.value is not None]
    assert len(shown) > 150
    for cell in chance.sample(shown, 60):
        assert opened(cell) == cell.value, cell.url


def standing_postings(as_of: int) -> list[Posting]:
    """The postings that nothing has taken back, read row by row."""
    rows = [row for row in Posting.objects.filter(programme="TPMA") if row.position <= as_of]
    gone = {row.reverses_id for row in rows if row.reverses_id}
    return [row for row in rows if not row.reverses_id and row.pk not in gone]


def lies_in(row: Posting, years: Years) -> bool:
    if years == Years():
        return True
    if row.measure == Measure.ENVELOPE:
        return years.first <= row.period_start and row.period_end <= years.last
    return row.budget_year == years.first


def cell_of(row: Posting) -> tuple[str, str]:
    """The row and column in which a posting lies."""
    words = {
        Place.GLOBAL: "global",
        Place.SEVERAL: "several",
        Place.COUNTRY: "none",
        Place.NOT_REPORTED: "not-reported",
    }
    route = row.region in ROUTES.values()
    region = f"{row.region}-undivided" if route else row.region or words[row.place]
    return region, row.strand or "undivided"


@pytest.mark.parametrize("seed", range(4))
def test_every_amount_says_of_how_many_records_it_is_and_how_many_are_also_elsewhere(officer, seed):
    chance, programme = build(seed, officer)
    positions = list(Posting.objects.values_list("position", flat=True))
    as_of = now() if seed % 2 else at_position(chance.choice(positions[len(positions) // 2 :]))
    held = coverage.read_money(programme, as_of)
    standing = standing_postings(as_of.position)
    seen = Counter()
    for measure in Measure.values:
        for years in held.years(measure):
            asked = [row for row in standing if row.measure == measure and lies_in(row, years)]
            lines = [(cell_of(row), getattr(row, REPORTED_FOR[measure])) for row in asked]
            matrix = coverage.money_matrix(held, measure, years)
            for row in [*matrix.rows, None]:
                for column in [*matrix.columns, None]:
                    inside, outside = set(), set()
                    for (region, strand), record in lines:
                        here = row is None or row.heading.key == region
                        here &= column is None or column.key == strand
                        (inside if here else outside).add(record)
                    cell = cell_at(matrix, row, column)
                    if cell.value is None:
                        assert not inside
                        continue
                    both = (inside & outside) - {""}
                    assert (cell.records, cell.elsewhere) == (len(inside - {""}), len(both))
                    assert ("on no " in cell.note) == ("" in inside)
                    seen[bool(cell.elsewhere)] += 1
    assert seen[True] > 50
    assert seen[False] > 50


@pytest.mark.parametrize("seed", range(3))
def test_the_records_of_an_amount_are_those_that_it_opens(officer, seed):
    chance, programme = build(seed, officer)
    held = coverage.read_money(programme, now())
    shown = [
        cell
        for measure in Measure.values
        for years in held.years(measure)
        for cell in cells_of(coverage.money_matrix(held, measure, years))
        if cell.value is not None
    ]
    taken_back = 0
    for cell in chance.sample(shown, 40):
        measure, scope, as_of, bucket = question_of(cell)
        rows = figures.by_record(measure, scope, as_of, bucket)
        codes = {row["record"] for row in rows}
        postings = figures.postings(measure, scope, as_of, bucket)
        standing = postings.filter(reverses=None, reversed_by=None)
        named = set(standing.values_list(REPORTED_FOR[measure], flat=True))
        assert named <= codes
        assert all(row["amount"] == 0 for row in rows if row["record"] not in named)
        assert cell.records == len(named - {""}), cell.url
        figure = figures.value(measure, scope, as_of)
        part = figure.inside if bucket == Bucket.INSIDE else figure.undated
        assert part.records == cell.records + ("" in named)
        taken_back += len(codes - named)
    assert taken_back


def test_a_cell_that_was_taken_back_is_empty_as_its_figure_is(officer):
    _chance, programme = build(1, officer)
    held = coverage.read_money(programme, now())
    matrix = coverage.money_matrix(held, Measure.CONTRACTED, Years())
    seen = 0
    for row in matrix.rows:
        for column, cell in zip(matrix.columns, row.cells, strict=True):
            if cell.value is None:
                url = held.address(Measure.CONTRACTED, Years(), column.key, row.heading.key)
                assert opened(Cell(None, url)) is None
                seen += 1
    assert seen > 3


def test_every_posting_lies_in_one_row_and_one_column(officer):
    _chance, programme = build(2, officer)
    held = coverage.read_money(programme, now())
    matrix = coverage.money_matrix(held, Measure.CONTRACTED, Years())
    rows = {row.heading.key: row.total.value for row in matrix.rows}
    columns = {each.key for each in matrix.columns}
    assert columns == {*STRANDS, StrandWord.UNDIVIDED}
    assert rows.keys() == {
        *COUNTRIES.values(),
        *(f"{route}-undivided" for route in ROUTES.values()),
        *PlaceWord.values,
    }
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for line in Posting.objects.filter(programme="TPMA", measure=Measure.CONTRACTED):
        expected[cell_of(line)[0]] += line.amount
    assert rows == expected


def standing_tags(as_of: int) -> dict[str, tuple[set[str], set[str], set[str]]]:
    """Strands, regions and countries that each project touches, read row by row."""
    rows = [row for row in Tag.objects.all() if row.position <= as_of]
    gone = {row.reverses_id for row in rows if row.reverses_id}
    found = defaultdict(lambda: (set(), set(), set()))
    for row in rows:
        if not row.reverses_id and row.pk not in gone:
            strands, regions, countries = found[row.subject]
            if row.dimension == "strand":
                strands.add(row.key)
            else:
                regions.add(row.region)
                countries.add(row.key)
    return found


def is_in(key: str, touched: set[str]) -> bool:
    if key == "not-reported":
        return not touched
    return ("" if key == "none" else key.removesuffix("-undivided")) in touched


def has_others(key: str, touched: set[str]) -> bool:
    return key != "not-reported" and bool(
        touched - {"" if key == "none" else key.removesuffix("-undivided")}
    )


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_distinct_and_say_how_many_are_also_elsewhere(officer, seed):
    chance, programme = build(seed, officer)
    positions = list(Milestone.objects.values_list("position", flat=True))
    as_of = now() if seed % 2 else at_position(chance.choice(positions))
    matrix = project_matrix(programme, as_of)
    tags = standing_tags(as_of.position)
    known = {
        row.subject
        for row in Milestone.objects.filter(programme="TPMA", subject_kind=SubjectKind.PROJECT)
        if row.position <= as_of.position
    }
    assert matrix.total.value == len(known)
    for row in [*matrix.rows, None]:
        for column in [*matrix.columns, None]:
            inside, beyond = set(), set()
            for code in known:
                strands, regions, _countries = tags.get(code, (set(), set(), set()))
                asked = [(column.key, strands)] if column else []
                asked += [(row.heading.key, regions)] if row else []
                if all(is_in(*each) for each in asked):
                    inside.add(code)
                    beyond |= {code for each in asked if has_others(*each)}
            cell = cell_at(matrix, row, column)
            assert (cell.value, cell.elsewhere) == (len(inside), len(beyond))
            assert cell.records is None


def cell_at(matrix: Matrix, row, column) -> Cell:
    if row is None:
        return matrix.totals[matrix.columns.index(column)] if column else matrix.total
    return row.cells[matrix.columns.index(column)] if column else row.total


@pytest.mark.parametrize("seed", range(3))
def test_each_count_is_the_figure_it_opens(officer, seed):
    _chance, programme = build(seed, officer)
    seen = 0
    for cell in cells_of(project_matrix(programme, now())):
        if cell.value:
            scope, as_of = parse_question(parse_qs(urlsplit(cell.url).query))
            counted = counts.count("projects", scope, as_of)
            assert (counted.total, counted.elsewhere) == (cell.value, cell.elsewhere)
            assert len(counts.counted_records("projects", scope, as_of)) == cell.value
            seen += 1
    assert seen > 5
