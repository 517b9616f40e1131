"""The page of a country: may it take part, what is done there alone and with others, what is known of the money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from programmes.models import Suspension
from tests.factories.calls import CallFactory, LotFactory
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    MembershipFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RegionFactory,
    RuleFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectCountryFactory, ProjectFactory
from tests.pages import figures_of, links_of_rows, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/countries/MA/"


@pytest.fixture
def tpma(morocco, moldova):
    return ProgrammeFactory()


def section(response, name: str) -> str:
    return text_of(tree_of(response).xpath(f'//section[@id="{name}"]')[0])


def project(code: str, *countries: str, **fields) -> None:
    """A project in its record and in the ledger alike."""
    contracted = fields.pop("contracted", "")
    strands = fields.pop("strands", ())
    made = ProjectFactory(code=code, title=f"Title {code}", **fields)
    for country in countries:
        ProjectCountryFactory(project=made, country=CountryFactory(code=country))
    know_project(
        code,
        programme=made.programme.code,
        countries=countries,
        strands=strands,
        contracted=contracted,
    )


def test_each_programme_answers_with_its_rule_and_source(visitor, tpma, morocco):
    aeneas = ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006)
    ProgrammeFactory(code="B7-667", period_start=2001, period_end=2003)
    ProgrammeCountryFactory(country=morocco)
    no = RuleFactory(
        code="AENEAS-NO",
        programme=aeneas,
        admits=False,
        multi_country_exception=True,
        text="Not alone.",
        source="Regulation 491/2004",
        confidence="recalled",
    )
    ProgrammeCountryFactory(country=morocco, programme=aeneas, rule=no)
    assert rows_of(visitor.get(URL), "answers") == [
        [
            "Short TPMA",
            "yes",
            "31 December 2013",
            "Countries of the neighbourhood instrument are eligible. TPMA-ENPI",
            "COM(2006) 26",
        ],
        [
            "Short AENEAS",
            "multi-country only † unconfirmed",
            "31 December 2006",
            "Not alone. AENEAS-NO; does not apply within an action in several countries",
            "Regulation 491/2004",
        ],
        [
            "Short B7-667",
            "not known",
            "31 December 2003",
            "No rule is recorded for this country.",
            "not reported",
        ],
    ]


def test_a_suspension_refuses(visitor, tpma, morocco):
    ProgrammeCountryFactory(country=morocco)
    Suspension.objects.create(
        programme=tpma, country=morocco, suspended_from=date(2013, 6, 1), reason="Breach."
    )
    assert rows_of(visitor.get(URL), "answers")[0][1:4] == [
        "suspended",
        "31 December 2013",
        "Suspended from 1 June 2013: Breach.",
    ]


def test_how_programmes_see_it_over_time(visitor, tpma, morocco):
    ProgrammeCountryFactory(country=morocco, priority=True, valid_to=date(2010, 12, 31))
    ProgrammeCountryFactory(country=morocco, route="", instrument="", valid_from=date(2011, 1, 1))
    early = RegionFactory(code="A", name="Africa")
    late = RegionFactory(code="B", name="Southern Mediterranean")
    MembershipFactory(region=early, country=morocco, year_from=2007, year_to=2010)
    MembershipFactory(region=late, country=morocco, year_from=2011)
    regions = "Africa (2007–2010); Southern Mediterranean (2011)"
    assert rows_of(visitor.get(URL), "places-table") == [
        [
            "Short TPMA from the beginning to 31 December 2010",
            "European Neighbourhood and Partnership Instrument",
            "SOUTH",
            "region of emigration or transit",
            regions,
        ],
        [
            "Short TPMA from 1 January 2011 to the end",
            "not reported",
            "not reported",
            "no",
            regions,
        ],
    ]


def test_projects_alone_and_in_several_countries(visitor, tpma):
    project("P1", "MA")
    project("P2", "MA", "MD", attribution="inferred")
    project("P3", "MD")
    response = visitor.get(URL)
    figures = figures_of(response)
    assert figures["Projects"] == (
        "2",
        f"/evaluation/figures/projects/?as_of={now().position}&country=MA&programme=all",
    )
    assert figures["In this country alone"][0] == "1"
    assert figures["Part of several countries"][0] == "1"
    assert section(response, "projects").endswith(
        "In this country alone Title P1 P1 Part of several countries Title P2 P2 ≈ inferred "
        "The list of all projects that touch this country"
    )


def test_money_alone_and_what_is_not_divided_beside_it(visitor, tpma):
    project("P1", "MA", contracted="100.50")
    project("P2", "MA", "MD", contracted="20380000", attribution="inferred")
    project("P3", "MD", contracted="3")
    project("P4", contracted="512617")
    project("P5", "MA")
    DocumentFactory(code="MIP", kind="indicative_programme")
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    post_line(
        Measure.ENVELOPE, "135", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    figures = {label: text for label, (text, _url) in figures_of(visitor.get(URL)).items()}
    assert figures["Contracted"] == (
        "EUR 100.50 2 of 3 reported "
        "also touching this, share unknown: 1 record, EUR 20 380 000 "
        "not attributable: 1 record, EUR 512 617"
    )
    assert figures["Envelope"] == (
        "not reported 0 of 1 reported not attributable: 1 record, EUR 135"
    )
    assert figures["Paid"] == "not reported 0 of 3 reported"


def test_by_strand(visitor, tpma):
    StrandFactory(code="MIGDEV", number=1, title="Development")
    StrandFactory(code="ASYLUM", number=2, title="Asylum")
    StrandFactory(code="ECOMIG", number=3, title="Labour")
    project("P1", "MA", strands=["MIGDEV"], contracted="100.50")
    project("P2", "MA", "MD", strands=["MIGDEV", "ASYLUM"], contracted="7")
    project("P3", "MD", strands=["ECOMIG"], contracted="8")
    response = visitor.get(URL)
    assert rows_of(response, "by-strand") == [
        ["Development", "2", "100.50"],
        ["Asylum", "1", "not reported"],
    ]
    count = tree_of(response).xpath('//table[@id="by-strand"]//tr[1]/td[1]//a/@href')[0]
    assert visitor.get(count).context["tiles"][0]["value"] == 2
    amount = tree_of(response).xpath('//table[@id="by-strand"]//tr[1]/td[2]//a/@href')[0]
    assert visitor.get(amount).context["tiles"][0]["value"] == Decimal("100.50")


def test_calls_that_name_it_or_its_region(visitor, tpma, morocco, moldova):
    route = RegionFactory(code="SOUTH")
    region = RegionFactory(code="SM", parent=route)
    MembershipFactory(region=region, country=morocco)
    CallFactory(code="BY-COUNTRY").countries.add(morocco)
    LotFactory(call__code="BY-REGION").regions.add(region)
    LotFactory(call__code="BY-ROUTE").regions.add(route)
    CallFactory(code="OTHER").countries.add(moldova)
    CallFactory(code="DRAFT", status="draft").countries.add(morocco)
    links = links_of_rows(visitor.get(URL), "calls-table")
    assert links == ["/calls/BY-COUNTRY/", "/calls/BY-REGION/", "/calls/BY-ROUTE/"]


def test_one_programme_alone_and_demonstration_data_apart(visitor, tpma, morocco):
    ProgrammeFactory(code="DEMO", demonstration=True)
    project("P1", "MA", contracted="1")
    project("D1", "MA", programme=ProgrammeFactory(code="DEMO"), contracted="999")
    everything = visitor.get(URL)
    assert figures_of(everything)["Contracted"][0] == "EUR 1 1 of 1 reported"
    assert "Title D1" not in everything.content.decode()
    assert "portal-demonstration" not in everything.content.decode()
    shown = visitor.get(f"{URL}?programme=DEMO")
    assert figures_of(shown)["Contracted"][0] == "EUR 999 1 of 1 reported"
    assert "Title D1" in shown.content.decode()
    assert "Title P1" not in shown.content.decode()
    assert "portal-demonstration" in shown.content.decode()


def test_a_restricted_project_counts_and_is_not_named(visitor, officer, as_person, tpma):
    project("P1", "MA", restricted=True, restricted_reason="Danger", contracted="5")
    response = visitor.get(URL)
    assert "Title P1" not in response.content.decode()
    assert figures_of(response)["Projects"][0] == "1"
    assert figures_of(response)["Contracted"][0] == "EUR 5 1 of 1 reported"
    assert "Title P1" in as_person(officer).get(URL).content.decode()


def test_a_country_of_which_nothing_is_known(visitor):
    CountryFactory(code="FR", name="France")
    response = visitor.get("/countries/FR/")
    assert response.status_code == 200
    assert rows_of(response, "by-strand") == [["No project here is tagged to a strand."]]
    assert rows_of(response, "calls-table") == [
        ["No call in the record names this country or its region."]
    ]
    assert rows_of(response, "places-table") == [
        ["No programme says anything of this country in the record."]
    ]


@pytest.mark.parametrize("url", ["/countries/ZZ/", "/countries/MA/?programme=NOPE"])
def test_an_unknown_code_is_not_found(visitor, morocco, url):
    assert visitor.get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    visitor, django_assert_num_queries, morocco, moldova, count
):
    for number in range(count):
        programme = ProgrammeFactory(code=f"PROGRAMME-{number}")
        rule = RuleFactory(code=f"RULE-{number}", programme=programme)
        ProgrammeCountryFactory(country=morocco, programme=programme, rule=rule)
        strand = StrandFactory(code=f"STRAND-{number}")
        CallFactory(programme=programme).countries.add(morocco)
        project(f"P{number}", "MA", programme=programme, strands=[strand.code], contracted="1")
        project(f"Q{number}", "MA", "MD", programme=programme)
    with django_assert_num_queries(43):
        assert visitor.get(URL).status_code == 200
