"""The routes and regions of a programme, and adding one."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Region, RegionMembership
from tests.factories.programmes import CountryFactory, RegionFactory
from tests.pages import errors_of, rows_of
from tests.programmes.new_programme import CODE, begun, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/regions/"
ROUTE = {"code": "SOUTH", "name": "Southern route"}


@pytest.fixture
def countries():
    for code in ("TN", "MA", "MD"):
        CountryFactory(code=code)


def test_a_route_and_a_region_with_its_countries_over_the_years(countries, officer, as_person):
    begun(officer)
    client = as_person(officer)
    assert client.post(URL, ROUTE)["Location"] == URL
    region = {"code": "MAGHREB", "name": "Maghreb", "parent": "SOUTH", "source": "Annex I"}
    members = "tn\r\n\r\nMA 2021-2023\r\nMD 2024-\r\n"
    assert client.post(URL, region | {"members": members}).status_code == 302
    assert rows_of(client.get(URL), "regions") == [
        [
            "Maghreb MAGHREB",
            "Southern route",
            "Moldova (2024–), Morocco (2021–2023), Tunisia",
        ],
        ["Southern route SOUTH", "none", "no country"],
    ]
    entry = Entry.objects.filter(verb="add_region").last()
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("region", "MAGHREB", CODE)
    assert entry.new == {
        "name": "Maghreb",
        "parent": "SOUTH",
        "members": ["MA 2021-2023", "MD 2024-", "TN"],
        "source": "Annex I",
    }


def test_only_officers_may(officer, second_officer, auditor, official, visitor, as_person):
    opened(officer, second_officer)
    for person in (auditor, official):
        assert as_person(person).get(URL).status_code == 403
        assert as_person(person).post(URL, ROUTE).status_code == 403
    assert visitor.post(URL, ROUTE).status_code == 302
    assert Region.objects.count() == 0


def test_each_line_that_cannot_be_read_is_named(countries, officer, as_person):
    begun(officer)
    members = "TN\nZZ\nMorocco\nMA 21-23\n\nMD 2007-2010"
    response = as_person(officer).post(URL, ROUTE | {"members": members})
    assert response.status_code == 400
    said = (
        "Line 2: there is no country with the code “ZZ”. "
        "Line 3: write “MOROCCO” as MA, MA 2007-2010 or MA 2007-. "
        "Line 4: write “MA 21-23” as MA, MA 2007-2010 or MA 2007-."
    )
    assert errors_of(response) == [said]
    assert "MA 21-23" in response.content.decode()
    assert Region.objects.count() == 0


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ("MA 2010-2009", "MA 2010-2009: the last year is before the first."),
        ("MA 2023-", "MA 2023-: “Elsewhere” has it already (MA 2021-2025)."),
        ("MA", "MA: “Elsewhere” has it already (MA 2021-2025)."),
        ("MA -2021", "MA -2021: “Elsewhere” has it already (MA 2021-2025)."),
        ("TN 2021-\nTN -2022", "TN -2022: “Southern route” has it already (TN 2021-)."),
    ],
)
def test_a_country_lies_in_one_region_at_a_time(members, said, countries, officer, as_person):
    begun(officer)
    client = as_person(officer)
    elsewhere = {"code": "ELSEWHERE", "name": "Elsewhere", "members": "MA 2021-2025"}
    client.post(URL, elsewhere)
    response = client.post(URL, ROUTE | {"members": members})
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert RegionMembership.objects.count() == 1


def test_the_years_beside_are_free(countries, officer, as_person):
    begun(officer)
    client = as_person(officer)
    client.post(URL, {"code": "ELSEWHERE", "name": "Elsewhere", "members": "MA 2021-2025"})
    given = ROUTE | {"members": "MA -2020\nMA 2026-"}
    assert client.post(URL, given).status_code == 302
    assert RegionMembership.objects.count() == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "south"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"name": ""}, "This field is required."),
        (
            {"parent": "MAGHREB"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            {"parent": "FOREIGN"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, officer, as_person):
    begun(officer)
    client = as_person(officer)
    RegionFactory(code="FOREIGN")
    client.post(URL, {"code": "OTHER", "name": "Other"})
    client.post(URL, {"code": "MAGHREB", "name": "Maghreb", "parent": "OTHER"})
    response = client.post(URL, ROUTE | wrong)
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert Region.objects.filter(code__iexact="SOUTH").count() == 0


def test_twice_is_told(officer, as_person):
    begun(officer)
    client = as_person(officer)
    assert client.post(URL, ROUTE).status_code == 302
    assert client.post(URL, ROUTE).status_code == 400
    assert Region.objects.count() == 1
