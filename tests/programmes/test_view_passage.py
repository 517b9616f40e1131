"""The page of a passage: one step up to what it serves, one step down to what serves it, and the money of that."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from programmes.models import Document, Passage
from tests.factories.ledger import know, post_line
from tests.factories.programmes import ActionFactory, DocumentFactory, PassageFactory
from tests.pages import facts_of, rows_of, text_of, tree_of
from tests.programmes.cascade import indicative_programme, strategy_paper
from tests.programmes.drafted import DRAFT, adopt

pytestmark = pytest.mark.django_db

URL = "/programmes/passages/TSP-P1/"


def planned_of(response) -> str:
    return text_of(tree_of(response).xpath('//section[@id="actions"]/p')[0])


def test_up_and_down(visitor):
    paper = strategy_paper(status="adopted")
    served = Passage.objects.get(code="TSP-P1")
    plan = DocumentFactory(code="MIP", kind="indicative_programme", status=DRAFT, parent=paper)
    PassageFactory(document=plan, code="MIP-P1", text="Boats", serves=served, page=3)
    adopt(plan)
    response = visitor.get(URL)
    assert facts_of(response) == {
        "Document": "Document TSP",
        "Status of the document": "Adopted",
        "Where it stands": "2, page 7",
        "Serves": "Objective TSP-O1: Text of TSP-O1",
    }
    hrefs = tree_of(response).xpath('//section[@id="facts"]//a/@href')
    assert hrefs == ["/programmes/documents/TSP/", "/programmes/passages/TSP-O1/"]
    down = tree_of(response).xpath('//section[@id="passages"]')[0]
    assert text_of(down) == "Passages that serve it Boats Priority MIP-P1 page 3"
    assert down.xpath(".//a/@href") == ["/programmes/passages/MIP-P1/"]
    assert rows_of(response, "actions-table") == [["No action is said to serve it."]]
    assert planned_of(response) == "Nothing is planned for it yet."


def test_the_money_of_actions_that_serve_it_is_not_divided(visitor):
    strategy_paper(status="adopted")
    served, other = Passage.objects.get(code="TSP-P1"), PassageFactory(code="OTHER")
    work = DocumentFactory(code="AAP-2009")
    alone = ActionFactory(code="AAP-2009-1", work_programme=work, title="Boats")
    alone.priorities.add(served)
    shared = ActionFactory(code="AAP-2009-2", work_programme=work, title="Ports")
    shared.priorities.add(served, other)
    know(SubjectKind.WORK_PROGRAMME, "AAP-2009")
    for code, amount in (("AAP-2009-1", "1000000"), ("AAP-2009-2", "500000.50")):
        post_line(Measure.PLANNED, amount, work_programme="AAP-2009", action=code, budget_year=2009)
    response = visitor.get(URL)
    assert rows_of(response, "actions-table") == [
        ["Boats AAP-2009-1", "AAP-2009", "1 000 000", "this one alone"],
        ["Ports AAP-2009-2", "AAP-2009", "500 000.50", "2, its money is not divided between them"],
    ]
    assert planned_of(response) == (
        "EUR 1 500 000.50 planned by the actions that serve it. "
        "EUR 500 000.50 of it is of actions that serve other priorities too; it is not divided."
    )
    assert (
        f"/evaluation/figures/planned/?action=AAP-2009-1&as_of={now().position}&programme=TPMA"
        in tree_of(response).xpath('//table[@id="actions-table"]//a/@href')
    )


def test_drafts_around_it_are_not_named(visitor, official, officer, auditor, as_person):
    paper = strategy_paper(status="adopted")
    served = Passage.objects.get(code="TSP-P1")
    plan = DocumentFactory(code="MIP", kind="indicative_programme", status=DRAFT, parent=paper)
    PassageFactory(document=plan, code="MIP-P1", text="Secret passage", serves=served)
    action = ActionFactory(work_programme=DocumentFactory(status=DRAFT), title="Secret action")
    action.priorities.add(served)
    for client in (visitor, as_person(official)):
        assert client.get("/programmes/passages/MIP-P1/").status_code == 404
        assert "Secret" not in client.get(URL).content.decode()
        assert "served by" not in client.get("/programmes/documents/TSP/").content.decode()
    for person in (officer, auditor):
        text = as_person(person).get(URL).content.decode()
        assert "Secret passage" in text
        assert "Secret action" in text
        assert as_person(person).get("/programmes/passages/MIP-P1/").status_code == 200
        page = as_person(person).get("/programmes/documents/TSP/")
        assert "served by 1 action" in page.content.decode()


def test_a_draft_that_it_serves_is_not_named(visitor, officer, as_person):
    paper = strategy_paper(status="draft")
    served = Passage.objects.get(code="TSP-O1")
    Passage.objects.filter(pk=served.pk).update(text="Secret objective")
    plan = DocumentFactory(code="MIP", kind="indicative_programme", status=DRAFT, parent=paper)
    PassageFactory(document=plan, code="MIP-P1", serves=served)
    adopt(plan)
    page = "/programmes/passages/MIP-P1/"
    assert "Secret" not in visitor.get(page).content.decode()
    assert "TSP-O1" not in visitor.get("/programmes/documents/MIP/").content.decode()
    assert "Secret" in as_person(officer).get(page).content.decode()
    assert "TSP-O1" in as_person(officer).get("/programmes/documents/MIP/").content.decode()


def test_only_officers_may_change_it_and_only_in_a_draft(visitor, officer, auditor, as_person):
    strategy_paper(status="draft")
    change = "/programmes/passages/TSP-P1/change/"
    assert change in as_person(officer).get(URL).content.decode()
    assert change not in as_person(auditor).get(URL).content.decode()
    adopt(Document.objects.get(code="TSP"))
    assert change not in as_person(officer).get(URL).content.decode()
    assert visitor.get(URL).status_code == 200


def test_a_passage_that_was_taken_out_says_so(visitor):
    strategy_paper(status="draft")
    Passage.objects.filter(code="TSP-P1").update(withdrawn=True)
    adopt(Document.objects.get(code="TSP"))
    assert "Taken out by an amendment" in visitor.get(URL).content.decode()
    assert "TSP-P1" not in visitor.get("/programmes/documents/TSP/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    strategy_paper(status="draft")
    served = Passage.objects.get(code="TSP-P1")
    for number in range(count):
        PassageFactory(document=served.document, kind="result", serves=served)
        action = ActionFactory(code=f"ACTION-{number}")
        action.priorities.add(served)
        post_line(Measure.PLANNED, Decimal(1), action=action.code, budget_year=2009)
    adopt(served.document)
    with django_assert_num_queries(12):
        assert visitor.get(URL).status_code == 200


def test_an_unknown_code_is_not_found(visitor):
    indicative_programme()
    assert visitor.get("/programmes/passages/NOPE/").status_code == 404
