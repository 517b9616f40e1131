"""An officer takes a region out of its programme."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.actions.setting_up import MemberLine, add_region
from programmes.ledger.models import Measure
from programmes.models import Region, RegionMembership
from tests.factories.ledger import post_line
from tests.factories.programmes import ActionFactory, CountryFactory, DocumentFactory
from tests.pages import notices_of
from tests.programmes.new_programme import CODE, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/regions/MAGHREB/remove/"


@pytest.fixture
def region(officer, second_officer) -> Region:
    programme = opened(officer, second_officer)
    members = [MemberLine(CountryFactory())]
    return add_region(programme, by=officer, code="MAGHREB", name="Maghreb", members=members)


def test_it_goes_with_its_members(region, officer, as_person):
    response = as_person(officer).post(URL)
    assert response["Location"] == f"/programmes/{CODE}/regions/"
    assert Region.objects.count() == RegionMembership.objects.count() == 0
    entry = Entry.objects.get(verb="remove_region")
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("region", "MAGHREB", CODE)
    assert entry.old == {"name": "Maghreb", "members": ["TN"]}


def test_only_officers_may_and_only_by_a_button(
    region, officer, auditor, official, visitor, as_person
):
    for person in (auditor, official):
        assert as_person(person).post(URL).status_code == 403
    assert visitor.post(URL).status_code == 302
    assert as_person(officer).get(URL).status_code == 405
    assert Region.objects.count() == 1


@pytest.mark.parametrize("by", ["region", "action", "posting"])
def test_one_that_anything_names_stays(by, region, officer, as_person):
    if by == "region":
        add_region(region.programme, by=officer, code="TUNIS", name="Tunis", parent=region)
    elif by == "action":
        document = DocumentFactory(programme=region.programme, status="draft")
        ActionFactory(work_programme=document).regions.add(region)
    else:
        post_line(Measure.CONTRACTED, "5.00", programme=CODE, country="TN")
    response = as_person(officer).post(URL, follow=True)
    assert any(
        "Other regions, documents or money name this region: it stays." in said
        for said in notices_of(response)
    )
    assert Region.objects.filter(code="MAGHREB").exists()


def test_twice_is_not_found(region, officer, as_person):
    client = as_person(officer)
    assert client.post(URL).status_code == 302
    assert client.post(URL).status_code == 404
