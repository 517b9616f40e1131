"""Dividing an amount by shares, to the cent, so that the parts always add up to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import TypeVar

Key = TypeVar("Key")
CENT = Decimal("0.01")


def split(amount: Decimal, shares: Mapping[Key, Decimal]) -> dict[Key, Decimal]:
    """Parts of `amount` by percentage, largest remainder first, ties in the order of `shares`.

    Shares add up to 100 and `amount` is whole cents, or `ValueError` is raised. Parts add up to `amount`.
    """
    if sum(shares.values()) != 100:
        raise ValueError(f"shares add up to {sum(shares.values())}, not to 100")
    cents = amount / CENT
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of cents")
    sign, cents = (-1, -cents) if cents < 0 else (1, cents)
    exact = {key: cents * share / 100 for key, share in shares.items()}
    parts = {key: value.to_integral_value(ROUND_FLOOR) for key, value in exact.items()}
    left = int(cents - sum(parts.values()))
    by_remainder = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in by_remainder[:left]:
        parts[key] += 1
    return {key: sign * part * CENT for key, part in parts.items()}


def split_next(
    cumulative: Decimal, shares: Mapping[Key, Decimal], posted: Mapping[Key, Decimal]
) -> dict[Key, Decimal]:
    """The parts of the next payment: the split of all paid so far less what each cell already holds.

    A contract paid in full thus equals its contracted parts in every cell, however it was paid.
    Parts of zero are left out.
    """
    due = split(cumulative, shares)
    parts = {key: due[key] - posted.get(key, Decimal(0)) for key in shares}
    return {key: part for key, part in parts.items() if part}
