"""An officer records the decision that finances a work programme."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from portal.audit.models import Entry
from programmes.actions.financing import add_financing_decision
from programmes.models import Document, DocumentKind, DocumentStatus, FinancingDecision
from programmes.refusals import Refused
from tests.factories.programmes import DocumentFactory
from tests.pages import errors_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AWP-2010/decisions/add/"
GIVEN = {
    "code": "FD-2010",
    "number": "C(2010) 4102",
    "decided_on": "2010-06-01",
    "budget_line": "19 02 01",
    "registry_reference": "Ares(2010)123456",
    "note": "First part",
}


@pytest.fixture
def document(db) -> Document:
    return DocumentFactory(code="AWP-2010", title="Work programme 2010")


def test_an_officer_adds_it(document, officer, as_person):
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == "/programmes/decisions/FD-2010/"
    decision = FinancingDecision.objects.get()
    assert (
        decision.work_programme,
        decision.number,
        decision.decided_on,
        decision.budget_line,
        decision.registry_reference,
        decision.note,
    ) == (document, "C(2010) 4102", date(2010, 6, 1), "19 02 01", "Ares(2010)123456", "First part")
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.record_kind, entry.record_code, entry.part_of) == (
        "add_financing_decision",
        officer.actor,
        "financing decision",
        "FD-2010",
        "AWP-2010",
    )
    assert entry.new == {
        "number": "C(2010) 4102",
        "decided_on": "2010-06-01",
        "budget_line": "19 02 01",
        "registry_reference": "Ares(2010)123456",
        "note": "First part",
    }


def test_the_form_suggests_a_code_and_the_line_of_the_programme(document, officer, as_person):
    document.programme.budget_line = "19 02 01"
    document.programme.save()
    tree = tree_of(as_person(officer).get(URL))
    assert tree.xpath('//input[@name="code"]/@value') == ["AWP-2010-FD1"]
    assert tree.xpath('//input[@name="budget_line"]/@value') == ["19 02 01"]


def test_the_work_programme_leads_to_it(document, officer, auditor, as_person, visitor):
    page = "/programmes/documents/AWP-2010/"
    assert f'href="{URL}"' in as_person(officer).get(page).content.decode()
    for client in (as_person(auditor), visitor):
        assert URL not in client.get(page).content.decode()


def test_others_are_refused(document, official, auditor, as_person, visitor):
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert FinancingDecision.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code": "fd 2010"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
        ({"number": ""}, "This field is required."),
        ({"decided_on": "2010-02-30"}, "Enter a valid date."),
        ({"decided_on": str(timezone.localdate() + timedelta(days=1))}, "is still to come."),
        ({"budget_line": "x" * 41}, "Ensure this value has at most 40 characters (it has 41)."),
        ({"registry_reference": "Ares 5"}, "Write it as the registry does, e.g. Ares(2009)12345."),
        ({"number": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_wrong_input_is_refused_and_kept(document, officer, as_person, wrong, error):
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert response.status_code == 400
    assert [text for text in errors_of(response) if error in text]
    assert "First part" in response.content.decode()
    assert FinancingDecision.objects.count() == 0


@pytest.mark.parametrize("status", ["draft", "in_consultation", "superseded", "repealed"])
def test_a_work_programme_that_is_not_in_force_is_refused(officer, as_person, status):
    DocumentFactory(code="AWP-2010", status=status)
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 400
    assert "The work programme is not in force" in text_of(tree_of(response))
    assert FinancingDecision.objects.count() == 0


def test_an_amendment_is_not_financed_but_what_it_amends(document, officer):
    amendment = DocumentFactory(code="AWP-2010-A1", amends=document)
    with pytest.raises(Refused, match="decide under the work programme it amends"):
        add(amendment, officer)


def test_another_kind_of_document_is_not_financed(officer, as_person):
    plan = DocumentFactory(code="AWP-2010", kind=DocumentKind.INDICATIVE_PROGRAMME)
    assert as_person(officer).get(URL).status_code == 404
    with pytest.raises(Refused, match="Only an annual work programme"):
        add(plan, officer)


def add(document: Document, by) -> FinancingDecision:
    return add_financing_decision(
        document,
        by=by,
        code="FD-2010",
        number="C(2010) 4102",
        decided_on=date(2010, 6, 1),
        budget_line="19 02 01",
    )


def test_twice_is_refused(document, officer, as_person):
    as_person(officer).post(URL, GIVEN)
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 400
    assert errors_of(response) == ["Financing decision with this Code already exists."]
    assert FinancingDecision.objects.count() == 1
    assert Entry.objects.count() == 1


def test_a_document_that_nobody_knows_is_not_found(officer, as_person):
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    assert as_person(officer).get(URL).status_code == 404
