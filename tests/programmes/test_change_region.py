"""An officer renames a region, or says which countries are in it when."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import MemberLine, add_region, change_region
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now
from programmes.members import lines_of
from programmes.models import Region
from tests.factories.ledger import post_line
from tests.factories.programmes import CountryFactory
from tests.pages import errors_of, tree_of
from tests.programmes.new_programme import CODE, begun, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/regions/MAGHREB/change/"
GIVEN = {"name": "Maghreb", "parent": "SOUTH"}


@pytest.fixture
def programme(officer, second_officer):
    """An open programme whose Maghreb lies on the southern route and holds Tunisia and Morocco."""
    programme = opened(officer, second_officer)
    route = add_region(programme, by=officer, code="SOUTH", name="Southern route")
    members = [MemberLine(CountryFactory()), MemberLine(CountryFactory(code="MA"), 2021, 2024)]
    add_region(programme, by=officer, code="MAGHREB", name="Maghreb", parent=route, members=members)
    programme.refresh_from_db()
    return programme


def members() -> list[str]:
    return [str(line) for line in lines_of(Region.objects.get(code="MAGHREB"))]


def test_the_form_holds_what_is_there(programme, officer, as_person):
    page = tree_of(as_person(officer).get(URL))
    assert page.xpath('//textarea[@name="members"]')[0].text.split("\n")[1:] == [
        "MA 2021-2024",
        "TN",
    ]
    assert page.xpath('//select[@name="parent"]/option[@selected]/@value') == ["SOUTH"]
    offered = page.xpath('//select[@name="parent"]/option/@value')
    assert offered == ["", "SOUTH"]


def test_names_and_members_change_and_the_trail_says_how(programme, officer, as_person):
    CountryFactory(code="MD")
    given = GIVEN | {"name": "North Africa", "members": "TN\nMD", "revision": programme.revision}
    response = as_person(officer).post(URL, given)
    assert response["Location"] == f"/programmes/{CODE}/regions/"
    assert members() == ["MD", "TN"]
    entry = Entry.objects.get(verb="change_region")
    assert (entry.record_kind, entry.record_code, entry.part_of) == ("region", "MAGHREB", CODE)
    assert entry.old == {"name": "Maghreb", "members": ["MA 2021-2024", "TN"]}
    assert entry.new == {"name": "North Africa", "members": ["MD", "TN"]}


def test_only_officers_may(auditor, official, programme, visitor, as_person):
    for person in (auditor, official):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert members() == ["MA 2021-2024", "TN"]


def test_no_region_holds_itself_by_whatever_way(programme, officer, as_person):
    route, region = Region.objects.get(code="SOUTH"), Region.objects.get(code="MAGHREB")
    for changed, parent, said in (
        (route, region, "This lies on a route itself, and cannot hold regions."),
        (route, route, "It holds regions, so it cannot lie on a route."),
        (region, region, "This lies on a route itself, and cannot hold regions."),
    ):
        with pytest.raises(ValidationError) as refused:
            change_region(changed, by=officer, name="X", parent=parent, members=[])
        assert refused.value.message_dict == {"parent": [said]}
    url = f"/programmes/{CODE}/regions/SOUTH/change/"
    given = {"name": "X", "parent": "MAGHREB", "revision": programme.revision}
    assert as_person(officer).post(url, given).status_code == 400


def test_a_stale_change_is_refused_and_keeps_what_was_typed(
    programme, officer, second_officer, as_person
):
    given = GIVEN | {"members": "TN", "revision": programme.revision}
    assert as_person(second_officer).post(URL, given | {"name": "First"}).status_code == 302
    response = as_person(officer).post(URL, given | {"name": "Second"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "Sven Second changed this on " in page
    assert 'value="Second"' in page
    assert Region.objects.get(code="MAGHREB").name == "First"


def test_a_membership_that_money_was_posted_by_stays(programme, officer, as_person):
    post_line(Measure.CONTRACTED, "5.00", programme=CODE, country="MA", budget_year=2022)
    assert Posting.objects.get().region == "MAGHREB"
    client = as_person(officer)
    given = GIVEN | {"revision": programme.revision}
    for lines in ("TN", "TN\nMA 2022-"):
        response = client.post(URL, given | {"members": lines})
        assert (response.status_code, errors_of(response)) == (
            400,
            ["Morocco: money is posted for it in this region; only its last year can change."],
        )
    assert client.post(URL, given | {"members": "TN\nMA 2021-2025"}).status_code == 302
    assert members() == ["MA 2021-2025", "TN"]
    assert Posting.objects.get().region == "MAGHREB"


def test_a_region_with_money_stays_on_its_route(programme, officer, as_person):
    scope = Scope(CODE, regions=("SOUTH",))
    post_line(Measure.CONTRACTED, "5.00", programme=CODE, country="MA", budget_year=2022)
    asked = now()
    given = GIVEN | {"revision": programme.revision, "members": "TN\nMA 2021-2024", "parent": ""}
    response = as_person(officer).post(URL, given)
    assert (response.status_code, errors_of(response)) == (
        400,
        ["Money or records lie in this region: it stays on its route."],
    )
    assert figures.value(Measure.CONTRACTED, scope, asked).total == Decimal("5.00")


def test_the_same_again_is_no_change(programme, officer, as_person):
    given = GIVEN | {"members": "TN\nMA 2021-2024", "revision": programme.revision}
    assert as_person(officer).post(URL, given).status_code == 302
    assert Entry.objects.filter(verb="change_region").count() == 0


def test_a_region_of_another_programme_is_not_found(programme, officer, as_person):
    begun(officer, "OTHER")
    url = "/programmes/OTHER/regions/MAGHREB/change/"
    assert as_person(officer).get(url).status_code == 404
