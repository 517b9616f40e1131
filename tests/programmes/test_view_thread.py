"""The page of the thread: from strategy to project, with the money of each, and what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, Posting
from programmes.ledger.posting import reverse
from programmes.ledger.scope import now
from programmes.models import (
    Commitment,
    DocumentKind,
    DocumentLink,
    DocumentStatus,
    PassageKind,
)
from programmes.thread import MOST_NAMED
from tests.factories.calls import CallFactory
from tests.factories.ledger import know_project, post_line
from tests.factories.programmes import (
    ActionFactory,
    CommitmentFactory,
    DocumentFactory,
    FinancingDecisionFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import figures_of, text_of, tree_of
from tests.programmes.threaded import (
    PASSAGES,
    THREAD,
    UNLINKED_CALLS,
    UNLINKED_PROJECTS,
    counted_gaps,
    gaps_of,
    hang_everything,
    nodes_of,
    state,
)

pytestmark = pytest.mark.django_db

URL = "/programmes/TPMA/thread/"
NO_GAPS = {
    "Actions on which no call and no project hangs": ("none", []),
    "Money without a strand": ("none", []),
    "Priorities without money": ("none", []),
    "Money without a priority": ("none", []),
    "Not linked in the record": ("none", []),
    "Amounts and actions not in the record": ("none", []),
}


@pytest.fixture
def everything():
    return hang_everything()


def tree_links(response) -> list:
    tree = tree_of(response).xpath("//section[@class='portal-tree']")[0]
    return tree.xpath('.//a[contains(@class, "portal-figure-link")]')


def test_the_thread_runs_from_strategy_to_project_with_the_money_of_each(visitor, everything):
    nodes = nodes_of(visitor.get(URL))
    passages = {"TSP-O1", "MIP-P1"}
    groups = {UNLINKED_CALLS, UNLINKED_PROJECTS, PASSAGES}
    assert nodes.keys() == THREAD.keys() | passages | groups
    found = {label: (nodes[label]["above"], nodes[label]["money"]) for label in THREAD}
    assert found == THREAD


def test_objectives_and_priorities_say_what_serves_them_and_with_how_much(visitor, everything):
    nodes = nodes_of(visitor.get(URL))
    served = "served by 1 action; planned for what serves it: EUR 2 000 000"
    assert nodes["TSP-O1"]["notes"] == [f"2, page 7; {served}"]
    assert nodes["MIP-P1"]["notes"] == [served]
    assert nodes["AAP-2009-1"]["notes"] == ["serves MIP-P1"]
    assert nodes["TSP-O1"]["money"] == [""] * 6


def test_what_serves_several_priorities_is_not_divided_among_them(visitor, everything):
    plan = everything.documents.get(code="MIP")
    second = state(plan, PassageKind.PRIORITY, "MIP-P2")
    plan.children.get().actions.get().priorities.add(second)
    notes = {label: node["notes"] for label, node in nodes_of(visitor.get(URL)).items()}
    shared = (
        "served by 1 action; planned for what serves it: EUR 2 000 000; "
        "of which for actions that serve others too, not divided: EUR 2 000 000"
    )
    assert notes["MIP-P1"] == notes["MIP-P2"] == [shared]
    assert notes["AAP-2009-1"] == ["serves MIP-P1, MIP-P2"]


def test_each_amount_opens_its_figure(visitor, everything):
    links = [link.get("href") for link in tree_links(visitor.get(URL))]
    begins = f"/evaluation/figures/contracted/?as_of={now().position}"
    assert f"{begins}&programme=TPMA&work_programme=AAP-2009" in links
    assert f"{begins}&commitment=COM-1&programme=TPMA" in links
    assert f"{begins}&programme=TPMA&project=P004" in links
    amounts = [cell for _above, money in THREAD.values() for cell in money if cell]
    assert len(links) == len(set(links)) == len(amounts) - amounts.count("not reported") == 17


def test_an_amount_in_the_tree_is_the_figure_it_opens(visitor, everything):
    for link in tree_links(visitor.get(URL)):
        page = visitor.get(link.get("href"))
        assert page.status_code == 200, link.get("href")
        values = [text for text, _url in figures_of(page).values()]
        assert values[0].startswith(f"EUR {text_of(link)}"), (link.get("href"), values)


def test_what_is_taken_back_is_not_reported_any_more(visitor, everything, officer):
    reverse(Posting.objects.filter(project="P004"), by=officer, reason="keyed twice")
    nodes = nodes_of(visitor.get(URL))
    assert nodes["P004"]["money"] == ["", "", "", "not reported", "not reported", ""]
    assert nodes["CALL-3"]["money"] == ["", "", "", "not reported", "not reported", ""]


def test_every_gap_is_marked_where_it_is_and_counted(visitor, everything):
    response = visitor.get(URL)
    assert gaps_of(response) == {
        "MIP": ["Envelope without a strand: EUR 205 000 000"],
        "AAP-2009-1": ["Planned without a strand: EUR 2 000 000"],
        "P001": ["Contracted without a strand: EUR 1 500 000.25"],
        "P002": ["Contracted without a strand: EUR 300 000"],
        "P004": ["Contracted without a strand: EUR 10"],
        UNLINKED_CALLS: ["2 not linked"],
        UNLINKED_PROJECTS: ["1 not linked"],
    }
    assert counted_gaps(response) == NO_GAPS | {
        "Money without a strand": (
            "5",
            [
                "#document-MIP",
                "#action-AAP-2009-1",
                "#project-P001",
                "#project-P002",
                "#project-P004",
            ],
        ),
        "Not linked in the record": ("3", ["#calls", "#projects"]),
    }
    places = set(tree_of(response).xpath("//section[@class='portal-tree']//*/@id"))
    for _count, links in counted_gaps(response).values():
        assert {link.removeprefix("#") for link in links} <= places


def test_money_without_a_strand_opens_what_it_is_summed_from(visitor, everything):
    StrandFactory(code="MIGDEV", programmes=[everything])
    post_line(Measure.PLANNED, "5", action="AAP-2009-1", budget_year=2009, strand="MIGDEV")
    response = visitor.get(URL)
    row = tree_of(response).xpath('//div[@id="action-AAP-2009-1"]')[0]
    (gap,) = row.xpath('.//span[@class="portal-gap"]/a')
    assert text_of(gap) == "Planned without a strand: EUR 2 000 000"
    figure = visitor.get(gap.get("href"))
    assert figure.status_code == 200
    value, _url = next(iter(figures_of(figure).values()))
    assert value.startswith("EUR 2 000 000 ")


@pytest.fixture
def two_years():
    """A priority that an action of 2009 serves, and a work programme of 2010 with three bare actions."""
    plan = DocumentFactory(
        code="MIP",
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        parent=DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER),
    )
    year = DocumentFactory(code="AAP-2010", parent=plan)
    for number in (1, 2, 3):
        ActionFactory(code=f"ACT-{number}", work_programme=year)
        post_line(
            Measure.PLANNED,
            "7",
            action=f"ACT-{number}",
            work_programme="AAP-2010",
            strand=StrandFactory(code="MIGDEV", programmes=[year.programme]).code,
        )
    return plan, year


def test_an_action_on_which_nothing_hangs_says_how_it_was_to_be_carried_out(visitor, two_years):
    _plan, year = two_years
    first, second, third = year.actions.order_by("code")
    CallFactory(code="CALL-1").actions.add(first)
    ProjectFactory(code="P1", action=second, work_programme=year)
    fourth = ActionFactory(code="ACT-4", work_programme=year, implementation="Direct award, WHO")
    for action in (first, second, third, fourth):
        action.priorities.add(state(year.parent, PassageKind.PRIORITY, f"P-{action.code}"))
    gaps = gaps_of(visitor.get(URL))
    assert gaps == {
        "ACT-3": ["no call and no project hangs on it"],
        "ACT-4": ["no call and no project hangs on it; foreseen: Direct award, WHO"],
        "P-ACT-4": ["nothing is planned for the actions that serve it"],
    }


def test_an_action_carried_out_by_a_call_it_shares_is_not_a_gap(visitor, two_years):
    _plan, year = two_years
    CallFactory(code="CALL-1").actions.add(*year.actions.all())
    assert counted_gaps(visitor.get(URL))["Actions on which no call and no project hangs"] == (
        "none",
        [],
    )


def test_a_contract_that_the_reader_may_not_see_carries_an_action_out(visitor, two_years):
    _plan, year = two_years
    for action in year.actions.exclude(code="ACT-1"):
        ProjectFactory(action=action, work_programme=year)
    ProjectFactory(
        code="P9",
        title="Shelter",
        action=year.actions.get(code="ACT-1"),
        restricted=True,
        restricted_reason="Danger",
    )
    gaps = visitor.get(URL)
    assert counted_gaps(gaps)["Actions on which no call and no project hangs"][0] == "1"
    know_project("P9", contracted="5", action="ACT-1", strand="MIGDEV")
    seen = visitor.get(URL)
    assert counted_gaps(seen)["Actions on which no call and no project hangs"][0] == "none"
    assert "Shelter" not in seen.content.decode()


def test_money_without_a_priority_and_a_priority_without_money(visitor, two_years):
    plan, year = two_years
    state(plan, PassageKind.PRIORITY, "MIP-P1")
    served = state(plan, PassageKind.PRIORITY, "MIP-P2")
    state(plan, PassageKind.RESULT, "MIP-R1")
    year.actions.get(code="ACT-1").priorities.add(served)
    CallFactory().actions.add(*year.actions.all())
    response = visitor.get(URL)
    assert gaps_of(response) == {
        "MIP-P1": ["no action serves it"],
        "ACT-2": ["names no priority"],
        "ACT-3": ["names no priority"],
    }
    assert "MIP-R1" not in nodes_of(response)


def test_an_action_that_serves_only_what_was_taken_out_has_money_without_a_priority(
    visitor, two_years
):
    plan, year = two_years
    gone = state(plan, PassageKind.PRIORITY, "MIP-P1", withdrawn=True)
    stands = state(plan, PassageKind.PRIORITY, "MIP-P2")
    for action in year.actions.all():
        action.priorities.add(gone)
    year.actions.get(code="ACT-2").priorities.add(stands)
    CallFactory().actions.add(*year.actions.all())
    response = visitor.get(URL)
    assert gaps_of(response) == {"ACT-1": ["names no priority"], "ACT-3": ["names no priority"]}
    nodes = nodes_of(response)
    assert nodes["ACT-1"]["notes"] == []
    assert nodes["ACT-2"]["notes"] == ["serves MIP-P2"]
    # Of nothing is it said that it serves others, too.
    assert nodes["MIP-P2"]["notes"] == ["served by 1 action; planned for what serves it: EUR 7"]


def test_a_priority_that_only_officers_see_is_named_to_nobody_else(
    visitor, officer, as_person, two_years
):
    _plan, year = two_years
    draft = DocumentFactory(
        code="LATER", kind=DocumentKind.INDICATIVE_PROGRAMME, status=DocumentStatus.DRAFT
    )
    priority = state(draft, PassageKind.PRIORITY, "LATER-P1")
    for action in year.actions.all():
        action.priorities.add(priority)
    CallFactory().actions.add(*year.actions.all())
    assert "ACT-1" not in gaps_of(as_person(officer).get(URL))
    seen = visitor.get(URL)
    assert gaps_of(seen)["ACT-1"] == ["names no priority"]
    assert "LATER" not in seen.content.decode()


def test_a_priority_has_the_money_of_what_serves_what_serves_it(visitor, two_years):
    plan, year = two_years
    high = state(plan.parent, PassageKind.PRIORITY, "TSP-P1")
    low = state(plan, PassageKind.PRIORITY, "MIP-P1", serves=high)
    for action in year.actions.all():
        action.priorities.add(low, high)
    notes = nodes_of(visitor.get(URL))["TSP-P1"]["notes"]
    assert notes[0].startswith("served by 3 actions; planned for what serves it: EUR 21;")


def test_gaps_of_the_record_are_marked(visitor):
    ProgrammeFactory()
    DocumentFactory(code="AAP-2007")
    DocumentFactory(code="AAP-2008", stated_amount=Decimal(5000000))
    DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    DocumentFactory(
        code="MTR-2009", kind=DocumentKind.EVALUATION_REPORT, status=DocumentStatus.NOT_FOUND
    )
    response = visitor.get(URL)
    nodes = nodes_of(response)
    above = "not linked to an indicative programme in the record"
    assert gaps_of(response) == {
        "AAP-2007": [above, "no amount in the record", "no actions in the record"],
        "AAP-2008": [above, "no actions in the record"],
        "MIP": ["not linked to a strategy paper in the record"],
    }
    assert nodes["AAP-2008"]["notes"] == ["the source states EUR 5 000 000"]
    assert nodes["MTR-2009"]["above"] == "Consultations, evaluations and audits"
    assert "Foreseen; report not found" in response.content.decode()


def test_only_branches_with_gaps(visitor, everything):
    StrandFactory(code="MIGDEV", programmes=[everything])
    action = ActionFactory(
        code="AAP-2009-2", work_programme=everything.documents.get(code="AAP-2009")
    )
    action.priorities.add(
        state(everything.documents.get(code="MIP"), PassageKind.PRIORITY, "MIP-P2")
    )
    ProjectFactory(code="P005", action=action)
    post_line(Measure.PLANNED, "8", action="AAP-2009-2", strand="MIGDEV")
    whole, alone = visitor.get(URL), visitor.get(f"{URL}?gaps=1")
    assert set(nodes_of(whole)) - set(nodes_of(alone)) == {
        PASSAGES,
        "TSP-O1",
        "MIP-P1",
        "MIP-P2",
        "AAP-2009-2",
        "P005",
        "COM-1",
        "CALL-2",
        "P003",
    }
    assert gaps_of(alone) == gaps_of(whole)
    assert counted_gaps(alone) == counted_gaps(whole)


def test_a_programme_without_gaps_says_so(visitor):
    DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    assert "No gap was found in this programme." in visitor.get(f"{URL}?gaps=1").content.decode()
    assert counted_gaps(visitor.get(URL)) == NO_GAPS


def test_a_programme_without_records_says_so(visitor):
    ProgrammeFactory()
    shown = visitor.get(URL).content.decode()
    assert "No document, call or project is recorded for this programme yet." in shown


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
    assert under == [*(f"P{number:03}" for number in range(8)), "all 11 projects"]
    assert (
        'href="/projects/?programme=TPMA&amp;work_programme=AAP-2009&amp;hangs_on=work_programme"'
    ) in response.content.decode()


def test_in_a_large_programme_no_project_is_named_and_its_call_says_what_has_no_strand(visitor):
    year = DocumentFactory(code="AAP-2009")
    CallFactory(code="CALL-1").actions.add(ActionFactory(code="ACT-1", work_programme=year))
    ProjectFactory.create_batch(MOST_NAMED + 1, programme=year.programme, work_programme=year)
    post_line(Measure.CONTRACTED, "3", project=ProjectFactory().code, call="CALL-1")
    response = visitor.get(URL)
    assert set(nodes_of(response)) == {
        "AAP-2009",
        "ACT-1",
        "CALL-1",
        "501 projects",
        "1 project",
        UNLINKED_PROJECTS,
    }
    assert gaps_of(response)["CALL-1"] == ["Contracted without a strand: EUR 3"]


def test_an_amendment_stands_under_what_it_amends_and_lacks_nothing(visitor, officer, as_person):
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    year = DocumentFactory(code="AAP-2009", parent=plan)
    original = ActionFactory(code="ACT-1", work_programme=year)
    amendment = DocumentFactory(
        code="AAP-2009-A1", parent=plan, amends=year, status=DocumentStatus.DRAFT
    )
    ActionFactory(code="ACT-1-A1", work_programme=amendment, amends=original)
    assert "AAP-2009-A1" not in nodes_of(visitor.get(URL))
    seen = as_person(officer).get(URL)
    node = nodes_of(seen)["AAP-2009-A1"]
    assert (node["above"], node["notes"]) == ("AAP-2009", ["amends AAP-2009"])
    assert "ACT-1-A1" not in nodes_of(seen)
    assert "AAP-2009-A1" not in gaps_of(seen)


def test_an_action_taken_out_is_shown_while_money_hangs_on_it(visitor):
    year = DocumentFactory(code="AAP-2009")
    ActionFactory(code="ACT-1", work_programme=year, withdrawn=True)
    ActionFactory(code="ACT-2", work_programme=year, withdrawn=True)
    post_line(Measure.COMMITTED, "4", action="ACT-2", work_programme="AAP-2009")
    response = visitor.get(URL)
    assert set(nodes_of(response)) == {"AAP-2009", "ACT-2"}
    assert "taken out by an amendment" in response.content.decode()
    assert "ACT-2" not in gaps_of(response)


def test_drafts_proposed_money_and_restricted_projects_are_for_officers(
    visitor, officer, auditor, official, as_person
):
    draft = DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    ActionFactory(code="DRAFT-1", work_programme=draft)
    state(draft, PassageKind.PRIORITY, "DRAFT-P1")
    year = DocumentFactory(code="AAP-2009")
    action = ActionFactory(code="ACT-1", work_programme=year)
    decision = FinancingDecisionFactory(work_programme=year)
    CommitmentFactory(code="COM-1", decision=decision, action=action)
    assert Commitment.objects.get().status == "proposed"
    ProjectFactory(code="P001", title="Shelter", restricted=True, restricted_reason="Danger")
    CallFactory(code="CALL-1", status="draft")
    CallFactory(code="CALL-2", status="draft").actions.add(action)
    know_project("P001", contracted="5")
    for client in (visitor, as_person(official)):
        seen = client.get(URL)
        assert set(nodes_of(seen)) == {"AAP-2009", "ACT-1"}
        # A draft call carries nothing out for those who may not see it.
        assert gaps_of(seen)["ACT-1"] == ["no call and no project hangs on it"]
        for hidden in ("Shelter", "DRAFT", "COM-1", "CALL-1", "CALL-2", "P001"):
            assert hidden not in seen.content.decode()
    for person in (officer, auditor):
        seen = as_person(person).get(URL)
        assert "ACT-1" not in gaps_of(seen)
        assert set(nodes_of(seen)) == {
            "AAP-2009",
            "ACT-1",
            "CALL-2",
            "COM-1",
            "DRAFT",
            "DRAFT-1",
            PASSAGES,
            "DRAFT-P1",
            "CALL-1",
            "P001",
            UNLINKED_CALLS,
            UNLINKED_PROJECTS,
        }


def test_a_draft_is_not_finished_and_lacks_nothing_yet(officer, as_person):
    draft = DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    ActionFactory(code="DRAFT-1", work_programme=draft)
    state(draft, PassageKind.PRIORITY, "DRAFT-P1")
    assert gaps_of(as_person(officer).get(URL)) == {}


def test_a_programme_being_set_up_is_for_officers(visitor, officer, as_person):
    ProgrammeFactory(status="set_up")
    assert visitor.get(URL).status_code == 404
    assert as_person(officer).get(URL).status_code == 200


def test_the_demonstration_programme_is_marked(visitor):
    ProgrammeFactory(code="DEMO", demonstration=True)
    ProgrammeFactory()
    page = visitor.get("/programmes/DEMO/thread/").content.decode()
    assert "portal-demonstration" in page
    assert "portal-demonstration" not in visitor.get(URL).content.decode()


def test_an_unknown_code_is_named(visitor):
    response = visitor.get("/programmes/NOPE/thread/")
    assert response.status_code == 404
    assert "NOPE" in response.content.decode()


def test_what_a_title_says_is_text(visitor):
    DocumentFactory(code="AAP-2009", title='<b onclick="x()">Work & "all"</b>')
    shown = visitor.get(URL).content.decode()
    assert "<b onclick" not in shown
    assert "&lt;b onclick=&quot;x()&quot;&gt;Work &amp; &quot;all&quot;&lt;/b&gt;" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    for number in range(count):
        priority = state(plan, PassageKind.PRIORITY, f"MIP-P{number}")
        year = DocumentFactory(code=f"AAP-{number}", parent=plan)
        action = ActionFactory(code=f"ACT-{number}", work_programme=year)
        action.priorities.add(priority)
        decision = FinancingDecisionFactory(work_programme=year)
        CommitmentFactory(decision=decision, action=action, status="booked", booked_on="2009-12-02")
        call = CallFactory(code=f"CALL-{number}")
        call.actions.add(action)
        strand = StrandFactory(code=f"STRAND-{number}", programmes=[plan.programme])
        ProjectFactory(code=f"P{number}", call=call, action=action, work_programme=year)
        know_project(f"P{number}", strands=[strand.code], contracted="1", call=call.code)
    with django_assert_num_queries(18):
        assert visitor.get(URL).status_code == 200
