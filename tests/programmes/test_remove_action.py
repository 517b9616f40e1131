"""An officer takes an action out of a draft work programme."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.actions import drafting
from programmes.models import Action
from tests.factories.calls import CallFactory
from tests.pages import text_of, tree_of
from tests.programmes.drafted import adopt, draft_work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/actions/AWP-2009-1/remove/"


@pytest.fixture
def action(officer) -> Action:
    return drafting.add_action(draft_work_programme(), by=officer, title="Boats")


def test_it_is_asked_first_then_gone_and_told(action, officer, as_person):
    client = as_person(officer)
    assert "Boats" in client.get(URL).content.decode()
    assert Action.objects.exists()
    assert client.post(URL)["Location"] == "/programmes/documents/AWP-2009/#actions"
    assert not Action.objects.exists()
    entry = Entry.objects.get(verb="remove_action")
    assert (entry.record_code, entry.part_of, entry.old["title"]) == (
        "AWP-2009-1",
        "AWP-2009",
        "Boats",
    )


def test_what_a_call_implements_stays(action, officer, as_person):
    action.calls.add(CallFactory(title="The call"))
    response = as_person(officer).post(URL)
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "The call hangs on it." in summary
    assert Action.objects.exists()


def test_who_is_refused_and_how(action, visitor, official, auditor, as_person):
    assert visitor.post(URL).status_code == 302
    assert as_person(official).post(URL).status_code == 404
    assert as_person(auditor).post(URL).status_code == 403
    assert Action.objects.exists()


def test_an_adopted_document_is_frozen(action, officer, as_person):
    adopt(action.work_programme)
    assert as_person(officer).post(URL).status_code == 409
    assert Action.objects.exists()


def test_twice_finds_nothing(action, officer, as_person):
    client = as_person(officer)
    client.post(URL)
    assert client.post(URL).status_code == 404
