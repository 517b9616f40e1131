"""What no contract took: released for good, or carried over to the year after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.wording import money, partial_date
from programmes.actions.financing.commitments import (
    lock_commitment,
    refuse_stale,
    usual_final_date,
    write_commitment_entry,
)
from programmes.actions.financing.refusing import in_future, not_money, refuse
from programmes.actions.financing.standing import Standing, committed_line, standing_of
from programmes.completeness import Lack
from programmes.ledger.models import Posting
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
    """Release `amount` EUR of a booked commitment: posts `committed` with the opposite sign, the oldest year first.

    Never more than no contract has taken, however many do it at once. Raises `Refused`, and `Stale` where
    the commitment is no longer what stood at `revision`.
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
    post(lines, by=by, reason=reason)
    return commitment


def _raise_revision(commitment: Commitment) -> None:
    commitment.revision += 1
    commitment.full_clean()
    commitment.save(update_fields=["revision", "final_contracting_date"])


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

    Posts the amount out of its year and into the next in one transaction; it may then be contracted until
    31 December of the year after that. Raises `Refused`, and `Stale` as above.
    """
    lock_commitment(commitment)
    refuse_stale(commitment, revision)
    standing = standing_of(commitment)
    refuse(
        _carry_over_lacks(
            commitment, standing, to_year=to_year, amount=amount, on=on, reason=reason
        )
    )
    before = commitment.final_contracting_date
    commitment.final_contracting_date = max(before, usual_final_date(to_year))
    _raise_revision(commitment)
    _write_carry_over(commitment, before, to_year, amount, by=by, on=on, reason=reason)
    post(_carried(commitment, standing, to_year, amount, on), by=by, reason=reason)
    return commitment


def _write_carry_over(
    commitment: Commitment,
    before: date,
    to_year: int,
    amount: Decimal,
    *,
    by: User,
    on: date,
    reason: str,
) -> None:
    write_commitment_entry(
        "carry_over_commitment",
        commitment,
        by=by,
        old={"budget_year": commitment.budget_year, "final_contracting_date": str(before)},
        new={
            "budget_year": to_year,
            "final_contracting_date": str(commitment.final_contracting_date),
            "amount": str(amount),
            "on": str(on),
        },
        reason=reason,
    )


def _carried(
    commitment: Commitment, standing: Standing, to_year: int, amount: Decimal, on: date
) -> list[Posting]:
    """Out of the commitment's own year, and into the next."""
    year = commitment.budget_year
    there = {"value_date": on, "event": OUT_EVENT % to_year}
    here = {"value_date": on, "event": INTO_EVENT % year, "budget_year": to_year}
    taken = list(standing.take(amount, year))
    out = [committed_line(commitment, cell, -part, **there) for cell, part in taken]
    return out + [committed_line(commitment, cell, part, **here) for cell, part in taken]


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
    year = commitment.budget_year
    return [
        *_common_lacks(commitment, on, reason, url),
        _unconditional(commitment),
        _another_year(year, to_year, f"{url}#id_to_year"),
        _lapsed(commitment, on, f"{url}#id_on"),
        not_money(amount, f"{url}#id_amount"),
        _above(min(standing.free, standing.of_year(year)), amount, f"{url}#id_amount"),
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


def _lapsed(commitment: Commitment, on: date, url: str) -> Lack | None:
    if on <= commitment.final_contracting_date:
        return None
    day = partial_date(commitment.final_contracting_date)
    text = _("Contracting ended on %(day)s: what is left is released, not carried over.")
    return Lack(text % {"day": day}, url)
