"""An officer takes a rule out of its programme."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import EligibilityRule
from tests.pages import notices_of
from tests.programmes.new_programme import CODE, completed, opened, place_rule

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/rules/MIGPACT-NEW/remove/"


def test_an_unused_one_goes(officer, as_person):
    place_rule(completed(officer), officer, "MIGPACT-NEW")
    response = as_person(officer).post(URL)
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    assert [each.code for each in EligibilityRule.objects.all()] == ["MIGPACT-PLACE"]
    entry = Entry.objects.get(verb="remove_rule")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "eligibility rule",
        "MIGPACT-NEW",
        CODE,
    )
    assert entry.old["text"] == "Actions may take place in partner countries."


def test_one_that_countries_are_placed_by_stays(officer, as_person):
    completed(officer)
    url = f"/programmes/{CODE}/rules/MIGPACT-PLACE/remove/"
    response = as_person(officer).post(url, follow=True)
    assert any(
        "Countries are placed by this rule: it stays." in said for said in notices_of(response)
    )
    assert EligibilityRule.objects.count() == 1
    assert Entry.objects.filter(verb="remove_rule").count() == 0


def test_only_officers_may_and_only_by_a_button(
    officer, second_officer, auditor, official, visitor, as_person
):
    place_rule(opened(officer, second_officer), officer, "MIGPACT-NEW")
    for person in (auditor, official):
        assert as_person(person).post(URL).status_code == 403
    assert visitor.post(URL).status_code == 302
    assert as_person(officer).get(URL).status_code == 405
    assert EligibilityRule.objects.count() == 2


def test_twice_is_not_found(officer, as_person):
    place_rule(completed(officer), officer, "MIGPACT-NEW")
    client = as_person(officer)
    assert client.post(URL).status_code == 302
    assert client.post(URL).status_code == 404
