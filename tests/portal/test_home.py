"""The home page: what the portal is, the newest programme's figures, calls, ways in, and the question."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluation.models import Report, ReportKind, ReportStatus
from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from tests.factories.calls import CallFactory
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory
from tests.pages import figures_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def test_an_empty_portal_says_so_and_still_shows_the_ways_in(visitor):
    response = visitor.get("/")
    assert response.status_code == 200
    text = text_of(tree_of(response))
    assert "No programme is recorded yet." in text
    assert set(tree_of(response).xpath("//dl//a/@href")) == {
        "/projects/",
        "/programmes/documents/",
        "/evaluation/",
        "/countries/",
        "/data/",
        "/accounts/login/",
    }


def test_the_key_figures_are_those_of_the_newest_real_programme(visitor):
    ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006)
    ProgrammeFactory()
    ProgrammeFactory(code="DEMO", period_start=2021, period_end=2027, demonstration=True)
    for code in ("P1", "P2"):
        ProjectFactory(code=code)
    ProjectFactory(code="D1", programme__code="DEMO")
    know_project("P1", contracted="1000.50", attribution="inferred")
    know_project("P2")
    know_project("D1", programme="DEMO", contracted="77")
    DocumentFactory(code="MIP", kind="indicative_programme")
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    post_line(
        Measure.ENVELOPE, "205", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    response = visitor.get("/")
    figures = figures_of(response)
    assert {label: text for label, (text, _url) in figures.items()} == {
        "Envelope": "EUR 205 1 of 1 reported",
        "Contracted": "EUR 1 000.50 1 of 2 reported of which attribution inferred: EUR 1 000.50",
        "Paid": "not reported 0 of 2 reported",
        "Projects": "2",
        "Open calls": "0",
        "Forthcoming calls": "0",
    }
    assert figures["Contracted"][1] == (
        f"/evaluation/figures/contracted/?as_of={now().position}&programme=TPMA"
    )
    assert text_of(tree_of(response).xpath('//section[@id="newest"]/h2')[0]) == (
        "Short TPMA 2007–2013"
    )


def test_calls_are_counted_and_demonstration_calls_apart(visitor, officer, as_person):
    ProgrammeFactory(code="DEMO", demonstration=True)
    day = timedelta(days=1)
    at = timezone.now()
    CallFactory(opens_at=at - day, deadline_at=at + day)
    CallFactory(opens_at=at - day, deadline_at=at + day, status="draft")
    CallFactory(opens_at=at - 2 * day, deadline_at=at - day)
    CallFactory(opens_at=at + day, deadline_at=at + 2 * day)
    CallFactory(opens_at=at - day, deadline_at=at + day, programme__code="DEMO")
    figures = figures_of(visitor.get("/"))
    assert figures["Open calls"] == (
        "1 1 more in the demonstration programme",
        "/calls/?phase=open",
    )
    assert figures["Forthcoming calls"] == ("1", "/calls/?phase=forthcoming")
    assert figures_of(as_person(officer).get("/"))["Open calls"][0].startswith("2 ")


def fields_of(response) -> dict[str, list[str]]:
    form = tree_of(response).xpath('//aside[@id="question"]//form')[0]
    assert (form.get("method"), form.get("action")) == ("get", "/evaluation/figures/contracted/")
    return {
        field.get("name"): field.xpath("./option/@value")
        for field in form.xpath(".//select|.//input")
    }


def test_the_question_offers_what_there_is(visitor):
    programme = ProgrammeFactory()
    StrandFactory(code="MIGDEV", programmes=[programme])
    ProgrammeCountryFactory(country=CountryFactory(code="MA"))
    CountryFactory(code="FR")
    assert fields_of(visitor.get("/")) == {
        "programme": ["TPMA", "all"],
        "strand": ["", "MIGDEV"],
        "country": ["", "MA"],
        "from": [],
        "to": [],
    }


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("programme=TPMA&strand=&country=&from=&to=", "programme=TPMA"),
        (
            "programme=TPMA&strand=MIGDEV&country=MA&from=2007&to=2010",
            "axis=budget&country=MA&from=2007&programme=TPMA&strand=MIGDEV&to=2010",
        ),
    ],
)
def test_the_question_leads_to_its_figure(visitor, asked, answered):
    StrandFactory(code="MIGDEV", programmes=[ProgrammeFactory()])
    CountryFactory(code="MA")
    response = visitor.get(f"/evaluation/figures/contracted/?{asked}", follow=True)
    assert response.status_code == 200
    address = response.redirect_chain[-1][0]
    assert sorted(address.partition("?")[2].split("&")) == sorted(["as_of=0", *answered.split("&")])


def test_a_year_that_is_none_is_refused_with_its_name(visitor):
    ProgrammeFactory()
    response = visitor.get("/evaluation/figures/contracted/?programme=TPMA&from=20x7")
    assert response.status_code == 400
    assert "from" in text_of(tree_of(response))


def test_reports_are_named_to_those_who_may_read_them(visitor, auditor, official, as_person):
    Report.objects.create(
        code="REPORT-1",
        kind=ReportKind.PROGRAMME_EVALUATION,
        title="The first report",
        programme=ProgrammeFactory(),
        question={},
        as_of_position=0,
        request_digest="d" * 64,
        status=ReportStatus.READY,
        sha256="a" * 64,
        pdf="reports/one.pdf",
    )
    assert "The first report" in as_person(auditor).get("/").content.decode()
    for client in (visitor, as_person(official)):
        response = client.get("/")
        assert "The first report" not in response.content.decode()
        assert "/evaluation/reports/" in response.content.decode()


def test_who_is_signed_in_is_led_to_the_dashboard(official, as_person):
    links = tree_of(as_person(official).get("/")).xpath("//dl//a/@href")
    assert "/dashboard/" in links
    assert "/accounts/login/" not in links


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    for number in range(count):
        ProgrammeFactory(code=f"PROGRAMME-{number}", period_start=2000 + number)
        CallFactory()
    with django_assert_num_queries(29):
        assert visitor.get("/").status_code == 200
