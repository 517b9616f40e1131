"""The page of a programme: facts, figures, stated amounts, words, and its documents with their money."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.models import DocumentKind, DocumentStatus, StatedAmount, Theme
from tests.factories.calls import CallFactory
from tests.factories.ledger import know_project
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
from tests.programmes.threaded import THREAD, gaps_of, hang_everything, nodes_of

pytestmark = pytest.mark.django_db

URL = "/programmes/TPMA/"


@pytest.fixture
def everything():
    return hang_everything()


def test_the_thread_is_short_here_and_leads_to_the_whole(visitor, everything):
    DocumentFactory(code="HAGUE", kind=DocumentKind.POLICY_FRAMEWORK)
    response = visitor.get(URL)
    nodes = nodes_of(response)
    documents = {"TSP", "MIP", "AAP-2009"}
    assert {label: (node["above"], node["money"]) for label, node in nodes.items()} == {
        label: place for label, place in THREAD.items() if label in documents
    }
    assert gaps_of(response) == {}
    links = tree_of(response).xpath('//section[@id="thread"]//a/@href')
    assert "/programmes/TPMA/thread/" in links
    assert "/programmes/TPMA/coverage/" in links


def test_drafts_are_for_officers(visitor, officer, as_person):
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    ProjectFactory(code="P001", title="Shelter", restricted=True, restricted_reason="Danger")
    know_project("P001", contracted="5")
    seen = visitor.get(URL)
    assert nodes_of(seen) == {}
    assert "Shelter" not in seen.content.decode()
    assert figures_of(seen)["Contracted"][0] == "EUR 5 1 of 1 reported"
    assert set(nodes_of(as_person(officer).get(URL))) == {"DRAFT"}


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


def test_figures_say_what_they_cover(visitor, everything):
    figures = {label: text for label, (text, _url) in figures_of(visitor.get(URL)).items()}
    assert figures == {
        "Envelope": "EUR 205 000 000 1 of 1 reported",
        "Planned": "EUR 2 000 000 1 of 1 reported",
        "Committed": "EUR 1 900 000 1 of 1 reported",
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
    with django_assert_num_queries(44):
        assert visitor.get(URL).status_code == 200
