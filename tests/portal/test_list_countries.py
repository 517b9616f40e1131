"""The list of countries: what a programme makes of each, who admits it, how many projects touch it."""

from __future__ import annotations

import pytest

from programmes.ledger.scope import now
from programmes.models import Suspension
from tests.factories.ledger import know_project
from tests.factories.programmes import (
    CountryFactory,
    MembershipFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RegionFactory,
    RuleFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import chips_of, count_of, errors_of, links_of_rows, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [link.split("/")[2] for link in links_of_rows(response, "countries")]


def headers_of(response) -> list[str]:
    return [text_of(each) for each in tree_of(response).xpath('//table[@id="countries"]/thead//th')]


@pytest.fixture
def world():
    """Morocco and Moldova under two programmes, Côte d'Ivoire under one, France under none."""
    tpma = ProgrammeFactory()
    aeneas = ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006)
    route = RegionFactory(programme=tpma, code="SOUTH", name="Southern route")
    region = RegionFactory(programme=tpma, code="SM", name="Southern Mediterranean", parent=route)
    morocco, moldova = CountryFactory(code="MA"), CountryFactory(code="MD")
    ivory = CountryFactory(code="CI", name="Côte d'Ivoire")
    CountryFactory(code="FR", name="France")
    MembershipFactory(region=region, country=morocco)
    ProgrammeCountryFactory(country=morocco, priority=True, confidence="recalled")
    no = RuleFactory(code="TPMA-NO", admits=False, multi_country_exception=True)
    ProgrammeCountryFactory(country=moldova, rule=no, instrument="CARDS/IPA")
    ProgrammeCountryFactory(country=ivory, instrument="EDF")
    yes = RuleFactory(code="AENEAS-YES", programme=aeneas)
    ProgrammeCountryFactory(country=moldova, programme=aeneas, rule=yes)
    for code in ("P1", "P2", "P3"):
        ProjectFactory(code=code)
    know_project("P1", countries=["MA"])
    know_project("P2", countries=["MA", "MD"])


def test_each_country_with_what_is_known_of_it(visitor, world):
    response = visitor.get("/countries/")
    assert headers_of(response) == [
        "Country",
        "Instrument",
        "Region",
        "Priority",
        "Eligible TPMA",
        "Eligible AENEAS",
        "Projects",
    ]
    none, unknown = "not reported", "not known"
    assert rows_of(response, "countries") == [
        ["Côte d'Ivoire CI", "EDF", none, "no", "yes", unknown, "0"],
        ["France FR", none, none, none, unknown, unknown, "0"],
        ["Moldova MD", "CARDS/IPA", none, "no", "multi-country only", "yes", "1"],
        [
            "Morocco MA",
            "ENPI † unconfirmed",
            "Southern Mediterranean",
            "yes",
            "yes † unconfirmed",
            unknown,
            "2",
        ],
    ]
    assert count_of(response) == "4 countries"


def test_a_count_is_the_figure_it_opens(visitor, world):
    response = visitor.get("/countries/")
    link = tree_of(response).xpath('//table[@id="countries"]//tr[4]/td[last()]//a/@href')[0]
    assert link == f"/evaluation/figures/projects/?as_of={now().position}&country=MA&programme=all"
    assert visitor.get(link).context["tiles"][0]["value"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=cote", ["CI"]),
        ("text=ma", ["MA"]),
        ("text=o mo", ["MD", "MA"]),
        ("region=SM", ["MA"]),
        ("region=SOUTH", ["MA"]),
        ("instrument=EDF", ["CI"]),
        ("instrument=ENPI", ["MD", "MA"]),
        ("instrument=ENPI&programme=TPMA", ["MA"]),
        ("priority=yes", ["MA"]),
        ("priority=yes&programme=AENEAS", []),
        ("programme=AENEAS", ["MD"]),
    ],
)
def test_filters(visitor, world, query, found):
    response = visitor.get(f"/countries/?{query}")
    assert response.status_code == 200
    assert codes(response) == found


def test_one_programme_alone(visitor, world):
    response = visitor.get("/countries/?programme=AENEAS")
    assert headers_of(response)[4:] == ["Eligible AENEAS", "Projects"]
    assert rows_of(response, "countries") == [
        ["Moldova MD", "ENPI", "not reported", "no", "yes", "0"]
    ]
    assert chips_of(response) == {"Programme: Short AENEAS": "/countries/"}


def test_a_suspension_shows(visitor, world):
    Suspension.objects.create(
        programme=ProgrammeFactory(code="AENEAS"),
        country=CountryFactory(code="MD"),
        suspended_from="2006-01-01",
        reason="Breach",
    )
    response = visitor.get("/countries/?programme=AENEAS")
    assert rows_of(response, "countries")[0][4] == "suspended"


def test_demonstration_data_only_where_it_was_chosen(visitor):
    demo = ProgrammeFactory(code="DEMO", demonstration=True)
    rule = RuleFactory(code="DEMO-YES", programme=demo)
    ProgrammeCountryFactory(programme=demo, country=CountryFactory(code="MA"), rule=rule)
    ProjectFactory(code="D1", programme=demo)
    know_project("D1", programme="DEMO", countries=["MA"])
    plain = visitor.get("/countries/")
    assert rows_of(plain, "countries") == [["Morocco MA", *["not reported"] * 3, "0"]]
    assert "portal-demonstration" not in plain.content.decode()
    chosen = visitor.get("/countries/?programme=DEMO")
    assert rows_of(chosen, "countries") == [
        ["Morocco MA", "ENPI", "not reported", "no", "yes", "1"]
    ]
    assert "portal-demonstration" in chosen.content.decode()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("programme=NOPE", "There is no record with the code “NOPE” here."),
        ("region=NOPE", "Select a valid choice. NOPE is not one of the available choices."),
        ("instrument=X", "Select a valid choice. X is not one of the available choices."),
    ],
)
def test_a_wrong_filter_is_named(visitor, world, query, message):
    response = visitor.get(f"/countries/?{query}")
    assert response.status_code == 400
    assert message in errors_of(response)
    assert links_of_rows(response, "countries") == []


def test_pages_by_key(visitor):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    wanted = [f"{first}{second}" for first in "AB" for second in letters]
    for code in wanted:
        CountryFactory(code=code, iso3=f"{code}X", name=f"Country {code}")
    first = visitor.get("/countries/")
    next_url = tree_of(first).xpath('//a[@rel="next"]/@href')[0]
    assert codes(first) + codes(visitor.get(next_url)) == wanted


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    ProgrammeFactory()
    for code in ("MA", "MD", "TN")[:count]:
        country = CountryFactory(code=code)
        MembershipFactory(country=country)
        ProgrammeCountryFactory(country=country)
        ProjectFactory(code=f"P-{code}")
        know_project(f"P-{code}", countries=[code])
    with django_assert_num_queries(18):
        assert visitor.get("/countries/").status_code == 200
