"""The timeline of a record: who did what and when, before and now, in words; for officers and auditors alone."""

from __future__ import annotations

import uuid

import pytest

from portal.audit.timeline import timeline_of
from portal.audit.trail import write_entry
from tests.factories.calls import CallFactory
from tests.factories.programmes import ActionFactory, DocumentFactory, ProgrammeFactory
from tests.factories.projects import ProjectFactory
from tests.pages import text_of, tree_of

pytestmark = pytest.mark.django_db


def entries_of(response) -> list[str]:
    """Each entry of the page's timeline as text, without its moment."""
    found = tree_of(response).xpath('//section[@id="history"]//li/div')
    return [text_of(entry) for entry in found]


@pytest.fixture
def document():
    return DocumentFactory(
        code="AAP-2009", title="Work programme 2009", programme=ProgrammeFactory()
    )


def change(document, by, **fields):
    return write_entry(
        "change_document", by=by, record_kind="document", record_code=document.code, **fields
    )


def test_it_tells_who_what_and_why(document, officer, as_person):
    entry = change(
        document,
        officer,
        old={"title": "Old", "status": "draft", "period_end": None},
        new={"title": "New", "status": "in_consultation", "period_end": 2010},
        reason="As agreed.",
    )
    entry.refresh_from_db()
    (text,) = entries_of(as_person(officer).get("/programmes/documents/AAP-2009/"))
    assert text == (
        f"Document changed Reason: As agreed. By: Olga Officer · position {entry.position} 3 fields "
        "title before: Old now: New "
        "status before: Draft now: In consultation "
        "last year before: nothing now: 2010"
    )


def test_the_latest_comes_first(document, officer, as_person):
    write_entry("add_document", by=officer, record_kind="document", record_code="AAP-2009")
    change(document, officer)
    first, second = entries_of(as_person(officer).get("/programmes/documents/AAP-2009/"))
    assert first.startswith("Document changed")
    assert second.startswith("Document drafted")


def test_parts_stand_in_the_history_of_the_whole_with_a_way_to_them(document, officer, as_person):
    action = ActionFactory(code="ACTION-X", work_programme=document)
    write_entry(
        "change_action",
        by=officer,
        record_kind="action",
        record_code=action.code,
        part_of="AAP-2009",
    )
    page = as_person(officer).get("/programmes/documents/AAP-2009/")
    (text,) = entries_of(page)
    assert text.startswith("Action changed action ACTION-X")
    assert tree_of(page).xpath('//section[@id="history"]//a/@href') == [action.get_absolute_url()]
    (own,) = entries_of(as_person(officer).get(action.get_absolute_url()))
    assert own.startswith("Action changed By: Olga Officer")


def test_nothing_of_another_record_is_told(document, officer, as_person):
    write_entry("change_document", by=officer, record_kind="document", record_code="AAP-2010")
    write_entry("change_action", by=officer, record_kind="action", record_code="AAP-2009")
    page = as_person(officer).get("/programmes/documents/AAP-2009/")
    assert entries_of(page) == []
    assert "Nothing was done to this record alone since it is here." in text_of(tree_of(page))


def test_the_portal_itself_and_those_whose_name_is_gone(document, officer, as_person):
    change(document, None)
    gone = change(document, officer)
    stranger = uuid.uuid4()
    type(officer).objects.filter(pk=officer.pk).update(actor=stranger)
    officer.actor = stranger
    former, portal = entries_of(as_person(officer).get("/programmes/documents/AAP-2009/"))
    assert f"position {gone.position}" not in portal
    assert "By: a former user" in former
    assert "By: the portal itself" in portal
    assert "Olga" not in former


@pytest.mark.parametrize("person", ["visitor", "official"])
def test_others_see_nothing_of_it(document, officer, as_person, request, person):
    change(document, officer, reason="A secret reason")
    who = request.getfixturevalue(person)
    client = who if person == "visitor" else as_person(who)
    page = client.get("/programmes/documents/AAP-2009/")
    assert page.status_code == 200
    assert entries_of(page) == []
    assert "A secret reason" not in page.content.decode()
    assert "What was done" not in page.content.decode()


@pytest.mark.parametrize("person", ["officer", "auditor"])
@pytest.mark.parametrize(
    ("kind", "make", "address"),
    [
        ("programme", lambda: ProgrammeFactory(code="X-1"), "/programmes/X-1/"),
        ("document", lambda: DocumentFactory(code="X-1"), "/programmes/documents/X-1/"),
        ("action", lambda: ActionFactory(code="X-1"), "/programmes/actions/X-1/"),
        ("call", lambda: CallFactory(code="X-1"), "/calls/X-1/"),
        ("project", lambda: ProjectFactory(code="X-1"), "/projects/X-1/"),
    ],
)
def test_every_record_has_its_history(as_person, request, person, kind, make, address):
    make()
    who = request.getfixturevalue(person)
    write_entry("touch_it", by=who, record_kind=kind, record_code="X-1")
    (text,) = entries_of(as_person(who).get(address))
    assert text.startswith("touch it By:")


def test_a_long_history_is_read_by_pages(document, auditor, as_person):
    positions = []
    for number in range(45):
        entry = change(document, None, reason=f"Reason {number}.")
        entry.refresh_from_db()
        positions.append(entry.position)
    client, url, seen = as_person(auditor), "/programmes/documents/AAP-2009/", []
    query = ""
    while query is not None:
        page = client.get(url + query)
        texts = entries_of(page)
        seen += [int(text.rpartition("position ")[2]) for text in texts]
        assert len(texts) <= 20
        links = tree_of(page).xpath('//section[@id="history"]//a[text()="Earlier entries"]/@href')
        query = links[0].partition("#")[0] if links else None
    assert seen == positions[::-1]


@pytest.mark.parametrize("text", ["x", "-1", "9" * 30, "1 OR 1=1", ""])
def test_a_page_key_that_is_none_shows_the_latest(document, auditor, as_person, text):
    change(document, None)
    page = as_person(auditor).get("/programmes/documents/AAP-2009/", {"history": text})
    assert page.status_code == 200
    assert len(entries_of(page)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_for_the_entries_and_one_for_the_names(
    document, officer, django_assert_num_queries, count
):
    for _ in range(count):
        change(document, officer, old={"title": "a"}, new={"title": "b"})
    with django_assert_num_queries(2):
        timeline_of(officer, "document", "AAP-2009")


def test_what_is_new_tells_only_what_it_holds(document, officer, as_person):
    new = {"title": "New", "reference": "", "note": None, "strands": [], "revision": 0}
    change(document, officer, new=new)
    (text,) = entries_of(as_person(officer).get("/programmes/documents/AAP-2009/"))
    assert text.partition(" 2 fields ")[2] == "title New revision 0"


def test_nobody_writes_html_into_it(document, officer, as_person):
    change(document, officer, reason="<script>x</script>", new={"title": "<b>bold</b>"})
    content = as_person(officer).get("/programmes/documents/AAP-2009/").content.decode()
    assert "<script>x" not in content
    assert "<b>bold" not in content
    assert "&lt;b&gt;bold" in content
