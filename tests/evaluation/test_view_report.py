"""The page of a report in each of its states, and its figures beside those of the file."""

from __future__ import annotations

import pytest

from tests.evaluation.portfolio import SHELTER
from tests.factories.evaluation import ReportFactory
from tests.pages import figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def url(report) -> str:
    return f"/evaluation/reports/{report.code}/"


def test_a_ready_report_is_read_as_a_page_and_its_figures_answer_the_same(
    report, auditor, as_person
):
    client = as_person(auditor)
    response = client.get(url(report))
    assert response.status_code == 200
    tiles = figures_of(response)
    assert tiles["Contracted"] == (
        "EUR 3 400.50 3 of 4 reported",
        f"/evaluation/figures/contracted/?as_of={report.as_of_position}&programme=TPMA",
    )
    assert tiles["Paid"][0] == "not reported 0 of 4 reported"
    assert report.sha256 in text_of(tree_of(response))
    for label, (text, address) in tiles.items():
        assert figures_of(client.get(address))[label][0] == text


def test_tables_add_up_withhold_and_say_what_is_missing(report, auditor, as_person):
    response = as_person(auditor).get(url(report))
    assert rows_of(response, "projects")[-2:] == [
        ["Withheld: 1", "", "", "", "", "", "", "400.00", ""],
        ["Total", "", "", "", "", "", "", "3 400.50", ""],
    ]
    assert [row[:2] for row in rows_of(response, "strands")] == [
        ["Migration and development MIGDEV", "3 of which 1 also elsewhere"],
        ["Asylum ASYLUM", "2 of which 1 also elsewhere"],
        ["Several strands or none, not divided", ""],
        ["The whole question", "4"],
    ]
    assert rows_of(response, "countries") == [
        ["Morocco", "MA", "not reported", "3", "2", "1 400.50"],
        ["Moldova", "MD", "not reported", "2", "1", "not reported"],
        ["Several countries, not split", "", "", "", "", "2 000.00"],
        ["Contracted, all", "", "", "", "", "3 400.50"],
    ]
    text = text_of(tree_of(response))
    assert SHELTER not in text
    assert "Lost evaluation (EVAL-2)" in text
    assert "Objectives were vague." in text
    assert "304 000 000" in text
    assert "Not reported at all: Planned, Committed, Paid, Accepted" in text


def test_a_report_under_way_shows_its_steps(officer, as_person):
    waiting = ReportFactory(status="building", step=3, steps=6)
    tree = tree_of(as_person(officer).get(url(waiting)))
    steps = [text_of(step) for step in tree.xpath('//ol[@class="portal-steps"]/li')]
    assert steps[:3] == [
        "Answering the figures finished",
        "Reading the portfolio finished",
        "Reading documents, calls and evaluations",
    ]
    assert tree.xpath("//@hx-get") == [f"{url(waiting)}progress/"]


def test_a_failed_report_says_why_and_officers_may_try_again(officer, auditor, as_person):
    failed = ReportFactory(status="failed", failure="A library is missing")
    button = f'//form[@action="{url(failed)}retry/"]'
    for person, offered in ((officer, 1), (auditor, 0)):
        tree = tree_of(as_person(person).get(url(failed)))
        assert "A library is missing" in text_of(tree)
        assert len(tree.xpath(button)) == offered


def test_officials_do_not_find_it_and_visitors_sign_in(official, as_person, visitor):
    waiting = ReportFactory()
    assert as_person(official).get(url(waiting)).status_code == 404
    assert visitor.get(url(waiting)).status_code == 302


def test_an_unknown_code_is_not_found(officer, as_person):
    assert as_person(officer).get("/evaluation/reports/NOPE/").status_code == 404
