"""The lots of a call as a tree, with what each takes from each budget year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from calls.models import Call, Lot, LotBudget

MOST_YEARS = 5


@dataclass(frozen=True)
class LotTree:
    """`columns` are the stated budget and the budget years; sub-lots lie in their lot and are not added to it."""

    columns: list[str]
    nodes: list[dict[str, Any]]


def lot_tree(call: Call) -> LotTree:
    """The lots of a call, sub-lots under their lot. Four queries, however many lots there are."""
    lots = list(call.lots.prefetch_related("strands", "regions", "budgets"))
    budgets = {lot.pk: {row.budget_year: row for row in lot.budgets.all()} for lot in lots}
    years = sorted({year for rows in budgets.values() for year in rows})[:MOST_YEARS]
    beneath: defaultdict[int | None, list[Lot]] = defaultdict(list)
    for lot in lots:
        beneath[lot.parent_id].append(lot)

    def nodes(parent: int | None) -> list[dict[str, Any]]:
        return [
            _node(lot, years, budgets[lot.pk]) | {"children": nodes(lot.pk)}
            for lot in beneath[parent]
        ]

    return LotTree([_("Budget stated"), *(str(year) for year in years)], nodes(None))


def _node(lot: Lot, years: Sequence[int], budgets: dict[int, LotBudget]) -> dict[str, Any]:
    no_budget = lot.budget is None and not budgets
    return {
        "kind": _("Sub-lot %(number)s") % {"number": lot.number}
        if lot.parent_id
        else _("Lot %(number)s") % {"number": lot.number},
        "label": lot.title,
        "code": lot.code,
        "note": _about(lot),
        "marks": ["unconfirmed"] if lot.is_unconfirmed else [],
        "gaps": [_("budget not reported")] if no_budget else [],
        "figures": [_stated(lot), *(_of_year(budgets.get(year)) for year in years)],
    }


def _about(lot: Lot) -> str:
    parts = [str(each) for each in (*lot.strands.all(), *lot.regions.all())]
    return "; ".join(parts)


def _stated(lot: Lot) -> dict[str, Any] | None:
    if lot.budget is None:
        return None
    unconfirmed = lot.is_field_unconfirmed("budget")
    return {"value": lot.budget, "marks": ["unconfirmed"] if unconfirmed else []}


def _of_year(budget: LotBudget | None) -> dict[str, Any] | None:
    if budget is None:
        return None
    condition = _("if the budget of that year allows") if budget.conditional else ""
    return {"value": budget.amount, "coverage": condition}
