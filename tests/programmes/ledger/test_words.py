"""Words in place of codes: what lies in no strand or region can be asked for, and old addresses mean what they meant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger import counts, figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import Scope, ScopeError, now, parse_question, query_string
from tests.factories.ledger import know_project, post_line
from tests.factories.programmes import (
    CountryFactory,
    MembershipFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """Two strands; a route with a region of two countries, and a country that lies in none."""
    programme = ProgrammeFactory()
    for code in ("MIGDEV", "ASYLUM"):
        StrandFactory(code=code, programmes=[programme])
    route = RegionFactory(code="SOUTH")
    region = RegionFactory(code="MED", parent=route)
    for code in ("MA", "TN"):
        MembershipFactory(region=region, country=CountryFactory(code=code))
    CountryFactory(code="UA")


@pytest.fixture
def money(places):
    for code in ("P1", "P2", "P3", "P4", "P5"):
        ProjectFactory(code=code)
    know_project("P1", strands=["MIGDEV"], countries=["MA"], contracted="1")
    know_project("P2", strands=["MIGDEV", "ASYLUM"], countries=["MA", "TN"], contracted="20")
    know_project("P3", strands=["ASYLUM"], countries=["UA"], contracted="300")
    know_project("P4", contracted="4000")
    know_project("P5", strands=["ASYLUM"])
    post_line(Measure.CONTRACTED, "50000", project="P5", strand="ASYLUM", place="global")
    post_line(
        Measure.CONTRACTED, "600000", project="P5", strand="ASYLUM", place="region", region="SOUTH"
    )


ASKED = [
    ({"strand": ["undivided"]}, "4020", ["P2", "P4"], 1),
    ({"strand": ["not-reported"]}, "4000", ["P4"], 0),
    ({"strand": ["MIGDEV", "undivided"]}, "4021", ["P1", "P2", "P4"], 1),
    ({"region": ["global"]}, "50000", ["P5"], 0),
    ({"region": ["several"]}, "20", ["P2"], 1),
    ({"region": ["none"]}, "300", ["P3"], 0),
    ({"region": ["not-reported"]}, "4000", ["P4", "P5"], 0),
    ({"region": ["SOUTH-undivided"]}, "600000", [], 0),
    ({"region": ["SOUTH"]}, "600001", ["P1", "P2"], 0),
    ({"region": ["MED-undivided"]}, "1", ["P1", "P2"], 0),
    ({"region": ["global", "several"]}, "50020", ["P2", "P5"], 1),
    ({"strand": ["undivided"], "region": ["several"]}, "20", ["P2"], 1),
    ({"strand": ["undivided"], "region": ["none"]}, None, [], 0),
]


@pytest.mark.parametrize(("asked", "amount", "projects", "elsewhere"), ASKED)
def test_a_word_asks_for_what_was_recorded_so(money, asked, amount, projects, elsewhere):
    scope, as_of = parse_question({"programme": ["TPMA"], **asked})
    figure = figures.value("contracted", scope, as_of)
    assert figure.total == (None if amount is None else Decimal(amount))
    rows = figures.by_record("contracted", scope, as_of)
    assert sum(row["amount"] for row in rows) == Decimal(amount or 0)
    counted = counts.count("projects", scope, as_of)
    records = counts.counted_records("projects", scope, as_of)
    assert [row["record"] for row in records] == projects
    assert (counted.total, counted.elsewhere) == (len(projects), elsewhere)


def test_beside_a_word_there_is_nothing_that_may_belong_to_it(money):
    for asked in ({"strands": ("undivided",)}, {"regions": ("global", "SOUTH-undivided")}):
        figure = figures.value("contracted", Scope("TPMA", **asked), now())
        assert (figure.share_unknown.postings, figure.not_attributable.postings) == (0, 0)
    beside = figures.value("contracted", Scope("TPMA", strands=("MIGDEV",)), now())
    assert beside.share_unknown.amount == Decimal(20)
    assert beside.not_attributable.amount == Decimal(4000)
    mixed = figures.value("contracted", Scope("TPMA", regions=("MED", "none")), now())
    assert mixed.total == Decimal(301)
    assert mixed.share_unknown.amount == Decimal(650020)
    assert mixed.not_attributable.amount == Decimal(4000)


def test_words_stand_in_the_canonical_address_and_are_read_from_it(money):
    asked = {
        "programme": ["TPMA"],
        "region": ["several", "MED", "SOUTH-undivided", "global"],
        "strand": ["undivided", "ASYLUM"],
    }
    scope, as_of = parse_question(asked)
    assert query_string(scope, as_of) == (
        f"as_of={as_of.position}&programme=TPMA&region=MED&region=SOUTH-undivided&region=global"
        "&region=several&strand=ASYLUM&strand=undivided"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strand", "global"),
        ("strand", "migdev"),
        ("strand", "MIGDEV-undivided"),
        ("strand", "UNDIVIDED"),
        ("region", "undivided"),
        ("region", "GLOBAL"),
        ("region", "-undivided"),
        ("region", "NOWHERE-undivided"),
        ("region", "SOUTH-undivided-undivided"),
        ("region", "south-undivided"),
        ("country", "none"),
    ],
)
def test_a_word_that_says_nothing_is_refused(places, field, value):
    with pytest.raises(ScopeError) as refusal:
        parse_question({"programme": ["TPMA"], field: [value]})
    assert refusal.value.message_dict == {field: [f"No record has the code {value}."]}


def test_the_page_of_such_a_figure_says_it_in_words(money, visitor):
    scope = Scope("TPMA", strands=("MIGDEV", "undivided"), regions=("SOUTH-undivided", "several"))
    page = visitor.get(figures.address("contracted", scope, now()))
    assert page.status_code == 200
    shown = page.content.decode()
    for words in (
        "Strand MIGDEV",
        "several strands or none, not divided",
        "South, in none of its regions",
        "several countries, not split",
    ):
        assert words in shown
