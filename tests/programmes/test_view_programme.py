"""The page of a programme: facts, figures, stated amounts, words, and the thread with money at each node."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from programmes.models import DocumentKind, DocumentLink, DocumentStatus, StatedAmount, Theme
from programmes.thread import MOST_NAMED
from tests.factories.calls import CallFactory
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import (
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    MeasureFactory,
    MembershipFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import facts_of, figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/TPMA/"
NODE = './/li[contains(concat(" ", @class, " "), " portal-tree__node ")]'


def nodes_of(response) -> dict[str, dict[str, object]]:
    """Each node of the tree by its label: the label of the node above, its money, its gaps, its note."""
    found = {}
    for node in tree_of(response).xpath(f"//section[@class='portal-tree']/{NODE[2:]}"):
        row = node.find("div")
        label = _label(row)
        above = node.xpath("ancestor::li[1]/div")
        figures = row.xpath('./div[contains(@class, "portal-tree__figure")]')
        found[label] = {
            "above": _label(above[0]) if above else None,
            "money": [text_of(each.xpath("./span[2]")[0]) if len(each) else "" for each in figures],
            "gaps": [text_of(gap) for gap in row.xpath('.//span[@class="portal-gap"]')],
            "notes": [text_of(note) for note in row.xpath('./div/span[@class="portal-note"]')],
        }
    return found


def _label(row) -> str:
    named = row.xpath('.//div[@class="portal-tree__label"]/span[not(@class)]')[0]
    code = named.xpath('./span[@class="portal-code"]')
    return text_of(code[0]) if code else text_of(named)


@pytest.fixture
def cascade():
    """A strategy paper with all that may come of it, and calls and projects that hang on nothing."""
    programme = ProgrammeFactory()
    paper = DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, parent=paper)
    year = DocumentFactory(code="AAP-2009", parent=plan)
    action = ActionFactory(code="AAP-2009-1", work_programme=year)
    call = CallFactory(code="CALL-1")
    call.actions.add(action)
    ProjectFactory(code="P001", call=call, action=action, work_programme=year)
    ProjectFactory(code="P002", work_programme=year, acronym="SIREADA", title="Readmission")
    ProjectFactory(code="P003", attribution="inferred")
    CallFactory(code="CALL-2")
    ProjectFactory(code="P004", call_id=CallFactory(code="CALL-3").pk)
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    know(SubjectKind.WORK_PROGRAMME, "AAP-2009")
    above = {"work_programme": "AAP-2009", "indicative_programme": "MIP"}
    post_line(
        Measure.ENVELOPE,
        "205000000",
        indicative_programme="MIP",
        period_start=2007,
        period_end=2010,
    )
    post_line(Measure.PLANNED, "2000000", action="AAP-2009-1", budget_year=2009, **above)
    know_project("P001", contracted="1500000.25", call="CALL-1", action="AAP-2009-1", **above)
    know_project("P002", contracted="300000", work_programme="AAP-2009")
    know_project("P003")
    know_project("P004", contracted="10", call="CALL-3")
    return programme


CASCADE = {
    "TSP": (None, ["", "", "", "", "", ""]),
    "MIP": ("TSP", ["205 000 000", "2 000 000", "", "1 500 000.25", "", ""]),
    "AAP-2009": ("MIP", ["", "2 000 000", "not reported", "1 800 000.25", "", ""]),
    "AAP-2009-1": ("AAP-2009", ["", "2 000 000", "not reported", "1 500 000.25", "", ""]),
    "CALL-1": ("AAP-2009-1", ["", "", "", "1 500 000.25", "not reported", ""]),
    "P001": ("CALL-1", ["", "", "", "1 500 000.25", "not reported", ""]),
    "P002": ("AAP-2009", ["", "", "", "300 000", "not reported", ""]),
    "CALL-2": (
        "Calls not linked to a work programme in the record",
        ["", "", "", "not reported", "not reported", ""],
    ),
    "CALL-3": (
        "Calls not linked to a work programme in the record",
        ["", "", "", "10", "not reported", ""],
    ),
    "P004": ("CALL-3", ["", "", "", "10", "not reported", ""]),
    "P003": (
        "Projects not linked to a work programme in the record",
        ["", "", "", "not reported", "not reported", ""],
    ),
}


def test_the_thread_runs_from_strategy_to_project_with_the_money_of_each(visitor, cascade):
    nodes = nodes_of(visitor.get(URL))
    groups = {label for label in nodes if label.endswith("in the record")}
    assert groups == {
        "Calls not linked to a work programme in the record",
        "Projects not linked to a work programme in the record",
    }
    found = {
        label: (node["above"], node["money"])
        for label, node in nodes.items()
        if label not in groups
    }
    assert found == CASCADE


def test_each_amount_opens_its_figure(visitor, cascade):
    tree = tree_of(visitor.get(URL)).xpath("//section[@class='portal-tree']")[0]
    links = set(tree.xpath('.//a[contains(@class, "portal-figure-link")]/@href'))
    position = now().position
    assert (
        f"/evaluation/figures/contracted/?as_of={position}&programme=TPMA&work_programme=AAP-2009"
        in links
    )
    assert f"/evaluation/figures/contracted/?as_of={position}&programme=TPMA&project=P004" in links
    assert len(links) == 12


def test_an_amount_in_the_tree_is_the_figure_it_opens(visitor, cascade):
    tree = tree_of(visitor.get(URL)).xpath("//section[@class='portal-tree']")[0]
    for link in tree.xpath('.//a[contains(@class, "portal-figure-link")]'):
        page = visitor.get(link.get("href"))
        assert page.status_code == 200, link.get("href")
        values = [text for text, _url in figures_of(page).values()]
        assert values[0].startswith(f"EUR {text_of(link)}"), (link.get("href"), values)


def test_gaps_are_marked(visitor):
    ProgrammeFactory()
    DocumentFactory(code="AAP-2007")
    DocumentFactory(code="AAP-2008", stated_amount=Decimal(5000000))
    DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    DocumentFactory(
        code="MTR-2009", kind=DocumentKind.EVALUATION_REPORT, status=DocumentStatus.NOT_FOUND
    )
    response = visitor.get(URL)
    nodes = nodes_of(response)
    assert {label: node["gaps"] for label, node in nodes.items() if node["gaps"]} == {
        "AAP-2007": ["no amount in the record", "no actions in the record"],
        "AAP-2008": ["no actions in the record"],
        "MIP": ["not linked to a strategy paper in the record"],
    }
    assert nodes["AAP-2008"]["notes"] == ["the source states EUR 5 000 000"]
    assert nodes["MTR-2009"]["above"] == "Consultations, evaluations and audits"
    assert "Foreseen; report not found" in response.content.decode()


def test_links_between_documents_are_named_at_both_ends(visitor):
    framework = DocumentFactory(code="HAGUE", kind=DocumentKind.POLICY_FRAMEWORK)
    paper = DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    evaluation = DocumentFactory(code="MTR", kind=DocumentKind.EVALUATION_REPORT)
    DocumentLink.objects.create(from_document=paper, to_document=framework, kind="follows")
    DocumentLink.objects.create(from_document=evaluation, to_document=paper, kind="feeds")
    notes = {label: node["notes"] for label, node in nodes_of(visitor.get(URL)).items()}
    assert notes["TSP"] == ["follows from HAGUE; fed by MTR"]
    assert notes["HAGUE"] == ["followed by TSP"]
    assert notes["MTR"] == ["feeds TSP"]


def test_a_call_for_two_actions_stands_under_the_first_and_names_the_other(visitor):
    year = DocumentFactory(code="AAP-2009")
    call = CallFactory(code="CALL-1")
    call.actions.add(
        ActionFactory(code="ACT-B", work_programme=year),
        ActionFactory(code="ACT-A", work_programme=year),
    )
    node = nodes_of(visitor.get(URL))["CALL-1"]
    assert (node["above"], node["notes"]) == ("ACT-A", ["also implements ACT-B"])


def test_many_projects_are_counted_and_not_listed(visitor):
    year = DocumentFactory(code="AAP-2009")
    for number in range(11):
        ProjectFactory(code=f"P{number:03}", work_programme=year)
    response = visitor.get(URL)
    under = [label for label, node in nodes_of(response).items() if node["above"] == "AAP-2009"]
    assert under == [*(f"P{number:03}" for number in range(8)), "3 more projects"]
    assert 'href="/projects/?programme=TPMA&amp;work_programme=AAP-2009"' in (
        response.content.decode()
    )


def test_in_a_large_programme_no_project_is_named(visitor):
    year = DocumentFactory(code="AAP-2009")
    ProjectFactory.create_batch(MOST_NAMED + 1, programme=year.programme, work_programme=year)
    assert list(nodes_of(visitor.get(URL))) == ["AAP-2009", "501 projects"]


def test_drafts_and_restricted_projects_are_for_officers(visitor, officer, as_person):
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    ProjectFactory(code="P001", title="Shelter", restricted=True, restricted_reason="Danger")
    CallFactory(code="CALL-1", status="draft")
    know_project("P001", contracted="5")
    seen = visitor.get(URL)
    assert nodes_of(seen) == {}
    assert "Shelter" not in seen.content.decode()
    assert figures_of(seen)["Contracted"][0] == "EUR 5 1 of 1 reported"
    assert set(nodes_of(as_person(officer).get(URL))) == {
        "DRAFT",
        "CALL-1",
        "P001",
        "Calls not linked to a work programme in the record",
        "Projects not linked to a work programme in the record",
    }


def test_facts_lead_to_the_programmes_before_and_after(visitor):
    first = ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006)
    ProgrammeFactory(
        code="TPMA",
        predecessor=first,
        legal_basis="Article 16",
        budget_line="",
        source="COM(2006) 26",
        recalled_fields=["legal_basis (date)"],
    )
    assert facts_of(visitor.get(URL)) == {
        "Full name": "Programme TPMA",
        "Legal basis": "Article 16 † unconfirmed",
        "Budget line": "not reported",
        "Period": "2007–2013",
        "Follows": "Short AENEAS",
        "Followed by": "no programme in the record",
    }
    before = facts_of(visitor.get("/programmes/AENEAS/"))
    assert (before["Follows"], before["Followed by"]) == (
        "no programme in the record",
        "Short TPMA",
    )


def test_figures_say_what_they_cover(visitor, cascade):
    figures = {label: text for label, (text, _url) in figures_of(visitor.get(URL)).items()}
    assert figures == {
        "Envelope": "EUR 205 000 000 1 of 1 reported",
        "Planned": "EUR 2 000 000 1 of 1 reported",
        "Committed": "not reported 0 of 1 reported",
        "Contracted": "EUR 1 800 010.25 3 of 4 reported",
        "Paid": "not reported 0 of 4 reported",
        "Accepted": "not reported 0 of 4 reported",
        "Projects": "4",
        "Contracts signed": "not reported 0 of 4 reported",
        "Final reports accepted": "not reported 0 of 4 reported",
        "Calls for proposals": "0",
    }


def test_stated_amounts_stand_beside_each_other(visitor):
    programme = ProgrammeFactory()
    for kind, amount in (("reference amount", "250000000"), ("budget", "120000000")):
        StatedAmount.objects.create(
            programme=programme,
            about="TPMA",
            dimension="total",
            key="TOTAL",
            label="As adopted",
            kind=kind,
            amount=Decimal(amount),
            period_start=2004,
            period_end=2008,
            stated_on="2006-09-21" if kind == "budget" else "",
            source="Press notice",
        )
    response = visitor.get(URL)
    assert rows_of(response, "stated-amounts") == [
        [
            "TPMA",
            "As adopted",
            "2004–2008",
            "budget stated on 21 September 2006",
            "120 000 000",
            "Press notice",
        ],
        ["TPMA", "As adopted", "2004–2008", "reference amount", "250 000 000", "Press notice"],
    ]
    assert "370 000 000" not in text_of(tree_of(response))


def test_strands_measures_themes_and_regions(visitor):
    programme = ProgrammeFactory()
    strand = StrandFactory(title="Migration and development", programmes=[programme])
    measure = MeasureFactory(strand=strand, text="Support voluntary return")
    theme = Theme.objects.create(code="RETURN", title="Voluntary return")
    theme.measures.add(measure)
    route = RegionFactory(code="SOUTH", name="Southern route")
    region = RegionFactory(code="SM", name="Southern Mediterranean", parent=route)
    for code in ("MA", "TN"):
        MembershipFactory(region=region, country=CountryFactory(code=code))
    response = visitor.get(URL)
    words = text_of(tree_of(response).xpath('//section[@id="strands"]')[0])
    assert "Migration and development Support voluntary return Voluntary return" in words
    assert rows_of(response, "regions-table") == [["Southern Mediterranean", "Southern route", "2"]]
    assert facts_of(response)["Voluntary return"] == (
        "Support voluntary return Migration and development"
    )


def test_charts_have_the_tables_they_are_drawn_from(visitor):
    programme = ProgrammeFactory()
    StrandFactory(code="MIGDEV", number=1, title="Development", programmes=[programme])
    StrandFactory(code="ASYLUM", number=2, title="Asylum", programmes=[programme])
    for code in ("MA", "MD"):
        CountryFactory(code=code)
    for code in ("P1", "P2"):
        ProjectFactory(code=code)
    know_project("P1", strands=["MIGDEV"], countries=["MA"], contracted="100.50")
    know_project("P2", strands=["MIGDEV", "ASYLUM"], countries=["MA", "MD"], contracted="7")
    response = visitor.get(URL)
    assert rows_of(response, "by-strand-table") == [
        ["Development", "100.50"],
        ["Asylum", "not reported"],
        ["several strands or none, not divided", "7"],
    ]
    assert rows_of(response, "by-country-table") == [["Morocco", "100.50"]]
    note = tree_of(response).xpath('//figure[@id="by-country"]/p[@class="portal-note"]')[0]
    assert text_of(note) == (
        "Only what is posted to a single country. "
        "EUR 7 more lies in several countries, or none is reported."
    )


def test_the_demonstration_programme_is_marked(visitor):
    ProgrammeFactory(code="DEMO", demonstration=True)
    ProgrammeFactory()
    assert "portal-demonstration" in visitor.get("/programmes/DEMO/").content.decode()
    assert "portal-demonstration" not in visitor.get(URL).content.decode()


def test_an_unknown_code_is_named(visitor):
    response = visitor.get("/programmes/NOPE/")
    assert response.status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    programme = ProgrammeFactory()
    for number in range(count):
        year = DocumentFactory(code=f"AAP-{number}")
        action = ActionFactory(code=f"ACT-{number}", work_programme=year)
        call = CallFactory(code=f"CALL-{number}")
        call.actions.add(action)
        strand = StrandFactory(code=f"STRAND-{number}", programmes=[programme])
        MeasureFactory(strand=strand)
        ProjectFactory(code=f"P{number}", call=call, action=action, work_programme=year)
        know_project(f"P{number}", strands=[strand.code], contracted="1", call=call.code)
    with django_assert_num_queries(53):
        assert visitor.get(URL).status_code == 200
