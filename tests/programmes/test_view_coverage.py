"""The page of the coverage matrix: regions by strands for a measure and some years, with what is not covered."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger.models import Measure
from programmes.ledger.scope import now
from tests.factories.ledger import know_project, post_line
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    MembershipFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/TPMA/coverage/"
NONE = "– not reported"
ONE = "1 project"


@pytest.fixture
def covered():
    """Two strands and two regions: money planned for three cells, contracted in two, some of it undivided."""
    programme = ProgrammeFactory()
    StrandFactory(code="MIGDEV", number=1, title="Development", programmes=[programme])
    StrandFactory(code="ASYLUM", number=2, title="Asylum", programmes=[programme])
    StrandFactory(code="ECOMIG", number=3, title="Labour", programmes=[programme])
    south = RegionFactory(code="SOUTH", name="Southern route")
    for code, country in (("MED", "MA"), ("WEST", "ML")):
        region = RegionFactory(code=code, name=code.title(), parent=south)
        MembershipFactory(region=region, country=CountryFactory(code=country))
    RegionFactory(code="EAST", name="East")
    for code in ("P1", "P2", "P3", "P4"):
        ProjectFactory(code=code)
    post_line(Measure.ENVELOPE, "900", period_start=2007, period_end=2010, strand="MIGDEV")
    for strand, region, year in (
        ("MIGDEV", "MED", 2009),
        ("ASYLUM", "MED", 2009),
        ("ASYLUM", "WEST", 2010),
    ):
        post_line(
            Measure.PLANNED, "100", strand=strand, region=region, place="region", budget_year=year
        )
    know_project("P1", strands=["MIGDEV"], countries=["MA"], contracted="70.50", budget_year=2009)
    know_project("P2", strands=["ASYLUM"], countries=["ML"], contracted="20", budget_year=2010)
    know_project("P3", strands=["MIGDEV", "ASYLUM"], countries=["MA", "ML"], contracted="5")
    know_project("P4")
    return programme


HEADS = [
    "Region",
    "Development",
    "Asylum",
    "Labour no money",
    "Several strands or none, not divided",
    "Total",
]


def heads_of(response) -> list[str]:
    return [text_of(head) for head in tree_of(response).xpath('//table[@id="matrix"]/thead//th')]


def links_of(response) -> dict[tuple[str, int], str]:
    """The address of the figure in each cell that has one, by region and column."""
    found = {}
    for row in tree_of(response).xpath('//table[@id="matrix"]/tbody/tr'):
        name = text_of(row.find("th")).split()[0]
        for place, cell in enumerate(row.findall("td")):
            for link in cell.xpath('.//a[contains(@class, "portal-figure-link")]/@href'):
                found[name, place] = link
    return found


def tabs_of(response) -> list[list[str]]:
    tabs = tree_of(response).xpath('//nav[contains(@class, "portal-tabs")]')
    return [tab.xpath(".//a/@href") for tab in tabs]


def test_every_amount_has_one_cell_and_they_add_up(visitor, covered):
    response = visitor.get(URL)
    assert heads_of(response) == HEADS
    gap = "Planned: EUR 100; nothing contracted"
    assert rows_of(response, "matrix") == [
        ["Med Southern route", f"70.50 {ONE}", f"{NONE} {gap}", NONE, NONE, f"70.50 {ONE}"],
        ["West Southern route", NONE, f"20 {ONE}", NONE, NONE, f"20 {ONE}"],
        ["East no money", NONE, NONE, NONE, NONE, NONE],
        ["Several countries, not split", NONE, NONE, NONE, f"5 {ONE}", f"5 {ONE}"],
        ["No place reported", NONE, NONE, NONE, NONE, NONE],
        ["Total", f"70.50 {ONE}", f"20 {ONE}", NONE, f"5 {ONE}", "95.50 3 projects"],
    ]


def test_beneath_each_amount_stands_of_how_many_records_it_is(visitor, covered):
    west = {"measure": Measure.CONTRACTED, "strand": "ASYLUM", "country": "ML", "budget_year": 2010}
    post_line(**west, amount="4", project="P1")
    post_line(**west, amount="6")
    assert rows_of(visitor.get(URL), "matrix")[:2] == [
        [
            "Med Southern route",
            f"70.50 {ONE}, 1 also elsewhere",
            f"{NONE} Planned: EUR 100; nothing contracted",
            NONE,
            NONE,
            f"70.50 {ONE}, 1 also elsewhere",
        ],
        [
            "West Southern route",
            NONE,
            "30 2 projects, 1 also elsewhere, some on no project",
            NONE,
            NONE,
            "30 2 projects, 1 also elsewhere, some on no project",
        ],
    ]
    # In 2009 alone the project has money in one cell only.
    assert rows_of(visitor.get(f"{URL}?years=2009"), "matrix")[0][1] == f"70.50 {ONE}"
    assert rows_of(visitor.get(URL), "matrix")[-1] == [
        "Total",
        f"70.50 {ONE}, 1 also elsewhere",
        "30 2 projects, 1 also elsewhere, some on no project",
        NONE,
        f"5 {ONE}",
        "105.50 3 projects, some on no project",
    ]


def test_what_is_planned_is_of_work_programmes_and_an_envelope_of_indicative_programmes(
    visitor, covered
):
    for code in ("AAP-1", "AAP-2"):
        DocumentFactory(code=code, kind="work_programme")
        cells = {"strand": "ECOMIG", "country": "MA", "budget_year": 2011, "work_programme": code}
        post_line(Measure.PLANNED, "7", **cells)
    cells |= {"country": "ML", "budget_year": 2012}
    post_line(Measure.PLANNED, "1", **cells)
    DocumentFactory(code="MIP-1", kind="indicative_programme")
    cells = {"period_start": 2011, "period_end": 2013, "indicative_programme": "MIP-1"}
    post_line(Measure.ENVELOPE, "800", **cells)
    planned = rows_of(visitor.get(f"{URL}?measure=planned"), "matrix")
    assert [row[3] for row in planned[:2]] == [
        "14 2 work programmes, 1 also elsewhere Planned: EUR 14; nothing contracted",
        "1 1 work programme, 1 also elsewhere Planned: EUR 1; nothing contracted",
    ]
    assert planned[-1][1:4] == [
        "100 on no work programme",
        "200 on no work programme",
        "15 2 work programmes",
    ]
    envelope = rows_of(visitor.get(f"{URL}?measure=envelope"), "matrix")
    assert envelope[-1][1] == "900 on no indicative programme"
    assert envelope[-1][4:] == [
        "800 1 indicative programme",
        "1 700 1 indicative programme, some on no indicative programme",
    ]


def test_each_amount_opens_its_records(visitor, covered):
    response = visitor.get(URL)
    links = links_of(response)
    assert links["Several", 3] == (
        f"/evaluation/figures/contracted/?as_of={now().position}&programme=TPMA&region=several&strand=undivided"
    )
    shown = {}
    for place, url in links.items():
        figure = visitor.get(url)
        assert figure.status_code == 200, url
        shown[place] = next(iter(figures_of(figure).values()))[0].split(" ")[1]
    assert shown == {
        ("Med", 0): "70.50",
        ("Med", 4): "70.50",
        ("West", 1): "20",
        ("West", 4): "20",
        ("Several", 3): "5",
        ("Several", 4): "5",
        ("Total", 0): "70.50",
        ("Total", 1): "20",
        ("Total", 3): "5",
        ("Total", 4): "95.50",
    }


def test_a_gap_opens_what_was_planned_there(visitor, covered):
    (link,) = tree_of(visitor.get(URL)).xpath('//a[@class="portal-gap"]/@href')
    figure = visitor.get(link)
    assert next(iter(figures_of(figure).values()))[0].startswith("EUR 100 ")


def test_one_budget_year(visitor, covered):
    response = visitor.get(f"{URL}?years=2010")
    assert rows_of(response, "matrix")[1] == [
        "West Southern route",
        NONE,
        f"20 {ONE}",
        NONE,
        NONE,
        f"20 {ONE}",
    ]
    assert rows_of(response, "matrix")[-1][1:] == [NONE, f"20 {ONE}", NONE, NONE, f"20 {ONE}"]
    assert "axis=budget&from=2010&programme=TPMA" in links_of(response)["Total", 4]
    planned = visitor.get(f"{URL}?measure=planned&years=2009")
    assert rows_of(planned, "matrix")[0] == [
        "Med Southern route",
        "100 on no work programme",
        "100 on no work programme Planned: EUR 100; nothing contracted",
        NONE,
        NONE,
        "200 on no work programme",
    ]


def test_amounts_without_a_budget_year_are_a_choice_of_their_own(visitor, covered):
    response = visitor.get(f"{URL}?years=undated")
    assert rows_of(response, "matrix")[-1] == ["Total", NONE, NONE, NONE, f"5 {ONE}", f"5 {ONE}"]
    url = links_of(response)["Several", 3]
    assert url.startswith("/evaluation/figures/contracted/undated/?")
    part = visitor.get(url)
    assert part.status_code == 200
    assert "EUR 5" in text_of(tree_of(part))


def test_the_ways_to_other_measures_and_years(visitor, covered):
    measures, years = tabs_of(visitor.get(f"{URL}?years=2009"))
    assert measures == [
        f"{URL}?measure=envelope",
        f"{URL}?measure=planned&years=2009",
        f"{URL}?measure=committed&years=2009",
        f"{URL}?measure=contracted&years=2009",
        f"{URL}?measure=paid&years=2009",
        f"{URL}?measure=accepted&years=2009",
        f"{URL}?measure=projects",
    ]
    assert years == [
        f"{URL}?measure=contracted",
        f"{URL}?measure=contracted&years=2009",
        f"{URL}?measure=contracted&years=2010",
        f"{URL}?measure=contracted&years=undated",
    ]
    for url in (*measures, *years):
        assert visitor.get(url).status_code == 200, url


def test_an_envelope_has_the_years_it_was_set_for(visitor, covered):
    _measures, years = tabs_of(visitor.get(f"{URL}?measure=envelope"))
    assert years == [f"{URL}?measure=envelope", f"{URL}?measure=envelope&years=2007-2010"]
    response = visitor.get(years[1])
    assert rows_of(response, "matrix")[-1] == [
        "Total",
        "900 on no indicative programme",
        NONE,
        NONE,
        NONE,
        "900 on no indicative programme",
    ]
    figure = visitor.get(links_of(response)["No", 0])
    assert next(iter(figures_of(figure).values()))[0].startswith("EUR 900 ")


def test_projects_are_counted_where_they_touch(visitor, covered):
    response = visitor.get(f"{URL}?measure=projects")
    assert heads_of(response)[-2:] == ["No strand reported", "Total"]
    shared = "of which 1 also elsewhere"
    assert rows_of(response, "matrix") == [
        ["Med Southern route", f"2 {shared}", f"1 {shared}", "0", "0", f"2 {shared}"],
        ["West Southern route", f"1 {shared}", f"2 {shared}", "0", "0", f"2 {shared}"],
        ["East no project", "0", "0", "0", "0", "0"],
        ["No place reported", "0", "0", "0", "1", "1"],
        ["Total", f"2 {shared}", f"2 {shared}", "0", "1", "4"],
    ]
    for url in links_of(response).values():
        assert visitor.get(url).status_code == 200, url


def test_the_matrix_as_of_an_earlier_position(visitor, covered):
    before = now().position
    post_line(Measure.CONTRACTED, "1000", strand="MIGDEV", country="MA", project="P1")
    assert rows_of(visitor.get(URL), "matrix")[-1][-1] == "1 095.50 3 projects"
    earlier = visitor.get(f"{URL}?as_of={before}")
    assert rows_of(earlier, "matrix")[-1][-1] == "95.50 3 projects"
    assert f"as_of={before}&" in links_of(earlier)["Total", 4]


def test_a_restricted_project_is_in_every_sum_and_named_nowhere(visitor, covered):
    ProjectFactory(code="P9", title="Shelter", restricted=True, restricted_reason="Danger")
    know_project("P9", strands=["ECOMIG"], countries=["MA"], contracted="3")
    response = visitor.get(URL)
    assert rows_of(response, "matrix")[-1] == [
        "Total",
        f"70.50 {ONE}",
        f"20 {ONE}",
        f"3 {ONE}",
        f"5 {ONE}",
        "98.50 4 projects",
    ]
    for url in links_of(response).values():
        assert "Shelter" not in visitor.get(url).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        "measure=weight",
        "measure=outstanding",
        "years=2031",
        "years=x",
        "measure=envelope&years=2009",
        "measure=projects&years=2009",
        "as_of=yesterday",
        "as_of=1&as_of=2",
        "as_of=999999999999",
        "years=2009%00",
    ],
)
def test_what_cannot_be_asked_is_refused(visitor, covered, asked):
    assert visitor.get(f"{URL}?{asked}").status_code == 400


def test_a_programme_without_anything_has_an_empty_matrix(visitor):
    ProgrammeFactory()
    response = visitor.get(URL)
    assert rows_of(response, "matrix") == [["Total", NONE, NONE]]
    assert "Nothing has been posted for this programme yet." in response.content.decode()


def test_who_may_see_it(visitor, officer, auditor, official, as_person, covered):
    ProgrammeFactory(code="NEXT", status="set_up")
    ProgrammeFactory(code="DEMO", demonstration=True)
    for client in (visitor, *map(as_person, (officer, auditor, official))):
        assert client.get(URL).status_code == 200
    assert visitor.get("/programmes/NEXT/coverage/").status_code == 404
    assert as_person(official).get("/programmes/NEXT/coverage/").status_code == 404
    assert as_person(officer).get("/programmes/NEXT/coverage/").status_code == 200
    assert visitor.get("/programmes/NOPE/coverage/").status_code == 404
    assert "portal-demonstration" in visitor.get("/programmes/DEMO/coverage/").content.decode()


@pytest.mark.parametrize(("measure", "queries"), [("contracted", 11), ("projects", 10)])
@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    visitor, django_assert_num_queries, count, measure, queries
):
    programme = ProgrammeFactory()
    for number in range(count):
        strand = StrandFactory(code=f"STRAND-{number}", programmes=[programme])
        country = CountryFactory(code="ABC"[number] * 2)
        MembershipFactory(region=RegionFactory(code=f"R{number}"), country=country)
        ProjectFactory(code=f"P{number}")
        know_project(f"P{number}", strands=[strand.code], countries=[country.code], contracted="1")
    with django_assert_num_queries(queries):
        assert visitor.get(f"{URL}?measure={measure}").status_code == 200
    assert Decimal(rows_of(visitor.get(URL), "matrix")[-1][-1].split()[0]) == count


API = "/api/v1/coverage/?programme=TPMA"


def test_the_endpoint_agrees_with_the_page(visitor, covered):
    answer = visitor.get(f"{API}&years=2009").json()
    assert {name: answer[name] for name in ("programme", "measure", "unit", "years")} == {
        "programme": "TPMA",
        "measure": "contracted",
        "unit": "EUR",
        "years": "2009",
    }
    assert answer["as_of"]["position"] == now().position
    shown = {
        (cell["region"], cell["strand"]): cell["value"] for cell in answer["cells"] if cell["value"]
    }
    assert shown == {
        ("MED", "MIGDEV"): "70.50",
        ("MED", ""): "70.50",
        ("", "MIGDEV"): "70.50",
        ("", ""): "70.50",
    }
    assert answer["record_kind"] == "project"
    assert {
        (cell["region"], cell["strand"]): (cell["records"], cell["elsewhere"], cell["note"])
        for cell in answer["cells"]
        if cell["records"] is not None
    } == dict.fromkeys(shown, (1, 0, ONE))
    gaps = {(cell["region"], cell["strand"]) for cell in answer["cells"] if cell["gap"]}
    assert gaps == {("MED", "ASYLUM")}
    page = links_of(visitor.get(f"{URL}?years=2009"))
    total = answer["cells"][-1]
    assert total["address"] == f"http://testserver{page['Total', 4]}"


def test_the_endpoint_says_how_many_records_are_also_elsewhere(visitor, covered):
    post_line(Measure.CONTRACTED, "4", strand="ASYLUM", country="ML", project="P1")
    cells = {(each["region"], each["strand"]): each for each in visitor.get(API).json()["cells"]}
    west = cells["WEST", "ASYLUM"]
    assert (west["value"], west["records"], west["elsewhere"]) == ("24.00", 2, 1)
    assert west["note"] == "2 projects, 1\u00a0also\u00a0elsewhere"
    assert (cells["", ""]["records"], cells["", ""]["elsewhere"]) == (3, 0)
    planned = visitor.get(f"{API}&measure=planned").json()
    assert (planned["record_kind"], planned["cells"][-1]["records"]) == ("work_programme", 0)


def test_the_endpoint_counts_projects_too(visitor, covered):
    answer = visitor.get(f"{API}&measure=projects").json()
    cells = {(cell["region"], cell["strand"]): cell for cell in answer["cells"]}
    assert (answer["unit"], answer["record_kind"]) == ("records", "project")
    assert {cell["records"] for cell in answer["cells"]} == {None}
    assert (cells["MED", "MIGDEV"]["value"], cells["MED", "MIGDEV"]["elsewhere"]) == ("2", 1)
    assert (cells["not-reported", "not-reported"]["value"], cells["", ""]["value"]) == ("1", "4")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("programme=NONE", "programme"),
        ("programme=all", "programme"),
        ("", "programme"),
        ("programme=TPMA&programme=TPMA", "programme"),
        ("programme=TPMA&measure=weight", "measure"),
        ("programme=TPMA&years=2031", "years"),
        ("programme=TPMA&as_of=yesterday", "as_of"),
        ("programme=TPMA&strand=MIGDEV", "strand"),
    ],
)
def test_the_endpoint_names_what_cannot_be_asked(visitor, covered, asked, field):
    answer = visitor.get(f"/api/v1/coverage/?{asked}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in answer.content.decode()


def test_the_endpoint_is_not_sent_again_to_those_who_hold_it(visitor, covered):
    etag = visitor.get(API)["ETag"]
    assert visitor.get(API, headers={"if-none-match": etag}).status_code == 304
