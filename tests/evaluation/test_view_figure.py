"""The page of a figure: its value, what stands beside it, its records, and questions that cannot be asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.ledger import figures
from programmes.ledger.models import Posting
from programmes.ledger.posting import post, reverse
from programmes.ledger.scope import Scope, now
from tests.evaluation.portfolio import SHELTER, contracted
from tests.factories.programmes import ProgrammeFactory
from tests.factories.projects import ProjectFactory
from tests.pages import facts_of, figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def address(**narrower) -> str:
    return figures.address("contracted", Scope("TPMA", **narrower), now())


def test_a_visitor_reads_value_coverage_and_records(programme, visitor):
    response = visitor.get(address())
    assert response.status_code == 200
    assert figures_of(response)["Contracted"][0] == "EUR 3 400.50 3 of 4 reported"
    assert rows_of(response, "records-table") == [
        ["Remittances P001", "EUR 1 000.50", "1 posting"],
        ["Return P002", "EUR 2 000", "1 posting"],
        ["withheld: 1 ■ withheld", "EUR 400", "–"],
        ["Total", "EUR 3 400.50", "–"],
    ]


def test_a_restricted_record_is_not_named_to_visitors_and_officials(
    official, programme, visitor, as_person
):
    for client in (visitor, as_person(official)):
        text = client.get(address()).content.decode()
        assert SHELTER not in text
        assert "P004" not in text
        csv = (
            client.get(address().replace("contracted/", "contracted/records.csv"))
            .getvalue()
            .decode()
        )
        assert "P004" not in csv


def test_a_restricted_record_opens_no_postings_to_visitors(programme, visitor):
    response = visitor.get(f"{address()}&open=P004")
    assert rows_of(response, "postings-table") == [["No records."]]


def test_an_auditor_sees_every_record_and_the_same_value(programme, auditor, as_person):
    response = as_person(auditor).get(address())
    assert figures_of(response)["Contracted"][0] == "EUR 3 400.50 3 of 4 reported"
    assert [row[0] for row in rows_of(response, "records-table")] == [
        "Remittances P001",
        "Return P002",
        f"{SHELTER} P004",
        "Total",
    ]


def test_what_is_not_divided_stands_beside(programme, visitor):
    response = visitor.get(address(strands=("MIGDEV",)))
    assert figures_of(response)["Contracted"][0] == (
        "EUR 1 400.50 3 of 3 reported Touching this scope, share unknown: EUR 2 000"
    )
    assert facts_of(response)["Touching this scope, share unknown"] == "EUR 2 000 1 record"


def test_the_value_is_divided_by_attribution(programme, visitor):
    facts = facts_of(visitor.get(address()))
    assert facts["the source names the programme"] == "EUR 1 400.50 = explicit"
    assert facts["the source says EU money; the programme is inferred"] == "EUR 2 000 ≈ inferred"


def test_outside_totals_stand_beside_and_are_never_summed(programme, visitor):
    assert rows_of(visitor.get(address()), "stated-table") == [
        ["Part for which precise data exist", "contracted 2007–2013", "EUR 304 000 000", "Press"]
    ]


def test_an_envelope_of_some_of_its_years_is_not_divided(programme, visitor):
    url = figures.address("envelope", Scope("TPMA", start="2008", end="2009"), now())
    response = visitor.get(url)
    assert figures_of(response)["Envelope"][0].startswith("not reported")
    assert facts_of(response)["Covers more years than were asked for, not divisible"] == (
        "EUR 205 000 000 EUR 205 000 000 for 2007–2010, not divisible"
    )


def test_undated_amounts_are_named_when_a_period_is_asked_for(programme, visitor):
    response = visitor.get(address(start="2009", end="2010"))
    assert figures_of(response)["Contracted"][0] == (
        "not reported 3 of 4 reported Undated: the period cannot place it: EUR 3 400.50"
    )
    assert facts_of(response)["Period"] == "2009 to 2010, by budget year of the decision"


def test_a_measure_of_which_nothing_is_reported_is_not_zero(programme, visitor):
    response = visitor.get(figures.address("paid", Scope("TPMA"), now()))
    assert figures_of(response)["Paid"][0] == "not reported 0 of 4 reported"


def test_a_count_says_how_many_are_elsewhere_too(programme, visitor):
    response = visitor.get(
        f"/evaluation/figures/projects/?as_of={now().position}&programme=TPMA&strand=MIGDEV"
    )
    assert figures_of(response)["Projects"][0] == "3 of which 1 also elsewhere"
    assert rows_of(response, "records-table") == [
        ["Remittances P001", "not reported"],
        ["Return P002", "not reported"],
        ["withheld: 1 ■ withheld", "–"],
    ]


def test_a_difference_shows_its_terms(programme, visitor):
    post(
        [
            Posting(
                measure="committed",
                programme="TPMA",
                amount=Decimal("500.00"),
                event="decision",
                budget_year=2009,
            ),
            Posting(
                measure="paid",
                programme="TPMA",
                amount=Decimal("120.00"),
                event="paid",
                project="P001",
            ),
        ],
        by=None,
    )
    response = visitor.get("/evaluation/figures/outstanding/?programme=TPMA", follow=True)
    tiles = figures_of(response)
    assert tiles["Outstanding (RAL)"][0] == "EUR 380"
    assert tiles["Committed"][0].startswith("EUR 500")
    assert tiles["Paid"][0].startswith("EUR 120")


def test_the_postings_of_a_record_open_on_demand(programme, visitor):
    posting = Posting.objects.get(project="P001")
    reverse([posting], by=None, reason="Typed wrong")
    post([contracted("P001", "900.00", strand="MIGDEV")], by=None)
    response = visitor.get(f"{address()}&open=P001")
    opened = [(row[1], row[2], row[5]) for row in rows_of(response, "postings-table")]
    assert opened == [
        ("amount stated", "–", "EUR 1 000.50"),
        ("amount stated", "Typed wrong", "EUR −1 000.50"),
        ("amount stated", "–", "EUR 900"),
    ]


def test_an_old_address_keeps_its_answer(programme, visitor):
    before = address()
    post([contracted("P003", "1.00")], by=None)
    assert figures_of(visitor.get(before))["Contracted"][0].startswith("EUR 3 400.50")
    assert figures_of(visitor.get(address()))["Contracted"][0].startswith("EUR 3 401.50")


@pytest.mark.parametrize(
    "query",
    [
        "programme=TPMA",
        "programme=TPMA&strand=",
        "programme=TPMA&as_of=2020-01-01",
        "axis=budget&programme=TPMA",
    ],
)
def test_another_form_of_a_question_is_sent_to_its_address(programme, visitor, query):
    response = visitor.get(f"/evaluation/figures/contracted/?{query}")
    assert response.status_code == 302
    assert visitor.get(response["Location"]).status_code == 200


def test_each_wrong_parameter_is_named(programme, visitor):
    response = visitor.get(
        "/evaluation/figures/contracted/?programme=NONE&axis=x&colour=red&strand=A%00B"
    )
    assert response.status_code == 400
    faults = [
        text_of(item) for item in tree_of(response).xpath('//ul[@class="portal-notice__items"]/li')
    ]
    assert sorted(faults) == [
        "axis: The axis is “event” or “budget”.",
        "colour: This is not a parameter of a figure.",
        "programme: No record has the code NONE.",
        "strand: No record has the code A\ufffdB.",
    ]


@pytest.mark.parametrize("key", ["after=x", "before=%00", "after=WyJcdTAwMDAiXQ"])
def test_a_foreign_page_key_is_refused(programme, visitor, key):
    assert visitor.get(f"{address()}&{key}").status_code == 400


def test_an_unknown_measure_is_not_found(programme, visitor):
    assert visitor.get("/evaluation/figures/happiness/?programme=TPMA").status_code == 404


def test_the_same_page_is_not_sent_twice(programme, visitor):
    first = visitor.get(address())
    assert first["ETag"].startswith(f'W/"{now().position}-')
    again = visitor.get(address(), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    ProjectFactory._meta.model.objects.filter(code="P001").update(title="Renamed")
    renamed = visitor.get(address(), headers={"If-None-Match": first["ETag"]})
    assert renamed.status_code == 200


def test_demonstration_data_say_so(visitor):
    ProgrammeFactory(code="DEMO", demonstration=True)
    response = visitor.get("/evaluation/figures/contracted/?programme=DEMO", follow=True)
    assert "demonstration" in text_of(tree_of(response)).lower()


def test_pages_go_through_all_records_and_queries_stay_the_same(
    visitor, django_assert_max_num_queries
):
    codes = [f"Q{n:03}" for n in range(60)]
    for code in codes:
        ProjectFactory(code=code)
    post([contracted(code, "1.00") for code in codes], by=None)
    seen, url = [], address()
    while url:
        with django_assert_max_num_queries(40):
            response = visitor.get(url)
        rows = rows_of(response, "records-table")
        assert rows[-1] == ["Total", "EUR 60", "–"]
        seen += [row[0].split()[-1] for row in rows[:-1]]
        url = next(iter(tree_of(response).xpath('//a[@rel="next"]/@href')), None)
    assert seen == codes
