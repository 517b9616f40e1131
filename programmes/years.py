"""Whether the years of a document and of its actions lie within those of what they rest on.

Works on records in hand; years that are not reported bound nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from programmes.models import Action, Document, DocumentKind


def is_within(document: Document, parent: Document) -> bool:
    """The years lie within the parent's; a work programme may be carried out beyond them once it began within."""
    first = document.period_start
    last = first if document.kind == DocumentKind.WORK_PROGRAMME else document.period_end
    begins, ends = parent.period_start, parent.period_end
    return not (first and begins and first < begins) and not (last and ends and last > ends)


def years_outside(action: Action, parent: Document) -> Iterator[int]:
    """The budget years of an action that its indicative programme does not cover, each once, in order.

    Money may be taken from covered years alone. An amount of a later year that is subject to the budget of
    that year promises none yet, so it may run past them; the first year cannot be such a one. Reads the
    action's amounts: prefetch them before asking for many.
    """
    begins, ends = parent.period_start, parent.period_end
    for place, amount in enumerate(action.amounts.all()):
        year = amount.budget_year
        outside = (begins and year < begins) or (ends and year > ends)
        if outside and not (place and amount.conditional):
            yield year
