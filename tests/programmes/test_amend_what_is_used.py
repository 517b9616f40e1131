"""Amending and ending a document on which others rest, or whose money calls and contracts already use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from programmes.actions.adoption import (
    adopt_document,
    consult_document,
    repeal_document,
    supersede_document,
)
from programmes.actions.amendment import amend_document
from programmes.completeness import excesses, lacks
from programmes.freezing import unfrozen
from programmes.ledger.models import Measure
from programmes.models import Action, ActionAmount, Document, DocumentStatus, PassageKind
from programmes.refusals import ReasonNeeded, Refused
from tests.factories.calls import CallFactory, LotBudgetFactory
from tests.factories.ledger import post_line
from tests.factories.programmes import ActionAmountFactory, PassageFactory
from tests.programmes.cascade import complete_action, indicative_programme, work_programme

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = date(2009, 5, 4), date(2009, 9, 1), date(2009, 11, 2)


@pytest.fixture
def adopted(second_officer) -> Document:
    """A work programme in force with one action of 400,000."""
    return adopt_document(work_programme(), by=second_officer, on=FIRST)


def said_of(found) -> list[tuple[str, str]]:
    return [(each.text.replace("\u00a0", " "), each.url) for each in found]


def set_years(amendment: Document, first: int, last: int) -> None:
    Document.objects.filter(pk=amendment.pk).update(period_start=first, period_end=last)
    amendment.refresh_from_db()
    amendment.allocations.update(period_start=first, period_end=last)


def call_for(action: str, amount: str, year: int = 2009, status: str = "published") -> None:
    call = CallFactory(status=status)
    LotBudgetFactory(
        lot__call=call, action=Action.objects.get(code=action), amount=amount, budget_year=year
    )


def contract(amount: str, action: str = "AAP-2009-1", year: int | None = 2009) -> None:
    post_line(
        Measure.CONTRACTED, amount, work_programme="AAP-2009", action=action, budget_year=year
    )


def set_amount(amendment: Document, amount: str) -> None:
    rows = ActionAmount.objects.filter(action__work_programme=amendment)
    assert rows.update(amount=Decimal(amount)) == 1


MIP_YEARS = "/programmes/documents/MIP-A1/change/#id_period_start"


@pytest.mark.parametrize(("first", "last"), [(2007, 2009), (2009, 2010)])
def test_the_years_may_shrink_to_those_of_what_rests_on_it(adopted, officer, first, last):
    amendment = amend_document(adopted.parent, by=officer, reason="Shorter")
    set_years(amendment, first, last)
    assert lacks(amendment) == []


@pytest.mark.parametrize(("first", "last"), [(2007, 2008), (2010, 2010)])
def test_a_work_programme_is_not_left_outside(adopted, officer, second_officer, first, last):
    amendment = amend_document(adopted.parent, by=officer, reason="Shorter")
    set_years(amendment, first, last)
    said = [("AAP-2009 (2009), which rests on it, would lie outside its years.", MIP_YEARS)]
    assert said_of(lacks(amendment)) == said
    consult_document(amendment, by=officer)
    with pytest.raises(Refused) as refusal:
        adopt_document(amendment, by=second_officer, on=SECOND)
    assert said_of(refusal.value.lacks) == said
    repeal_document(adopted, by=officer, on=SECOND, reason="Done")
    assert lacks(amendment) == []


@pytest.mark.parametrize("conditional", [True, False])
def test_nor_are_the_budget_years_of_its_actions(officer, conditional):
    document = work_programme(status="draft", period_end=2010)
    ActionAmountFactory(
        action=document.actions.get(), budget_year=2010, conditional=conditional, amount="5"
    )
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.ADOPTED)
    amendment = amend_document(document.parent, by=officer, reason="Shorter")
    set_years(amendment, 2007, 2009)
    said = "AAP-2009, which rests on it, has amounts of 2010, outside its years."
    assert said_of(lacks(amendment)) == ([] if conditional else [(said, MIP_YEARS)])


def test_an_indicative_programme_is_not_left_outside(adopted, officer):
    amendment = amend_document(adopted.parent.parent, by=officer, reason="Shorter")
    set_years(amendment, 2007, 2009)
    assert said_of(lacks(amendment)) == [
        (
            "MIP (2007–2010), which rests on it, would lie outside its years.",
            "/programmes/documents/TSP-A1/change/#id_period_start",
        )
    ]


def test_what_lay_outside_before_does_not_bar_an_amendment(adopted, officer):
    with unfrozen():
        Document.objects.filter(pk=adopted.pk).update(period_start=2006, period_end=2006)
        adopted.actions.get().amounts.update(budget_year=2006)
    amendment = amend_document(adopted.parent, by=officer, reason="Words")
    Document.objects.filter(pk=amendment.pk).update(title="Other words")
    amendment.refresh_from_db()
    assert lacks(amendment) == []


def test_a_passage_that_is_served_is_not_left_out(adopted, officer, second_officer):
    paper, plan = adopted.parent.parent, adopted.parent
    with unfrozen():
        served = paper.passages.get(code="TSP-P1")
        PassageFactory(document=plan, code="MIP-P1", serves=served)
        PassageFactory(document=paper, code="TSP-R1", serves=served, kind=PassageKind.RESULT)
        PassageFactory(document=plan, code="MIP-P2", serves=served, withdrawn=True)
    amendment = amend_document(paper, by=officer, reason="Fewer")
    PassageFactory(document=amendment, code="TSP-P2")
    amendment.passages.get(code="TSP-A1-R1").delete()
    amendment.passages.get(code="TSP-A1-P1").delete()
    said = [
        (
            "TSP-P1 is left out, but still served by AAP-2009-1, MIP-P1.",
            "/programmes/passages/TSP-P1/",
        )
    ]
    assert said_of(lacks(amendment)) == said
    consult_document(amendment, by=officer)
    with pytest.raises(Refused) as refusal:
        adopt_document(amendment, by=second_officer, on=SECOND)
    assert said_of(refusal.value.lacks) == said
    assert not paper.passages.filter(withdrawn=True).exists()


def test_a_passage_that_only_ended_records_serve_may_go(adopted, officer):
    Document.objects.filter(pk=adopted.pk).update(status=DocumentStatus.REPEALED)
    amendment = amend_document(adopted.parent.parent, by=officer, reason="Fewer")
    PassageFactory(document=amendment, code="TSP-P2")
    amendment.passages.get(code="TSP-A1-P1").delete()
    assert lacks(amendment) == []


IN_USE = [
    ("Published calls take EUR 30 of AAP-2009-1.", "/programmes/actions/AAP-2009-1/"),
    ("EUR 7.50 are contracted for AAP-2009.", "/programmes/documents/AAP-2009/"),
    ("EUR 20 are contracted for AAP-2009-1.", "/programmes/actions/AAP-2009-1/"),
]


def test_calls_and_contracts_hold_a_work_programme(adopted, officer):
    call_for("AAP-2009-1", "30")
    call_for("AAP-2009-1", "1000", status="draft")
    contract("20")
    contract("7.50", action="")
    with pytest.raises(Refused) as refusal:
        repeal_document(adopted, by=officer, on=SECOND, reason="Done")
    assert said_of(refusal.value.lacks) == IN_USE
    adopted.refresh_from_db()
    assert adopted.status == DocumentStatus.ADOPTED


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_calls_that_take_nothing_do_not(adopted, officer, status):
    call_for("AAP-2009-1", "30", status=status)
    contract("20")
    contract("-20")
    repeal_document(adopted, by=officer, on=SECOND, reason="Done")
    assert adopted.status == DocumentStatus.REPEALED


def test_an_action_in_use_is_not_left_out(adopted, officer):
    amendment = amend_document(adopted, by=officer, reason="Dropped")
    complete_action(amendment, "AAP-2009-2", "5.00")
    amendment.actions.get(amends__isnull=False).delete()
    assert lacks(amendment) == []
    call_for("AAP-2009-1", "30")
    contract("20", year=None)
    page = "/programmes/actions/AAP-2009-1/"
    assert said_of(lacks(amendment)) == [
        ("AAP-2009-1 is left out, but published calls take EUR 30 of it.", page),
        ("AAP-2009-1 is left out, but EUR 20 of it are contracted.", page),
    ]
    assert excesses(amendment) == []


@pytest.mark.parametrize(
    ("called", "contracted"), [("300000", None), (None, "300000"), ("300000", "299000")]
)
def test_less_than_is_used_needs_a_reason(adopted, officer, second_officer, called, contracted):
    if called:
        call_for("AAP-2009-1", called)
    if contracted:
        contract(contracted)
    amendment = amend_document(adopted, by=officer, reason="Cut")
    set_amount(amendment, "299999.99")
    consult_document(amendment, by=officer)
    with pytest.raises(ReasonNeeded) as refusal:
        adopt_document(amendment, by=second_officer, on=SECOND)
    assert said_of(refusal.value.excesses) == [
        (
            "AAP-2009-1: EUR 299 999.99 in 2009 would be less than the EUR 300 000 in use.",
            "/programmes/actions/AAP-2009-1/",
        )
    ]
    adopt_document(amendment, by=second_officer, on=SECOND, reason="The rest comes from elsewhere")
    assert amendment.status == DocumentStatus.ADOPTED


def test_as_much_as_is_used_needs_none(adopted, officer):
    call_for("AAP-2009-1", "300000")
    amendment = amend_document(adopted, by=officer, reason="Cut")
    set_amount(amendment, "300000")
    assert excesses(amendment) == []


def test_what_was_overdrawn_before_needs_one_only_where_it_falls(adopted, officer):
    call_for("AAP-2009-1", "900000")
    amendment = amend_document(adopted, by=officer, reason="Words")
    assert excesses(amendment) == []
    set_amount(amendment, "399999")
    assert [excess.text.replace("\u00a0", " ") for excess in excesses(amendment)] == [
        "AAP-2009-1: EUR 399 999 in 2009 would be less than the EUR 900 000 in use."
    ]


def test_contracts_of_no_year_count_against_the_whole_action(adopted, officer):
    contract("300000", year=None)
    amendment = amend_document(adopted, by=officer, reason="Cut")
    set_amount(amendment, "299999")
    assert said_of(excesses(amendment)) == [
        (
            "AAP-2009-1: EUR 299 999 would be less than the EUR 300 000 in use.",
            "/programmes/actions/AAP-2009-1/",
        )
    ]


def test_a_year_that_goes_is_less_than_is_used_of_it(officer):
    document = work_programme(status="draft", period_end=2010)
    action = document.actions.get()
    ActionAmountFactory(action=action, budget_year=2010, conditional=True, amount="50")
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.ADOPTED)
    call_for("AAP-2009-1", "40", year=2010)
    amendment = amend_document(document, by=officer, reason="One year")
    ActionAmount.objects.filter(action__work_programme=amendment, budget_year=2010).delete()
    assert [excess.text.replace("\u00a0", " ") for excess in excesses(amendment)] == [
        "AAP-2009-1: EUR 0 in 2010 would be less than the EUR 40 in use."
    ]


def amended_on(document: Document, on: date, by, second) -> None:
    amendment = amend_document(document, by=by, reason="Words")
    amendment.actions.update(results=f"Ports trained by {on}")
    consult_document(amendment, by=by)
    adopt_document(amendment, by=second, on=on)


def test_amendments_follow_one_another(adopted, officer, second_officer):
    amended_on(adopted, SECOND, officer, second_officer)
    with pytest.raises(Refused) as refusal:
        amended_on(adopted, date(2009, 8, 31), officer, second_officer)
    said = [("AAP-2009-A1 was adopted on 1 September 2009, after this day.", "#id_on")]
    assert said_of(refusal.value.lacks) == said
    adopt_document(Document.objects.get(code="AAP-2009-A2"), by=second_officer, on=SECOND)


def test_nothing_ends_before_it_was_last_amended(adopted, officer, second_officer):
    amended_on(adopted, SECOND, officer, second_officer)
    with pytest.raises(Refused) as refusal:
        repeal_document(adopted, by=officer, on=date(2009, 8, 31), reason="Done")
    assert said_of(refusal.value.lacks) == [
        ("AAP-2009-A1 was adopted on 1 September 2009, after this day.", "#id_on")
    ]
    repeal_document(adopted, by=officer, on=SECOND, reason="Done")


def test_a_successor_takes_no_place_before_that_either(adopted, officer, second_officer):
    amended_on(adopted, THIRD, officer, second_officer)
    successor = work_programme(adopted.parent, code="AAP-2010", status=DocumentStatus.ADOPTED)
    with pytest.raises(Refused) as refusal:
        supersede_document(adopted, by=officer, successor=successor, on=SECOND, reason="Done")
    assert said_of(refusal.value.lacks) == [
        ("AAP-2009-A1 was adopted on 2 November 2009, after this day.", "#id_on")
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_document_beneath_as_for_three(
    officer, django_assert_num_queries, count
):
    plan = indicative_programme(status=DocumentStatus.ADOPTED)
    for number in range(count):
        work_programme(plan, code=f"AAP-{number}", status=DocumentStatus.ADOPTED)
    amendment = amend_document(plan, by=officer, reason="Shorter")
    set_years(amendment, 2007, 2008)
    amendment.passages.all().delete()
    with django_assert_num_queries(16):
        assert len(lacks(amendment)) == count
