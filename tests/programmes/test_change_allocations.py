"""An officer sets what an indicative programme sets aside, line by line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.models import Allocation, Document
from tests.factories.programmes import AllocationFactory
from tests.pages import errors_of, rows_of, text_of, tree_of
from tests.programmes.drafted import (
    adopt,
    another_programme,
    draft_indicative_programme,
    draft_work_programme,
)

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/MIP-2/allocations/"
PAGE = "/programmes/documents/MIP-2/"
SOUTH = {"period_start": "2007", "period_end": "2010", "strand": "MIGDEV", "amount": "70000000"}
REST = {"period_start": "2007", "period_end": "2010", "amount": "135000000.50"}


def lines(*given: dict[str, str], initial: int = 0, revision: int = 0) -> dict[str, str]:
    """The form as a browser sends it: so many lines, the rest of them empty."""
    sent = {
        "revision": str(revision),
        "allocations-TOTAL_FORMS": str(max(len(given), initial) + 5),
        "allocations-INITIAL_FORMS": str(initial),
    }
    for number, line in enumerate(given):
        sent |= {f"allocations-{number}-{name}": value for name, value in line.items()}
    return sent


def stored() -> set[tuple]:
    return set(
        Allocation.objects.values_list(
            "period_start", "period_end", "strand__code", "region__code", "amount"
        )
    )


def test_lines_are_stored_told_and_summed(officer, as_person):
    draft_indicative_programme()
    Document.objects.update(stated_amount=Decimal(205000000))
    client = as_person(officer)
    response = client.post(URL, lines(SOUTH, REST))
    assert response["Location"] == f"{PAGE}#allocations"
    assert stored() == {
        (2007, 2010, "MIGDEV", None, Decimal("70000000.00")),
        (2007, 2010, None, None, Decimal("135000000.50")),
    }
    entry = Entry.objects.get()
    assert (entry.verb, entry.record_kind, entry.record_code, entry.part_of) == (
        "set_allocations",
        "allocation",
        "MIP-2",
        "MIP-2",
    )
    assert [line["amount"] for line in entry.new["lines"]] == ["70000000.00", "135000000.50"]
    page = client.get(PAGE)
    assert rows_of(page, "allocations-table") == [
        ["2007–2010", "Development", "not attributed", "70 000 000"],
        ["2007–2010", "not attributed", "not attributed", "135 000 000.50"],
        ["Together", "all", "all", "205 000 000.50"],
    ]
    section = text_of(tree_of(page).xpath('//section[@id="allocations"]')[0])
    assert "The document states EUR 205 000 000: EUR 0.50 less than its allocations." in section
    assert "The allocations stored come to EUR 205 000 000.50." in text_of(
        tree_of(client.get(URL)).xpath("//main")[0]
    )


def test_there_are_five_empty_lines_beyond_those_stored(officer, as_person):
    document = draft_indicative_programme()
    AllocationFactory(document=document)
    form = as_person(officer).get(URL)
    assert len(tree_of(form).xpath('//li[@class="portal-lines__line"]')) == 6


def test_an_emptied_line_is_taken_out_and_others_change(officer, as_person):
    document = draft_indicative_programme()
    AllocationFactory(document=document, amount=1)
    AllocationFactory(document=document, amount=2, period_end=2008)
    as_person(officer).post(URL, lines({}, REST, initial=2))
    assert stored() == {(2007, 2010, None, None, Decimal("135000000.50"))}


def test_storing_the_same_twice_is_told_once(officer, as_person):
    draft_indicative_programme()
    client = as_person(officer)
    client.post(URL, lines(SOUTH))
    revision = client.get(URL).context["form"].initial["revision"]
    again = client.post(URL, lines(SOUTH, initial=1, revision=revision))
    assert again.status_code == 302
    assert Entry.objects.count() == 1


def test_a_form_sent_twice_is_stale_the_second_time(officer, as_person):
    draft_indicative_programme()
    client = as_person(officer)
    client.post(URL, lines(SOUTH))
    again = client.post(URL, lines(SOUTH))
    assert again.status_code == 400
    assert Allocation.objects.count() == 1


def test_two_officers_at_once(officer, second_officer, as_person):
    draft_indicative_programme()
    as_person(second_officer).post(URL, lines(SOUTH))
    response = as_person(officer).post(URL, lines(REST))
    assert response.status_code == 400
    assert "Sven Second changed this on" in text_of(tree_of(response).xpath("//main")[0])
    assert "135000000.50" in response.content.decode()
    assert {row[4] for row in stored()} == {Decimal("70000000.00")}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (REST | {"amount": ""}, "Fill this in, or empty the whole line."),
        (REST | {"period_start": ""}, "Fill this in, or empty the whole line."),
        (REST | {"amount": "-1"}, "Ensure this value is greater than or equal to 0.01."),
        (REST | {"amount": "1e30"}, "Ensure that there are no more than 18 digits in total."),
        (REST | {"amount": "much"}, "Enter a number."),
        (REST | {"period_end": "2006"}, "The last year is before the first."),
        (REST | {"strand": "FOREIGN"}, "Select a valid choice."),
        (REST | {"region": "2"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(officer, as_person, given, text):
    document = draft_indicative_programme()
    AllocationFactory(document=document, amount=1)
    another_programme()
    response = as_person(officer).post(URL, lines(given, SOUTH))
    assert response.status_code == 400
    assert text in " ".join(errors_of(response))
    summary = tree_of(response).xpath('//div[@id="wrong-lines"]//a')
    assert text in text_of(summary[0])
    for link in summary:
        assert tree_of(response).xpath(f'//*[@id="{link.get("href")[1:]}"]')
    assert 'value="70000000"' in response.content.decode()
    assert {row[4] for row in stored()} == {Decimal("1.00")}


def test_the_same_leaf_twice_is_refused(officer, as_person):
    draft_indicative_programme()
    response = as_person(officer).post(URL, lines(REST, REST))
    assert "Line 2: There is a line for the same years" in response.content.decode()
    assert stored() == set()


@pytest.mark.parametrize("total", ["", "x", "201", "99999999"])
def test_a_form_that_was_tampered_with_is_refused(officer, as_person, total):
    draft_indicative_programme()
    sent = lines(SOUTH) | {"allocations-TOTAL_FORMS": total}
    assert as_person(officer).post(URL, sent).status_code == 400
    assert stored() == set()


def test_who_is_refused_and_how(visitor, official, auditor, as_person):
    draft_indicative_programme()
    assert visitor.post(URL, lines(SOUTH)).status_code == 302
    assert as_person(official).post(URL, lines(SOUTH)).status_code == 404
    assert as_person(auditor).get(URL).status_code == 403
    assert as_person(auditor).post(URL, lines(SOUTH)).status_code == 403
    assert stored() == set()


def test_an_adopted_document_is_frozen(officer, as_person):
    adopt(draft_indicative_programme())
    assert as_person(officer).get(URL).status_code == 409
    assert as_person(officer).post(URL, lines(SOUTH)).status_code == 409
    assert stored() == set()


def test_other_documents_set_nothing_aside(officer, as_person):
    draft_work_programme()
    url = "/programmes/documents/AWP-2009/allocations/"
    assert as_person(officer).get(url).status_code == 404
