"""Passages and allocations for machines: what documents say, for those who may see the documents."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.models import Document, Passage
from tests.factories.programmes import AllocationFactory, DocumentFactory, StrandFactory
from tests.programmes.cascade import strategy_paper
from tests.programmes.drafted import DRAFT, adopt

pytestmark = pytest.mark.django_db

API = "/api/v1"


def test_a_passage_as_it_stands(client):
    strategy_paper(status="adopted")
    row = client.get(f"{API}/passages/TSP-P1/").json()
    assert row == {
        "code": "TSP-P1",
        "document_code": "TSP",
        "kind": "priority",
        "order": 0,
        "text": "Text of TSP-P1",
        "chapter": "2",
        "page": 7,
        "serves_code": "TSP-O1",
        "withdrawn": False,
        "source": "",
        "confidence": "entered",
        "recalled_fields": [],
    }
    assert [each["code"] for each in client.get(f"{API}/passages/").json()] == ["TSP-O1", "TSP-P1"]


def test_an_allocation_as_it_stands(client):
    leaf = AllocationFactory(strand=StrandFactory(code="ASYLUM"), amount=Decimal("70000000.50"))
    Document.objects.filter(pk=leaf.document.pk).update(code="MIP")
    assert client.get(f"{API}/allocations/").json() == []
    adopt(leaf.document)
    assert client.get(f"{API}/allocations/").json() == [
        {
            "id": leaf.pk,
            "document_code": "MIP",
            "period_start": 2007,
            "period_end": 2010,
            "strand_code": "ASYLUM",
            "region_code": None,
            "amount": "70000000.50",
        }
    ]


def test_drafts_are_for_officers_and_auditors(client, official, officer, auditor, as_person):
    leaf = AllocationFactory()
    strategy_paper(status="draft")
    for reader in (client, as_person(official)):
        assert reader.get(f"{API}/passages/").json() == []
        assert reader.get(f"{API}/passages/TSP-P1/").status_code == 404
        assert reader.get(f"{API}/allocations/").json() == []
    for person in (officer, auditor):
        reader = as_person(person)
        assert reader.get(f"{API}/passages/TSP-P1/").status_code == 200
        assert [row["id"] for row in reader.get(f"{API}/allocations/").json()] == [leaf.pk]


def test_a_draft_above_is_not_named(client, officer, as_person):
    paper = strategy_paper(status="draft")
    document = DocumentFactory(code="MIP", kind="indicative_programme", status=DRAFT, parent=paper)
    Passage.objects.create(
        document=document,
        code="MIP-P1",
        kind="priority",
        text="Boats",
        serves=Passage.objects.get(code="TSP-P1"),
    )
    adopt(document)
    for reader, passage, parent in ((client, None, None), (as_person(officer), "TSP-P1", "TSP")):
        assert reader.get(f"{API}/passages/MIP-P1/").json()["serves_code"] == passage
        assert reader.get(f"{API}/documents/MIP/").json()["parent_code"] == parent


@pytest.mark.parametrize("name", ["passages", "allocations"])
def test_a_list_answers_in_one_query(client, name, django_assert_num_queries):
    adopt(AllocationFactory().document)
    strategy_paper(status="adopted")
    with django_assert_num_queries(1):
        assert len(client.get(f"{API}/{name}/").json()) in {1, 2}
