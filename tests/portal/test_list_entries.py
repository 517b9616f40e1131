"""The audit trail as auditors search it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.audit.moments import at_moment
from portal.audit.trail import write_entry
from tests.pages import chips_of, count_of, errors_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/audit/"


def reasons_of(response) -> list[str]:
    found = tree_of(response).xpath('//ol[@class="portal-timeline"]/li//span[@dir="auto"]')
    return [text_of(each) for each in found]


def at(day: int, hour: int, reason: str, **fields) -> None:
    with at_moment(datetime(2020, 3, day, hour, tzinfo=UTC)):
        write_entry("change_document", by=None, record_kind="document", reason=reason, **fields)


@pytest.fixture
def trail(officer, second_officer):
    write_entry(
        "change_document",
        by=officer,
        record_kind="document",
        record_code="AAP-1",
        reason="A typing error",
    )
    write_entry(
        "adopt_document",
        by=second_officer,
        record_kind="document",
        record_code="AAP-1",
        reason="Decision of May",
    )
    write_entry(
        "change_action",
        by=officer,
        record_kind="action",
        record_code="ACTION-1",
        part_of="AAP-1",
        reason="An error of 10 %",
    )
    write_entry("import_projects", by=None, record_kind="project", reason="Loaded")


def test_it_lists_every_entry_the_latest_first(trail, auditor, as_person):
    page = as_person(auditor).get(URL)
    assert page.status_code == 200
    assert count_of(page) == "4 entries"
    assert reasons_of(page) == ["Loaded", "An error of 10 %", "Decision of May", "A typing error"]
    items = [text_of(each) for each in tree_of(page).xpath('//ol[@class="portal-timeline"]/li/div')]
    assert items[0].startswith(
        "Projects loaded from a sheet project Reason: Loaded By: the portal itself"
    )
    assert items[2].startswith("Adopted document AAP-1 Reason: Decision of May By: Sven Second")
    assert "/programmes/documents/AAP-1/" in tree_of(page).xpath("//ol//a/@href")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"verb": "adopt_document"}, ["Decision of May"]),
        ({"kind": "action"}, ["An error of 10 %"]),
        ({"code": "AAP-1"}, ["An error of 10 %", "Decision of May", "A typing error"]),
        ({"code": "ACTION-1"}, ["An error of 10 %"]),
        ({"code": "AAP"}, []),
        ({"reason": "ERROR"}, ["An error of 10 %", "A typing error"]),
        ({"reason": "error typing"}, ["A typing error"]),
        ({"reason": "10 %"}, ["An error of 10 %"]),
        ({"reason": "%"}, ["An error of 10 %"]),
        ({"code": "AAP-1", "verb": "change_document"}, ["A typing error"]),
    ],
)
def test_it_is_searched(trail, auditor, as_person, query, expected):
    assert reasons_of(as_person(auditor).get(URL, query)) == expected


def test_by_person(trail, officer, auditor, as_person):
    page = as_person(auditor).get(URL, {"person": str(officer.actor)})
    assert reasons_of(page) == ["An error of 10 %", "A typing error"]
    assert list(chips_of(page)) == ["Person: Olga Officer"]


def test_days_are_those_of_brussels(auditor, as_person):
    at(1, 22, "1 March, 23:00")
    at(1, 23, "2 March, 00:00")
    at(2, 22, "2 March, 23:00")
    at(2, 23, "3 March, 00:00")
    client = as_person(auditor)
    day = {"since": "2020-03-02", "until": "2020-03-02"}
    assert reasons_of(client.get(URL, day)) == ["2 March, 23:00", "2 March, 00:00"]
    assert len(reasons_of(client.get(URL, {"since": "2020-03-02"}))) == 3
    assert len(reasons_of(client.get(URL, {"until": "2020-03-02"}))) == 3


@pytest.mark.parametrize(
    "query",
    [
        {"person": "nobody"},
        {"person": "0f7d9c1e-4b5a-4e0f-9a55-6f7d8c9b0a1e"},
        {"verb": "fly_away"},
        {"kind": "unicorn"},
        {"since": "yesterday"},
        {"code": "A\x00B"},
    ],
)
def test_a_filter_that_is_none_is_refused(trail, auditor, as_person, query):
    page = as_person(auditor).get(URL, query)
    assert page.status_code == 400
    assert len(errors_of(page)) == 1
    assert reasons_of(page) == []


def test_nothing_found_is_said(auditor, as_person):
    assert "No entry answers these filters." in text_of(tree_of(as_person(auditor).get(URL)))


@pytest.mark.parametrize("person", ["officer", "official"])
def test_it_is_for_auditors_alone(trail, as_person, request, person):
    page = as_person(request.getfixturevalue(person)).get(URL)
    assert page.status_code == 403
    assert "Decision of May" not in page.content.decode()


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert visitor.get(URL)["Location"] == "/accounts/login/?next=/audit/"


@pytest.mark.parametrize(
    ("person", "shown"), [("auditor", True), ("officer", False), ("official", False)]
)
def test_the_navigation_has_it_for_auditors(as_person, request, person, shown):
    page = as_person(request.getfixturevalue(person)).get("/")
    assert ("/audit/" in tree_of(page).xpath("//nav//a/@href")) is shown


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    auditor, officer, as_person, django_assert_num_queries, count
):
    client = as_person(auditor)
    for _ in range(count):
        write_entry("look", by=officer, record_kind="document", old={"a": 1}, new={"a": 2})
    # session, person; people and verbs to choose from; entries, their number, names
    with django_assert_num_queries(6):
        client.get(URL)


def test_a_long_list_is_read_by_pages(auditor, as_person):
    for number in range(60):
        write_entry("look", by=None, record_kind="document", reason=f"{number}")
    client = as_person(auditor)
    first = client.get(URL)
    (following,) = tree_of(first).xpath('//a[@rel="next"]/@href')
    second = client.get(following)
    assert reasons_of(first) + reasons_of(second) == [str(number) for number in reversed(range(60))]
