"""Saying of a file whether it is the binding text, and what the registry calls it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.audit.models import Entry
from programmes.actions.files import change_document_file
from programmes.freezing import unfrozen
from programmes.models import DocumentFile, DocumentStatus
from programmes.refusals import Refused, Stale
from tests.factories.files import DocumentFileFactory
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/files/fr/1/change/"
STAYS = (
    "The document is public: its binding text, in English, stays. Amend the document instead; "
    "the amendment has a binding text of its own."
)
SETTLED = [
    DocumentStatus.ADOPTED,
    DocumentStatus.AMENDED,
    DocumentStatus.SUPERSEDED,
    DocumentStatus.REPEALED,
    DocumentStatus.PUBLISHED,
]
NEEDS_REASON = "The document is public already: say why another text takes the place of this one."


@pytest.fixture
def draft():
    return DocumentFactory(code="AAP-2009", status=DocumentStatus.DRAFT)


@pytest.fixture
def english(draft) -> DocumentFile:
    return DocumentFileFactory(document=draft, language="en", binding=True)


@pytest.fixture
def french(draft) -> DocumentFile:
    return DocumentFileFactory(document=draft, language="fr")


def send(client, **fields):
    return client.post(URL, {"revision": "0", "registry_reference": "", **fields})


def binding() -> dict[str, bool]:
    return {each.language: each.binding for each in DocumentFile.objects.all()}


def test_another_language_becomes_the_binding_one(english, french, officer, as_person):
    client = as_person(officer)
    form = tree_of(client.get(URL)).xpath("//form[.//input[@name='revision']]")[0]
    assert dict(form.form_values())["revision"] == "0"
    response = send(client, binding="on", registry_reference="Ares(2009)7")
    assert (response.status_code, response["Location"]) == (
        302,
        "/programmes/documents/AAP-2009/#files",
    )
    assert binding() == {"en": False, "fr": True}
    french.refresh_from_db()
    assert (french.registry_reference, french.revision) == ("Ares(2009)7", 1)
    entry = Entry.objects.get()
    assert (entry.verb, entry.record_code, entry.part_of, entry.actor) == (
        "change_document_file",
        "AAP-2009-FR-1",
        "AAP-2009",
        officer.actor,
    )
    assert entry.old == {"binding": False, "registry_reference": "", "binding_language": "en"}
    assert entry.new == {"binding": True, "registry_reference": "Ares(2009)7"}


def test_none_may_be_binding(english, officer, as_person):
    url = URL.replace("/fr/", "/en/")
    assert as_person(officer).post(url, {"revision": "0"}).status_code == 302
    assert binding() == {"en": False}


def test_sending_it_unchanged_writes_nothing(french, officer, as_person):
    assert send(as_person(officer)).status_code == 302
    french.refresh_from_db()
    assert french.revision == 0
    assert not Entry.objects.exists()


@pytest.mark.parametrize("person", ["official", "auditor"])
def test_others_may_not(person, french, as_person, request):
    client = as_person(request.getfixturevalue(person))
    assert send(client, binding="on").status_code == (404 if person == "official" else 403)
    assert binding() == {"fr": False}


def test_a_visitor_is_asked_to_sign_in(french, visitor):
    assert "login" in send(visitor, binding="on")["Location"]
    assert binding() == {"fr": False}


def test_a_reference_of_another_form_is_refused(french, officer, as_person):
    response = send(as_person(officer), registry_reference="2009/7")
    assert response.status_code == 400
    assert errors_of(response) == ["Write it as the registry does, e.g. Ares(2009)12345."]
    assert not Entry.objects.exists()


def test_who_comes_later_is_told_who_came_first(
    english, french, officer, second_officer, as_person
):
    send(as_person(second_officer), registry_reference="Ares(2009)7")
    response = send(as_person(officer), binding="on", registry_reference="Ares(2009)8")
    assert response.status_code == 400
    main = tree_of(response).xpath("//main")[0]
    assert "Sven Second changed this on" in text_of(main)
    assert main.xpath('.//input[@name="registry_reference"]/@value') == ["Ares(2009)8"]
    assert binding() == {"en": True, "fr": False}
    with pytest.raises(Stale):
        change_document_file(french, by=officer, revision=0, binding=True, registry_reference="")


def test_losing_the_binding_counts_as_a_change(english, french, officer):
    """Whoever had the English file open learns that it is no longer the binding one."""
    change_document_file(french, by=officer, revision=0, binding=True, registry_reference="")
    with pytest.raises(Stale):
        change_document_file(english, by=officer, revision=0, binding=True, registry_reference="")


def test_a_replaced_version_stays_as_it_was(french, officer):
    DocumentFile.objects.update(replaced_at=timezone.now())
    with pytest.raises(Refused, match="A later version has replaced this file"):
        change_document_file(french, by=officer, revision=0, binding=True, registry_reference="")


def test_a_public_document_asks_for_a_reason(officer, as_person):
    public = DocumentFactory(code="AAP-2009", status=DocumentStatus.ADOPTED)
    DocumentFileFactory(document=public, language="fr")
    client = as_person(officer)
    response = send(client, binding="on")
    assert errors_of(response) == [NEEDS_REASON]
    assert send(client, registry_reference="Ares(2009)7").status_code == 302
    sent = send(client, binding="on", revision="1", reason="The decision names French")
    assert sent.status_code == 302
    assert binding() == {"fr": True}
    assert Entry.objects.latest("position").reason == "The decision names French"


@pytest.mark.parametrize("status", SETTLED)
def test_another_language_of_a_public_document_does_not_become_binding(status, officer, as_person):
    public = DocumentFactory(code="AAP-2009", status=status)
    DocumentFileFactory(document=public, language="en", binding=True)
    french = DocumentFileFactory(document=public, language="fr")
    client = as_person(officer)
    form = text_of(tree_of(client.get(URL)).xpath("//form[.//input[@name='revision']]")[0])
    assert "The document is public: its binding text, in English, stays." in form
    response = send(client, binding="on", reason="The decision names French")
    assert response.status_code == 400
    assert errors_of(response) == [STAYS]
    with pytest.raises(Refused):
        change_document_file(
            french, by=officer, revision=0, binding=True, registry_reference="", reason="So it is"
        )
    assert binding() == {"en": True, "fr": False}
    assert not Entry.objects.exists()


@pytest.mark.parametrize("status", SETTLED)
def test_the_binding_text_of_a_public_document_stays_binding(status, officer, as_person):
    public = DocumentFactory(code="AAP-2009", status=status)
    english = DocumentFileFactory(document=public, language="en", binding=True)
    url, client = URL.replace("/fr/", "/en/"), as_person(officer)
    page = tree_of(client.get(url))
    assert "This is the binding text of a public document: it stays." in text_of(page)
    assert page.xpath("//input[@name='binding' and @checked and @disabled]")
    sent = {"revision": "0", "registry_reference": "Ares(2009)7", "reason": "So it is"}
    assert client.post(url, sent).status_code == 302
    english.refresh_from_db()
    assert (english.binding, english.registry_reference) == (True, "Ares(2009)7")
    assert Entry.objects.get().new == {"binding": True, "registry_reference": "Ares(2009)7"}
    with pytest.raises(Refused, match="stays"):
        change_document_file(
            english, by=officer, revision=1, binding=False, registry_reference="", reason="So it is"
        )
    assert binding() == {"en": True}


def test_the_binding_text_is_named_once(officer, as_person):
    """Where a public document has none yet; what was named then stays."""
    public = DocumentFactory(code="AAP-2009", status=DocumentStatus.PUBLISHED)
    DocumentFileFactory(document=public, language="fr")
    DocumentFileFactory(document=public, language="en")
    client = as_person(officer)
    named = send(client, binding="on", reason="The decision names French")
    assert named.status_code == 302
    assert binding() == {"en": False, "fr": True}
    again = client.post(
        URL.replace("/fr/", "/en/"), {"revision": "0", "binding": "on", "reason": "No, English"}
    )
    assert errors_of(again) == [STAYS.replace("English", "French")]
    assert binding() == {"en": False, "fr": True}


@pytest.mark.parametrize("change", [{"binding": False}, {"replaced_at": timezone.now()}])
def test_the_database_keeps_the_binding_text_of_a_public_document(change):
    public = DocumentFactory(status=DocumentStatus.ADOPTED)
    english = DocumentFileFactory(document=public, language="en", binding=True)
    french = DocumentFileFactory(document=public, language="fr")
    draft = DocumentFileFactory(
        document=DocumentFactory(status=DocumentStatus.DRAFT), language="en", binding=True
    )
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        DocumentFile.objects.filter(pk=english.pk).update(**change)
    assert binding_of(english)
    others = DocumentFile.objects.filter(pk__in=[french.pk, draft.pk])
    assert others.update(**change) == 2
    with unfrozen():
        assert DocumentFile.objects.filter(pk=english.pk).update(**change) == 1


def binding_of(file: DocumentFile) -> bool:
    return DocumentFile.objects.current().get(pk=file.pk).binding


def test_an_unknown_file_is_not_found(draft, officer, as_person):
    assert as_person(officer).get(URL).status_code == 404
