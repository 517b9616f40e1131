"""An officer changes what a programme says of itself."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import change_programme
from programmes.ledger.models import Measure
from programmes.models import DocumentKind
from tests.factories.ledger import post_line
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.new_programme import CODE, begun, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/change/"
GIVEN = {
    "name": "Migration partnerships",
    "short_name": "Partnerships",
    "period_start": "2021",
    "period_end": "2027",
    "legal_basis": "Regulation (EU) 2021/947",
}


def test_it_says_something_else_and_the_trail_says_what(officer, as_person):
    programme = begun(officer)
    response = as_person(officer).post(
        URL, GIVEN | {"aim": "To work together.", "period_end": "2026", "revision": "1"}
    )
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    programme.refresh_from_db()
    assert (programme.aim, programme.period_end, programme.revision) == (
        "To work together.",
        2026,
        2,
    )
    entry = Entry.objects.get(verb="change_programme")
    assert (entry.record_kind, entry.record_code) == ("programme", CODE)
    assert entry.old == {"aim": "", "period_end": 2027}
    assert entry.new == {"aim": "To work together.", "period_end": 2026}


def test_saying_the_same_again_changes_nothing(officer, as_person):
    programme = begun(officer)
    assert as_person(officer).post(URL, GIVEN | {"revision": "1"}).status_code == 302
    programme.refresh_from_db()
    assert programme.revision == 1
    assert Entry.objects.filter(verb="change_programme").count() == 0


def test_only_officers_may(officer, second_officer, auditor, official, visitor, as_person):
    opened(officer, second_officer)
    for person in (auditor, official):
        assert as_person(person).post(URL, {"aim": "Mine"}).status_code == 403
    assert visitor.post(URL, {"aim": "Mine"}).status_code == 302
    assert Entry.objects.filter(verb="change_programme").count() == 0


def test_who_comes_second_is_told_who_was_first_and_keeps_what_was_typed(
    officer, second_officer, as_person
):
    begun(officer)
    first = as_person(second_officer).post(URL, GIVEN | {"aim": "First", "revision": "1"})
    assert first.status_code == 302
    second = as_person(officer).post(URL, GIVEN | {"aim": "Second <b>", "revision": "1"})
    assert second.status_code == 400
    page = second.content.decode()
    assert "Sven Second changed this on " in page
    assert "Second &lt;b&gt;</textarea>" in page
    assert Entry.objects.filter(verb="change_programme").count() == 1


def test_a_period_that_ends_before_it_begins_is_refused(officer, as_person):
    begun(officer)
    response = as_person(officer).post(URL, GIVEN | {"period_end": "2020", "revision": "1"})
    assert (response.status_code, errors_of(response)) == (
        400,
        ["The period ends before it begins."],
    )


def test_none_follows_itself_or_one_that_others_do_not_see(officer, as_person):
    programme, unseen = begun(officer), begun(officer, "UNSEEN")
    for before in (programme, unseen):
        with pytest.raises(ValidationError) as refused:
            change_programme(programme, by=officer, predecessor=before)
        assert refused.value.message_dict == {
            "predecessor": ["That programme is still being set up."]
        }
        given = GIVEN | {"predecessor": before.code, "revision": "1"}
        assert as_person(officer).post(URL, given).status_code == 400
    programme.refresh_from_db()
    assert programme.predecessor is None


def test_an_open_one_keeps_its_names(officer, second_officer, as_person):
    programme = opened(officer, second_officer)
    page = tree_of(as_person(officer).get(URL))
    assert page.xpath('//*[@name="name" or @name="short_name" or @name="predecessor"]') == []
    given = GIVEN | {"name": "Other", "aim": "New aim", "revision": str(programme.revision)}
    assert as_person(officer).post(URL, given).status_code == 302
    programme.refresh_from_db()
    assert (programme.name, programme.aim) == ("Migration partnerships", "New aim")
    with pytest.raises(ValidationError) as refused:
        change_programme(programme, by=officer, name="Other")
    assert list(refused.value.message_dict) == ["name"]


@pytest.mark.parametrize(
    ("years", "status", "said"),
    [
        ({"period_start": "2022"}, 400, ["Money is posted for years before that."]),
        ({"period_end": "2025"}, 400, ["Money is posted for years after that."]),
        ({"period_end": "2026"}, 302, []),
        ({"period_start": "2020", "period_end": "2030"}, 302, []),
    ],
)
def test_the_period_of_an_open_one_holds_what_is_posted(
    years, status, said, officer, second_officer, as_person
):
    programme = opened(officer, second_officer)
    DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, programme=programme)
    post_line(
        Measure.ENVELOPE,
        "10.00",
        programme=CODE,
        indicative_programme="MIP",
        period_start=2021,
        period_end=2024,
    )
    post_line(Measure.CONTRACTED, "5.00", programme=CODE, budget_year=2026)
    given = GIVEN | years | {"revision": str(programme.revision)}
    response = as_person(officer).post(URL, given)
    assert (response.status_code, errors_of(response) if said else []) == (status, said)


def test_it_can_be_filled_in_arabic(officer, as_person):
    begun(officer, name="الشراكات من أجل الهجرة")
    client = as_person(officer)
    client.post("/languages/", {"language": "ar"})
    page = client.get(URL)
    assert page.status_code == 200
    assert tree_of(page).get("dir") in ("rtl", "ltr")
    assert text_of(tree_of(page).xpath("//h1")[0]) != ""
