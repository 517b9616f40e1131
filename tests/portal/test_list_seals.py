"""The page of the seals: the newest digest for everybody, and what the last check found."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from portal.audit.models import SealCheck
from portal.audit.sealing import seal_everything
from portal.audit.sealing import text_of as seal_text
from portal.audit.tasks import check_seals_by_night
from portal.audit.trail import write_entry
from portal.wording import moment
from tests.pages import rows_of, text_of, tree_of
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db

URL = "/seals/"


def sealed(reason: str = ""):
    write_entry("look", by=None, record_kind="project", record_code="P-SECRET", reason=reason)
    return seal_everything()


def said(response) -> str:
    return text_of(tree_of(response).xpath("//main")[0])


def test_everybody_sees_the_newest_digest(visitor):
    sealed()
    seal = sealed()
    page = visitor.get(URL)
    when = moment(seal.sealed_at).replace("\u00a0", " ")
    assert text_of(tree_of(page).xpath('//*[contains(@class, "portal-digest")]')[0]) == seal.digest
    assert f"Seal 2 of {when} covers everything up to position" in said(page)
    assert tree_of(page).xpath("//pre")[0].text == seal_text(seal)


def test_every_seal_is_listed_the_newest_first(visitor):
    first, second = sealed(), sealed()
    rows = rows_of(visitor.get(URL), "seal-list")
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("2", "1", second.digest),
        ("1", "1", first.digest),
    ]


def test_nothing_sealed_is_said(visitor):
    assert "Nothing is sealed yet." in said(visitor.get(URL))
    assert "The seals were not checked yet; they are every night." in said(visitor.get(URL))


def test_it_says_that_everything_held(visitor):
    sealed()
    sealed()
    check_seals_by_night()
    assert "2 seals and the 2 rows beneath them were as they were sealed." in said(visitor.get(URL))


def test_what_an_altered_row_says_is_for_those_who_may_see_every_record(
    visitor, auditor, official, as_person
):
    sealed()
    alter("audit_entry", "UPDATE audit_entry SET reason = 'another'")
    check_seals_by_night()
    row = "audit entry at position"
    assert "Not everything holds" in said(visitor.get(URL))
    for client in (visitor, as_person(official)):
        assert row in said(client.get(URL))
        assert "P-SECRET" not in client.get(URL).content.decode()
    assert "was altered. It says now: look: project P-SECRET." in said(as_person(auditor).get(URL))


@pytest.mark.parametrize(
    ("person", "may"), [("officer", True), ("auditor", True), ("official", False)]
)
def test_who_may_check_has_a_button(as_person, request, person, may):
    page = as_person(request.getfixturevalue(person)).get(URL)
    assert ("Check now" in said(page)) is may


def test_a_visitor_has_none(visitor):
    assert "Check now" not in said(visitor.get(URL))


def test_a_check_under_way_is_shown_in_place_of_the_button(officer, as_person):
    SealCheck.objects.create()
    text = said(as_person(officer).get(URL))
    assert "is under way." in text
    assert "Check now" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    for _ in range(count):
        sealed()
    # seals, the newest, a check under way, the last check
    with django_assert_num_queries(4):
        visitor.get(URL)


def test_the_endpoint_agrees_and_its_chain_can_be_followed(visitor):
    sealed()
    sealed()
    first, second = visitor.get("/api/v1/seals/").json()
    assert [first["number"], second["number"]] == [1, 2]
    assert (first["previous"], second["previous"]) == ("0" * 64, first["digest"])
    page = rows_of(visitor.get(URL), "seal-list")
    assert [row[4] for row in page] == [second["digest"], first["digest"]]
    moment = datetime.fromisoformat(second["sealed_at"]).isoformat(timespec="microseconds")
    text = (
        f"programme-portal seal, form {second['form']}\nnumber 2\n"
        f"positions {second['first_position']} to {second['last_position']}\n"
        f"rows {second['rows']}\ncontent {second['content']}\n"
        f"previous {second['previous']}\nsealed {moment}\n"
    )
    assert hashlib.sha256(text.encode()).hexdigest() == second["digest"]


def test_many_seals_are_read_by_pages(visitor):
    digests = [sealed().digest for _ in range(30)]
    first = visitor.get(URL)
    (following,) = tree_of(first).xpath('//a[@rel="next"]/@href')
    second = visitor.get(following)
    shown = [row[4] for page in (first, second) for row in rows_of(page, "seal-list")]
    assert shown == digests[::-1]


def test_the_page_about_the_data_names_the_newest(visitor):
    assert "Nothing is sealed yet." in said(visitor.get("/data/"))
    assert sealed().digest in said(visitor.get("/data/"))
