"""An officer changes what a draft says of itself."""

from __future__ import annotations

import pytest

from portal.audit.models import Entry
from programmes.models import Document
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.drafted import DRAFT, adopt, draft_work_programme

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AWP-2009/change/"


def given(**fields: str) -> dict[str, str]:
    return {
        "title": "Work programme 2009",
        "period_start": "2009",
        "period_end": "2009",
        "parent": "MIP",
        "revision": "0",
    } | fields


def test_it_is_stored_and_told(officer, as_person):
    draft_work_programme()
    response = as_person(officer).post(URL, given(title="Part 1", reference="C(2009) 1"))
    assert response["Location"] == "/programmes/documents/AWP-2009/"
    document = Document.objects.get(code="AWP-2009")
    assert (document.title, document.reference, document.revision) == ("Part 1", "C(2009) 1", 1)
    entry = Entry.objects.get()
    assert (entry.verb, entry.record_code) == ("change_document", "AWP-2009")
    assert entry.old == {"title": "Work programme 2009", "reference": ""}
    assert entry.new == {"title": "Part 1", "reference": "C(2009) 1"}


def test_nothing_changed_is_nothing_told(officer, as_person):
    draft_work_programme()
    assert as_person(officer).post(URL, given()).status_code == 302
    assert Document.objects.get(code="AWP-2009").revision == 0
    assert not Entry.objects.exists()


def test_a_draft_may_become_less_complete(officer, as_person):
    draft_work_programme()
    as_person(officer).post(URL, given(period_end="", parent=""))
    document = Document.objects.get(code="AWP-2009")
    assert (document.period_end, document.parent) == (None, None)


def test_an_amendment_says_why_it_amends(officer, as_person):
    work = adopt(draft_work_programme())
    DocumentFactory(code="AWP-2009-A1", status=DRAFT, parent=work.parent, amends=work, reason="A")
    url = "/programmes/documents/AWP-2009-A1/change/"
    client = as_person(officer)
    assert tree_of(client.get(url)).xpath('//textarea[@id="id_reason"]')
    assert client.post(url, given(reason="More money")).status_code == 302
    assert Document.objects.get(code="AWP-2009-A1").reason == "More money"


def test_who_is_refused_and_how(visitor, official, auditor, as_person):
    draft_work_programme()
    assert visitor.post(URL, given(title="X")).status_code == 302
    assert as_person(official).post(URL, given(title="X")).status_code == 404
    assert as_person(auditor).get(URL).status_code == 403
    assert as_person(auditor).post(URL, given(title="X")).status_code == 403
    assert Document.objects.get(code="AWP-2009").title == "Work programme 2009"


def test_two_officers_at_once(officer, second_officer, as_person):
    draft_work_programme()
    first, second = as_person(officer), as_person(second_officer)
    second.post(URL, given(title="By the second"))
    response = first.post(URL, given(title="By the first"))
    assert response.status_code == 400
    summary = text_of(tree_of(response).xpath("//*[@data-error-summary]")[0])
    assert "Sven Second changed this on" in summary
    assert 'value="By the first"' in response.content.decode()
    assert Document.objects.get(code="AWP-2009").title == "By the second"


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_adopted_document_is_frozen(officer, as_person, method):
    adopt(draft_work_programme())
    response = getattr(as_person(officer), method)(URL, given(title="X"))
    assert response.status_code == 409
    assert "Adopted content is frozen" in response.content.decode()
    assert "/programmes/documents/AWP-2009/amend/" in response.content.decode()
    assert Document.objects.get(code="AWP-2009").title == "Work programme 2009"


@pytest.mark.parametrize("revision", ["", "x", "99999999999999999999"])
def test_a_revision_that_is_none_is_refused(officer, as_person, revision):
    draft_work_programme()
    response = as_person(officer).post(URL, given(title="X", revision=revision))
    assert response.status_code == 400
    assert Document.objects.get(code="AWP-2009").title == "Work programme 2009"


def test_a_parent_that_is_no_longer_in_force_stays_until_it_is_changed(officer, as_person):
    """Its page says what is wrong; storing something else does not lose what was said."""
    draft_work_programme()
    Document.objects.filter(code="MIP").update(status="superseded")
    client = as_person(officer)
    chosen = tree_of(client.get(URL)).xpath('//select[@name="parent"]/option[@selected]/@value')
    assert chosen == ["MIP"]
    assert client.post(URL, given(title="Part 1")).status_code == 302
    assert Document.objects.get(code="AWP-2009").parent.code == "MIP"
    assert (
        "on which it rests, is not in force"
        in client.get("/programmes/documents/AWP-2009/").content.decode()
    )


def test_years_outside_the_parent_are_refused(officer, as_person):
    draft_work_programme()
    response = as_person(officer).post(URL, given(period_start="2012", period_end="2012"))
    assert response.status_code == 400
    assert errors_of(response) == ["Its years do not lie within those of MIP: 2007–2010."]
