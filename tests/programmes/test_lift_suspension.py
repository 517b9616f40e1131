"""An officer records from which day a suspension holds no longer."""

from __future__ import annotations

from datetime import date

import pytest

from portal.audit.models import Entry
from programmes.actions.setting_up import add_suspension
from programmes.eligibility import answer
from programmes.models import Suspension
from tests.factories.programmes import CountryFactory
from tests.pages import errors_of, rows_of
from tests.programmes.new_programme import CODE, begun, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def suspension(officer, second_officer) -> Suspension:
    return add_suspension(
        opened(officer, second_officer),
        by=officer,
        country=CountryFactory(),
        suspended_from=date(2022, 3, 1),
        reason="Breach of an essential element",
        source="Council decision",
    )


def url_of(suspension: Suspension) -> str:
    return f"/programmes/{CODE}/suspensions/{suspension.pk}/lift/"


def test_the_country_may_take_part_again_and_what_held_until_then_stays(
    suspension, officer, as_person
):
    client = as_person(officer)
    response = client.post(url_of(suspension), {"on": "2023-01-01", "reason": "Remedied"})
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    asked = [date(2022, 2, 28), date(2022, 3, 1), date(2022, 12, 31), date(2023, 1, 1)]
    given = [answer(suspension.programme, suspension.country, day).admitted for day in asked]
    assert given == [True, False, False, True]
    entry = Entry.objects.get(verb="lift_suspension")
    assert (entry.record_kind, entry.record_code, entry.part_of, entry.reason) == (
        "suspension",
        "TN",
        CODE,
        "Remedied",
    )
    assert (entry.old, entry.new) == ({"suspended_to": None}, {"suspended_to": "2022-12-31"})
    assert rows_of(client.get(f"/programmes/{CODE}/setup/"), "suspensions-table")[0][-1] == "ended"


def test_only_officers_may(auditor, official, suspension, visitor, as_person):
    given = {"on": "2023-01-01", "reason": "Mine"}
    for person in (auditor, official):
        assert as_person(person).post(url_of(suspension), given).status_code == 403
    assert visitor.post(url_of(suspension), given).status_code == 302
    suspension.refresh_from_db()
    assert suspension.suspended_to is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"on": "2022-03-01"}, "The suspension had not begun by then."),
        ({"reason": " "}, "This field is required."),
        ({"on": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, suspension, officer, as_person):
    given = {"on": "2023-01-01", "reason": "Remedied"} | wrong
    response = as_person(officer).post(url_of(suspension), given)
    assert (response.status_code, errors_of(response)) == (400, [said])
    suspension.refresh_from_db()
    assert suspension.suspended_to is None


def test_twice_is_told(suspension, officer, second_officer, as_person):
    given = {"on": "2023-01-01", "reason": "Remedied"}
    assert as_person(officer).post(url_of(suspension), given).status_code == 302
    response = as_person(second_officer).post(url_of(suspension), given)
    assert (response.status_code, errors_of(response)) == (
        400,
        ["The suspension has ended by then already."],
    )


def test_one_of_another_programme_is_not_found(suspension, officer, as_person):
    begun(officer, "OTHER")
    url = f"/programmes/OTHER/suspensions/{suspension.pk}/lift/"
    assert as_person(officer).get(url).status_code == 404
