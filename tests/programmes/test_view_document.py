"""The page of a document: what is known, what stands above, beneath and beside it, and its figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from programmes.models import DocumentKind, DocumentLink, DocumentStatus, StatedAmount
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

URL = "/programmes/documents/AAP-2009/"


def beside_of(response) -> str:
    return text_of(tree_of(response).xpath('//aside[@id="thread"]')[0])


def test_what_no_source_reports_is_said_to_be_so(visitor):
    DocumentFactory(code="AAP-2009", source="Notice of 2009")
    response = visitor.get(URL)
    assert facts_of(response) == {
        "Kind": "Annual work programme",
        "Reference": "not reported",
        "Registry reference": "not reported",
        "Programme": "Short TPMA",
        "Adopted or published": "not reported",
        "Years covered": "2009",
        "Status": "Adopted",
        "Amount it states": "not reported",
    }
    assert beside_of(response) == (
        "Above No document above it is in the record. "
        "Beneath No document beneath it is in the record. "
        "Beside No link to another document is in the record."
    )
    assert rows_of(response, "actions-table") == [
        ["No action of this work programme is in the record."]
    ]
    assert "Notice of 2009" in response.content.decode()


def test_what_is_known_and_unconfirmed(visitor):
    DocumentFactory(
        code="AAP-2009",
        reference="C(2009) 1",
        registry_reference="Ares(2009)12345",
        adopted="2009-05-04",
        stated_amount=Decimal("1000000.50"),
        recalled_fields=["adopted"],
        note="In two parts",
    )
    facts = facts_of(visitor.get(URL))
    assert facts["Reference"] == "C(2009) 1"
    assert facts["Registry reference"] == "Ares(2009)12345"
    assert facts["Adopted or published"] == "4 May 2009 † unconfirmed"
    assert facts["Amount it states"] == (
        "EUR 1 000 000.50 As stated by the source; the figures of the ledger stand apart."
    )
    assert facts["Note"] == "In two parts"


def test_up_down_and_sideways(visitor):
    paper = DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, parent=paper)
    DocumentFactory(code="AAP-2009", parent=plan)
    evaluation = DocumentFactory(code="EVAL", kind=DocumentKind.EVALUATION_REPORT)
    DocumentLink.objects.create(
        from_document=evaluation, to_document=plan, kind="evaluates", source="Its title"
    )
    assert beside_of(visitor.get("/programmes/documents/MIP/")) == (
        "Above Document TSP Strategy paper "
        "Beneath Document AAP-2009 Annual work programme "
        "Beside evaluated by Document EVAL Source: Its title"
    )
    assert beside_of(visitor.get("/programmes/documents/EVAL/")).endswith(
        "Beside evaluates Document MIP Source: Its title"
    )


def test_the_actions_and_figures_of_a_work_programme(visitor):
    document = DocumentFactory(code="AAP-2009")
    action = ActionFactory(code="AAP-2009-1", work_programme=document, title="Health")
    action.strands.add(StrandFactory(title="Development"))
    action.countries.add(CountryFactory(code="MD"))
    ActionAmountFactory(action=action, amount="2000000")
    ActionAmountFactory(action=action, budget_year=2010, amount="5.50", conditional=True)
    ProjectFactory(code="P001", work_programme=document, attribution="inferred")
    know(SubjectKind.WORK_PROGRAMME, "AAP-2009")
    post_line(Measure.PLANNED, "2000000", work_programme="AAP-2009", budget_year=2009)
    know_project("P001", contracted="100.50", work_programme="AAP-2009")
    response = visitor.get(URL)
    assert rows_of(response, "actions-table") == [
        [
            "Health AAP-2009-1",
            "Development",
            "Moldova",
            "EUR 2 000 000 in 2009; EUR 5.50 in 2010 (conditional)",
        ]
    ]
    figures = figures_of(response)
    assert {label: text for label, (text, _url) in figures.items()} == {
        "Planned": "EUR 2 000 000 1 of 1 reported",
        "Committed": "not reported 0 of 1 reported",
        "Contracted": "EUR 100.50 1 of 1 reported",
        "Paid": "not reported 0 of 1 reported",
        "Accepted": "not reported 0 of 1 reported",
        "Contracts signed": "not reported 0 of 1 reported",
    }
    assert figures["Planned"][1] == (
        f"/evaluation/figures/planned/?as_of={now().position}&programme=TPMA&work_programme=AAP-2009"
    )
    projects = text_of(tree_of(response).xpath('//section[@id="projects"]')[0])
    assert projects == (
        "Projects Project P001 P001 ≈ inferred Open them in the list of projects (1)"
    )


def test_the_envelope_of_an_indicative_programme(visitor):
    DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    for amount in ("70000000", "135000000"):
        post_line(
            Measure.ENVELOPE, amount, indicative_programme="MIP", period_start=2007, period_end=2010
        )
    figures = figures_of(visitor.get("/programmes/documents/MIP/"))
    assert {label: text for label, (text, _url) in figures.items()} == {
        "Envelope": "EUR 205 000 000 1 of 1 reported"
    }


def test_stated_amounts_about_it(visitor):
    document = DocumentFactory(code="AAP-2009")
    StatedAmount.objects.create(
        programme=document.programme,
        about="AAP-2009",
        dimension="country",
        key="MA",
        label="Six projects",
        kind="identified",
        amount=Decimal(6500000),
        confidence="recalled",
    )
    assert rows_of(visitor.get(URL), "stated-amounts") == [
        [
            "AAP-2009",
            "Six projects † unconfirmed",
            "not reported",
            "identified",
            "6 500 000",
            "not reported",
        ]
    ]


def test_drafts_are_for_officers_and_auditors(visitor, official, officer, auditor, as_person):
    document = DocumentFactory(code="AAP-2009", status=DocumentStatus.DRAFT)
    open_one = DocumentFactory(code="TSP", kind=DocumentKind.STRATEGY_PAPER)
    DocumentLink.objects.create(from_document=document, to_document=open_one, kind="follows")
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
        assert "AAP-2009" not in beside_of(client.get("/programmes/documents/TSP/"))
    for person in (officer, auditor):
        assert as_person(person).get(URL).status_code == 200


def test_a_draft_above_is_not_named(visitor, officer, as_person):
    draft = DocumentFactory(
        code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, status=DocumentStatus.DRAFT
    )
    DocumentFactory(code="AAP-2009", parent=draft)
    assert "Document MIP" not in visitor.get(URL).content.decode()
    assert beside_of(as_person(officer).get(URL)).startswith("Above Document MIP")


def test_restricted_projects_are_not_named(visitor, officer, as_person):
    document = DocumentFactory(code="AAP-2009")
    ProjectFactory(
        title="Shelter", work_programme=document, restricted=True, restricted_reason="Danger"
    )
    assert "Shelter" not in visitor.get(URL).content.decode()
    assert "Shelter" in as_person(officer).get(URL).content.decode()


def test_an_unknown_code_is_not_found(visitor):
    assert visitor.get("/programmes/documents/NOPE/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    document = DocumentFactory(code="AAP-2009")
    for number in range(count):
        other = DocumentFactory(code=f"EVAL-{number}", kind=DocumentKind.EVALUATION_REPORT)
        DocumentLink.objects.create(from_document=other, to_document=document, kind="evaluates")
        action = ActionFactory(work_programme=document)
        action.strands.add(StrandFactory())
        action.countries.add(CountryFactory(code="MD"))
        ActionAmountFactory(action=action)
        ProjectFactory(work_programme=document)
    with django_assert_num_queries(40):
        assert visitor.get(URL).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_beneath_as_for_three(visitor, django_assert_num_queries, count):
    document = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    for number in range(count):
        DocumentFactory(code=f"AAP-{number}", parent=document)
    with django_assert_num_queries(24):
        assert visitor.get("/programmes/documents/MIP/").status_code == 200
