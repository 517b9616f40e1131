"""The lists that the thread opens: each holds as many as its label says, whoever reads."""

from __future__ import annotations

import pytest

from calls.models import Call
from programmes.models import DocumentKind, DocumentStatus
from programmes.thread import MOST_NAMED
from projects.models import Project
from tests.factories.calls import CallFactory
from tests.factories.programmes import ActionFactory, DocumentFactory, ProgrammeFactory
from tests.factories.projects import ProjectFactory
from tests.pages import count_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/TPMA/thread/"
LISTS = './/a[starts-with(@href, "/projects/?") or starts-with(@href, "/calls/?")]'
WHAT = "programme=TPMA"
YEAR = f"/projects/?{WHAT}&work_programme=AAP-2009&hangs_on=work_programme"
FIRST = f"/projects/?{WHAT}&action=ACT-1&hangs_on=action"
CALL = f"/projects/?{WHAT}&call=CALL-A&hangs_on=call"
SECRET = f"/projects/?{WHAT}&call=CALL-0&hangs_on=call"
NOTHING = f"/projects/?{WHAT}&hangs_on=programme"
CALLS_FIRST = f"/calls/?{WHAT}&action=ACT-1"
CALLS_SECOND = f"/calls/?{WHAT}&action=ACT-2"
CALLS_NOTHING = f"/calls/?{WHAT}&hangs_on=programme"

# What officers see and visitors do not: restricted and prepared projects, draft calls, draft documents.
FOR_ALL = {
    YEAR: "all 10 projects",
    FIRST: "all 19 projects",
    CALL: "all 10 projects",
    NOTHING: "all 10 projects",
    CALLS_FIRST: "all 10 calls",
    CALLS_SECOND: "all 11 calls",
    CALLS_NOTHING: "all 10 calls",
}
FOR_OFFICERS = {
    YEAR: "all 12 projects",
    FIRST: "all 12 projects",
    CALL: "all 12 projects",
    SECRET: "all 9 projects",
    NOTHING: "all 11 projects",
    CALLS_FIRST: "all 11 calls",
    CALLS_SECOND: "all 11 calls",
    CALLS_NOTHING: "all 10 calls",
}


def lists_of(response) -> dict[str, str]:
    """The label of each list that the tree opens, by address."""
    tree = tree_of(response).xpath("//section[@class='portal-tree']")[0]
    return {link.get("href"): text_of(link) for link in tree.xpath(LISTS)}


def hang_projects(count: int, **fields) -> None:
    """Some projects that all may see, a restricted one and one in preparation."""
    for _n in range(count):
        ProjectFactory(**fields)
    ProjectFactory(restricted=True, restricted_reason="Danger", **fields)
    ProjectFactory(status="prepared", **fields)


@pytest.fixture
def mixed():
    """A thread with many projects and calls on every kind of node, some of which say what does not agree."""
    other = ProgrammeFactory(code="AENEAS")
    year = DocumentFactory(code="AAP-2009")
    later = DocumentFactory(code="AAP-2010")
    first, second = (ActionFactory(code=f"ACT-{n}", work_programme=year) for n in (1, 2))
    elsewhere = ActionFactory(code="ACT-3", work_programme=later)
    hang_calls(first, second, other)
    call, secret = (first.calls.get(code=code) for code in ("CALL-A", "CALL-0"))
    hang_projects(8, call=call, action=first, work_programme=year)
    hang_projects(8, action=first, work_programme=year)
    hang_projects(9, work_programme=year)
    hang_projects(9)
    hang_what_agrees_half(call, elsewhere, later)
    # Only officers know the call of these: to others they stand on what is known above it.
    for _n in range(9):
        ProjectFactory(call=secret, action=first)
    for _n in range(2):
        ProjectFactory(call=CallFactory(programme=other), action=first)
    ProjectFactory(call=CallFactory(status="draft"))
    hang_what_is_not_of_the_programme(call, first, year, other)
    return year


def hang_calls(first, second, other) -> None:
    for name in "ABCDEFGHI":
        CallFactory(code=f"CALL-{name}").actions.add(first)
        CallFactory(code=f"CALL-SECOND-{name}").actions.add(second)
    # It stands under the first action, and is one of the calls of the second.
    CallFactory(code="SHARED").actions.add(first, second)
    CallFactory(code="CALL-0", status="draft").actions.add(first)
    CallFactory(code="OTHERS", programme=other).actions.add(first, second)
    draft = DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    CallFactory(code="EARLY").actions.add(ActionFactory(work_programme=draft))
    amendment = DocumentFactory(
        code="AAP-2009-A1", amends=first.work_programme, status=DocumentStatus.DRAFT
    )
    CallFactory(code="COPIED").actions.add(
        ActionFactory(code="ACT-1-A1", work_programme=amendment, amends=first)
    )
    for name in "ABCDEFGH":
        CallFactory(code=f"FREE-{name}")
    CallFactory(code="SECOND-EARLY").actions.add(second)


def hang_what_agrees_half(call, elsewhere, later) -> None:
    """Two more on the call, and on what each says where its call does not agree."""
    first = call.actions.get()
    ProjectFactory(call=call)
    ProjectFactory(call=call, work_programme=first.work_programme)
    ProjectFactory(call=call, action=elsewhere, work_programme=later)
    ProjectFactory(call=call, work_programme=later)
    for code in ("SECOND-EARLY", "FREE-A"):
        ProjectFactory(call=Call.objects.get(code=code), work_programme=first.work_programme)
    ProjectFactory(call=Call.objects.get(code="FREE-B"))


def hang_what_is_not_of_the_programme(call, action, year, other) -> None:
    ProjectFactory(programme=other, call=call)
    ProjectFactory(programme=other, action=action, work_programme=year)
    ProjectFactory(programme=other)


def assert_each_holds_what_it_says(client, lists: dict[str, str]) -> None:
    held = {url: count_of(client.get(url)) for url in lists}
    assert held == {url: label.removeprefix("all ") for url, label in lists.items()}


def test_each_list_that_visitors_and_officials_open_holds_what_its_label_says(
    visitor, official, as_person, mixed
):
    for client in (visitor, as_person(official)):
        lists = lists_of(client.get(URL))
        assert lists == FOR_ALL
        assert_each_holds_what_it_says(client, lists)


def test_each_list_that_officers_and_auditors_open_holds_what_its_label_says(
    officer, auditor, as_person, mixed
):
    for person in (officer, auditor):
        client = as_person(person)
        lists = lists_of(client.get(URL))
        assert lists == FOR_OFFICERS
        assert_each_holds_what_it_says(client, lists)


def test_each_list_of_a_large_programme_holds_what_its_label_says(
    visitor, officer, as_person, mixed
):
    more = [
        Project(code=f"MORE-{n}", programme=mixed.programme, title="T", attribution="explicit")
        for n in range(MOST_NAMED)
    ]
    Project.objects.bulk_create(more)
    for client, unlinked in ((visitor, "510 projects"), (as_person(officer), "511 projects")):
        lists = lists_of(client.get(URL))
        assert lists[NOTHING] == unlinked
        assert f"/projects/?{WHAT}&action=ACT-3&hangs_on=action" in lists
        assert_each_holds_what_it_says(client, lists)


def test_the_endpoint_holds_as_many(visitor, officer, as_person, mixed):
    for client, lists in ((visitor, FOR_ALL), (as_person(officer), FOR_OFFICERS)):
        for url, label in lists.items():
            rows = client.get(f"/api/v1{url}&limit=500").json()
            assert len(rows) == int(label.split()[1]), url


def test_an_amendment_proposes_no_place_of_its_own(officer, as_person):
    """A project that names the copy of an action stands on its work programme."""
    plan = DocumentFactory(code="MIP", kind=DocumentKind.INDICATIVE_PROGRAMME)
    year = DocumentFactory(code="AAP-2009", parent=plan)
    amendment = DocumentFactory(code="AAP-2009-A1", amends=year, status=DocumentStatus.DRAFT)
    copy = ActionFactory(code="ACT-1-A1", work_programme=amendment)
    for _n in range(9):
        ProjectFactory(action=copy, work_programme=year)
    client = as_person(officer)
    lists = lists_of(client.get(URL))
    assert lists == {YEAR: "all 9 projects"}
    assert_each_holds_what_it_says(client, lists)
