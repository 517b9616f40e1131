"""The dashboard: for each person what that person comes for, and nothing that is for others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from evaluation.models import Report, ReportKind, ReportStatus
from portal.audit.trail import write_entry
from programmes.models import DocumentStatus
from tests.factories.calls import CallFactory
from tests.factories.ledger import know_project
from tests.factories.programmes import (
    CommitmentFactory,
    DocumentFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RuleFactory,
)
from tests.factories.projects import ProjectCountryFactory, ProjectFactory
from tests.pages import count_of, figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/dashboard/"
DAY = timedelta(days=1)


def report(code: str, status: str = ReportStatus.READY, **fields) -> Report:
    if status == ReportStatus.READY:
        fields |= {"sha256": code[-1].lower() * 64, "pdf": f"reports/{code}.pdf"}
    made = Report.objects.create(
        code=code,
        kind=ReportKind.PROGRAMME_EVALUATION,
        title=f"Report {code}",
        programme=ProgrammeFactory(),
        question={},
        as_of_position=0,
        request_digest=code.lower().ljust(64, "0"),
        status=status,
        **fields,
    )
    Report.objects.filter(pk=made.pk).update(requested_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    return made


def gaps_of(response) -> dict[str, tuple[str, str]]:
    """Each gap by its name: how many, and where they are listed."""
    items = tree_of(response).xpath('//ul[@class="portal-gaps"]/li')
    return {
        text_of(item.find("a")): (text_of(item).rpartition(": ")[2], item.find("a").get("href"))
        for item in items
    }


def test_a_visitor_is_asked_to_sign_in(visitor):
    response = visitor.get(URL)
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/dashboard/",
    )


def test_an_officer_sees_their_own_reports(officer, second_officer, as_person):
    report("REPORT-A", requested_by=officer)
    report("REPORT-B", ReportStatus.QUEUED, requested_by=officer)
    report("REPORT-C", requested_by=second_officer)
    response = as_person(officer).get(URL)
    assert rows_of(response, "my-reports") == [
        [
            "Report REPORT-A REPORT-A",
            "Ready",
            "1 March 2026, 13:00 (Brussels time)",
            "a" * 64,
        ],
        [
            "Report REPORT-B REPORT-B",
            "Queued",
            "1 March 2026, 13:00 (Brussels time)",
            "no file yet",
        ],
    ]
    assert "/evaluation/reports/add/" in tree_of(response).xpath("//header//a/@href|//div//a/@href")


def test_an_officer_sees_calls_that_run_and_the_next_deadline_first(officer, as_person):
    at = timezone.now()
    CallFactory(code="LATER", opens_at=at - DAY, deadline_at=at + 9 * DAY)
    CallFactory(code="SOON", opens_at=at + DAY, deadline_at=at + 5 * DAY)
    CallFactory(code="PAST", opens_at=at - 9 * DAY, deadline_at=at - DAY)
    CallFactory(code="DATELESS")
    rows = rows_of(as_person(officer).get(URL), "running-calls")
    assert [(row[0].split()[-1], row[1].split()[0]) for row in rows] == [
        ("SOON", "Forthcoming"),
        ("LATER", "Open"),
    ]


@pytest.fixture
def gaps():
    DocumentFactory(code="AAP-1", adopted="2009")
    DocumentFactory(code="AAP-2", stated_amount="5.00")
    DocumentFactory(code="MTR", kind="evaluation_report", status=DocumentStatus.NOT_FOUND)
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT, stated_amount="1", adopted="2009")
    DocumentFactory(code="ELSEWHERE", programme=ProgrammeFactory(code="AENEAS", period_start=2004))
    CallFactory(code="DATELESS")
    ProjectFactory(code="P1", status="signed")
    ProjectFactory(code="P2", attribution="inferred")
    ProjectFactory(code="P3", attribution="uncertain")
    know_project("P1", contracted="10")
    know_project("P2")


GAPS = {
    "Work programmes that state no amount": "1",
    "Documents without a date": "2",
    "Reports foreseen and not found": "1",
    "Calls without dates": "1",
    "Projects whose status is not reported": "2",
    "Projects whose programme is inferred": "1",
    "Projects that may belong elsewhere": "1",
}


def test_the_gaps_are_counted_and_listed(officer, auditor, as_person, gaps):
    for person in (officer, auditor):
        client = as_person(person)
        response = client.get(URL)
        found = gaps_of(response)
        assert {name: count for name, (count, _url) in found.items()} == GAPS
        assert figures_of(response)["Contracted"][0] == "EUR 10 1 of 2 reported"
        for name, (count, url) in found.items():
            listed = client.get(url)
            assert listed.status_code == 200, name
            assert count_of(listed).split()[0] == count, name


def test_an_officer_sees_what_waits_and_for_whom(officer, second_officer, auditor, as_person):
    works = {"programme": ProgrammeFactory(), "kind": "work_programme"}
    DocumentFactory(code="AWP-1", status=DocumentStatus.DRAFT, title="Draft", **works)
    waiting = DocumentFactory(
        code="AWP-2", status=DocumentStatus.IN_CONSULTATION, title="Waiting", **works
    )
    DocumentFactory(code="AWP-3", status=DocumentStatus.ADOPTED, title="Done", **works)
    proposed = CommitmentFactory(code="AWP-3-C1", action__title="Proposed")
    ProgrammeFactory(code="NEXT", short_name="The next", status="set_up")
    write_entry(
        "change_action", by=officer, record_kind="action", record_code="X", part_of=waiting.code
    )
    write_entry("add_commitment", by=officer, record_kind="commitment", record_code=proposed.code)
    other = "Waits for another officer: you changed it"
    assert [(row[0], row[2], row[3]) for row in rows_of(as_person(officer).get(URL), "desk")] == [
        ("Waiting AWP-2", "In consultation", other),
        ("Draft AWP-1", "Draft", "Complete it"),
        ("Proposed AWP-3-C1", "Proposed", other),
        ("The next NEXT", "Being set up", "Open"),
    ]
    theirs = as_person(second_officer).get(URL)
    assert [row[3] for row in rows_of(theirs, "desk")] == ["Adopt", "Complete it", "Book", "Open"]
    assert tree_of(theirs).xpath('//table[@id="desk"]/tbody/tr/td[3]//a/@href') == [
        "/programmes/documents/AWP-2/adopt/",
        "/programmes/commitments/AWP-3-C1/book/",
        "/programmes/NEXT/open/",
    ]
    assert "AWP-2" not in as_person(auditor).get(URL).content.decode()


def test_what_was_approved_is_free_again(officer, as_person):
    waiting = DocumentFactory(code="AWP-2", status=DocumentStatus.IN_CONSULTATION)
    fields = {"by": officer, "record_kind": "document", "record_code": waiting.code}
    write_entry("change_document", **fields)
    write_entry("adopt_document", **fields)
    assert rows_of(as_person(officer).get(URL), "desk")[0][3] == "Adopt"


def test_who_only_handed_it_on_may_approve_it(officer, as_person):
    waiting = DocumentFactory(code="AWP-2", status=DocumentStatus.IN_CONSULTATION)
    write_entry("consult_document", by=officer, record_kind="document", record_code=waiting.code)
    assert rows_of(as_person(officer).get(URL), "desk")[0][3] == "Adopt"


def test_an_empty_desk_says_so(officer, as_person):
    text = text_of(tree_of(as_person(officer).get(URL)))
    assert "Nothing waits: every document is adopted and every commitment booked." in text


def test_an_official_sees_their_country(official, other_official, morocco, moldova, as_person):
    at = timezone.now()
    ProgrammeCountryFactory(country=morocco)
    ProgrammeCountryFactory(
        country=moldova, rule=RuleFactory(code="TPMA-NO", admits=False, text="Not here.")
    )
    CallFactory(code="CALL-1", opens_at=at - DAY, deadline_at=at + DAY)
    CallFactory(code="CALL-2", status="draft", opens_at=at - DAY, deadline_at=at + DAY)
    for code, country in (("P1", morocco), ("P2", morocco), ("P3", moldova)):
        ProjectCountryFactory(project=ProjectFactory(code=code), country=country)
        know_project(code, countries=[country.code])
    mine, theirs = as_person(official).get(URL), as_person(other_official).get(URL)
    assert [(row[0].split()[-1], row[-1]) for row in rows_of(mine, "running-calls")] == [
        ("CALL-1", "yes")
    ]
    assert rows_of(theirs, "running-calls")[0][-1] == "no"
    assert figures_of(mine)["Projects"][0] == "2"
    assert figures_of(theirs)["Projects"][0] == "1"
    assert rows_of(mine, "answers")[0][:2] == ["Short TPMA", "yes"]
    assert rows_of(theirs, "answers")[0][1] == "no"
    links = tree_of(mine).xpath("//a/@href")
    assert {"/countries/MA/", "/projects/?country=MA"} <= set(links)
    assert "/countries/MD/" not in links


def test_an_official_sees_neither_reports_nor_gaps(official, as_person, gaps):
    report("REPORT-A")
    text = as_person(official).get(URL).content.decode()
    assert "REPORT-A" not in text
    assert "What the record does not say" not in text


def test_an_auditor_sees_reports_that_are_ready_with_their_digests(auditor, officer, as_person):
    report("REPORT-A", requested_by=officer)
    report("REPORT-B", ReportStatus.BUILDING)
    response = as_person(auditor).get(URL)
    assert rows_of(response, "ready-reports") == [
        [
            "Report REPORT-A REPORT-A",
            "Ready",
            "1 March 2026, 13:00 (Brussels time)",
            "a" * 64,
        ]
    ]
    assert "sha256sum" in response.content.decode()
    assert "/evaluation/reports/add/" not in response.content.decode()


def test_an_empty_portal_still_has_dashboards(officer, official, auditor, as_person):
    for person in (officer, official, auditor):
        response = as_person(person).get(URL)
        assert response.status_code == 200
        assert f"Welcome, {person.name}" in text_of(tree_of(response))


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(
    official, as_person, django_assert_num_queries, count
):
    at = timezone.now()
    for number in range(count):
        programme = ProgrammeFactory(code=f"PROGRAMME-{number}")
        CallFactory(programme=programme, opens_at=at - DAY, deadline_at=at + DAY)
    client = as_person(official)
    with django_assert_num_queries(20):
        assert client.get(URL).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_desk_takes_as_many_queries_for_one_as_for_three(
    officer, as_person, django_assert_num_queries, count
):
    for number in range(count):
        DocumentFactory(code=f"AWP-{number}", status=DocumentStatus.DRAFT)
        CommitmentFactory(code=f"C-{number}")
    client = as_person(officer)
    with django_assert_num_queries(44):
        client.get(URL)
