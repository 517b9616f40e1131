"""The page of a strand: what it was called, its measures and themes, and its money in each programme."""

from __future__ import annotations

import pytest

from programmes.models import StrandTitle, Theme
from tests.factories.ledger import know_project
from tests.factories.programmes import MeasureFactory, ProgrammeFactory, StrandFactory
from tests.factories.projects import ProjectFactory
from tests.pages import figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db

URL = "/programmes/strands/ECOMIG/"


def section(response, name: str) -> str:
    return text_of(tree_of(response).xpath(f'//section[@id="{name}"]')[0])


def test_titles_over_time_measures_and_themes(visitor):
    strand = StrandFactory(code="ECOMIG", title="Well-managed economic migration")
    StrandTitle.objects.create(
        strand=strand, period_start=2011, period_end=2013, title="Well-managed labour migration"
    )
    MeasureFactory(strand=strand, order=2, text="Second")
    first = MeasureFactory(strand=strand, order=1, text="First")
    Theme.objects.create(code="RETURN", title="Voluntary return").measures.add(first)
    response = visitor.get(URL)
    assert section(response, "titles") == (
        "What it was called at first Well-managed economic migration "
        "2011–2013 Well-managed labour migration"
    )
    assert section(response, "measures").startswith("Measures First Voluntary return Second ")


def test_figures_of_all_real_programmes_and_of_each(visitor):
    tpma = ProgrammeFactory()
    aeneas = ProgrammeFactory(code="AENEAS", period_start=2004, period_end=2006)
    demo = ProgrammeFactory(code="DEMO", period_start=2021, period_end=2027, demonstration=True)
    StrandFactory(code="ECOMIG", number=2, programmes=[tpma, aeneas, demo])
    StrandFactory(code="ASYLUM", number=5, programmes=[tpma])
    for code, programme in (("P1", "TPMA"), ("P2", "TPMA"), ("P3", "AENEAS"), ("P4", "DEMO")):
        ProjectFactory(code=code, programme__code=programme)
    know_project("P1", strands=["ECOMIG"], contracted="100.50")
    know_project("P2", strands=["ECOMIG", "ASYLUM"], contracted="7")
    know_project("P3", programme="AENEAS", strands=["ECOMIG"], contracted="20")
    know_project("P4", programme="DEMO", strands=["ECOMIG"], contracted="999")
    response = visitor.get(URL)
    figures = {label: text for label, (text, _url) in figures_of(response).items()}
    assert figures["Contracted"] == (
        "EUR 120.50 3 of 3 reported also touching this, share unknown: 1 record, EUR 7"
    )
    assert figures["Projects"] == "3 of which 1 also elsewhere"
    none = "not reported"
    assert rows_of(response, "by-programme") == [
        ["Short TPMA", none, none, none, "100.50", none, none],
        ["Short AENEAS", none, none, none, "20", none, none],
    ]
    assert "999" not in text_of(tree_of(response).xpath("//main")[0])
    assert "Short DEMO uses this strand too" in section(response, "programmes")


def test_an_unknown_code_is_not_found(visitor):
    assert visitor.get("/programmes/strands/NOPE/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_as_for_three(visitor, django_assert_num_queries, count):
    for number in range(count):
        strand = StrandFactory(
            code="ECOMIG", programmes=[ProgrammeFactory(code=f"PROGRAMME-{number}")]
        )
        MeasureFactory(strand=strand)
    with django_assert_num_queries(41):
        assert visitor.get(URL).status_code == 200
