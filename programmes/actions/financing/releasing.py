"""What no contract took: released for good, or carried over to the year after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.wording import money, partial_date
from programmes.actions.financing.commitments import (
    lock_commitment,
    next_code,
    refuse_stale,
    told_of,
    usual_final_date,
    write_commitment_entry,
)
from programmes.actions.financing.refusing import in_future, not_money, refuse
from programmes.actions.financing.standing import Standing, committed_line, standing_of
from programmes.actions.keeping import keep
from programmes.completeness import Lack
from programmes.ledger.models import Place, Posting
from programmes.ledger.posting import post
from programmes.models import Commitment, CommitmentStatus

DECOMMITTED_EVENT = "Decommitted"
OUT_EVENT = "Carried over to %s"
INTO_EVENT = "Carried over from %s"


@transaction.atomic
def decommit_commitment(
    commitment: Commitment,
    *,
    by: User,
    amount: Decimal,
    on: date,
    reason: str,
    revision: int | None = None,
) -> Commitment:
    """Release `amount` EUR of a booked commitment: posts `committed` with the opposite sign.

    Never more than no contract has taken, however many do it at once, and in the region in which it was booked.
    Raises `Refused`, and `Stale` where the commitment is no longer what stood at `revision`.
    """
    lock_commitment(commitment)
    refuse_stale(commitment, revision)
    standing = standing_of(commitment)
    url = reverse("decommit_commitment", args=[commitment.code])
    refuse(
        [
            *_common_lacks(commitment, on, reason, url),
            not_money(amount, f"{url}#id_amount"),
            _above(standing.free, amount, f"{url}#id_amount"),
        ]
    )
    _raise_revision(commitment)
    write_commitment_entry(
        "decommit_commitment",
        commitment,
        by=by,
        old={"committed": str(standing.committed)},
        new={"committed": str(standing.committed - amount), "on": str(on)},
        reason=reason,
    )
    told = {"value_date": on, "event": DECOMMITTED_EVENT}
    lines = [
        committed_line(commitment, cell, -part, **told) for cell, part in standing.take(amount)
    ]
    post(lines, by=by, reason=reason, corrects=True)
    return commitment


def _raise_revision(commitment: Commitment) -> None:
    commitment.revision += 1
    commitment.full_clean()
    commitment.save(update_fields=["revision"])


@transaction.atomic
def carry_over_commitment(
    commitment: Commitment,
    *,
    by: User,
    to_year: int,
    amount: Decimal,
    on: date,
    reason: str,
    revision: int | None = None,
) -> Commitment:
    """Move `amount` EUR of conditional money that no contract took to the budget year after its own.

    The part carried over becomes a booked commitment of its own, of the same decision and action, and is
    returned. It may be contracted until 31 December of the year after its own, and is not carried over
    again; what stays keeps its date. Posts the amount out of the one and into the other in one
    transaction. Raises `Refused`, and `Stale` as above.
    """
    lock_commitment(commitment)
    refuse_stale(commitment, revision)
    standing = standing_of(commitment)
    refuse(
        _carry_over_lacks(
            commitment, standing, to_year=to_year, amount=amount, on=on, reason=reason
        )
    )
    carried = _carried(commitment, to_year, amount, on)
    keep(carried)
    _raise_revision(commitment)
    _write_carry_over(commitment, carried, standing, by=by, reason=reason)
    taken = list(standing.take(amount))
    post(_out(commitment, carried, taken), by=by, reason=reason, corrects=True)
    post(_into(commitment, carried, taken), by=by, reason=reason)
    return carried


def _carried(commitment: Commitment, to_year: int, amount: Decimal, on: date) -> Commitment:
    """The part that is carried over. It waits for no budget: the one that it was subject to is adopted."""
    return Commitment(
        code=next_code(commitment.decision),
        decision=commitment.decision,
        action=commitment.action,
        budget_year=to_year,
        amount=amount,
        final_contracting_date=usual_final_date(to_year),
        status=CommitmentStatus.BOOKED,
        booked_on=on,
    )


def _write_carry_over(
    commitment: Commitment, carried: Commitment, standing: Standing, *, by: User, reason: str
) -> None:
    """Two entries: what is less of the one, and that there is the other."""
    told: dict[str, Any] = {"by": by, "reason": reason}
    left, on = standing.committed - carried.amount, str(carried.booked_on)
    write_commitment_entry(
        "carry_over_commitment",
        commitment,
        old={"committed": str(standing.committed)},
        new={"committed": str(left), "on": on, "carried_over_to": carried.code},
        **told,
    )
    write_commitment_entry(
        "carry_over_commitment",
        carried,
        new={
            **told_of(carried),
            "status": carried.status,
            "booked_on": on,
            "carried_over_from": commitment.code,
        },
        **told,
    )


Taken = list[tuple[dict[str, Any], Decimal]]


def _out(commitment: Commitment, carried: Commitment, taken: Taken) -> list[Posting]:
    told = {"value_date": carried.booked_on, "event": OUT_EVENT % carried.budget_year}
    return [committed_line(commitment, cell, -part, **told) for cell, part in taken]


def _into(commitment: Commitment, carried: Commitment, taken: Taken) -> list[Posting]:
    """The same cells in the year after; a country lies in the region in which that year has it."""
    told = {
        "value_date": carried.booked_on,
        "event": INTO_EVENT % commitment.budget_year,
        "budget_year": carried.budget_year,
    }
    return [
        committed_line(
            carried,
            cell,
            part,
            region="" if cell["place"] == Place.COUNTRY else cell["region"],
            **told,
        )
        for cell, part in taken
    ]


def _common_lacks(commitment: Commitment, on: date, reason: str, url: str) -> list[Lack | None]:
    if commitment.status != CommitmentStatus.BOOKED or commitment.booked_on is None:
        return [Lack(_("The commitment is not booked yet."), commitment.get_absolute_url())]
    early = None
    if on < commitment.booked_on:
        day = partial_date(commitment.booked_on)
        early = Lack(_("It was booked on %(day)s, later.") % {"day": day}, f"{url}#id_on")
    unsaid = None if reason.strip() else Lack(_("Say why."), f"{url}#id_reason")
    return [in_future(on, f"{url}#id_on"), early, unsaid]


def _above(free: Decimal, amount: Decimal, url: str) -> Lack | None:
    if amount <= free:
        return None
    text = _("No more than %(free)s is free: contracts have taken the rest.")
    return Lack(text % {"free": money(free)}, url)


def _carry_over_lacks(
    commitment: Commitment,
    standing: Standing,
    *,
    to_year: int,
    amount: Decimal,
    on: date,
    reason: str,
) -> list[Lack | None]:
    url = reverse("carry_over_commitment", args=[commitment.code])
    return [
        *_common_lacks(commitment, on, reason, url),
        _unconditional(commitment),
        _another_year(commitment.budget_year, to_year, f"{url}#id_to_year"),
        _there_already(commitment, to_year, f"{url}#id_to_year"),
        _lapsed(commitment, on, f"{url}#id_on"),
        not_money(amount, f"{url}#id_amount"),
        _above(standing.free, amount, f"{url}#id_amount"),
    ]


def _unconditional(commitment: Commitment) -> Lack | None:
    if commitment.conditional:
        return None
    text = _("Only money that was subject to the budget of its year is carried over.")
    return Lack(text, commitment.get_absolute_url())


def _another_year(year: int, to_year: int, url: str) -> Lack | None:
    if to_year == year + 1:
        return None
    text = _("Money of %(year)s is carried over to %(next)s, to no other year.")
    return Lack(text % {"year": year, "next": year + 1}, url)


def _there_already(commitment: Commitment, to_year: int, url: str) -> Lack | None:
    """A decision sets money of a year aside for an action once; what was carried over is as final as what was booked."""
    others = Commitment.objects.filter(
        decision=commitment.decision, action=commitment.action, budget_year=to_year
    ).exclude(pk=commitment.pk)
    other = others.first()
    if other is None:
        return None
    text = _("%(code)s has money of %(year)s for this action by the same decision already.")
    return Lack(text % {"code": other.code, "year": to_year}, url)


def _lapsed(commitment: Commitment, on: date, url: str) -> Lack | None:
    if on <= commitment.final_contracting_date:
        return None
    day = partial_date(commitment.final_contracting_date)
    text = _("Contracting ended on %(day)s: what is left is released, not carried over.")
    return Lack(text % {"day": day}, url)
