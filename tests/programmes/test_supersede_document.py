"""Letting another document take the place of one in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.actions.adoption import adopt_document, supersede_document
from programmes.ledger.models import Posting
from programmes.models import DocumentKind, DocumentStatus
from programmes.refusals import Refused
from tests.factories.programmes import DocumentFactory, ProgrammeFactory
from tests.pages import errors_of, notices_of, text_of, tree_of
from tests.programmes.cascade import DRAFT, work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/supersede/"
GIVEN = {"on": "2010-01-31", "reason": "Written anew", "successor": "AAP-2009-2"}


@pytest.fixture
def adopted(second_officer):
    return adopt_document(work_programme(), by=second_officer, on=date(2009, 5, 4))


@pytest.fixture
def successor(adopted, second_officer):
    document = work_programme(adopted.parent, code="AAP-2009-2")
    return adopt_document(document, by=second_officer, on=date(2009, 12, 1))


def test_it_gives_way_and_its_amounts_are_taken_back(adopted, successor, officer, as_person):
    before = Posting.objects.count()
    response = as_person(officer).post(URL, GIVEN, follow=True)
    assert notices_of(response) == ["AAP-2009 is superseded."]
    adopted.refresh_from_db()
    assert (adopted.status, adopted.superseded_by, adopted.ended, adopted.reason) == (
        DocumentStatus.SUPERSEDED,
        successor,
        "2010-01-31",
        "Written anew",
    )
    line = Posting.objects.order_by("position")[before]
    assert (line.work_programme, line.amount) == ("AAP-2009", Decimal(-400000))
    assert line.event == "superseded by AAP-2009-2"
    entry = Entry.objects.get(verb="supersede_document")
    assert entry.new == {
        "status": "superseded",
        "ended": "2010-01-31",
        "superseded_by": "AAP-2009-2",
    }
    assert (entry.reason, entry.actor) == ("Written anew", officer.actor)


def test_only_what_can_take_its_place_is_offered(adopted, successor, officer, as_person):
    DocumentFactory(code="DRAFT-2009", status=DRAFT)
    DocumentFactory(code="OTHER-2009", programme=ProgrammeFactory(code="OTHER"))
    DocumentFactory(code="PAPER", kind=DocumentKind.STRATEGY_PAPER)
    DocumentFactory(code="AAP-2009-A1", amends=adopted)
    client = as_person(officer)
    options = tree_of(client.get(URL)).xpath('//select[@id="id_successor"]/option/@value')
    assert options == ["", "AAP-2009-2"]
    for code in ("DRAFT-2009", "OTHER-2009", "PAPER", "AAP-2009-A1", "AAP-2009", "NONE"):
        response = client.post(URL, GIVEN | {"successor": code})
        assert response.status_code == 400
        assert len(errors_of(response)) == 1
    adopted.refresh_from_db()
    assert adopted.status == DocumentStatus.ADOPTED


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("AAP-2009", "AAP-2009 is no other document of the same kind and programme."),
        ("DRAFT-2009", "DRAFT-2009 is not in force."),
        ("PAPER", "PAPER is no other document of the same kind and programme."),
    ],
)
def test_the_verb_itself_refuses_them(adopted, officer, code, said):
    others = {
        "AAP-2009": adopted,
        "DRAFT-2009": DocumentFactory(code="DRAFT-2009", status=DRAFT),
        "PAPER": DocumentFactory(code="PAPER", kind=DocumentKind.STRATEGY_PAPER),
    }
    with pytest.raises(Refused) as refusal:
        supersede_document(
            adopted, by=officer, successor=others[code], on=date(2010, 1, 31), reason=""
        )
    assert [lack.text for lack in refusal.value.lacks] == [said, "Say why."]
    assert not Entry.objects.filter(verb="supersede_document").exists()


def test_others_may_not(adopted, successor, visitor, official, auditor, as_person):
    assert visitor.post(URL, GIVEN).status_code == 302
    for person in (official, auditor):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    adopted.refresh_from_db()
    assert adopted.status == DocumentStatus.ADOPTED


def test_what_rests_on_it_holds_it(adopted, officer, as_person):
    successor = DocumentFactory(
        code="MIP-2", kind=DocumentKind.INDICATIVE_PROGRAMME, parent=adopted.parent.parent
    )
    response = as_person(officer).post(
        "/programmes/documents/MIP/supersede/", GIVEN | {"successor": successor.code}
    )
    links = tree_of(response).xpath('//div[@id="lacks"]//li/a')
    assert [text_of(link) for link in links] == ["AAP-2009, which rests on it, is in force."]


def test_twice_is_told_kindly(adopted, successor, officer, second_officer, as_person):
    as_person(officer).post(URL, GIVEN)
    response = as_person(second_officer).post(URL, GIVEN, follow=True)
    assert notices_of(response)[0].startswith("Olga Officer had AAP-2009 superseded on ")
    assert Entry.objects.filter(verb="supersede_document").count() == 1
