"""The envelope meter: what is available, how much of it is called or contracted, and what is left."""

from __future__ import annotations

from decimal import Decimal

import pytest

from calls.models import CallStatus
from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import now
from programmes.meter import drawn, meter_of, meters_of
from programmes.models import Action, DocumentStatus
from tests.factories.calls import CallFactory, LotBudgetFactory
from tests.factories.ledger import post_line
from tests.factories.programmes import (
    ActionFactory,
    CommitmentFactory,
    DocumentFactory,
    FinancingDecisionFactory,
)
from tests.pages import text_of, tree_of
from tests.programmes.financed import booked, contracted, planned_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(db) -> Action:
    return planned_action()


def called(action: Action, amount: str, year: int = 2010, status: str = "published") -> None:
    """A lot of a call that the action funds."""
    LotBudgetFactory(
        lot__call=CallFactory(status=status), action=action, budget_year=year, amount=amount
    )


def numbers(record) -> tuple[Decimal | None, ...]:
    meter = meter_of(record, now(["TPMA"]))
    return meter.available, meter.called, meter.contracted, meter.used, meter.left


def test_before_anything_is_used_all_is_left(action):
    for record in (action, action.work_programme):
        assert numbers(record) == (1_400_000, None, None, None, 1_400_000)


def test_what_is_not_reported_stays_so(action):
    assert numbers(action.work_programme.parent) == (None, None, None, None, None)


def test_the_larger_of_called_and_contracted_is_used(action):
    called(action, "300000")
    called(action, "200000", 2011)
    assert numbers(action) == (1_400_000, 500_000, None, 500_000, 900_000)
    post_line(Measure.CONTRACTED, "450000", work_programme="AWP-2010", action="AWP-2010-1")
    assert numbers(action) == (1_400_000, 500_000, 450_000, 500_000, 900_000)
    post_line(Measure.CONTRACTED, "100000.25", work_programme="AWP-2010", action="AWP-2010-1")
    assert numbers(action) == (
        1_400_000,
        500_000,
        Decimal("550000.25"),
        Decimal("550000.25"),
        Decimal("849999.75"),
    )


def test_each_action_counts_its_own_larger_amount(action):
    """Called 300 and contracted 100 of one, called 50 and contracted 80 of another, 7 of no action: 387."""
    other = ActionFactory(code="AWP-2010-2", work_programme=action.work_programme)
    called(action, "300")
    called(other, "50")
    above = {"work_programme": "AWP-2010", "indicative_programme": "MIP"}
    for amount, code in (("100", "AWP-2010-1"), ("80", "AWP-2010-2"), ("7", "")):
        post_line(Measure.CONTRACTED, amount, action=code, **above)
    post_line(
        Measure.ENVELOPE, "1000", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    assert numbers(action.work_programme)[1:4] == (350, 187, 387)
    assert numbers(action.work_programme.parent) == (1000, 350, 187, 387, 613)


@pytest.mark.parametrize(
    ("status", "used"),
    [
        (CallStatus.DRAFT, None),
        (CallStatus.CANCELLED, None),
        (CallStatus.PUBLISHED, 300),
        (CallStatus.SUSPENDED, 300),
        (CallStatus.AWARDED, 300),
    ],
)
def test_drafts_and_cancelled_calls_use_nothing(action, status, used):
    called(action, "300", status=status)
    assert meter_of(action, now(["TPMA"])).used == used


def test_a_commitment_is_used_by_its_contracts_and_the_lots_of_its_year(
    action, officer, second_officer
):
    commitment = booked(action, officer, second_officer)
    called(action, "200000", 2010)
    called(action, "90000", 2011)
    contracted(commitment, "150000")
    assert numbers(commitment) == (600_000, 200_000, 150_000, 200_000, 400_000)
    stages = meter_of(commitment, now(["TPMA"])).stages
    position = now(["TPMA"]).position
    assert [(stage.measure, stage.amount, stage.url) for stage in stages] == [
        (
            measure,
            amount,
            f"/evaluation/figures/{measure}/?as_of={position}&commitment=FD-2010-C1&programme=TPMA",
        )
        for measure, amount in (
            ("committed", 600_000),
            ("contracted", 150_000),
            ("paid", None),
            ("accepted", None),
        )
    ]


def test_lots_are_not_divided_between_two_commitments_of_one_year(action, officer, second_officer):
    commitment = booked(action, officer, second_officer)
    twin = booked_twin(commitment)
    called(action, "200000", 2010)
    contracted(commitment, "1")
    assert numbers(commitment) == (600_000, None, 1, 1, 599_999)
    assert numbers(twin)[1:4] == (None, None, None)


def booked_twin(commitment):
    return CommitmentFactory(
        decision=FinancingDecisionFactory(work_programme=commitment.action.work_programme),
        action=commitment.action,
        budget_year=commitment.budget_year,
        status="booked",
        booked_on=commitment.booked_on,
    )


def test_as_of_an_earlier_position(action):
    before = now(["TPMA"])
    post_line(Measure.CONTRACTED, "450000", work_programme="AWP-2010", action="AWP-2010-1")
    assert meter_of(action, before).contracted is None
    assert meter_of(action, now(["TPMA"])).contracted == 450_000


def test_many_at_once_are_what_each_is_alone(action, django_assert_num_queries):
    others = [
        ActionFactory(code=f"AWP-2010-{n}", work_programme=action.work_programme)
        for n in range(2, 5)
    ]
    for number, each in enumerate([action, *others], start=1):
        called(each, str(100 * number))
        post_line(Measure.CONTRACTED, str(250), work_programme="AWP-2010", action=each.code)
    as_of = now(["TPMA"])
    codes = [each.code for each in (action, *others)]
    with django_assert_num_queries(3):
        meters = meters_of(SubjectKind.ACTION, codes, "TPMA", as_of)
    assert meters == {each.code: meter_of(each, as_of) for each in (action, *others)}
    assert [meters[code].used for code in codes] == [250, 250, 300, 400]


@pytest.mark.parametrize(
    ("used", "bar", "over"),
    [
        ("350000", {"whole": "1000", "used": "250", "over": "0"}, None),
        ("1400000", {"whole": "1000", "used": "1000", "over": "0"}, None),
        ("2800000.50", {"whole": "1000", "used": "499", "over": "501"}, Decimal("1400000.50")),
    ],
)
def test_how_it_is_drawn(action, used, bar, over):
    post_line(Measure.CONTRACTED, used, work_programme="AWP-2010", action="AWP-2010-1")
    shown = drawn(meter_of(action, now(["TPMA"])))
    assert (shown["bar"], shown["over"]) == (bar, over)


def test_it_stands_on_the_pages_of_action_and_documents(action, visitor):
    post_line(
        Measure.ENVELOPE, "1000", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    post_line(
        Measure.CONTRACTED,
        "1400.50",
        indicative_programme="MIP",
        work_programme="AWP-2010",
        action="AWP-2010-1",
    )
    below = (
        "Used EUR 1 400.50 Left EUR 1 398 599.50 Called: not reported. Contracted: EUR 1 400.50. "
        "The larger counts, action by action."
    )
    for page in ("actions/AWP-2010-1", "documents/AWP-2010"):
        words = meter_words(visitor.get(f"/programmes/{page}/"))
        assert words.startswith(f"Envelope meter Available Planned EUR 1 400 000 {below}")
    assert meter_words(visitor.get("/programmes/documents/MIP/")).startswith(
        "Envelope meter Available Envelope EUR 1 000 Used EUR 1 400.50 Left EUR −400.50 "
        "Overdrawn: EUR 400.50 more is used than is available."
    )


def meter_words(response) -> str:
    return text_of(tree_of(response).xpath('//section[@id="meter"]')[0])


def test_a_document_of_which_nothing_is_known_has_none(visitor, officer, as_person):
    DocumentFactory(code="EMPTY")
    DocumentFactory(code="DRAFT", status=DocumentStatus.DRAFT)
    assert not tree_of(visitor.get("/programmes/documents/EMPTY/")).xpath('//*[@id="meter"]')
    page = as_person(officer).get("/programmes/documents/DRAFT/")
    assert not tree_of(page).xpath('//*[@id="meter"]')
