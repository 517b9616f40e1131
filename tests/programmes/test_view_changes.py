"""Old and new side by side: of two versions, of an amendment in force, of one that is being drafted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from programmes.actions.adoption import adopt_document, consult_document
from programmes.actions.amendment import amend_document
from tests.factories.programmes import AllocationFactory, PassageFactory, StrandFactory
from tests.pages import text_of, tree_of
from tests.programmes.cascade import complete_action, indicative_programme, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009-A1/changes/"


@pytest.fixture
def adopted(second_officer):
    return adopt_document(work_programme(), by=second_officer, on=date(2009, 5, 4))


@pytest.fixture
def draft(adopted, officer):
    """An amendment that changes an action, adds another and a passage."""
    amendment = amend_document(adopted, by=officer, reason="A port was added")
    amendment.actions.update(results="Twelve ports trained", democracy=True)
    amendment.actions.get().amounts.update(amount=Decimal("500000.25"))
    complete_action(amendment, "AAP-2009-2", "7.50", title="Another")
    PassageFactory(document=amendment, code="AAP-2009-R1", kind="result", text="Safer ports")
    return amendment


def changes_of(response) -> dict[str, list[list[str]]]:
    """Each changed part, with its rows of field, old and new."""
    return {
        text_of(section.find("h2")): [
            [text_of(cell) for cell in row] for row in section.xpath(".//tbody/tr")
        ]
        for section in tree_of(response).xpath('//section[.//table[contains(@class,"changes")]]')
    }


def marked(response, tag: str) -> list[str]:
    return [text_of(each) for each in tree_of(response).xpath(f"//{tag}")]


CHANGED = [
    ["Anticipated results", "Ten ports trained", "Twelve ports trained"],
    ["Serves democratic principles", "no", "yes"],
    ["Indicative amount 2009", "EUR 400 000", "EUR 500 000.25"],
]


def test_what_a_draft_would_change(draft, officer, as_person):
    response = as_person(officer).get(URL)
    changes = changes_of(response)
    assert list(changes) == [
        "Passage AAP-2009-R1 added",
        "Action AAP-2009-1 Action AAP-2009-1 changed",
        "Action AAP-2009-2 Another added",
    ]
    assert changes["Action AAP-2009-1 Action AAP-2009-1 changed"] == CHANGED
    added = changes["Action AAP-2009-2 Another added"]
    assert ["Title", "nothing", "Another"] in added
    assert ["Indicative amount 2009", "nothing", "EUR 7.50"] in added
    assert ["Strands", "nothing", "Strand MIGDEV"] in added
    assert "Ten" in marked(response, "del")
    assert "Twelve" in marked(response, "ins")
    heads = [text_of(each) for each in tree_of(response).xpath("(//table)[1]/thead//th")]
    assert heads == ["Field", "In force", "As AAP-2009-A1 would have it"]


def test_after_adoption_both_addresses_say_the_same(draft, officer, second_officer, visitor):
    consult_document(draft, by=officer)
    adopt_document(draft, by=second_officer, on=date(2009, 9, 1))
    of_amendment = changes_of(visitor.get(URL))
    assert of_amendment["Action AAP-2009-1 Action AAP-2009-1 changed"] == CHANGED
    pair = visitor.get("/programmes/documents/AAP-2009/changes/?from=1&to=2")
    assert changes_of(pair) == of_amendment
    newest = visitor.get("/programmes/documents/AAP-2009/changes/")
    assert changes_of(newest) == of_amendment
    backwards = changes_of(visitor.get("/programmes/documents/AAP-2009/changes/?from=2&to=1"))
    assert "Action AAP-2009-2 Another taken out" in backwards
    heads = [text_of(each) for each in tree_of(pair).xpath("(//table)[1]/thead//th")]
    assert heads == ["Field", "Version 1", "Version 2"]


def test_allocations_side_by_side(officer, second_officer, as_person):
    document = adopt_document(indicative_programme(), by=second_officer, on=date(2007, 5, 4))
    amendment = amend_document(document, by=officer, reason="A part")
    amendment.allocations.update(amount=Decimal(900000))
    AllocationFactory(
        document=amendment, strand=StrandFactory(code="ASYLUM"), amount=Decimal(100000)
    )
    response = as_person(officer).get("/programmes/documents/MIP-A1/changes/")
    assert changes_of(response) == {
        "Allocation 2007–2010, not attributed changed": [
            ["Amount", "EUR 1 000 000", "EUR 900 000"]
        ],
        "Allocation 2007–2010, Strand ASYLUM added": [["Amount", "nothing", "EUR 100 000"]],
    }


def test_nothing_differs(adopted, officer, as_person):
    amend_document(adopted, by=officer, reason="Soon")
    response = as_person(officer).get(URL)
    assert changes_of(response) == {}
    assert "Nothing differs" in response.content.decode()


def test_a_draft_is_for_officers_and_auditors(draft, visitor, official, auditor, as_person):
    for client in (visitor, as_person(official)):
        assert client.get(URL).status_code == 404
    assert as_person(auditor).get(URL).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [("?from=x", 400), ("?from=1&to=-1", 400), ("?from=1&to=9", 404), ("", 404)],
)
def test_numbers_that_are_none(adopted, visitor, query, status):
    response = visitor.get(f"/programmes/documents/AAP-2009/changes/{query}")
    assert response.status_code == status


def test_hostile_and_long_texts_are_shown_as_text(draft, officer, as_person):
    words = "<script>alert(1)</script> " + "word " * 5_000
    draft.actions.filter(amends__isnull=False).update(objectives=words)
    response = as_person(officer).get(URL)
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    adopted, officer, as_person, django_assert_num_queries, count
):
    amendment = amend_document(adopted, by=officer, reason="More")
    for number in range(count):
        complete_action(amendment, f"AAP-2009-X{number}")
    client = as_person(officer)
    with django_assert_num_queries(23):
        assert client.get(URL).status_code == 200
