"""An officer adds an objective, a priority or a result to a draft."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Document, Passage
from tests.factories.programmes import DocumentFactory, PassageFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.cascade import strategy_paper
from tests.programmes.drafted import DRAFT, adopt, another_programme, draft_indicative_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/MIP-2/passages/add/"
PAGE = "/programmes/documents/MIP-2/"
GIVEN = {"kind": "priority", "text": "Rescue at sea", "chapter": "2.1", "page": "7"}


@pytest.fixture
def document(db) -> Document:
    document = draft_indicative_programme()
    document.parent = strategy_paper(status="adopted")
    document.save()
    return document


def test_it_is_added_after_the_others_and_told(document, officer, as_person):
    client = as_person(officer)
    client.post(URL, {"kind": "objective", "text": "Fewer deaths"})
    response = client.post(URL, GIVEN | {"serves": "MIP-2-O1"})
    assert response["Location"] == f"{PAGE}#passages"
    passage = Passage.objects.get(code="MIP-2-P1")
    assert (passage.text, passage.anchor, passage.order, passage.serves.code) == (
        "Rescue at sea",
        "2.1, page 7",
        2,
        "MIP-2-O1",
    )
    entry = Entry.objects.get(record_code="MIP-2-P1")
    assert (entry.verb, entry.record_kind, entry.part_of, entry.actor) == (
        "add_passage",
        "passage",
        "MIP-2",
        officer.actor,
    )
    document.refresh_from_db()
    assert document.revision == 2


def test_the_draft_shows_passages_by_kind_with_their_anchors(document, officer, as_person):
    client = as_person(officer)
    client.post(URL, GIVEN | {"serves": "TSP-O1"})
    client.post(URL, {"kind": "objective", "text": "Fewer deaths"})
    section = tree_of(client.get(PAGE)).xpath('//section[@id="passages"]')[0]
    assert text_of(section) == (
        "Objectives, priorities and results Objectives Fewer deaths MIP-2-O1 "
        "Priorities Rescue at sea MIP-2-P1 2.1, page 7 serves TSP-O1 "
        "Add an objective, a priority or a result"
    )


def test_one_after_another(document, officer, as_person):
    response = as_person(officer).post(URL, GIVEN | {"another": "1"})
    assert response["Location"] == f"{URL}?kind=priority"
    form = as_person(officer).get(f"{URL}?kind=priority")
    assert tree_of(form).xpath('//input[@name="kind"][@checked]/@value') == ["priority"]


def test_only_passages_of_this_document_and_above_are_offered(document, officer, as_person):
    PassageFactory(code="FOREIGN", document=DocumentFactory(status=DRAFT))
    PassageFactory(code="MIP-2-R1", document=document, kind="result")
    offered = tree_of(as_person(officer).get(URL)).xpath('//select[@name="serves"]/option/@value')
    assert offered == ["", "MIP-2-R1", "TSP-O1", "TSP-P1"]
    response = as_person(officer).post(URL, GIVEN | {"serves": "FOREIGN"})
    assert response.status_code == 400
    response = as_person(officer).post(URL, GIVEN | {"serves": "MIP-2-R1"})
    assert errors_of(response) == [
        "Within a document a priority serves an objective, and a result either of them."
    ]


def test_who_is_refused_and_how(document, visitor, official, auditor, as_person):
    assert visitor.post(URL, GIVEN).status_code == 302
    assert as_person(official).post(URL, GIVEN).status_code == 404
    for method in ("get", "post"):
        assert getattr(as_person(auditor), method)(URL, GIVEN).status_code == 403
    assert URL not in as_person(auditor).get(PAGE).content.decode()
    assert not document.passages.exists()


def test_an_adopted_document_is_frozen(document, officer, as_person):
    adopt(document)
    assert as_person(officer).get(URL).status_code == 409
    assert as_person(officer).post(URL, GIVEN).status_code == 409
    assert URL not in as_person(officer).get(PAGE).content.decode()
    assert not document.passages.exists()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": " "}, "This field is required."),
        ({"text": "x" * 20_001}, "Ensure this value has at most 20000 characters"),
        ({"kind": "wish"}, "Select a valid choice."),
        ({"page": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"page": "40000"}, "Ensure this value is less than or equal to 32000."),
        ({"chapter": "x" * 61}, "Ensure this value has at most 60 characters"),
    ],
)
def test_what_cannot_be_is_refused(document, officer, as_person, given, text):
    response = as_person(officer).post(URL, GIVEN | given)
    assert response.status_code == 400
    assert text in " ".join(errors_of(response))
    assert not document.passages.exists()


def test_sending_it_twice_adds_one(document, officer, as_person):
    client = as_person(officer)
    client.post(URL, GIVEN)
    again = client.post(URL, GIVEN)
    assert errors_of(again) == ["The document says so already: MIP-2-P1."]
    assert document.passages.count() == 1


def test_an_unknown_document_is_not_found(officer, as_person):
    another_programme()
    assert as_person(officer).get(URL).status_code == 404
