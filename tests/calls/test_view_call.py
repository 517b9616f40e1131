"""The page of a call: its facts and gaps, dates, lots, what it implements and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from calls.models import CallStatus
from programmes.ledger.models import Posting
from programmes.ledger.posting import post
from programmes.ledger.scope import now
from programmes.models import DocumentStatus, StatedAmount
from tests.factories.calls import CallFactory, LotBudgetFactory, LotFactory
from tests.factories.programmes import ActionFactory, DocumentFactory, ProgrammeFactory
from tests.factories.projects import OrganisationFactory, ProjectFactory
from tests.pages import facts_of, figures_of, links_of_rows, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def test_what_no_source_reports_is_said_to_be_so(visitor):
    CallFactory(code="AENEAS-2004", title="AENEAS 2004")
    response = visitor.get("/calls/AENEAS-2004/")
    assert response.status_code == 200
    assert facts_of(response) == {
        "Procedure": "not reported",
        "Budget": "not reported",
        "Smallest grant": "not reported",
        "Largest grant": "not reported",
        "Largest EU share": "not reported",
        "Duration": "not reported",
        "Who may apply": "not reported",
        "Lots as stated": "not reported",
        "Strands": "not reported",
        "Countries": "not reported",
        "Proposals received": "not reported",
        "Proposals awarded": "not reported",
        "Published": "not reported",
        "Opens": "not reported",
        "Concept note by": "not reported",
        "Full application by": "not reported",
        "First deadline": "not reported",
        "Programme": "Short TPMA",
        "Actions implemented": "not reported",
    }


def test_facts_and_which_of_them_are_unconfirmed(visitor):
    CallFactory(
        code="JMDI-2008",
        procedure="open",
        published="2008-12",
        budget=Decimal(10000000),
        cofinancing_max=Decimal(80),
        proposals_received=547,
        proposals_awarded=0,
        source="fundsforngos.org",
        confidence="seen",
        recalled_fields=["budget_eur", "published", "grant_max_eur"],
    )
    response = visitor.get("/calls/JMDI-2008/")
    facts = facts_of(response)
    assert facts["Procedure"] == "Open"
    assert facts["Budget"] == "EUR 10 000 000 † unconfirmed"
    assert facts["Published"] == "December 2008 † unconfirmed"
    assert facts["Largest grant"] == "not reported"
    assert facts["Largest EU share"] == "80 %"
    assert facts["Proposals received"] == "547"
    assert facts["Proposals awarded"] == "0"
    source = tree_of(response).xpath('//p[@class="portal-source"]')[0]
    assert text_of(source) == "Source: fundsforngos.org Confidence: read in the source named"


def test_a_deadline_in_both_times_and_what_is_left(visitor):
    CallFactory(code="OLD", deadline_at=datetime(2011, 12, 1, 15, tzinfo=UTC))
    opens = timezone.now()
    CallFactory(code="OPEN", opens_at=opens, deadline_at=opens + timedelta(hours=5, minutes=30))
    assert facts_of(visitor.get("/calls/OLD/"))["First deadline"] == (
        "1 December 2011, 16:00 (CET, Europe/Brussels) 1 December 2011, 15:00 UTC"
    )
    meta = tree_of(visitor.get("/calls/OPEN/")).xpath('//ul[@class="portal-meta"]/li')
    assert [text_of(item) for item in meta] == ["Open", "OPEN", "5 hours left"]


def test_lots_sub_lots_and_budget_years(visitor):
    call = CallFactory(code="CALL")
    lot = LotFactory(call=call, number="1", title="South", budget=Decimal(28500000))
    LotBudgetFactory(lot=lot, budget_year=2009, amount=Decimal(14000000))
    LotBudgetFactory(lot=lot, budget_year=2010, amount=Decimal(14500000), conditional=True)
    LotFactory(call=call, number="1A", title="Egypt", parent=lot, budget=Decimal(5000000))
    LotFactory(call=call, number="2", title="Not readable")
    tree = tree_of(visitor.get("/calls/CALL/")).xpath('//section[@class="portal-tree"]')[0]
    rows = tree.xpath('.//div[@class="portal-tree__row"]')
    assert [text_of(row) for row in rows] == [
        (
            "Lot 1 South CALL-LOT1 Budget stated 28 500 000 2009 14 000 000 "
            "2010 14 500 000 if the budget of that year allows"
        ),
        "Sub-lot 1A Egypt CALL-LOT1A Budget stated 5 000 000",
        "Lot 2 Not readable CALL-LOT2 budget not reported",
    ]
    inner = tree.xpath('.//ul[@class="portal-tree__level"]//ul//div[@class="portal-tree__row"]')
    assert [text_of(row) for row in inner] == [text_of(rows[1])]


def test_the_thread_up_shows_what_is_published(visitor, as_person, officer):
    programme = ProgrammeFactory()
    strategy = DocumentFactory(code="TSP", title="Strategy", kind="strategy_paper")
    indicative = DocumentFactory(
        code="MIP", title="Indicative", kind="indicative_programme", parent=strategy
    )
    adopted = DocumentFactory(code="AAP", title="Adopted", parent=indicative)
    draft = DocumentFactory(code="AAP-D", title="Draft", status=DocumentStatus.DRAFT)
    call = CallFactory(code="CALL", programme=programme)
    call.actions.add(
        ActionFactory(title="Action seen", work_programme=adopted),
        ActionFactory(title="Action hidden", work_programme=draft),
    )
    facts = facts_of(visitor.get("/calls/CALL/"))
    assert facts["Strategy paper"] == "Strategy"
    assert facts["Multiannual indicative programme"] == "Indicative"
    assert facts["Annual work programme"] == "Adopted"
    assert facts["Actions implemented"] == "Action seen"
    facts = facts_of(as_person(officer).get("/calls/CALL/"))
    assert facts["Annual work programme"] == "Adopted Draft"
    assert facts["Actions implemented"] == "Action seen Action hidden"


def test_projects_funded_leave_out_what_the_viewer_may_not_see(visitor, as_person, auditor):
    call = CallFactory(code="CALL")
    lead = OrganisationFactory(name="UNHCR")
    ProjectFactory(code="P1", title="Seen", call=call, lead=lead, attribution="inferred")
    ProjectFactory(
        code="P2", title="Hidden", call=call, restricted=True, restricted_reason="A shelter"
    )
    ProjectFactory(code="P3", title="Of another call")
    response = visitor.get("/calls/CALL/")
    assert rows_of(response, "projects-of-call") == [["Seen P1", "UNHCR", "inferred"]]
    assert "Hidden" not in response.content.decode()
    assert links_of_rows(as_person(auditor).get("/calls/CALL/"), "projects-of-call") == [
        "/projects/P1/",
        "/projects/P2/",
    ]


def test_twenty_projects_are_named_and_the_rest_are_a_link_away(visitor):
    call = CallFactory(code="CALL")
    for n in range(21):
        ProjectFactory(code=f"P{n:02}", call=call)
    response = visitor.get("/calls/CALL/")
    assert links_of_rows(response, "projects-of-call") == [f"/projects/P{n:02}/" for n in range(20)]
    link = tree_of(response).xpath('//a[@href="/projects/?call=CALL"]')[0]
    assert text_of(link) == "All projects of this call"


def test_money_contracted_opens_its_figure(visitor):
    call = CallFactory(code="CALL", programme=ProgrammeFactory(code="TPMA"))
    ProjectFactory(code="P1", call=call, eu_contribution=Decimal("100.25"))
    ProjectFactory(code="P2", call=call)
    line = {"measure": "contracted", "programme": "TPMA", "call": "CALL", "event": "stated"}
    post([Posting(**line, project="P1", amount=Decimal("100.25"))], by=None)
    text, address = figures_of(visitor.get("/calls/CALL/"))["Contracted"]
    assert text == ("EUR 100.25 1 of 1 reported 1 project of this call states no amount")
    assert address == (
        f"/evaluation/figures/contracted/?as_of={now().position}&call=CALL&programme=TPMA"
    )
    assert visitor.get(address).status_code == 200


def test_amounts_that_sources_state_stand_unsummed(visitor):
    CallFactory(code="CALL")
    for label, amount in (("Two lots", "31000000"), ("Lot 1", "28500000")):
        StatedAmount.objects.create(
            about="CALL",
            dimension="lot",
            key=label,
            label=label,
            amount=amount,
            kind="announced",
            period_start=2009,
            period_end=2010,
        )
    rows = rows_of(visitor.get("/calls/CALL/"), "stated-amounts")
    assert [(row[1], row[4]) for row in rows] == [
        ("Lot 1", "28 500 000"),
        ("Two lots", "31 000 000"),
    ]


def test_a_draft_is_not_there_for_visitors_and_officials(
    visitor, as_person, official, officer, auditor
):
    CallFactory(code="DRAFT", title="Not yet", status=CallStatus.DRAFT)
    for client in (visitor, as_person(official)):
        response = client.get("/calls/DRAFT/")
        assert response.status_code == 404
        assert "Not yet" not in response.content.decode()
    for person in (officer, auditor):
        assert as_person(person).get("/calls/DRAFT/").status_code == 200


def test_an_unknown_code_is_named_with_a_way_to_the_list(visitor):
    response = visitor.get("/calls/NO-SUCH-CALL/")
    assert response.status_code == 404
    main = tree_of(response).xpath("//main")[0]
    assert "NO-SUCH-CALL" in text_of(main)
    assert "/calls/" in main.xpath(".//a/@href")


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_what_hangs_on_a_call(visitor, django_assert_num_queries, rows):
    call = CallFactory(code="CALL")
    for _n in range(rows):
        lot = LotFactory(call=call)
        LotBudgetFactory(lot=lot)
        LotBudgetFactory(lot=LotFactory(call=call, parent=lot), budget_year=2010)
        ProjectFactory(call=call, lead=OrganisationFactory())
        action = ActionFactory(
            work_programme=DocumentFactory(parent=DocumentFactory(kind="indicative_programme"))
        )
        call.actions.add(action)
    visitor.get("/calls/CALL/")
    with django_assert_num_queries(19):
        response = visitor.get("/calls/CALL/")
    assert len(links_of_rows(response, "projects-of-call")) == rows


def test_demonstration_calls_say_so_on_top(visitor):
    CallFactory(code="DEMO-1", programme=ProgrammeFactory(code="DEMO", demonstration=True))
    CallFactory(code="REAL")
    band = '//*[contains(@class, "portal-demonstration")]'
    assert len(tree_of(visitor.get("/calls/DEMO-1/")).xpath(band)) == 1
    assert tree_of(visitor.get("/calls/REAL/")).xpath(band) == []
