"""An officer says which strands a programme has."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.actions.setting_up import add_strand
from programmes.models import DocumentStatus, Measure, Strand
from tests.factories.ledger import know_project
from tests.factories.programmes import (
    ActionFactory,
    DocumentFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import rows_of
from tests.programmes.new_programme import CODE, begun, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/strands/"


@pytest.fixture
def shared() -> Strand:
    return StrandFactory(programmes=[ProgrammeFactory()])


def test_strands_of_other_programmes_are_shared(shared, officer, as_person):
    begun(officer)
    response = as_person(officer).post(URL, {"strands": ["MIGDEV"], "revision": "1"})
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    assert {each.code for each in shared.programmes.all()} == {"TPMA", CODE}
    entry = Entry.objects.get(verb="change_strands")
    assert (entry.record_kind, entry.record_code) == ("programme", CODE)
    assert (entry.old, entry.new) == ({"strands": []}, {"strands": ["MIGDEV"]})
    page = as_person(officer).get(URL)
    assert rows_of(page, "strands") == [
        ["Strand MIGDEV MIGDEV", str(shared.number), "0", "Short TPMA"]
    ]


def test_one_of_its_own_that_is_left_out_goes_for_good(shared, officer, as_person):
    programme = begun(officer)
    add_strand(programme, by=officer, code="OWN", number=1, title="Own", measures=["One"])
    response = as_person(officer).post(URL, {"strands": ["MIGDEV"], "revision": "2"})
    assert response.status_code == 302
    assert list(Strand.objects.values_list("code", flat=True)) == ["MIGDEV"]
    assert Measure.objects.count() == 0
    assert set(Strand.objects.get().programmes.values_list("code", flat=True)) == {"TPMA", CODE}


def test_only_officers_may(officer, second_officer, auditor, official, visitor, as_person):
    opened(officer, second_officer)
    for person in (auditor, official):
        assert as_person(person).post(URL, {"revision": "4"}).status_code == 403
    assert visitor.post(URL).status_code == 302
    assert Strand.objects.get().programmes.count() == 1


@pytest.mark.parametrize("by", ["action", "project"])
def test_one_that_records_name_stays(by, officer, second_officer, as_person):
    programme = opened(officer, second_officer)
    strand = programme.strands.get()
    if by == "action":
        document = DocumentFactory(programme=programme, status=DocumentStatus.DRAFT)
        ActionFactory(work_programme=document).strands.add(strand)
    else:
        ProjectFactory(code="P1", programme=programme)
        know_project("P1", programme=CODE, strands=[strand.code])
    response = as_person(officer).post(URL, {"strands": [], "revision": programme.revision})
    assert response.status_code == 400
    assert (
        "Records of the programme name what you left out: Legal pathways."
        in response.content.decode()
    )
    assert programme.strands.get() == strand


def test_a_stale_choice_is_refused(shared, officer, second_officer, as_person):
    programme = begun(officer)
    add_strand(programme, by=second_officer, code="OWN", number=1, title="Own")
    response = as_person(officer).post(URL, {"strands": ["MIGDEV"], "revision": "1"})
    assert response.status_code == 400
    assert "Sven Second changed this on " in response.content.decode()
    assert programme.strands.get().code == "OWN"


def test_the_same_choice_twice_is_one_entry(shared, officer, as_person):
    begun(officer)
    client = as_person(officer)
    for revision in ("1", "2"):
        assert client.post(URL, {"strands": ["MIGDEV"], "revision": revision}).status_code == 302
    assert Entry.objects.filter(verb="change_strands").count() == 1


def test_an_unknown_strand_is_refused(officer, as_person):
    begun(officer)
    response = as_person(officer).post(URL, {"strands": ["NONE"], "revision": "1"})
    assert response.status_code == 400
