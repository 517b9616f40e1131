"""An officer changes an action of a draft work programme."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.actions import drafting
from programmes.actions.drafting import AmountLine
from programmes.freezing import unfrozen
from programmes.models import Action, Passage, Strand
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.drafted import DRAFT, adopt, another_programme, draft_work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/actions/AWP-2009-1/change/"


@pytest.fixture
def action(officer) -> Action:
    """Boats, under one strand and one priority, with a million for 2009."""
    work = draft_work_programme()
    return drafting.add_action(
        work,
        by=officer,
        title="Boats",
        strands=Strand.objects.filter(code="MIGDEV"),
        priorities=Passage.objects.filter(code="TSP-P1"),
        amounts=[AmountLine(2009, Decimal(1000000))],
        human_rights=True,
    )


def given(**fields: object) -> dict[str, object]:
    """The form as it is when it is opened, with some fields typed anew."""
    return {
        "title": "Boats",
        "strands": ["MIGDEV"],
        "priorities": ["TSP-P1"],
        "human_rights": "yes",
        "revision": "0",
        "amounts-TOTAL_FORMS": "4",
        "amounts-INITIAL_FORMS": "1",
        "amounts-0-budget_year": "2009",
        "amounts-0-amount": "1000000.00",
    } | fields


def test_the_form_opens_as_the_action_stands(action, officer, as_person):
    form = tree_of(as_person(officer).get(URL))
    assert form.xpath('//input[@name="strands"][@checked]/@value') == ["MIGDEV"]
    assert form.xpath('//input[@name="priorities"][@checked]/@value') == ["TSP-P1"]
    assert form.xpath('//input[@name="human_rights"][@checked]/@value') == ["yes"]
    assert form.xpath('//input[@name="democracy"][@checked]/@value') == [""]
    assert form.xpath('//input[@name="amounts-0-amount"]/@value') == ["1000000.00"]
    assert form.xpath('//input[@name="revision"]/@value') == ["0"]


def test_nothing_changed_is_nothing_told(action, officer, as_person):
    assert as_person(officer).post(URL, given()).status_code == 302
    action.refresh_from_db()
    assert action.revision == 0
    assert not Entry.objects.filter(verb="change_action").exists()


def test_it_is_stored_and_told(action, officer, as_person):
    sent = given(
        strands=["ASYLUM"],
        results="Ten boats",
        human_rights="",
        **{"amounts-0-amount": "2000000", "amounts-1-budget_year": "2010", "amounts-1-amount": "5"},
    )
    response = as_person(officer).post(URL, sent)
    assert response["Location"] == "/programmes/actions/AWP-2009-1/"
    action.refresh_from_db()
    assert (action.results, action.human_rights, action.revision) == ("Ten boats", None, 1)
    entry = Entry.objects.get(verb="change_action")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "action",
        "AWP-2009-1",
        "AWP-2009",
    )
    first = {"budget_year": 2009, "conditional": False}
    assert entry.old == {
        "results": "",
        "human_rights": True,
        "strands": ["MIGDEV"],
        "amounts": [first | {"amount": "1000000.00"}],
    }
    assert entry.new == {
        "results": "Ten boats",
        "human_rights": None,
        "strands": ["ASYLUM"],
        "amounts": [
            first | {"amount": "2000000.00"},
            {"budget_year": 2010, "conditional": False, "amount": "5.00"},
        ],
    }
    assert action.work_programme.revision == 2


def test_an_emptied_line_takes_the_amount_out(action, officer, as_person):
    sent = given(**{"amounts-0-budget_year": "", "amounts-0-amount": ""})
    as_person(officer).post(URL, sent)
    assert not action.amounts.exists()


def test_two_officers_at_once(action, officer, second_officer, as_person):
    as_person(second_officer).post(URL, given(title="By the second"))
    response = as_person(officer).post(
        URL, given(title="By the first", **{"amounts-0-amount": "3"})
    )
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "Sven Second changed this on" in summary
    form = tree_of(response)
    assert form.xpath('//input[@name="title"]/@value') == ["By the first"]
    assert form.xpath('//input[@name="amounts-0-amount"]/@value') == ["3"]
    action.refresh_from_db()
    assert action.title == "By the second"
    assert action.amounts.get().amount == Decimal("1000000.00")


def test_two_officers_at_two_actions_do_not_meet(action, officer, second_officer, as_person):
    drafting.add_action(action.work_programme, by=second_officer, title="Ports")
    assert as_person(officer).post(URL, given(title="Ships")).status_code == 302


@pytest.mark.parametrize(
    ("field", "code"), [("strands", "FOREIGN"), ("regions", "ELSEWHERE"), ("countries", "UA")]
)
def test_what_another_programme_has_is_refused(action, officer, as_person, field, code):
    another_programme()
    response = as_person(officer).post(URL, given(**{field: [code]}))
    assert response.status_code == 400
    assert errors_of(response)[0].startswith("Select a valid choice.")
    assert list(action.strands.values_list("code", flat=True)) == ["MIGDEV"]


def test_a_priority_that_was_taken_out_stays_until_it_is_unticked(action, officer, as_person):
    with unfrozen():
        Passage.objects.filter(code="TSP-P1").update(withdrawn=True)
    client = as_person(officer)
    assert tree_of(client.get(URL)).xpath('//input[@name="priorities"]/@value') == ["TSP-P1"]
    client.post(URL, given(results="Ten boats"))
    assert action.priorities.get().code == "TSP-P1"
    client.post(URL, given(results="Ten boats", priorities=[], revision="1"))
    assert not action.priorities.exists()
    assert tree_of(client.get(URL)).xpath('//input[@name="priorities"]/@value') == []


def test_who_is_refused_and_how(action, visitor, official, auditor, as_person):
    assert visitor.post(URL, given(title="X")).status_code == 302
    assert as_person(official).post(URL, given(title="X")).status_code == 404
    assert as_person(auditor).get(URL).status_code == 403
    assert as_person(auditor).post(URL, given(title="X")).status_code == 403
    assert URL not in as_person(auditor).get("/programmes/actions/AWP-2009-1/").content.decode()
    action.refresh_from_db()
    assert action.title == "Boats"


def test_an_adopted_document_is_frozen(action, officer, official, visitor, as_person):
    adopt(action.work_programme)
    assert as_person(officer).get(URL).status_code == 409
    assert as_person(officer).post(URL, given(title="X")).status_code == 409
    assert as_person(official).get(URL).status_code == 403
    assert URL not in as_person(officer).get("/programmes/actions/AWP-2009-1/").content.decode()
    assert visitor.get("/programmes/actions/AWP-2009-1/").status_code == 200


def test_an_action_of_an_amendment_is_changed_there(action, officer, as_person):
    work = adopt(action.work_programme)
    amendment = DocumentFactory(
        code="AWP-2009-A1", status=DRAFT, parent=work.parent, amends=work, reason="More"
    )
    added = drafting.add_action(amendment, by=officer, title="Ports")
    url = f"/programmes/actions/{added.code}/change/"
    response = as_person(officer).post(url, given(title="Harbours", priorities=["TSP-P1"]))
    assert response.status_code == 302
    added.refresh_from_db()
    assert (added.code, added.title) == ("AWP-2009-2", "Harbours")
