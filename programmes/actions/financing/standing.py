"""What stands of a commitment in the ledger: cell by cell, and how much of it is still free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now
from programmes.models import Commitment

ZERO = Decimal("0.00")

# The cells of a posting that a commitment's money lies in.
CELLS = (
    "budget_year",
    "programme",
    "strand",
    "place",
    "region",
    "country",
    "attribution",
    "indicative_programme",
    "work_programme",
    "action",
)


@dataclass(frozen=True)
class Standing:
    """What is committed, cell by cell, and what is contracted of it, in EUR."""

    cells: list[tuple[dict[str, Any], Decimal]]
    contracted: Decimal

    @property
    def committed(self) -> Decimal:
        return sum((amount for _cell, amount in self.cells), ZERO)

    @property
    def free(self) -> Decimal:
        """What no contract has taken."""
        return max(self.committed - self.contracted, ZERO)

    def take(self, amount: Decimal) -> Iterator[tuple[dict[str, Any], Decimal]]:
        """Cells and parts that add up to `amount`."""
        for cell, held in self.cells:
            part = min(amount, held)
            if part > 0:
                yield cell, part
                amount -= part


def standing_of(commitment: Commitment) -> Standing:
    """What stands now. Ask with the action locked, so that nothing is booked, released or contracted meanwhile."""
    programme = commitment.decision.work_programme.programme.code
    scope, as_of = Scope(programme, commitment=commitment.code), now([programme])
    held = figures.table(Measure.COMMITTED, scope, as_of, CELLS)
    cells = [(dict(zip(CELLS, key, strict=True)), cell.amount) for key, cell in held.items()]
    cells.sort(key=lambda each: tuple(str(value) for value in each[0].values()))
    contracted = figures.value(Measure.CONTRACTED, scope, as_of).total
    return Standing([each for each in cells if each[1]], contracted or ZERO)


def committed_line(
    commitment: Commitment, cell: dict[str, Any], amount: Decimal, **more: Any
) -> Posting:
    """A posting of `committed` in one cell, of which `more` may say otherwise."""
    told = {**cell, "commitment": commitment.code, **more}
    return Posting(measure=Measure.COMMITTED, amount=amount, **told)
