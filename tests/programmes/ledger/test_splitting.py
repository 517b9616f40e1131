"""Parts always add up to the whole, to the cent."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.ledger.splitting import split, split_next

cents = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n) / 100)


@st.composite
def shares(draw) -> dict[str, Decimal]:
    """Percentages with four decimals that add up to 100."""
    cuts = draw(st.lists(st.integers(1, 999_999), unique=True, max_size=8))
    edges = [0, *sorted(cuts), 1_000_000]
    return {f"S{n}": Decimal(high - low) / 10_000 for n, (low, high) in enumerate(pairwise(edges))}


@given(cents, shares())
def test_parts_add_up(amount, parts):
    divided = split(amount, parts)
    assert sum(divided.values()) == amount
    for key, part in divided.items():
        assert abs(part - amount * parts[key] / 100) < Decimal("0.01")


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=6), shares())
def test_payments_in_any_number_of_steps_end_at_the_contracts_parts(steps, parts):
    posted: dict[str, Decimal] = {}
    paid = Decimal(0)
    for step in steps:
        paid += Decimal(step) / 100
        payment = split_next(paid, parts, posted)
        assert sum(payment.values()) == Decimal(step) / 100
        assert all(payment.values())
        for key, part in payment.items():
            posted[key] = posted.get(key, Decimal(0)) + part
    contracted = {key: part for key, part in split(paid, parts).items() if part}
    assert {key: part for key, part in posted.items() if part} == contracted


def test_the_largest_remainder_takes_the_cent():
    thirds = {"A": Decimal("33.3333"), "B": Decimal("33.3333"), "C": Decimal("33.3334")}
    assert split(Decimal("100.00"), thirds) == {
        "A": Decimal("33.33"),
        "B": Decimal("33.33"),
        "C": Decimal("33.34"),
    }


@pytest.mark.parametrize("total", ["99.9", "70", "100.0001"])
def test_shares_that_do_not_add_up_are_refused(total):
    with pytest.raises(ValueError, match="100"):
        split(Decimal("10.00"), {"A": Decimal(total)})


def test_parts_of_a_cent_are_refused():
    with pytest.raises(ValueError, match="cents"):
        split(Decimal("0.005"), {"A": Decimal(100)})
