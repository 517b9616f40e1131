"""An officer changes a strand that the programme shares with no other."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import add_strand, change_strand, change_strands
from programmes.models import Measure, Theme
from tests.factories.programmes import ProgrammeFactory, StrandFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, begun

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/strands/LEGAL/change/"


@pytest.fixture
def programme(officer):
    programme = begun(officer)
    add_strand(
        programme,
        by=officer,
        code="LEGAL",
        number=1,
        title="Legal pathways",
        measures=["First", "Second"],
    )
    programme.refresh_from_db()
    return programme


def test_words_change_and_a_measure_in_its_place_keeps_its_theme(programme, officer, as_person):
    theme = Theme.objects.create(code="VISA", title="Visa")
    theme.measures.add(Measure.objects.get(code="LEGAL-1"))
    given = {"number": "3", "title": "Legal ways", "measures": "First, better", "revision": "2"}
    response = as_person(officer).post(URL, given)
    assert response["Location"] == f"/programmes/{CODE}/strands/"
    assert list(Measure.objects.values_list("code", "text")) == [("LEGAL-1", "First, better")]
    assert theme.measures.get().code == "LEGAL-1"
    entry = Entry.objects.get(verb="change_strand")
    assert entry.old == {
        "number": 1,
        "title": "Legal pathways",
        "measures": ["First", "Second"],
    }
    assert entry.new == {"number": 3, "title": "Legal ways", "measures": ["First, better"]}
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("strand", "LEGAL", CODE)


def test_only_officers_may(programme, auditor, official, visitor, as_person):
    assert as_person(auditor).post(URL).status_code == 403
    assert as_person(official).post(URL).status_code == 404
    assert visitor.post(URL).status_code == 302


def test_a_shared_one_stays_as_it_is(programme, officer, as_person):
    programme.strands.get().programmes.add(ProgrammeFactory())
    given = {"number": "1", "title": "Mine", "measures": "", "revision": "2"}
    response = as_person(officer).post(URL, given)
    assert response.status_code == 400
    assert "Other programmes share this strand" in response.content.decode()
    assert programme.strands.get().title == "Legal pathways"


def test_one_of_another_programme_is_not_found_here(programme, officer, as_person):
    StrandFactory(code="ELSEWHERE", programmes=[ProgrammeFactory()])
    url = f"/programmes/{CODE}/strands/ELSEWHERE/change/"
    assert as_person(officer).get(url).status_code == 404


def test_a_stale_change_is_refused(programme, officer, second_officer, as_person):
    change_strands(programme, [], by=second_officer)
    add_strand(programme, by=second_officer, code="LEGAL", number=1, title="Again")
    given = {"number": "1", "title": "Mine", "measures": "", "revision": "2"}
    response = as_person(officer).post(URL, given)
    assert response.status_code == 400
    assert "Sven Second changed this on " in response.content.decode()


def test_a_number_is_given_once(programme, officer, as_person):
    add_strand(programme, by=officer, code="OTHER", number=2, title="Other")
    given = {"number": "2", "title": "Legal pathways", "measures": "", "revision": "3"}
    response = as_person(officer).post(URL, given)
    assert (response.status_code, errors_of(response)) == (
        400,
        ["“Other” has this number in the programme."],
    )


def test_the_same_again_is_no_change(programme, officer):
    strand = programme.strands.get()
    same = {"number": 1, "title": "Legal pathways", "measures": ["First", "Second"]}
    change_strand(programme, strand, by=officer, **same)
    assert Entry.objects.filter(verb="change_strand").count() == 0
    with pytest.raises(ValidationError):
        change_strand(programme, strand, by=officer, **same | {"title": ""})
