"""An officer adds an action to a draft work programme."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Action
from tests.factories.programmes import DocumentFactory, PassageFactory
from tests.pages import errors_of, facts_of, rows_of, tree_of
from tests.programmes.drafted import (
    DRAFT,
    adopt,
    another_programme,
    draft_indicative_programme,
    draft_work_programme,
)

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AWP-2009/actions/add/"
PAGE = "/programmes/documents/AWP-2009/"


def given(*amounts: tuple[str, str, bool], **fields: object) -> dict[str, object]:
    """The form as a browser sends it: title and code, the fields given, the lines of amounts."""
    sent: dict[str, object] = {
        "code": "AWP-2009-1",
        "title": "Boats",
        "amounts-TOTAL_FORMS": str(len(amounts) + 3),
        "amounts-INITIAL_FORMS": "0",
    }
    for number, (year, amount, conditional) in enumerate(amounts):
        sent |= {f"amounts-{number}-budget_year": year, f"amounts-{number}-amount": amount}
        sent |= {f"amounts-{number}-conditional": "on"} if conditional else {}
    return sent | fields


def whole() -> dict[str, object]:
    """An action with everything said."""
    return given(
        ("2009", "1000000.50", False),
        ("2010", "5", True),
        worldwide="on",
        regions=["SOUTHERN-MEDITERRANEAN"],
        countries=["TN"],
        geographical_area="The sea",
        strands=["MIGDEV", "ASYLUM"],
        objectives="Fewer deaths",
        results="Ten boats",
        priorities=["TSP-P1"],
        democracy="no",
        rule_of_law="",
        human_rights="yes",
        implementation="Call for proposals",
        chapter="4",
        page="12",
        note="Invented",
    )


def test_it_is_added_with_everything_and_told(officer, as_person):
    draft_work_programme()
    client = as_person(officer)
    response = client.post(URL, whole())
    assert response["Location"] == "/programmes/actions/AWP-2009-1/"
    page = client.get("/programmes/actions/AWP-2009-1/")
    assert facts_of(page) == {
        "Work programme": "Work programme 2009",
        "Geographical area": "The sea",
        "Worldwide": "yes",
        "Regions": "Southern Mediterranean",
        "Countries": "Tunisia",
        "Strands": "Development Asylum",
        "Specific objectives": "Fewer deaths",
        "Anticipated results": "Ten boats",
        "Priorities it serves": "TSP-P1: Text of TSP-P1",
        "Implementation": "Call for proposals",
        "Serves democratic principles": "no",
        "Serves the rule of law": "not reported",
        "Serves human and minority rights": "yes",
        "Attribution": "the source names the programme",
        "Where it stands": "4, page 12",
        "Note": "Invented",
    }
    assert rows_of(page, "amounts") == [
        ["2009", "1 000 000.50", "none"],
        ["2010", "5", "subject to the budget of that year"],
    ]
    assert "/programmes/passages/TSP-P1/" in tree_of(page).xpath('//section[@id="facts"]//a/@href')
    entry = Entry.objects.get()
    assert (entry.verb, entry.record_code, entry.part_of) == (
        "add_action",
        "AWP-2009-1",
        "AWP-2009",
    )
    assert entry.new["amounts"] == [
        {"budget_year": 2009, "amount": "1000000.50", "conditional": False},
        {"budget_year": 2010, "amount": "5.00", "conditional": True},
    ]
    assert (entry.new["rule_of_law"], entry.new["democracy"]) == (None, False)


def test_a_title_is_enough(officer, as_person):
    draft_work_programme()
    as_person(officer).post(URL, given(code=""))
    action = Action.objects.get()
    assert (action.code, action.title, action.democracy) == ("AWP-2009-1", "Boats", None)
    assert not action.amounts.exists()


def test_only_what_the_programme_has_is_offered(officer, as_person):
    work = draft_work_programme()
    other = another_programme()
    PassageFactory(code="F-P1", document=DocumentFactory(programme=other, status=DRAFT))
    PassageFactory(code="OWN-P1", document=work)
    form = tree_of(as_person(officer).get(URL))
    assert form.xpath('//input[@name="strands"]/@value') == ["MIGDEV", "ASYLUM"]
    assert form.xpath('//input[@name="regions"]/@value') == ["SOUTHERN-MEDITERRANEAN"]
    assert form.xpath('//select[@name="countries"]/option/@value') == ["TN"]
    assert form.xpath('//input[@name="priorities"]/@value') == ["TSP-P1"]


@pytest.mark.parametrize(
    ("field", "code"),
    [("strands", "FOREIGN"), ("regions", "ELSEWHERE"), ("countries", "UA"), ("priorities", "F-P1")],
)
def test_what_another_programme_has_is_refused(officer, as_person, field, code):
    draft_work_programme()
    other = another_programme()
    PassageFactory(code="F-P1", document=DocumentFactory(programme=other, status=DRAFT))
    response = as_person(officer).post(URL, given(**{field: [code]}))
    assert response.status_code == 400
    assert errors_of(response)[0].startswith("Select a valid choice.")
    assert not Action.objects.exists()


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (given(title=""), "This field is required."),
        (given(title="x" * 401), "Ensure this value has at most 400 characters"),
        (given(objectives="x" * 20_001), "Ensure this value has at most 20000 characters"),
        (given(code="boats"), "Use capitals, digits and hyphens"),
        (given(democracy="perhaps"), "Select a valid choice."),
        (given(("2009", "", False)), "Fill this in, or empty the whole line."),
        (given(("", "5", False)), "Fill this in, or empty the whole line."),
        (given(("2009", "0", False)), "Ensure this value is greater than or equal to 0.01."),
        (given(("12009", "5", False)), "Ensure this value is less than or equal to 2100."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(officer, as_person, sent, text):
    draft_work_programme()
    response = as_person(officer).post(URL, sent | {"implementation": "Direct award"})
    assert response.status_code == 400
    assert text in " ".join(errors_of(response))
    assert 'value="Direct award"' in response.content.decode()
    assert not Action.objects.exists()


def test_a_year_twice_is_refused(officer, as_person):
    draft_work_programme()
    response = as_person(officer).post(URL, given(("2009", "5", False), ("2009", "6", False)))
    assert response.status_code == 400
    assert "2009: one line for each budget year." in response.content.decode()
    assert not Action.objects.exists()


def test_sending_it_twice_adds_one(officer, as_person):
    draft_work_programme()
    client = as_person(officer)
    client.post(URL, whole())
    again = client.post(URL, whole())
    assert errors_of(again) == ["Action with this Code already exists."]
    assert Action.objects.count() == 1


def test_who_is_refused_and_how(visitor, official, auditor, as_person):
    draft_work_programme()
    assert visitor.post(URL, given()).status_code == 302
    assert as_person(official).post(URL, given()).status_code == 404
    assert as_person(auditor).get(URL).status_code == 403
    assert as_person(auditor).post(URL, given()).status_code == 403
    assert not Action.objects.exists()


def test_an_adopted_document_is_frozen(officer, as_person):
    adopt(draft_work_programme())
    assert as_person(officer).get(URL).status_code == 409
    assert as_person(officer).post(URL, given()).status_code == 409
    assert not Action.objects.exists()


def test_other_documents_hold_no_actions(officer, as_person):
    draft_indicative_programme()
    url = "/programmes/documents/MIP-2/actions/add/"
    assert as_person(officer).post(url, given()).status_code == 404


def test_words_from_right_to_left_are_kept(officer, as_person):
    draft_work_programme()
    client = as_person(officer)
    page = client.post(URL, given(title="قوارب الإنقاذ"), follow=True)
    assert "قوارب الإنقاذ" in page.content.decode()


def test_the_work_programme_shows_it_with_what_it_lacks(officer, as_person):
    draft_work_programme()
    client = as_person(officer)
    client.post(URL, given())
    page = client.get(PAGE)
    assert rows_of(page, "actions-table")[0][0] == "Boats AWP-2009-1"
    change = "/programmes/actions/AWP-2009-1/change/"
    form = tree_of(client.get(change))
    links = [
        link
        for link in tree_of(page).xpath('//div[@id="lacks"]//li/a/@href')
        if link.startswith(change)
    ]
    assert f"{change}#id_amounts-0-amount" in links
    for link in links:
        anchor = link.partition("#")[2]
        assert form.xpath(f'//*[@id="{anchor}"]'), anchor
