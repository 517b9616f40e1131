"""The list of programmes: order, figures with their coverage, and what is left out of them."""

from __future__ import annotations

import pytest

from programmes.ledger.models import Measure, SubjectKind
from tests.factories.ledger import know, know_project, post_line
from tests.factories.programmes import DocumentFactory, ProgrammeFactory
from tests.factories.projects import ProjectFactory
from tests.pages import links_of_rows, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    first = ProgrammeFactory(code="B7-667", period_start=2001, period_end=2003)
    second = ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006, predecessor=first)
    ProgrammeFactory(predecessor=second)


def test_the_newest_comes_first_and_figures_say_what_they_cover(visitor, three):
    for code in ("P1", "P2"):
        ProjectFactory(code=code)
    know_project("P1", contracted="1000.50")
    know_project("P2")
    DocumentFactory(code="MIP", kind="indicative_programme")
    know(SubjectKind.INDICATIVE_PROGRAMME, "MIP")
    post_line(
        Measure.ENVELOPE,
        "205000000",
        indicative_programme="MIP",
        period_start=2007,
        period_end=2010,
    )
    assert rows_of(visitor.get("/programmes/"), "programmes") == [
        [
            "Short TPMA TPMA",
            "2007–2013",
            "Short AENEAS",
            "205 000 000",
            "1 000.50 1 of 2 reported",
            "2",
        ],
        [
            "Short AENEAS AENEAS",
            "2004–2006",
            "Short B7-667",
            "not reported",
            "not reported",
            "0",
        ],
        [
            "Short B7-667 B7-667",
            "2001–2003",
            "no programme in the record",
            "not reported",
            "not reported",
            "0",
        ],
    ]


def test_demonstration_data_comes_last_and_without_figures(visitor):
    ProgrammeFactory()
    ProgrammeFactory(code="DEMO", period_start=2021, period_end=2027, demonstration=True)
    ProjectFactory(code="D1", programme__code="DEMO")
    know_project("D1", programme="DEMO", contracted="77.00")
    response = visitor.get("/programmes/")
    assert rows_of(response, "programmes")[1] == [
        "Short DEMO ◆ demonstration DEMO",
        "2021–2027",
        "no programme in the record",
        "see its page",
        "see its page",
        "see its page",
    ]
    assert "77" not in response.content.decode()


def test_no_programme_yet(visitor):
    assert rows_of(visitor.get("/programmes/"), "programmes") == [["No programme is recorded yet."]]


def test_pages_by_key(visitor):
    for year in range(1950, 2002):
        ProgrammeFactory(code=f"Y{year}", period_start=year, period_end=year)
    first = visitor.get("/programmes/")
    links = links_of_rows(first, "programmes")
    assert (links[0], links[-1], len(links)) == (
        "/programmes/Y2001/",
        "/programmes/Y1952/",
        50,
    )
    second = visitor.get(f"/programmes/{first.context['next_url']}")
    assert links_of_rows(second, "programmes") == ["/programmes/Y1951/", "/programmes/Y1950/"]
    back = visitor.get(f"/programmes/{second.context['previous_url']}")
    assert links_of_rows(back, "programmes") == links


@pytest.mark.parametrize("key", ["x", "W10"])
def test_a_key_of_no_list_is_refused(visitor, key):
    assert visitor.get(f"/programmes/?after={key}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    for number in range(count):
        ProgrammeFactory(code=f"PROGRAMME-{number}")
        ProjectFactory(code=f"P{number}", programme__code=f"PROGRAMME-{number}")
        know_project(f"P{number}", programme=f"PROGRAMME-{number}", contracted="1.00")
    with django_assert_num_queries(12):
        assert visitor.get("/programmes/").status_code == 200
