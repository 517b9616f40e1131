"""The list of evaluations and audits, and of those of which nothing is on record."""

from __future__ import annotations

import pytest

from evaluation.models import Criterion, Evaluation
from tests.factories.programmes import DocumentFactory
from tests.pages import facts_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def notices(response) -> list[str]:
    return [
        text_of(each) for each in tree_of(response).xpath('//ul[@class="portal-notice__items"]/li')
    ]


def test_a_visitor_sees_what_is_on_record_and_what_is_missing(programme, visitor):
    response = visitor.get("/evaluation/")
    assert response.status_code == 200
    assert rows_of(response, "evaluations") == [["Audit report ECA-1", "Short TPMA", "0", "1", "1"]]
    assert notices(response) == ["Lost evaluation: Foreseen; report not found"]


def test_criteria_say_where_they_come_from(visitor):
    Criterion.objects.create(
        code="C1",
        name="relevance",
        scheme="OECD-DAC",
        text="Right things?",
        source="DAC",
        confidence="recalled",
    )
    assert facts_of(visitor.get("/evaluation/"))["relevance"] == (
        "Right things? † unconfirmed OECD-DAC Source: DAC"
    )


def test_a_draft_document_hides_its_evaluation_from_visitors(visitor, officer, as_person):
    draft = DocumentFactory(code="D-1", kind="evaluation_report", status="draft")
    Evaluation.objects.create(code="D-1", document=draft, title="Secret")
    assert rows_of(visitor.get("/evaluation/"), "evaluations") == [["No records."]]
    assert rows_of(as_person(officer).get("/evaluation/"), "evaluations")[0][0] == "Secret D-1"


def test_a_foreign_page_key_is_refused(visitor):
    assert visitor.get("/evaluation/?after=x").status_code == 400


@pytest.mark.parametrize("n", [1, 3])
def test_the_number_of_queries_stays_the_same(visitor, django_assert_num_queries, n):
    for number in range(n):
        document = DocumentFactory(code=f"E-{number}", kind="evaluation_report")
        Evaluation.objects.create(code=f"E-{number}", document=document, title="Evaluation")
    with django_assert_num_queries(4):
        visitor.get("/evaluation/")
