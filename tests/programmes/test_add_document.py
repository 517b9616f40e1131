"""An officer begins a document: programme and kind first, then a draft that may lack nearly everything."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Document, DocumentStatus
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, rows_of, text_of, tree_of
from tests.programmes.cascade import indicative_programme
from tests.programmes.drafted import the_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/add/"
OF_AWP = f"{URL}?programme=TPMA&kind=work_programme"
GIVEN = {"code": "TPMA-AWP-2009", "title": "Work programme 2009"}


def initial_of(response) -> dict[str, object]:
    return response.context["form"].initial


def choices_of(response, name: str) -> list[str]:
    return [
        text_of(option) for option in tree_of(response).xpath(f'//select[@name="{name}"]/option')
    ]


def test_programme_and_kind_are_chosen_first(officer, as_person):
    the_programme()
    response = as_person(officer).get(f"{URL}?programme=TPMA")
    assert choices_of(response, "kind") == [
        "Strategy paper",
        "Multiannual indicative programme",
        "Annual work programme",
    ]
    assert not tree_of(response).xpath('//input[@name="title"]')


def test_a_code_and_years_are_suggested(officer, as_person):
    the_programme()
    DocumentFactory(code="TPMA-AWP-2010", status=DocumentStatus.DRAFT)
    client = as_person(officer)
    assert initial_of(client.get(f"{OF_AWP}&year=2010")) == {
        "code": "TPMA-AWP-2010-2",
        "period_start": 2010,
        "period_end": 2010,
    }
    plan = f"{URL}?programme=TPMA&kind=indicative_programme"
    assert initial_of(client.get(plan)) == {
        "code": "TPMA-MIP-2007",
        "period_start": 2007,
        "period_end": 2013,
    }


def test_a_draft_is_begun_with_a_code_and_a_title(officer, as_person):
    the_programme()
    response = as_person(officer).post(OF_AWP, GIVEN)
    assert response["Location"] == "/programmes/documents/TPMA-AWP-2009/"
    document = Document.objects.get()
    assert (document.status, document.kind, document.title, document.parent) == (
        "draft",
        "work_programme",
        "Work programme 2009",
        None,
    )
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.record_kind, entry.record_code) == (
        "add_document",
        officer.actor,
        "document",
        "TPMA-AWP-2009",
    )
    assert entry.new == {
        "programme": "TPMA",
        "kind": "work_programme",
        "title": "Work programme 2009",
    }


def test_everything_may_be_said_at_once(officer, as_person):
    the_programme()
    indicative_programme(status="adopted")
    given = GIVEN | {
        "reference": "C(2009) 1",
        "registry_reference": "Ares(2009)12345",
        "period_start": "2009",
        "period_end": "2009",
        "parent": "MIP",
        "stated_amount": "1000000.50",
        "note": "In two parts",
    }
    as_person(officer).post(OF_AWP, given)
    document = Document.objects.get(code="TPMA-AWP-2009")
    told = Entry.objects.get().new
    assert told["stated_amount"] == str(document.stated_amount) == "1000000.50"
    assert told["parent"] == document.parent.code == "MIP"
    assert document.registry_reference == "Ares(2009)12345"


def test_only_parents_that_the_years_fit_are_offered(officer, as_person):
    the_programme()
    first = indicative_programme(status="adopted")
    indicative_programme(
        first.parent, code="MIP-2", status="adopted", period_start=2011, period_end=2013
    )
    client = as_person(officer)
    assert choices_of(client.get(f"{OF_AWP}&year=2009"), "parent") == [
        "Not said yet",
        "Document MIP · MIP · 2007–2010",
    ]
    response = client.post(OF_AWP, GIVEN | {"period_start": "2009", "parent": "MIP-2"})
    assert response.status_code == 400
    assert errors_of(response) == ["Its years do not lie within those of MIP-2: 2011–2013."]
    assert "Work programme 2009" in response.content.decode()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"code": "awp 1"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"code": ""}, "This field is required."),
        ({"title": ""}, "This field is required."),
        ({"code": "TAKEN"}, "Document with this Code already exists."),
        ({"registry_reference": "12/2009"}, "Write it as the registry does"),
        ({"period_start": "2010", "period_end": "2009"}, "The last year is before the first."),
        ({"period_start": "20099"}, "Ensure this value is less than or equal to 2100."),
        ({"stated_amount": "1.005"}, "Ensure that there are no more than 2 decimal places."),
        ({"note": "x" * 20_001}, "Ensure this value has at most 20000 characters"),
        ({"title": "nul\x00"}, "Null characters are not allowed."),
        ({"parent": "NOPE"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(officer, as_person, given, text):
    programme = the_programme()
    DocumentFactory(code="TAKEN", programme=programme)
    response = as_person(officer).post(OF_AWP, GIVEN | {"reference": "C(2009) 1"} | given)
    assert response.status_code == 400
    assert text in " ".join(errors_of(response))
    assert 'value="C(2009) 1"' in response.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "?programme=NOPE&kind=work_programme",
        "?programme=TPMA&kind=regulation",
        "?kind=work_programme",
    ],
)
def test_a_choice_that_is_none_is_refused(officer, as_person, query):
    the_programme()
    assert as_person(officer).get(f"{URL}{query}").status_code == 400
    assert as_person(officer).post(f"{URL}{query}", GIVEN).status_code == 400
    assert not Document.objects.exists()


def test_sending_it_twice_begins_one(officer, as_person):
    the_programme()
    client = as_person(officer)
    client.post(OF_AWP, GIVEN)
    again = client.post(OF_AWP, GIVEN)
    assert again.status_code == 400
    assert errors_of(again) == ["Document with this Code already exists."]
    assert Document.objects.count() == 1


def test_nobody_else_begins_documents(visitor, official, auditor, officer, as_person):
    the_programme()
    assert visitor.post(OF_AWP, GIVEN).status_code == 302
    for person in (official, auditor):
        assert as_person(person).get(OF_AWP).status_code == 403
        assert as_person(person).post(OF_AWP, GIVEN).status_code == 403
        assert URL not in as_person(person).get("/programmes/documents/").content.decode()
    assert not Document.objects.exists()
    for page in ("/programmes/documents/", "/programmes/TPMA/"):
        assert URL in as_person(officer).get(page).content.decode()


def test_titles_from_right_to_left_are_kept(officer, as_person):
    the_programme()
    client = as_person(officer)
    response = client.post(OF_AWP, GIVEN | {"title": "برنامج العمل 2009"}, follow=True)
    assert "برنامج العمل 2009" in response.content.decode()
    assert tree_of(response).xpath("//h1/@dir") == ["auto"]


def test_the_new_draft_says_what_it_lacks_with_links(officer, auditor, as_person):
    the_programme()
    page = as_person(officer).post(OF_AWP, GIVEN, follow=True)
    links = tree_of(page).xpath('//div[@id="lacks"]//li/a/@href')
    change = "/programmes/documents/TPMA-AWP-2009/change/"
    assert f"{change}#id_period_start" in links
    assert f"{change}#id_parent" in links
    assert "/programmes/documents/TPMA-AWP-2009/actions/add/" in links
    assert rows_of(page, "actions-table") == [
        ["No action of this work programme is in the record."]
    ]
    form = as_person(officer).get(change)
    for link in links:
        address, _hash, anchor = link.partition("#")
        if address == change:
            assert tree_of(form).xpath(f'//*[@id="{anchor}"]'), anchor
    read = as_person(auditor).get("/programmes/documents/TPMA-AWP-2009/")
    assert tree_of(read).xpath('//div[@id="lacks"]//li')
    assert not tree_of(read).xpath('//div[@id="lacks"]//li/a')
