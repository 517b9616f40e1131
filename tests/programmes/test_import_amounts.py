"""Which stated amounts set an envelope, and how it divides: pure arithmetic, no database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.actions.envelopes import EnvelopeRefused, Stated, envelopes


def stated(amount: int, first: int, last: int, **changes) -> Stated:
    facts = {"about": "OLD", "programme": "OLD", "dimension": "total", "key": "TOTAL"}
    facts |= {"kind": "budget", "row": 2} | changes
    return Stated(first=first, last=last, amount=Decimal(amount), **facts)


def leaves(*rows: Stated, homes: dict[str, str] | None = None) -> list[tuple]:
    found = envelopes(rows, homes or {})
    return [
        (leaf.indicative_programme, leaf.region, leaf.first, leaf.last, leaf.amount)
        for leaf in found
    ]


MIP = {"about": "MIP", "programme": "NEW", "kind": "indicative"}


def test_a_budget_of_years_inside_others_is_counted_once() -> None:
    rows = [stated(120, 2004, 2006), stated(75, 2004, 2005), stated(45, 2006, 2006)]
    assert leaves(*rows) == [("", "", 2004, 2005, 75), ("", "", 2006, 2006, 45)]


def test_what_the_parts_leave_is_a_leaf() -> None:
    rows = [stated(120, 2004, 2006), stated(75, 2004, 2005), stated(40, 2004, 2004)]
    assert leaves(*rows) == [
        ("", "", 2004, 2006, 45),
        ("", "", 2004, 2005, 35),
        ("", "", 2004, 2004, 40),
    ]


def test_a_region_and_the_rest_of_an_indicative_programme() -> None:
    rows = [
        stated(205, 2007, 2010, **MIP),
        stated(70, 2007, 2010, **MIP | {"dimension": "region", "key": "SOUTH"}),
    ]
    assert leaves(*rows, homes={"MIP": "NEW"}) == [
        ("MIP", "SOUTH", 2007, 2010, 70),
        ("MIP", "", 2007, 2010, 135),
    ]


@pytest.mark.parametrize("kind", ["announced", "estimate", "identified", "reference amount"])
def test_other_kinds_set_no_envelope(kind) -> None:
    assert leaves(stated(20, 2003, 2003, kind=kind)) == []
    assert leaves(stated(20, 2011, 2013, **MIP | {"kind": kind}), homes={"MIP": "NEW"}) == []


def test_a_budget_sets_none_where_there_is_an_indicative_programme() -> None:
    row = stated(384, 2007, 2013, about="NEW", programme="NEW")
    assert leaves(row, homes={"MIP": "NEW"}) == []


def test_parts_larger_than_their_whole_are_refused() -> None:
    with pytest.raises(EnvelopeRefused) as refused:
        leaves(stated(10, 2004, 2005, row=7), stated(11, 2004, 2004))
    assert refused.value.row == 7


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=12), st.integers(0, 10**9))
def test_leaves_add_up_to_the_whole(parts, rest) -> None:
    rows = [stated(part, 2000 + at, 2000 + at) for at, part in enumerate(parts)]
    whole = stated(sum(parts) + rest, 1990, 2050)
    found = leaves(whole, *rows)
    assert sum(leaf[-1] for leaf in found) == whole.amount
    assert len(found) == len(parts) + bool(rest)
