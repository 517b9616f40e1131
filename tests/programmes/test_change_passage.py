"""An officer changes an objective, a priority or a result of a draft."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.actions import drafting
from programmes.models import Passage
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.drafted import adopt, draft_indicative_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/passages/MIP-2-P1/change/"


@pytest.fixture
def passage(officer) -> Passage:
    return drafting.add_passage(
        draft_indicative_programme(), by=officer, kind="priority", text="Rescue", chapter="2"
    )


def given(client, **fields: str) -> dict[str, str]:
    """The form as it is when it is opened, with some fields typed anew."""
    initial = client.get(URL).context["form"].initial
    return {name: str(value) for name, value in initial.items() if value is not None} | fields


def test_it_is_stored_and_told(passage, officer, as_person):
    client = as_person(officer)
    response = client.post(URL, given(client, text="Rescue at sea", page="7"))
    assert response["Location"] == "/programmes/passages/MIP-2-P1/"
    passage.refresh_from_db()
    assert (passage.text, passage.anchor, passage.order) == ("Rescue at sea", "2, page 7", 1)
    entry = Entry.objects.get(verb="change_passage")
    assert (entry.record_code, entry.part_of) == ("MIP-2-P1", "MIP-2")
    assert entry.old == {"text": "Rescue", "page": None}
    assert entry.new == {"text": "Rescue at sea", "page": 7}


def test_two_officers_at_once(passage, officer, second_officer, as_person):
    first, second = as_person(officer), as_person(second_officer)
    mine, theirs = given(first, text="By the first"), given(second, text="By the second")
    assert second.post(URL, theirs).status_code == 302
    response = first.post(URL, mine)
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "Sven Second changed this on" in summary
    assert "By the first" in response.content.decode()
    passage.refresh_from_db()
    assert passage.text == "By the second"


def test_it_does_not_serve_itself(passage, officer, as_person):
    client = as_person(officer)
    response = client.post(URL, given(client, serves="MIP-2-P1"))
    assert response.status_code == 400
    assert errors_of(response)[0].startswith("Select a valid choice.")


def test_without_text_it_stays(passage, officer, as_person):
    client = as_person(officer)
    assert client.post(URL, given(client, text="")).status_code == 400
    passage.refresh_from_db()
    assert passage.text == "Rescue"


def test_who_is_refused_and_how(passage, visitor, official, auditor, as_person):
    sent = {"kind": "priority", "text": "X", "revision": "1"}
    assert visitor.post(URL, sent).status_code == 302
    assert as_person(official).post(URL, sent).status_code == 404
    assert as_person(auditor).get(URL).status_code == 403
    assert as_person(auditor).post(URL, sent).status_code == 403
    passage.refresh_from_db()
    assert passage.text == "Rescue"


def test_an_adopted_document_is_frozen(passage, officer, official, as_person):
    adopt(passage.document)
    assert as_person(officer).get(URL).status_code == 409
    assert as_person(officer).post(URL, {"text": "X"}).status_code == 409
    assert as_person(official).get(URL).status_code == 403
