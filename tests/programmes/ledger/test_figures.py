"""Every figure equals the sum of the records its address lists, in every scope, axis and as-of."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.dates import PartialDate, Precision
from portal.records import Attribution
from programmes.ledger import figures
from programmes.ledger.models import (
    Measure,
    MilestoneKind,
    Place,
    Posting,
    SubjectKind,
    Tag,
)
from programmes.ledger.posting import Touches, post, record_milestone, reverse, tag
from programmes.ledger.scope import AsOf, Axis, Scope, at_position, now, parse_question
from programmes.ledger.selection import Bucket
from programmes.models import DocumentKind
from tests.factories.programmes import (
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    MembershipFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db

STRANDS = ["MIGDEV", "ECOMIG", "ASYLUM"]
COUNTRIES = {"MA": "MED", "TN": "MED", "MD": "EUROPE", "UA": "EUROPE"}
PROGRAMMES = ["TPMA", "AENEAS"]
GROUPINGS = [["strand"], ["country", "region"], ["value_year"], ["attribution", "budget_year"]]
ROUTES = {"MED": "SOUTH", "EUROPE": "EAST"}


def build_vocabulary() -> None:
    programmes = [ProgrammeFactory(code=code) for code in PROGRAMMES]
    for code in STRANDS:
        StrandFactory(code=code, programmes=programmes)
    for programme in programmes:
        for region, route in ROUTES.items():
            parent = RegionFactory(programme=programme, code=route)
            RegionFactory(programme=programme, code=region, parent=parent)
        for code, region in COUNTRIES.items():
            MembershipFactory(
                region=RegionFactory(programme=programme, code=region),
                programme=programme,
                country=CountryFactory(code=code),
            )
        name = programme.code
        DocumentFactory(
            code=f"MIP-{name}", programme=programme, kind=DocumentKind.INDICATIVE_PROGRAMME
        )
        work_programme = DocumentFactory(code=f"AAP-{name}", programme=programme)
        ActionFactory(code=f"ACT-{name}", work_programme=work_programme)
        for number in range(6):
            ProjectFactory(code=f"P-{name}-{number}", programme=programme)


def random_line(chance: random.Random) -> Posting:
    programme = chance.choice(PROGRAMMES)
    measure = chance.choice(Measure.values)
    cells: dict[str, object] = {"strand": chance.choice([*STRANDS, ""])}
    place = chance.choice(Place.values)
    cells["place"] = place
    if place == Place.COUNTRY:
        cells["country"] = chance.choice(list(COUNTRIES))
    if place == Place.REGION:
        cells["region"] = chance.choice([*ROUTES, *ROUTES.values()])
    year = chance.randint(2006, 2012)
    if measure == Measure.ENVELOPE:
        cells |= {"indicative_programme": f"MIP-{programme}", "period_start": year}
        cells["period_end"] = year + chance.randint(0, 3)
    elif measure in {Measure.PLANNED, Measure.COMMITTED}:
        cells |= {"work_programme": f"AAP-{programme}", "action": f"ACT-{programme}"}
    else:
        cells["project"] = f"P-{programme}-{chance.randint(0, 5)}"
        precision = chance.choice(Precision.values)
        day = {"day": date(year, chance.randint(1, 12), chance.randint(1, 28))}
        day["month"] = day["day"].replace(day=1)
        day["year"] = date(year, 1, 1)
        if chance.random() < 0.8:
            cells |= {"value_date": day[precision], "date_precision": precision}
    if chance.random() < 0.8:
        cells["budget_year"] = year
    return Posting(
        programme=programme,
        measure=measure,
        amount=Decimal(chance.choice([-1, 1, 1, 1]) * chance.randint(1, 10**9)) / 100,
        event="random",
        attribution=chance.choice(Attribution.values),
        **cells,
    )


def build_ledger(chance: random.Random, officer) -> None:
    build_vocabulary()
    for _round in range(8):
        post([random_line(chance) for _ in range(chance.randint(5, 30))], by=officer)
        programme = chance.choice(PROGRAMMES)
        tag(
            SubjectKind.PROJECT,
            {
                f"P-{programme}-{chance.randint(0, 5)}": Touches(
                    chance.sample(STRANDS, chance.randint(0, 2)),
                    chance.sample(list(COUNTRIES), chance.randint(0, 3)),
                )
            },
            programme=programme,
            by=officer,
        )
        record_milestone(
            MilestoneKind.RECORDED,
            SubjectKind.PROJECT,
            [f"P-{programme}-{chance.randint(0, 5)}"],
            programme=programme,
            by=officer,
        )
        standing = list(Posting.objects.filter(reverses=None, reversed_by=None))
        reverse(chance.sample(standing, 3), by=officer, reason="random")


def random_question(chance: random.Random, positions: list[int]) -> tuple[str, Scope, AsOf]:
    axis = chance.choice(list(Axis))
    start, end = sorted(chance.randint(2006, 2013) for _ in range(2))
    forms = (
        ["{0}"]
        if axis == Axis.BUDGET
        else ["{0}", f"{{0}}-0{chance.randint(1, 9)}", f"{{0}}-0{chance.randint(1, 9)}-15"]
    )
    first, last = chance.choice(forms).format(start), chance.choice(forms).format(end)
    if PartialDate.parse(first).first > PartialDate.parse(last).last:
        first = first[:4]
        last = last[:4]
    period = chance.random() < 0.7
    scope = Scope(
        programme=chance.choice([*PROGRAMMES, "all"]),
        strands=tuple(sorted(chance.sample(STRANDS, chance.choice([0, 0, 1, 2])))),
        countries=tuple(sorted(chance.sample(list(COUNTRIES), chance.choice([0, 0, 1, 2])))),
        regions=tuple(chance.sample([*ROUTES, *ROUTES.values()], chance.choice([0, 0, 0, 1]))),
        start=first if period else "",
        end=last if period else "",
        axis=axis if period else Axis.BUDGET,
    )
    return chance.choice(Measure.values), scope, at_position(chance.choice(positions))


class Oracle:
    """The same questions answered row by row, from the definitions, without the database's help."""

    def __init__(self) -> None:
        self.postings = list(Posting.objects.all())
        self.tags = list(Tag.objects.all())

    def standing_tags(self, as_of: int) -> dict[str, set[tuple[str, str, str]]]:
        gone = {row.reverses_id for row in self.tags if row.reverses_id and row.position <= as_of}
        found: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for row in self.tags:
            if row.position <= as_of and not row.reverses_id and row.pk not in gone:
                found[row.subject].add((row.dimension, row.key, row.region))
        return found

    def bucket(self, row: Posting, scope: Scope, tags: set[tuple[str, str, str]]) -> Bucket | None:
        states = [self.strand_state(row, scope, tags), self.place_state(row, scope, tags)]
        when = self.time_state(row, scope)
        if "outside" in (*states, when):
            return None
        if "none" in states:
            return Bucket.NOT_ATTRIBUTABLE
        if "may" in states:
            return Bucket.SHARE_UNKNOWN
        return {"inside": Bucket.INSIDE, "part": Bucket.INDIVISIBLE}.get(when, Bucket.UNDATED)

    def strand_state(self, row, scope, tags) -> str:
        if not scope.strands or row.strand in scope.strands:
            return "inside"
        if row.strand:
            return "outside"
        touched = {key for dimension, key, _region in tags if dimension == "strand"}
        return self.by_tags(bool(touched & set(scope.strands)), touched)

    def place_state(self, row, scope, tags) -> str:
        if not scope.has_place:
            return "inside"
        wanted = set(scope.regions) | {r for r, route in ROUTES.items() if route in scope.regions}
        if row.country in scope.countries or row.region in wanted:
            return "inside"
        if row.place == Place.COUNTRY:
            return "outside"
        around = {COUNTRIES[code] for code in scope.countries}
        around |= {ROUTES[region] for region in around}
        around |= {ROUTES[region] for region in scope.regions if region in ROUTES}
        touched = {(key, region) for dimension, key, region in tags if dimension == "country"}
        reached = any(key in scope.countries or region in wanted for key, region in touched)
        if row.place == Place.GLOBAL or row.region in around or reached:
            return "may"
        return "outside" if row.place == Place.REGION else self.by_tags(reached, touched)

    @staticmethod
    def by_tags(reached: bool, touched: set) -> str:
        return "may" if reached else "outside" if touched else "none"

    def time_state(self, row, scope) -> str:
        if not scope.has_period:
            return "inside"
        if row.measure == Measure.ENVELOPE:
            span = (date(row.period_start, 1, 1), date(row.period_end, 12, 31))
            return self.overlap(span, scope, partly="part")
        if scope.axis == Axis.BUDGET:
            span = row.budget_year and (date(row.budget_year, 1, 1), date(row.budget_year, 12, 31))
        else:
            when = PartialDate(row.value_date, row.date_precision) if row.value_date else None
            span = when and (when.first, when.last)
        return self.overlap(span, scope, partly="undated") if span else "undated"

    @staticmethod
    def overlap(span: tuple[date, date], scope: Scope, partly: str) -> str:
        if scope.first_day <= span[0] and span[1] <= scope.last_day:
            return "inside"
        return partly if span[0] <= scope.last_day and span[1] >= scope.first_day else "outside"

    def answer(self, measure: str, scope: Scope, as_of: AsOf) -> dict[Bucket | None, Decimal]:
        tags = self.standing_tags(as_of.position)
        programmes = PROGRAMMES if scope.programme == "all" else [scope.programme]
        sums: dict[Bucket | None, Decimal] = defaultdict(Decimal)
        for row in self.postings:
            asked = row.measure == measure and row.programme in programmes
            if asked and row.position <= as_of.position:
                found = tags.get(row.project or row.action, set())
                sums[self.bucket(row, scope, found)] += row.amount
        return sums


@pytest.mark.parametrize("seed", range(10))
def test_every_figure_is_the_sum_of_the_records_at_its_address(officer, seed):
    chance = random.Random(seed)
    build_ledger(chance, officer)
    oracle = Oracle()
    positions = [0, *Posting.objects.values_list("position", flat=True)]
    seen = 0
    for _question in range(100):
        measure, scope, as_of = random_question(chance, positions)
        figure = figures.value(measure, scope, as_of)
        address = urlsplit(figure.address)
        again, when = parse_question(parse_qs(address.query))
        assert figures.address(measure, again, when) == figure.address
        rows = list(figures.by_record(measure, again, when))
        value = figure.total or Decimal(0)
        assert sum((row["amount"] for row in rows), Decimal(0)) == value
        assert sum((p.amount for p in figures.postings(measure, again, when)), Decimal(0)) == value
        by = chance.choice(GROUPINGS)
        cells = figures.table(measure, again, when, by)
        assert sum((cell.amount for cell in cells.values()), Decimal(0)) == value
        expected = oracle.answer(measure, scope.for_measure(measure), as_of)
        assert value == expected[Bucket.INSIDE]
        assert figure.undated.amount == expected[Bucket.UNDATED]
        assert figure.share_unknown.amount == expected[Bucket.SHARE_UNKNOWN]
        assert figure.not_attributable.amount == expected[Bucket.NOT_ATTRIBUTABLE]
        assert figure.indivisible.amount == expected[Bucket.INDIVISIBLE]
        assert sum(figure.by_attribution.values(), Decimal(0)) == value
        seen += figure.total is not None
    assert seen > 20


def test_an_answer_never_changes(officer):
    chance = random.Random(99)
    build_ledger(chance, officer)
    positions = list(Posting.objects.values_list("position", flat=True))
    questions = [random_question(chance, positions) for _ in range(40)]
    before = [figures.value(*question) for question in questions]
    post([random_line(chance) for _ in range(50)], by=officer)
    reverse(Posting.objects.filter(reverses=None, reversed_by=None)[:20], by=officer, reason="late")
    for subject in ("P-TPMA-0", "P-AENEAS-1"):
        tag(
            SubjectKind.PROJECT,
            {subject: Touches(["ASYLUM"], ["MA"])},
            programme=subject.split("-")[1],
            by=officer,
        )
    assert [figures.value(*question) for question in questions] == before


@pytest.fixture
def two_projects(officer):
    build_vocabulary()
    record_milestone(
        MilestoneKind.RECORDED,
        SubjectKind.PROJECT,
        ["P-TPMA-0", "P-TPMA-1", "P-TPMA-2"],
        programme="TPMA",
        by=officer,
    )
    common = {"programme": "TPMA", "measure": Measure.CONTRACTED, "event": "signed"}
    tag(
        SubjectKind.PROJECT,
        {"P-TPMA-1": Touches(["MIGDEV", "ASYLUM"], ["MA", "TN"])},
        programme="TPMA",
        by=officer,
    )
    tag(
        SubjectKind.PROJECT,
        {"P-TPMA-0": Touches(["MIGDEV"], ["MA"])},
        programme="TPMA",
        by=officer,
    )
    one = {"strand": "MIGDEV", "place": Place.COUNTRY, "country": "MA", "project": "P-TPMA-0"}
    several = {"place": Place.SEVERAL, "project": "P-TPMA-1", "attribution": Attribution.INFERRED}
    post(
        [
            Posting(amount=Decimal("70.00"), **common, **one),
            Posting(amount=Decimal("30.00"), **common, **several),
        ],
        by=officer,
    )


def test_nothing_is_shared_out_that_no_source_shares_out(two_projects):
    figure = figures.value("contracted", Scope("TPMA", strands=("MIGDEV",)), now())
    assert figure.total == Decimal("70.00")
    assert (figure.share_unknown.amount, figure.share_unknown.records) == (Decimal("30.00"), 1)
    assert (figure.reported, figure.recorded, figure.not_reported) == (2, 2, 0)
    whole = figures.value("contracted", Scope("TPMA"), now())
    assert whole.total == Decimal("100.00")
    assert (whole.reported, whole.recorded, whole.not_reported) == (2, 3, 1)
    assert whole.by_attribution == {"explicit": Decimal("70.00"), "inferred": Decimal("30.00")}


def test_nothing_reported_is_not_nought(two_projects):
    figure = figures.value("paid", Scope("TPMA"), now())
    assert figure.total is None
    assert (figure.reported, figure.recorded) == (0, 3)


def test_what_is_taken_back_is_not_reported_any_more(two_projects, officer):
    before = now()
    reverse(Posting.objects.filter(project="P-TPMA-0"), by=officer, reason="keyed twice")
    scope = Scope("TPMA", project="P-TPMA-0")
    assert figures.value("contracted", scope, now()).total is None
    assert figures.value("contracted", scope, before).total == Decimal("70.00")


def test_an_undated_posting_stands_beside_a_period(two_projects):
    scope = Scope("TPMA", start="2007", end="2013", axis=Axis.EVENT)
    figure = figures.value("contracted", scope, now())
    assert figure.total is None
    assert (figure.undated.amount, figure.undated.records) == (Decimal("100.00"), 2)


def test_an_envelope_is_not_divided_by_years(officer):
    build_vocabulary()
    post(
        [
            Posting(
                programme="TPMA",
                measure=Measure.ENVELOPE,
                amount=Decimal("205.00"),
                event="adopted",
                indicative_programme="MIP-TPMA",
                period_start=2007,
                period_end=2010,
            )
        ],
        by=officer,
    )
    scope = Scope("TPMA", start="2008", end="2009")
    figure = figures.value("envelope", scope, now())
    assert figure.total is None
    assert figure.indivisible.amount == Decimal("205.00")
    assert figures.value("envelope", replace(scope, start="2007", end="2010"), now()).total == 205
