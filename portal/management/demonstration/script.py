"""What everybody needs who tells of the demonstration: the plan, its amounts, and the two officers."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.models import User
from portal.management.demonstration.amounts import Amounts
from portal.management.demonstration.plan import Plan


@dataclass(frozen=True)
class Script:
    """`amounts` are planned by action code and budget year, `needed` the most that contracts ever take of them."""

    plan: Plan
    amounts: Amounts
    needed: Amounts
    people: tuple[User, User]

    def writer(self, year: int) -> User:
        """Who drafts what belongs to a year: the two officers take turns."""
        return self.people[year % 2]

    def approver(self, year: int) -> User:
        """The other one, who adopts and books."""
        return self.people[(year + 1) % 2]
