"""An officer begins to set up a programme."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.audit.models import Entry
from programmes.models import Programme, ProgrammeStatus
from tests.factories.programmes import ProgrammeFactory
from tests.pages import errors_of, tree_of
from tests.programmes.new_programme import CODE, begun

URL = "/programmes/add/"
GIVEN = {
    "code": CODE,
    "name": "Migration partnerships",
    "short_name": "Partnerships",
    "period_start": "2021",
    "period_end": "2027",
}


@pytest.mark.django_db
def test_it_begins_unseen_by_others(officer, as_person):
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    programme = Programme.objects.get()
    assert (programme.status, programme.revision) == (ProgrammeStatus.SET_UP, 1)
    assert (programme.demonstration, programme.confidence) == (False, "entered")
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.record_kind, entry.record_code, entry.part_of) == (
        "add_programme",
        officer.actor,
        "programme",
        CODE,
        "",
    )
    assert entry.new == GIVEN | {"period_start": 2021, "period_end": 2027}


@pytest.mark.django_db
def test_the_list_leads_officers_to_it(officer, auditor, visitor, as_person):
    def ways(client) -> list[str]:
        return tree_of(client.get("/programmes/")).xpath(f'//a[@href="{URL}"]/@href')

    assert ways(as_person(officer)) == [URL]
    assert ways(as_person(auditor)) == ways(visitor) == []


@pytest.mark.django_db
def test_only_officers_may(auditor, official, visitor, as_person):
    for person in (auditor, official):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN)["Location"].startswith("/accounts/login/")
    assert Programme.objects.count() == Entry.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "migpact"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"code": "MIG/PACT"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"code": "-MIG"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"code": "TPMA"}, "Programme with this Code already exists."),
        ({"period_end": "2020"}, "The period ends before it begins."),
        ({"period_start": "21"}, "Ensure this value is greater than or equal to 1957."),
        ({"short_name": "x\x00y"}, "Null characters are not allowed."),
        ({"name": ""}, "This field is required."),
        ({"predecessor": "NONE"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(wrong, said, officer, as_person):
    ProgrammeFactory()
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert response.status_code == 400
    assert [text for text in errors_of(response) if text.startswith(said)] != []
    assert len(errors_of(response)) == 1
    assert 'value="Partnerships"' in response.content.decode() or "short_name" in wrong
    assert Programme.objects.count() == 1
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_one_that_is_being_set_up_cannot_be_followed(officer, as_person):
    begun(officer, "UNSEEN")
    response = as_person(officer).post(URL, GIVEN | {"predecessor": "UNSEEN"})
    assert response.status_code == 400


def test_two_at_once_with_one_code_end_with_one(lifted_guard, officer, second_officer):
    ready, ends = threading.Barrier(2), []

    def work(person) -> None:
        ready.wait(timeout=10)
        try:
            begun(person)
            ends.append("added")
        except ValidationError as error:
            ends.append(sorted(error.message_dict))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[each]) for each in (officer, second_officer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(ends, key=str) == [["code"], "added"]
    assert Programme.objects.count() == Entry.objects.count() == 1
