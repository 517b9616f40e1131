"""Proposed commitments: added, changed and removed until a second officer books them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.trail import write_entry
from portal.lifecycle import MoveRefused
from portal.wording import moment, partial_date
from programmes.actions.financing.refusing import (
    changed_values,
    not_in_force,
    not_money,
    plain,
    refuse,
)
from programmes.actions.keeping import keep
from programmes.actions.locking import lock_action
from programmes.actions.revisions import last_change, who_did
from programmes.completeness import Excess, Lack
from programmes.models import Action, Commitment, CommitmentStatus, FinancingDecision
from programmes.refusals import ReasonNeeded, Refused

KIND = "commitment"
TOLD = ("action", "budget_year", "amount", "conditional", "final_contracting_date")


def usual_final_date(budget_year: int) -> date:
    """Until when money of a budget year may be contracted, where nothing else is decided: 31 December of N+1."""
    return date(budget_year + 1, 12, 31)


@transaction.atomic
def add_commitment(
    decision: FinancingDecision,
    action: Action,
    *,
    by: User,
    budget_year: int,
    amount: Decimal,
    conditional: bool = False,
    final_contracting_date: date | None = None,
    code: str = "",
    reason: str = "",
) -> Commitment:
    """Propose to set aside `amount` EUR of a budget year for an action. Nothing is posted before it is booked.

    Money that the work programme makes subject to the budget of its year is conditional here too. Without a
    final contracting date it is 31 December of the year after; a later one needs a reason (`ReasonNeeded`).
    Raises `Refused` with everything else that stands in the way.
    """
    action = lock_action(action)
    decision = _as_it_stands(decision)
    commitment = Commitment(
        code=code or next_code(decision),
        decision=decision,
        action=action,
        budget_year=budget_year,
        amount=amount,
        conditional=conditional or _is_conditional(action, budget_year),
        final_contracting_date=final_contracting_date or usual_final_date(budget_year),
    )
    _refuse_proposal(commitment, reason, reverse("add_commitment", args=[decision.code]))
    keep(commitment)
    write_commitment_entry(
        "add_commitment", commitment, by=by, new=told_of(commitment), reason=reason
    )
    return commitment


@transaction.atomic
def change_commitment(
    commitment: Commitment, *, by: User, revision: int, reason: str = "", **fields: Any
) -> Commitment:
    """Change year, amount, condition or final contracting date of a proposed commitment.

    Raises `Stale` where somebody changed it since `revision`, `MoveRefused` once it is booked, and what
    `add_commitment` raises.
    """
    lock_proposed(commitment)
    refuse_stale(commitment, revision)
    year = fields.get("budget_year", commitment.budget_year)
    if fields.get("final_contracting_date", commitment.final_contracting_date) is None:
        fields["final_contracting_date"] = usual_final_date(year)
    if "conditional" in fields:
        fields["conditional"] |= _is_conditional(commitment.action, year)
    old, new = changed_values(commitment, fields)
    _refuse_proposal(commitment, reason, reverse("change_commitment", args=[commitment.code]))
    if old:
        commitment.revision += 1
        keep(commitment)
        write_commitment_entry(
            "change_commitment", commitment, by=by, old=old, new=new, reason=reason
        )
    return commitment


@transaction.atomic
def remove_commitment(commitment: Commitment, *, by: User, reason: str = "") -> FinancingDecision:
    """Take a proposal back: it is gone, its entries in the trail stay. Returns the decision it was of.

    Raises `MoveRefused` once it is booked.
    """
    lock_proposed(commitment)
    old = told_of(commitment)
    commitment.delete()
    write_commitment_entry("remove_commitment", commitment, by=by, old=old, reason=reason)
    return commitment.decision


def lock_commitment(commitment: Commitment) -> Action:
    """Lock the action of a commitment, then the commitment itself, and bring it up to date; return the action.

    Its decision is read again too: whoever changes that holds the work programme, as the action's lock does.
    Raises `Refused` where it was removed meanwhile.
    """
    action = lock_action(commitment.action)
    decision = commitment.decision
    try:
        commitment.refresh_from_db(
            from_queryset=Commitment.objects.select_for_update(no_key=True).filter(action=action)
        )
    except Commitment.DoesNotExist as error:
        text = _("Somebody removed this commitment a moment ago.")
        raise Refused([Lack(text, decision.get_absolute_url())]) from error
    commitment.action, commitment.decision = action, _as_it_stands(decision)
    return action


def _as_it_stands(decision: FinancingDecision) -> FinancingDecision:
    rows = FinancingDecision.objects.select_related("work_programme__programme")
    return rows.get(pk=decision.pk)


def lock_proposed(commitment: Commitment) -> Action:
    """The same, for verbs that only a proposal allows."""
    action = lock_commitment(commitment)
    if commitment.status != CommitmentStatus.PROPOSED:
        raise MoveRefused(said_who_booked(commitment))
    return action


def said_who_booked(commitment: Commitment) -> str:
    """Who booked a commitment and when, for whoever comes second."""
    entries = Entry.objects.filter(record_kind=KIND, record_code=commitment.code)
    entry = entries.filter(verb="book_commitment").order_by("-position").first()
    if entry is None:
        return _("The commitment is booked already.")
    words = {"who": who_did(entry), "code": commitment.code, "when": moment(entry.at)}
    return _("%(who)s booked %(code)s on %(when)s.") % words


def refuse_stale(commitment: Commitment, revision: int | None) -> None:
    """Raise `Stale` where the commitment is no longer what stood at `revision`; None asks for nothing."""
    if revision not in {None, commitment.revision}:
        raise last_change(KIND, commitment.code)


def write_commitment_entry(verb: str, commitment: Commitment, *, by: User, **told: Any) -> None:
    """One entry of the trail about a commitment, as a part of its decision."""
    write_entry(
        verb,
        by=by,
        record_kind=KIND,
        record_code=commitment.code,
        part_of=commitment.decision.code,
        **told,
    )


def told_of(commitment: Commitment) -> dict[str, Any]:
    """What the trail keeps of a commitment."""
    values = {name: plain(getattr(commitment, name)) for name in TOLD}
    return values | {"action": commitment.action.code}


def next_code(decision: FinancingDecision) -> str:
    """The next code under a decision. A code that was ever given is not given again."""
    told = Entry.objects.filter(record_kind=KIND, part_of=decision.code)
    given = set(told.values_list("record_code", flat=True))
    given |= set(decision.commitments.values_list("code", flat=True))
    codes = (f"{decision.code}-C{number}" for number in count(len(given) + 1))
    return next(code for code in codes if code not in given)


def _is_conditional(action: Action, budget_year: int) -> bool:
    return any(each.conditional for each in action.amounts.all() if each.budget_year == budget_year)


def _refuse_proposal(commitment: Commitment, reason: str, url: str) -> None:
    decision, action = commitment.decision, commitment.action
    refuse(
        [
            not_in_force(action.work_programme, action.work_programme.get_absolute_url()),
            _elsewhere(decision, action, f"{url}#id_action"),
            _unforeseen_year(action, commitment.budget_year, f"{url}#id_budget_year"),
            not_money(commitment.amount, f"{url}#id_amount"),
            _too_early(commitment, f"{url}#id_final_contracting_date"),
        ]
    )
    if commitment.final_contracting_date > usual_final_date(commitment.budget_year) and not reason:
        text = _("Money of %(year)s is usually contracted by %(day)s: say why it may take longer.")
        words = text % {
            "year": commitment.budget_year,
            "day": partial_date(usual_final_date(commitment.budget_year)),
        }
        raise ReasonNeeded([Excess(words, f"{url}#id_final_contracting_date")])


def _elsewhere(decision: FinancingDecision, action: Action, url: str) -> Lack | None:
    if action.work_programme_id != decision.work_programme_id:
        return Lack(_("The action is not one of the work programme that is financed."), url)
    if action.withdrawn:
        return Lack(_("An amendment took this action out of the work programme."), url)
    return None


def _unforeseen_year(action: Action, year: int, url: str) -> Lack | None:
    foreseen = [each.budget_year for each in action.amounts.all()]
    if year in foreseen:
        return None
    text = _(
        "The work programme foresees no money of %(year)s for this action. It foresees: %(years)s."
    )
    years = ", ".join(str(each) for each in foreseen) or _("none")
    return Lack(text % {"year": year, "years": years}, url)


def _too_early(commitment: Commitment, url: str) -> Lack | None:
    if commitment.final_contracting_date >= commitment.decision.decided_on:
        return None
    return Lack(_("Contracting would end before the decision was made."), url)
