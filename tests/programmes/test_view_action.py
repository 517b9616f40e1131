"""The page of an action: what the law asks of it, the calls that implement it, the money that came of it."""

from __future__ import annotations

import pytest

from programmes.ledger.models import Measure, SubjectKind
from programmes.models import DocumentStatus
from tests.factories.calls import CallFactory
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import facts_of, figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/actions/AAP-2010-2-1/"


def test_what_no_source_reports_is_said_to_be_so(visitor):
    ActionFactory(code="AAP-2010-2-1", work_programme__title="Work programme 2010, part 2")
    response = visitor.get(URL)
    assert facts_of(response) == {
        "Work programme": "Work programme 2010, part 2",
        "Geographical area": "not reported",
        "Regions": "not reported",
        "Countries": "not reported",
        "Strands": "not reported",
        "Specific objectives": "not reported",
        "Anticipated results": "not reported",
        "Priorities it serves": "not reported",
        "Implementation": "not reported",
        "Serves democratic principles": "not reported",
        "Serves the rule of law": "not reported",
        "Serves human and minority rights": "not reported",
        "Attribution": "the source names the programme",
    }
    assert rows_of(response, "amounts") == [["No indicative amount is reported."]]
    aside = text_of(tree_of(response).xpath("//aside")[0])
    assert aside == (
        "Calls that implement it No call is linked to this action in the record. "
        "Projects No project is linked to this record."
    )


def test_what_is_known(visitor):
    action = ActionFactory(
        code="AAP-2010-2-1",
        geographical_area="Moldova",
        objectives="Better mobility",
        results="Fewer leave",
        implementation="Joint management",
        democracy=False,
        human_rights=True,
        attribution="inferred",
    )
    action.countries.add(CountryFactory(code="MD"))
    action.strands.add(StrandFactory(title="Development"))
    ActionAmountFactory(action=action, budget_year=2010, amount="2000000")
    ActionAmountFactory(action=action, budget_year=2011, amount="1.50", conditional=True)
    action.calls.add(CallFactory(code="CALL-1", title="The call"))
    action.calls.add(CallFactory(code="CALL-2", title="A draft", status="draft"))
    response = visitor.get(URL)
    facts = facts_of(response)
    assert facts["Countries"] == "Moldova"
    assert facts["Serves democratic principles"] == "no"
    assert facts["Serves the rule of law"] == "not reported"
    assert facts["Serves human and minority rights"] == "yes"
    assert rows_of(response, "amounts") == [
        ["2010", "2 000 000", "none"],
        ["2011", "1.50", "subject to the budget of that year"],
    ]
    text = text_of(tree_of(response).xpath("//aside")[0])
    assert text.startswith("Calls that implement it The call CALL-1 Projects")
    assert "≈ inferred" in text_of(tree_of(response).xpath('//ul[@class="portal-meta"]')[0])


def test_its_figures(visitor):
    action = ActionFactory(code="AAP-2010-2-1", work_programme__code="AAP-2010-2")
    ProjectFactory(code="P033", action=action, work_programme=action.work_programme)
    know(SubjectKind.WORK_PROGRAMME, "AAP-2010-2")
    above = {"work_programme": "AAP-2010-2", "action": "AAP-2010-2-1"}
    post_line(Measure.PLANNED, "2000000", budget_year=2010, **above)
    know_project("P033", contracted="1999999.99", **above)
    figures = figures_of(visitor.get(URL))
    assert {label: text for label, (text, _url) in figures.items()} == {
        "Planned": "EUR 2 000 000 1 of 1 reported",
        "Committed": "not reported 0 of 1 reported",
        "Contracted": "EUR 1 999 999.99 1 of 1 reported",
        "Paid": "not reported 0 of 1 reported",
        "Accepted": "not reported 0 of 1 reported",
    }


def test_an_action_of_a_draft_is_for_officers_and_auditors(
    visitor, official, officer, auditor, as_person
):
    draft = DocumentFactory(status=DocumentStatus.DRAFT)
    ActionFactory(code="AAP-2010-2-1", work_programme=draft)
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
    for person in (officer, auditor):
        assert as_person(person).get(URL).status_code == 200


def test_an_unknown_code_is_not_found(visitor):
    assert visitor.get("/programmes/actions/NOPE/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    action = ActionFactory(code="AAP-2010-2-1")
    for number in range(count):
        action.strands.add(StrandFactory(code=f"STRAND-{number}"))
        action.calls.add(CallFactory())
        ProjectFactory(action=action)
    with django_assert_num_queries(30):
        assert visitor.get(URL).status_code == 200
