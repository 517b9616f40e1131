"""An officer takes an objective, a priority or a result out of a draft."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.actions import drafting
from programmes.models import Passage
from tests.pages import text_of, tree_of
from tests.programmes.drafted import adopt, draft_indicative_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/passages/MIP-2-O1/remove/"


@pytest.fixture
def passage(officer) -> Passage:
    return drafting.add_passage(
        draft_indicative_programme(), by=officer, kind="objective", text="Fewer deaths"
    )


def test_it_is_asked_first_then_gone_and_told(passage, officer, as_person):
    client = as_person(officer)
    assert "Fewer deaths" in client.get(URL).content.decode()
    assert Passage.objects.exists()
    assert client.post(URL)["Location"] == "/programmes/documents/MIP-2/#passages"
    assert not Passage.objects.exists()
    entry = Entry.objects.get(verb="remove_passage")
    assert (entry.record_code, entry.part_of, entry.old["text"]) == (
        "MIP-2-O1",
        "MIP-2",
        "Fewer deaths",
    )


def test_what_others_serve_stays(passage, officer, as_person):
    drafting.add_passage(
        passage.document, by=officer, kind="priority", text="Rescue", serves=passage
    )
    response = as_person(officer).post(URL)
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "MIP-2-P1 serves it." in summary
    assert Passage.objects.count() == 2


def test_who_is_refused_and_how(passage, visitor, official, auditor, as_person):
    assert visitor.post(URL).status_code == 302
    assert as_person(official).post(URL).status_code == 404
    assert as_person(auditor).post(URL).status_code == 403
    assert Passage.objects.exists()


def test_an_adopted_document_is_frozen(passage, officer, as_person):
    adopt(passage.document)
    assert as_person(officer).post(URL).status_code == 409
    assert Passage.objects.exists()


def test_twice_finds_nothing(passage, officer, as_person):
    client = as_person(officer)
    client.post(URL)
    assert client.post(URL).status_code == 404
