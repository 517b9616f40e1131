"""The page of an evaluation or audit."""

from __future__ import annotations

import pytest

from evaluation.models import Evaluation
from tests.factories.programmes import DocumentFactory
from tests.pages import facts_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def test_findings_and_recommendations_are_read_with_their_sources(programme, visitor):
    response = visitor.get("/evaluation/ECA-1/")
    assert response.status_code == 200
    tree = tree_of(response)
    assert "Objectives were vague." in text_of(tree.get_element_by_id("findings"))
    assert "Set measurable objectives." in text_of(tree.get_element_by_id("recommendations"))
    assert text_of(tree.get_element_by_id("questions")) == "Questions None on record."
    assert facts_of(response)["Criteria"] == "not reported"
    assert facts_of(response)["Source"] == "Court of Auditors"


def test_an_unknown_code_is_not_found_and_named(visitor):
    response = visitor.get("/evaluation/NOPE/")
    assert response.status_code == 404


def test_an_evaluation_of_a_draft_is_not_found_by_visitors(visitor, auditor, as_person):
    draft = DocumentFactory(code="D-1", kind="evaluation_report", status="draft")
    Evaluation.objects.create(code="D-1", document=draft, title="Secret")
    assert visitor.get("/evaluation/D-1/").status_code == 404
    assert as_person(auditor).get("/evaluation/D-1/").status_code == 200
