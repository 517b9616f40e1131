"""An officer records that a country is suspended."""

from __future__ import annotations

from datetime import date

import pytest

from portal.audit.models import Entry
from programmes.eligibility import answer
from programmes.models import Suspension
from tests.factories.programmes import CountryFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/suspensions/add/"
GIVEN = {
    "country": "TN",
    "suspended_from": "2022-03-01",
    "reason": "Breach of an essential element",
    "source": "Council decision of 28 February 2022",
}


@pytest.fixture
def programme(officer, second_officer):
    return opened(officer, second_officer)


def test_it_refuses_from_that_day_and_changes_no_earlier_answer(programme, officer, as_person):
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    tunisia = CountryFactory()
    assert answer(programme, tunisia, date(2022, 2, 28)).admitted is True
    refused = answer(programme, tunisia, date(2022, 3, 1))
    assert (refused.admitted, refused.suspended, refused.source) == (
        False,
        True,
        "Council decision of 28 February 2022",
    )
    entry = Entry.objects.get(verb="add_suspension")
    assert (entry.record_kind, entry.record_code, entry.part_of, entry.reason) == (
        "suspension",
        "TN",
        CODE,
        "Breach of an essential element",
    )
    assert entry.new == {
        "suspended_from": "2022-03-01",
        "suspended_to": None,
        "source": "Council decision of 28 February 2022",
    }


def test_everybody_reads_it_on_the_page_of_the_country(programme, officer, visitor, as_person):
    as_person(officer).post(URL, GIVEN)
    page = visitor.get(f"/countries/TN/?programme={CODE}").content.decode()
    assert "Breach of an essential element" in page


def test_only_officers_may(auditor, official, programme, visitor, as_person):
    for person in (auditor, official):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert Suspension.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": " "}, "This field is required."),
        ({"source": ""}, "This field is required."),
        ({"suspended_to": "2022-02-28"}, "The last day is before the first."),
        (
            {"country": "MD"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"suspended_from": "2022-02-30"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, programme, officer, as_person):
    CountryFactory(code="MD")
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert Suspension.objects.count() == 0


def test_twice_at_one_time_is_told(programme, officer, as_person):
    client = as_person(officer)
    assert client.post(URL, GIVEN | {"suspended_to": "2022-12-31"}).status_code == 302
    response = client.post(URL, GIVEN | {"suspended_from": "2022-12-31"})
    assert response.status_code == 400
    assert "The country is suspended at that time already." in response.content.decode()
    assert client.post(URL, GIVEN | {"suspended_from": "2023-01-01"}).status_code == 302
    assert Suspension.objects.count() == 2
