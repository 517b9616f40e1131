"""An officer asks for a report."""

from __future__ import annotations

import pytest

from evaluation.actions.reports import request_report
from evaluation.models import Report
from portal.audit.models import Entry
from programmes.ledger.posting import post
from programmes.ledger.scope import Scope, now
from tests.evaluation.portfolio import contracted
from tests.factories.programmes import StrandFactory
from tests.pages import errors_of

pytestmark = pytest.mark.django_db
URL = "/evaluation/reports/add/"
WHOLE = {"programme": "TPMA", "axis": "budget"}


def test_an_officer_queues_a_report_and_is_sent_to_its_page(programme, officer, as_person):
    narrower = WHOLE | {"strands": ["MIGDEV"], "countries": ["MA"], "start": "2007", "end": "2010"}
    response = as_person(officer).post(URL, narrower)
    report = Report.objects.get()
    assert response["Location"] == f"/evaluation/reports/{report.code}/"
    assert (report.status, report.as_of_position, report.requested_by) == (
        "queued",
        now().position,
        officer,
    )
    assert report.question == {
        "params": [
            ["axis", "budget"],
            ["country", "MA"],
            ["from", "2007"],
            ["programme", "TPMA"],
            ["strand", "MIGDEV"],
            ["to", "2010"],
        ]
    }
    entry = Entry.objects.get(verb="request_report")
    assert (entry.actor, entry.record_code) == (officer.actor, report.code)


def test_the_form_is_shown(programme, officer, as_person):
    assert as_person(officer).get(URL).status_code == 200


def test_the_same_request_twice_is_one_report(programme, officer, second_officer, as_person):
    first = as_person(officer).post(URL, WHOLE)
    second = as_person(second_officer).post(URL, WHOLE)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1
    assert Entry.objects.filter(verb="request_report").count() == 1


def test_a_new_posting_makes_it_another_report(programme):
    first = request_report(by=None, scope=Scope("TPMA"))
    post([contracted("P003", "5.00")], by=None)
    assert request_report(by=None, scope=Scope("TPMA")).code != first.code


def test_a_report_already_built_is_shown_again(queued_report):
    Report.objects.update(status="ready", sha256="a", pdf="reports/a.pdf")
    assert request_report(by=None, scope=Scope("TPMA")) == queued_report
    assert Report.objects.get().status == "ready"


def test_auditors_officials_and_visitors_are_refused(programme, auditor, as_person, visitor):
    assert as_person(auditor).post(URL, WHOLE).status_code == 403
    assert as_person(auditor).get(URL).status_code == 403
    assert visitor.post(URL, WHOLE).status_code == 302
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (
            {"programme": "NONE"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"programme": ""}, "This field is required."),
        ({"strands": ["ECOMIG"]}, "The programme does not have: Strand ECOMIG."),
        ({"start": "2011", "end": "2009"}, "The period ends before it begins."),
        ({"start": "abc"}, "Enter a whole number."),
        (
            {"axis": "sideways"},
            "Select a valid choice. sideways is not one of the available choices.",
        ),
    ],
)
def test_a_wrong_question_is_refused_and_nothing_is_queued(
    programme, officer, as_person, wrong, error
):
    StrandFactory(code="ECOMIG", number=9)
    response = as_person(officer).post(URL, WHOLE | wrong)
    assert response.status_code == 400
    assert [text for text in errors_of(response) if error in text]
    assert Report.objects.count() == 0
