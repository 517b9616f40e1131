"""Booking: a second officer sets the money aside, and the ledger says so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.lifecycle import move
from portal.wording import money, partial_date
from programmes.actions.financing.commitments import (
    lock_proposed,
    refuse_stale,
    write_commitment_entry,
)
from programmes.actions.financing.refusing import in_future, not_in_force, refuse
from programmes.actions.financing.standing import ZERO
from programmes.actions.four_eyes import refuse_own_change
from programmes.cells import cells_of
from programmes.completeness import Excess, Lack
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.posting import post
from programmes.ledger.scope import Scope, now
from programmes.models import Action, Commitment, CommitmentStatus
from programmes.refusals import ReasonNeeded

BOOKED_EVENT = "Global commitment booked"


@transaction.atomic
def book_commitment(
    commitment: Commitment,
    *,
    by: User,
    on: date,
    freed_on: date | None = None,
    reason: str = "",
    revision: int | None = None,
) -> Commitment:
    """Set the money of a proposed commitment aside: posts `committed`, dated `on`, where the action's money lies.

    Money that is conditional, as proposed or as the work programme has it by now, needs `freed_on`, the day
    that year's budget was adopted. What goes above the action's indicative amount of the year needs a reason
    (`ReasonNeeded`). Raises `Refused` with everything that stands in the way, `MoveRefused` where it is booked
    already, `FourEyes` where `by` proposed or changed it or a decision of which nothing is booked yet, and
    `Stale` where it is no longer what stood at `revision`.
    """
    action = lock_proposed(commitment)
    refuse_own_change(commitment, by)
    refuse_stale(commitment, revision)
    _refuse_booking(commitment, action, on, freed_on)
    excess = _excess(commitment, action)
    if excess and not reason:
        raise ReasonNeeded([excess])
    was_conditional = commitment.conditional
    _move(commitment, on, freed_on)
    _write(commitment, was_conditional, by=by, reason=reason)
    post([_line(commitment, action)], by=by, reason=reason)
    return commitment


def _move(commitment: Commitment, on: date, freed_on: date | None) -> None:
    conditional = commitment.is_conditional()
    move(
        commitment,
        "book",
        booked_on=on,
        conditional=conditional,
        freed_on=freed_on if conditional else None,
        revision=commitment.revision + 1,
    )


def _write(commitment: Commitment, was_conditional: bool, *, by: User, reason: str) -> None:
    amended = commitment.conditional != was_conditional
    days = {"booked_on": commitment.booked_on, "freed_on": commitment.freed_on}
    write_commitment_entry(
        "book_commitment",
        commitment,
        by=by,
        old={
            "status": CommitmentStatus.PROPOSED,
            **({"conditional": was_conditional} if amended else {}),
        },
        new={
            "status": CommitmentStatus.BOOKED,
            "amount": str(commitment.amount),
            **({"conditional": commitment.conditional} if amended else {}),
            **{name: str(day) for name, day in days.items() if day},
        },
        reason=reason,
    )


def _line(commitment: Commitment, action: Action) -> Posting:
    return Posting(
        measure=Measure.COMMITTED,
        amount=commitment.amount,
        value_date=commitment.booked_on,
        budget_year=commitment.budget_year,
        commitment=commitment.code,
        event=BOOKED_EVENT,
        **cells_of(action),
    )


def _refuse_booking(
    commitment: Commitment, action: Action, on: date, freed_on: date | None
) -> None:
    url = reverse("book_commitment", args=[commitment.code])
    above = action.work_programme
    refuse(
        [
            not_in_force(above, above.get_absolute_url()),
            _withdrawn(action),
            in_future(on, f"{url}#id_on"),
            *_out_of_time(commitment, on, f"{url}#id_on"),
            *_not_freed(commitment, on, freed_on, f"{url}#id_freed_on"),
        ]
    )


def _withdrawn(action: Action) -> Lack | None:
    if not action.withdrawn:
        return None
    text = _("An amendment took this action out of the work programme.")
    return Lack(text, action.get_absolute_url())


def _out_of_time(commitment: Commitment, on: date, url: str) -> list[Lack]:
    lacks = []
    if on < commitment.decision.decided_on:
        day = partial_date(commitment.decision.decided_on)
        lacks.append(Lack(_("The decision was made on %(day)s, later.") % {"day": day}, url))
    if on > commitment.final_contracting_date:
        day = partial_date(commitment.final_contracting_date)
        text = _("Contracting ends on %(day)s, before it would be booked.")
        lacks.append(Lack(text % {"day": day}, url))
    return lacks


def _not_freed(commitment: Commitment, on: date, freed_on: date | None, url: str) -> list[Lack]:
    if not commitment.is_conditional():
        return []
    if freed_on is None:
        text = _("The money is subject to the budget of %(year)s: say when that was adopted.")
        return [Lack(text % {"year": commitment.budget_year}, url)]
    if freed_on > on:
        return [Lack(_("The budget was adopted after the day of booking."), url)]
    return []


def _excess(commitment: Commitment, action: Action) -> Excess | None:
    """By how much the booked money of the action and year would go above what the work programme indicates."""
    year, programme = commitment.budget_year, action.work_programme.programme.code
    scope = Scope(programme, action=action.code)
    booked = figures.table(Measure.COMMITTED, scope, now([programme]), ["budget_year"])
    before = booked[(year,)].amount if (year,) in booked else ZERO
    indicated = sum(
        (each.amount for each in action.amounts.all() if each.budget_year == year), ZERO
    )
    if before + commitment.amount <= indicated:
        return None
    return Excess(
        _in_words(year, before, commitment.amount, indicated),
        f"{reverse('book_commitment', args=[commitment.code])}#id_reason",
    )


def _in_words(year: int, before: Decimal, amount: Decimal, indicated: Decimal) -> str:
    text = _(
        "The work programme indicates %(indicated)s for this action in %(year)s. "
        "With this one %(booked)s would be booked: %(over)s more. Say why."
    )
    return text % {
        "year": year,
        "indicated": money(indicated),
        "booked": money(before + amount),
        "over": money(before + amount - indicated),
    }
