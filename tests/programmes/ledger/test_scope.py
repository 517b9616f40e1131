"""Questions have one address each, and a question that cannot be asked says why."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from programmes.ledger.models import Measure, Posting
from programmes.ledger.posting import post
from programmes.ledger.scope import (
    AsOf,
    Axis,
    Scope,
    ScopeError,
    parse_question,
    query_string,
)
from tests.factories.programmes import CountryFactory, ProgrammeFactory, StrandFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def vocabulary():
    programme = ProgrammeFactory(code="TPMA")
    for code in ("MIGDEV", "ASYLUM"):
        StrandFactory(code=code, programmes=[programme])
    for code in ("MA", "TN"):
        CountryFactory(code=code)


def test_the_order_of_parameters_does_not_matter(vocabulary):
    scope, as_of = parse_question(
        {
            "to": ["2010"],
            "strand": ["MIGDEV", "ASYLUM", "MIGDEV"],
            "programme": ["TPMA"],
            "country": ["TN", "MA"],
            "from": ["2007"],
        }
    )
    assert scope == Scope(
        "TPMA", strands=("ASYLUM", "MIGDEV"), countries=("MA", "TN"), start="2007", end="2010"
    )
    assert query_string(scope, as_of) == (
        "as_of=0&axis=budget&country=MA&country=TN&from=2007&programme=TPMA"
        "&strand=ASYLUM&strand=MIGDEV&to=2010"
    )


def test_an_axis_without_a_period_is_not_part_of_the_address(vocabulary):
    scope, as_of = parse_question({"programme": ["TPMA"], "axis": ["event"]})
    assert query_string(scope, as_of) == "as_of=0&programme=TPMA"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({}, "programme"),
        ({"programme": ["NONE"]}, "programme"),
        ({"programme": ["TPMA", "TPMA"]}, "programme"),
        ({"programme": ["TPMA"], "colour": ["red"]}, "colour"),
        ({"programme": ["TPMA"], "strand": ["NONE"]}, "strand"),
        ({"programme": ["TPMA"], "country": ["ZZ"]}, "country"),
        ({"programme": ["TPMA"], "region": ["NOWHERE"]}, "region"),
        ({"programme": ["TPMA"], "call": ["NONE"]}, "call"),
        ({"programme": ["TPMA"], "from": ["07"]}, "from"),
        ({"programme": ["TPMA"], "to": ["2010-13"]}, "to"),
        ({"programme": ["TPMA"], "from": ["2010"], "to": ["2009"]}, "to"),
        ({"programme": ["TPMA"], "from": ["2010-02"]}, "axis"),
        ({"programme": ["TPMA"], "from": ["2010"], "axis": ["moon"]}, "axis"),
        ({"programme": ["TPMA"], "as_of": ["yesterday"]}, "as_of"),
        ({"programme": ["TPMA"], "as_of": ["2026"]}, "as_of"),
        ({"programme": ["TPMA"], "as_of": ["999999999999"]}, "as_of"),
        ({"programme": ["TPMA"], "as_of": ["2026-02-30"]}, "as_of"),
        ({"programme": ["TP\x00MA"]}, "programme"),
    ],
)
def test_what_cannot_be_asked_names_the_parameter(vocabulary, params, field):
    with pytest.raises(ScopeError) as refusal:
        parse_question(params)
    assert field in refusal.value.message_dict


def test_every_wrong_parameter_is_named_at_once(vocabulary):
    with pytest.raises(ScopeError) as refusal:
        parse_question(
            {"programme": ["NONE"], "strand": ["NONE"], "from": ["x"], "colour": ["red"]}
        )
    assert set(refusal.value.message_dict) == {"programme", "strand", "from", "colour"}


def test_programming_measures_know_budget_years_only():
    scope = Scope("TPMA", start="2009-03", end="2010-02", axis=Axis.EVENT)
    assert scope.for_measure("planned") == Scope("TPMA", start="2009", end="2010")
    assert scope.for_measure("paid") == scope


def demonstration_line(moment: datetime, amount: str) -> Posting:
    return Posting(
        programme="DEMO",
        measure=Measure.CONTRACTED,
        amount=Decimal(amount),
        event="signed",
        posted_at=moment,
    )


def test_a_day_means_its_end_in_brussels(officer):
    ProgrammeFactory(code="DEMO", demonstration=True)
    before_midnight = datetime(2024, 6, 30, 21, 59, 59, tzinfo=UTC)
    after_midnight = datetime(2024, 6, 30, 22, 0, 0, tzinfo=UTC)
    first, second = post(
        [demonstration_line(before_midnight, "1.00"), demonstration_line(after_midnight, "2.00")],
        by=officer,
    )
    asked = {"programme": ["DEMO"], "as_of": ["2024-06-30"]}
    _scope, as_of = parse_question(asked)
    assert as_of == AsOf(first.position, before_midnight)
    _scope, newest = parse_question({"programme": ["DEMO"], "as_of": [str(second.position)]})
    assert newest.position == second.position


def test_a_day_before_anything_was_posted(vocabulary):
    _scope, as_of = parse_question({"programme": ["TPMA"], "as_of": ["1999-01-01"]})
    assert as_of == AsOf(0, None)
