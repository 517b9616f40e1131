"""An officer takes countries out again while nobody else has seen the programme."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import remove_countries
from programmes.models import ProgrammeCountry
from tests.factories.programmes import CountryFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, completed, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/countries/remove/"
GIVEN = {"question": "place", "countries": ["TN"]}


def test_what_was_said_of_them_is_forgotten_and_told(officer, as_person):
    completed(officer)
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == f"/programmes/{CODE}/countries/"
    assert ProgrammeCountry.objects.count() == 0
    entry = Entry.objects.get(verb="remove_countries")
    assert (entry.record_kind, entry.record_code) == ("programme", CODE)
    assert entry.old == {"question": "place", "countries": [["TN", f"{CODE}-PLACE"]]}


def test_another_question_stays(officer, as_person):
    completed(officer)
    response = as_person(officer).post(URL, GIVEN | {"question": "nationality"})
    assert response.status_code == 302
    assert ProgrammeCountry.objects.count() == 1
    assert Entry.objects.filter(verb="remove_countries").count() == 0


def test_once_it_is_open_nothing_is_forgotten(officer, second_officer, as_person):
    programme = opened(officer, second_officer)
    assert as_person(officer).get(URL).status_code == 404
    assert as_person(officer).post(URL, GIVEN).status_code == 404
    with pytest.raises(ValidationError):
        remove_countries(programme, [CountryFactory()], by=officer, question="place")
    assert ProgrammeCountry.objects.count() == 1


def test_only_officers_may(officer, auditor, official, visitor, as_person):
    completed(officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 404
    assert visitor.post(URL, GIVEN).status_code == 302
    assert ProgrammeCountry.objects.count() == 1


def test_a_country_that_is_not_there_is_refused_and_so_is_twice(officer, as_person):
    CountryFactory(code="MA")
    completed(officer)
    client = as_person(officer)
    response = client.post(URL, GIVEN | {"countries": ["MA"]})
    assert (response.status_code, errors_of(response)) == (
        400,
        ["Select a valid choice. MA is not one of the available choices."],
    )
    assert client.post(URL, GIVEN).status_code == 302
    assert client.post(URL, GIVEN).status_code == 400
