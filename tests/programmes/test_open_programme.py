"""A second officer opens a programme."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Programme
from tests.pages import notices_of, tree_of
from tests.programmes.new_programme import CODE, begun, completed, opened, place_rule

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/open/"


def test_everybody_sees_it_from_then_on(officer, second_officer, visitor, as_person):
    programme = completed(officer)
    assert visitor.get(f"/programmes/{CODE}/").status_code == 404
    response = as_person(second_officer).post(URL, {"revision": programme.revision})
    assert response["Location"] == f"/programmes/{CODE}/"
    assert visitor.get(f"/programmes/{CODE}/").status_code == 200
    entry = Entry.objects.get(verb="open_programme")
    assert (entry.actor, entry.record_kind, entry.record_code, entry.old, entry.new) == (
        second_officer.actor,
        "programme",
        CODE,
        {"status": "set_up"},
        {"status": "open"},
    )


def test_who_changed_any_part_of_it_may_not(officer, second_officer, as_person):
    programme = completed(officer)
    place_rule(programme, second_officer, "MIGPACT-OTHER")
    for person in (officer, second_officer):
        assert as_person(person).get(URL).status_code == 403
        assert as_person(person).post(URL, {"revision": "5"}).status_code == 403
    assert Programme.objects.get().is_set_up


def test_neither_may_others(officer, auditor, official, visitor, as_person):
    completed(officer)
    assert as_person(auditor).post(URL).status_code == 403
    assert as_person(official).post(URL).status_code == 404
    assert visitor.post(URL).status_code == 302
    assert Programme.objects.get().is_set_up


def test_an_incomplete_one_is_refused_with_everything_it_lacks(officer, second_officer, as_person):
    begun(officer, legal_basis=" ")
    response = as_person(second_officer).post(URL, {"revision": "1"})
    assert response.status_code == 400
    said = (
        "It cannot be opened yet Each line leads to the place where it is mended. "
        "It has no legal basis. It has no strand. It has no rule about where actions take place. "
        "It names no country where actions may or may not take place."
    )
    assert notices_of(response) == [said]
    assert len(tree_of(response).xpath('//*[@id="lacks"]//li/a')) == 4
    assert Programme.objects.get().is_set_up
    assert Entry.objects.filter(verb="open_programme").count() == 0


def test_a_rule_of_nationality_alone_is_not_enough(officer, second_officer, as_person):
    programme = begun(officer)
    place_rule(programme, officer, question="nationality")
    page = as_person(second_officer).get(URL).content.decode()
    assert "It has no rule about where actions take place." in page


def test_what_changed_while_it_was_read_is_not_opened_unseen(officer, second_officer, as_person):
    programme = completed(officer)
    read = programme.revision
    place_rule(programme, officer, "MIGPACT-OTHER")
    response = as_person(second_officer).post(URL, {"revision": read})
    assert response.status_code == 400
    assert "Olga Officer changed this on " in response.content.decode()
    assert Programme.objects.get().is_set_up


def test_twice_is_told(officer, second_officer, as_person):
    programme = opened(officer, second_officer)
    response = as_person(second_officer).post(URL, {"revision": programme.revision})
    assert response.status_code == 400
    assert "The programme is open already." in response.content.decode()
    assert Entry.objects.filter(verb="open_programme").count() == 1


def test_the_form_can_be_sent_with_the_keyboard_alone(officer, second_officer, as_person):
    completed(officer)
    page = tree_of(as_person(second_officer).get(URL))
    assert len(page.xpath('//form[@method="post"]//button[@type="submit"]')) >= 1
