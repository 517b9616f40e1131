"""Lines of money as people type them in: an allocation of an indicative programme, an amount of an action."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from programmes.models import Region, Strand


@dataclass(frozen=True)
class AllocationLine:
    """What is set aside in EUR for some years, both included: by strand, by region, or what is left of both."""

    period_start: int
    period_end: int
    strand: Strand | None
    region: Region | None
    amount: Decimal


@dataclass(frozen=True)
class AmountLine:
    """An indicative amount in EUR for a budget year; `conditional` where it waits for the budget of that year."""

    budget_year: int
    amount: Decimal
    conditional: bool = False
