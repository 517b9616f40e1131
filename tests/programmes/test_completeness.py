"""What a document still lacks before it can be adopted, and where it goes beyond what was indicated."""

from __future__ import annotations

from decimal import Decimal

import pytest

from programmes.completeness import excesses, lacks
from programmes.freezing import unfrozen
from programmes.ledger.models import Measure
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    DocumentStatus,
    PassageKind,
    ProgrammeStatus,
)
from tests.factories.ledger import post_line
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    AllocationFactory,
    DocumentFactory,
    PassageFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.programmes.cascade import (
    DRAFT,
    complete_action,
    indicative_programme,
    strategy_paper,
    work_programme,
)

pytestmark = pytest.mark.django_db


def texts(document: Document) -> list[str]:
    return [lack.text.replace("\u00a0", " ") for lack in lacks(document)]


@pytest.mark.parametrize("make", [strategy_paper, indicative_programme, work_programme])
def test_a_complete_document_lacks_nothing(make):
    assert lacks(make(status=DRAFT)) == []


def test_a_bare_work_programme_lacks_everything_at_once():
    document = DocumentFactory(code="AAP-2009", status=DRAFT, period_start=None, period_end=None)
    ActionFactory(code="AAP-2009-1", work_programme=document)
    change, action = (
        "/programmes/documents/AAP-2009/change/",
        "/programmes/actions/AAP-2009-1/change/",
    )
    assert [(lack.text, lack.url) for lack in lacks(document)] == [
        ("The first year it covers is missing.", f"{change}#id_period_start"),
        ("The last year it covers is missing.", f"{change}#id_period_end"),
        (
            "It does not say on which multiannual indicative programme of its programme it rests.",
            f"{change}#id_parent",
        ),
        ("AAP-2009-1: its geographical area is missing.", f"{action}#id_geographical_area"),
        ("AAP-2009-1: its thematic area is missing: name a strand.", f"{action}#id_strands"),
        ("AAP-2009-1: its specific objectives are missing.", f"{action}#id_objectives"),
        ("AAP-2009-1: its anticipated results are missing.", f"{action}#id_results"),
        ("AAP-2009-1: its indicative amounts are missing.", f"{action}#id_amounts-0-amount"),
        (
            "AAP-2009-1: it does not say whether it serves democratic principles.",
            f"{action}#id_democracy",
        ),
        (
            "AAP-2009-1: it does not say whether it serves the rule of law.",
            f"{action}#id_rule_of_law",
        ),
        (
            "AAP-2009-1: it does not say whether it serves human and minority rights.",
            f"{action}#id_human_rights",
        ),
    ]


def test_a_programme_that_is_being_set_up():
    programme = ProgrammeFactory(code="NEW", status=ProgrammeStatus.SET_UP)
    document = DocumentFactory(
        kind=DocumentKind.STRATEGY_PAPER, programme=programme, status=DRAFT, code="SP"
    )
    assert [(lack.text, lack.url) for lack in lacks(document)] == [
        (
            "The programme Short NEW is still being set up: it has to be opened first.",
            "/programmes/NEW/",
        ),
        ("It states no objective.", "/programmes/documents/SP/passages/add/"),
        ("It states no priority.", "/programmes/documents/SP/passages/add/"),
    ]


@pytest.mark.parametrize("status", [DRAFT, "in_consultation", "superseded", "repealed"])
def test_what_it_rests_on_is_in_force(status):
    document = work_programme(indicative_programme(status=status))
    words = DocumentStatus(status).label.lower()
    assert texts(document) == [f"Document MIP (MIP), on which it rests, is not in force: {words}."]


def test_what_it_rests_on_is_of_the_right_kind_and_programme():
    document = work_programme()
    said = ["It does not say on which multiannual indicative programme of its programme it rests."]
    right = document.parent
    document.parent = right.parent
    assert texts(document) == said
    Document.objects.filter(pk=right.pk).update(status=DRAFT)
    Document.objects.filter(pk=right.pk).update(programme=ProgrammeFactory(code="OTHER"))
    Document.objects.filter(pk=right.pk).update(status="adopted")
    document.refresh_from_db()
    assert texts(document) == said


@pytest.mark.parametrize(
    ("first", "last", "within"), [(2007, 2010, True), (2006, 2010, False), (2007, 2011, False)]
)
def test_an_indicative_programme_lies_within_its_strategy_paper(first, last, within):
    document = indicative_programme(status=DRAFT, period_start=first, period_end=last)
    said = "Its years do not lie within those of TSP (2007–2010), on which it rests."
    assert (said in texts(document)) is not within


@pytest.mark.parametrize(
    ("first", "last", "within"), [(2010, 2011, True), (2011, 2011, False), (2006, 2007, False)]
)
def test_a_work_programme_begins_within_its_parent_and_may_run_past_it(first, last, within):
    document = work_programme(status=DRAFT, period_start=first, period_end=last)
    document.actions.get().amounts.update(budget_year=first)
    said = "Its years do not lie within those of MIP (2007–2010), on which it rests."
    assert (said in texts(document)) is not within
    assert (lacks(document) == []) is within


def test_budget_years_lie_within_the_work_programme():
    document = work_programme(status=DRAFT, period_end=2010)
    action = document.actions.get()
    ActionAmountFactory(action=action, budget_year=2010)
    assert texts(document) == []
    ActionAmountFactory(action=action, budget_year=2011)
    assert texts(document) == [
        "AAP-2009-1: the budget year 2011 lies outside the years of the work programme."
    ]


def test_the_first_budget_year_is_not_conditional():
    document = work_programme(status=DRAFT, period_end=2010)
    ActionAmountFactory(action=document.actions.get(), budget_year=2010, conditional=True)
    assert texts(document) == []
    ActionAmount.objects.filter(budget_year=2009).update(conditional=True)
    assert texts(document) == [
        "AAP-2009-1: the amount of its first budget year cannot be conditional."
    ]


def test_the_first_budget_year_lies_within_what_it_rests_on():
    document = work_programme(status=DRAFT, period_start=2010, period_end=2011)
    document.actions.get().amounts.update(budget_year=2011)
    assert texts(document) == [
        "AAP-2009-1: the budget year 2011 lies outside the years of MIP.",
    ]


@pytest.mark.parametrize("conditional", [True, False])
def test_a_later_budget_year_runs_past_what_it_rests_on_only_if_conditional(conditional):
    document = work_programme(status=DRAFT, period_start=2010, period_end=2011)
    action = document.actions.get()
    action.amounts.update(budget_year=2010)
    ActionAmountFactory(action=action, budget_year=2011, conditional=conditional)
    said = ["AAP-2009-1: the budget year 2011 lies outside the years of MIP."]
    assert texts(document) == ([] if conditional else said)


def test_what_it_serves_was_not_taken_out():
    document = work_programme(status=DRAFT)
    passage = PassageFactory(
        document=document, code="AAP-2009-P1", serves=document.parent.parent.passages.first()
    )
    assert texts(document) == []
    with unfrozen():
        document.parent.parent.passages.update(withdrawn=True)
    document.actions.get().priorities.set(document.parent.parent.passages.filter(code="TSP-P1"))
    assert [(lack.text, lack.url) for lack in lacks(document)] == [
        (
            "AAP-2009-1: it serves TSP-P1, which an amendment took out.",
            "/programmes/actions/AAP-2009-1/change/#id_priorities",
        ),
        (
            f"AAP-2009-P1 serves {passage.serves.code}, which an amendment took out.",
            "/programmes/passages/AAP-2009-P1/change/#id_serves",
        ),
    ]


@pytest.mark.parametrize("how", ["worldwide", "words", "region"])
def test_an_area_may_be_given_in_any_way(how):
    document = work_programme(status=DRAFT)
    action = document.actions.get()
    action.countries.clear()
    assert texts(document) == ["AAP-2009-1: its geographical area is missing."]
    if how == "region":
        action.regions.add(RegionFactory())
    else:
        changes = {"worldwide": {"worldwide": True}, "words": {"geographical_area": "The sea"}}
        Action.objects.update(**changes[how])
    assert lacks(document) == []


def test_a_priority_is_named_where_any_is_stated_above():
    document = work_programme(status=DRAFT)
    document.actions.get().priorities.clear()
    assert texts(document) == ["AAP-2009-1: it names no priority that it serves."]
    paper = document.parent.parent
    Document.objects.filter(pk=paper.pk).update(status=DRAFT)
    paper.passages.filter(kind=PassageKind.PRIORITY).delete()
    Document.objects.filter(pk=paper.pk).update(status="adopted")
    assert texts(document) == []


def test_a_passage_without_text():
    document = strategy_paper(status=DRAFT)
    PassageFactory(document=document, code="TSP-P9", text=" ")
    assert [(lack.text, lack.url) for lack in lacks(document)] == [
        ("TSP-P9 has no text.", "/programmes/passages/TSP-P9/change/#id_text")
    ]


def test_an_indicative_programme_without_allocations():
    document = indicative_programme(status=DRAFT, stated_amount=Decimal(5))
    document.allocations.all().delete()
    assert [(lack.text, lack.url) for lack in lacks(document)] == [
        (
            "It sets no amount aside: give at least one allocation.",
            "/programmes/documents/MIP/allocations/#id_allocations-0-amount",
        )
    ]


def test_leaves_lie_within_the_years():
    document = indicative_programme(status=DRAFT)
    AllocationFactory(
        document=document,
        period_start=2010,
        period_end=2011,
        strand=StrandFactory(),
        amount=Decimal(5),
    )
    assert texts(document) == [
        "The allocation 2010–2011, Strand MIGDEV, EUR 5 lies outside its years."
    ]


@pytest.mark.parametrize(
    ("first", "last", "same_strand", "refused"),
    [
        (2008, 2008, True, True),
        (2010, 2010, True, True),
        (2008, 2008, False, False),
    ],
)
def test_a_leaf_does_not_hold_another(first, last, same_strand, refused):
    document = indicative_programme(status=DRAFT)
    document.allocations.update(strand=StrandFactory(code="ASYLUM"))
    AllocationFactory(
        document=document,
        period_start=first,
        period_end=last,
        strand=StrandFactory(code="ASYLUM") if same_strand else None,
        amount=Decimal(5),
    )
    said = (
        f"The allocations 2007–2010, Strand ASYLUM, EUR 1 000 000 and "
        f"{first}, Strand ASYLUM, EUR 5 hold the same years twice."
    )
    assert texts(document) == ([said] if refused else [])


def test_years_one_after_another_are_no_whole_and_part():
    document = indicative_programme(status=DRAFT)
    document.allocations.update(period_end=2008)
    AllocationFactory(document=document, period_start=2009, period_end=2010, amount=Decimal(5))
    assert texts(document) == []


def test_allocations_add_up_to_what_it_states():
    document = indicative_programme(status=DRAFT, stated_amount=Decimal("1000000.01"))
    assert texts(document) == [
        "Its allocations add up to EUR 1 000 000, but it states EUR 1 000 000.01."
    ]
    document.stated_amount = Decimal(1000000)
    assert texts(document) == []


def test_withdrawn_actions_and_passages_ask_for_nothing():
    document = work_programme(status=DRAFT)
    ActionFactory(work_programme=document, withdrawn=True)
    PassageFactory(document=document, text=" ", withdrawn=True)
    assert texts(document) == []


def set_envelope(amount: str) -> None:
    post_line(
        Measure.ENVELOPE, amount, indicative_programme="MIP", period_start=2007, period_end=2010
    )


def plan(amount: str, code: str = "OLD") -> None:
    DocumentFactory(code=code)
    post_line(
        Measure.PLANNED, amount, indicative_programme="MIP", work_programme=code, budget_year=2008
    )


@pytest.mark.parametrize(
    ("envelope", "planned", "over"),
    [("400000", None, 0), ("399999.99", None, 1), ("500000", "100000", 0), ("500000", "100001", 1)],
)
def test_more_than_the_envelope_is_an_excess(envelope, planned, over):
    document = work_programme()
    set_envelope(envelope)
    if planned:
        plan(planned)
    assert len(excesses(document)) == over


def test_an_excess_says_how_much():
    document = work_programme()
    set_envelope("400000")
    plan("0.50")
    (excess,) = excesses(document)
    assert excess.text.replace("\u00a0", " ") == (
        "EUR 400 000.50 would be planned under MIP: EUR 0.50 more than its EUR 400 000."
    )
    assert excess.url == "/programmes/documents/MIP/"


def test_where_no_envelope_is_set_none_is_exceeded():
    assert excesses(work_programme()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_action_as_for_three(django_assert_num_queries, count):
    document = DocumentFactory(code="AAP-2009", status=DRAFT)
    for number in range(count):
        complete_action(document, f"AAP-2009-{number}")
    document.refresh_from_db()
    with django_assert_num_queries(8):
        lacks(document)
