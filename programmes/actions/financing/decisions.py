"""Financing decisions: added under a work programme in force, changed while nothing of them is booked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.trail import write_entry
from programmes.actions.financing.refusing import (
    changed_values,
    in_future,
    not_in_force,
    plain,
    refuse,
)
from programmes.actions.keeping import keep
from programmes.actions.locking import lock_work_programme
from programmes.actions.revisions import last_change, trail_revision
from programmes.completeness import Lack
from programmes.models import CommitmentStatus, Document, FinancingDecision

KIND = "financing decision"
TOLD = ("number", "decided_on", "budget_line", "registry_reference", "note")


@transaction.atomic
def add_financing_decision(
    work_programme: Document,
    *,
    by: User,
    code: str,
    number: str,
    decided_on: date,
    budget_line: str,
    **fields: Any,
) -> FinancingDecision:
    """Record the decision that finances a work programme. Nothing is set aside until a commitment is booked.

    Raises `Refused` where the work programme is not in force or the day is still to come.
    """
    above = lock_work_programme(work_programme)
    url = reverse("add_financing_decision", args=[above.code])
    refuse(
        [
            not_in_force(above, above.get_absolute_url()),
            in_future(decided_on, f"{url}#id_decided_on"),
        ]
    )
    decision = FinancingDecision(
        code=code,
        work_programme=above,
        number=number,
        decided_on=decided_on,
        budget_line=budget_line,
        **fields,
    )
    keep(decision)
    told = {name: plain(getattr(decision, name)) for name in TOLD}
    _write("add_financing_decision", decision, by=by, new=told)
    return decision


@transaction.atomic
def change_financing_decision(
    decision: FinancingDecision, *, by: User, revision: int, **fields: Any
) -> FinancingDecision:
    """Change number, date, line, reference or note of a decision of which nothing is booked yet.

    `revision` is that of `decision_revision` when the form was opened. Raises `Stale`, or `Refused` once a
    commitment is booked: what was decided is then public.
    """
    above = lock_work_programme(decision.work_programme)
    decision.refresh_from_db()
    if decision_revision(decision) != revision:
        raise last_change(KIND, decision.code)
    url = reverse("change_financing_decision", args=[decision.code])
    refuse(
        [
            not_in_force(above, above.get_absolute_url()),
            _booked_already(decision),
            in_future(fields.get("decided_on", decision.decided_on), f"{url}#id_decided_on"),
        ]
    )
    old, new = changed_values(decision, fields)
    if old:
        keep(decision)
        _write("change_financing_decision", decision, by=by, old=old, new=new)
    return decision


def decision_revision(decision: FinancingDecision) -> int:
    """What a form carries to notice that the decision was changed since it was opened."""
    return trail_revision(KIND, decision.code)


def _booked_already(decision: FinancingDecision) -> Lack | None:
    if not decision.commitments.filter(status=CommitmentStatus.BOOKED).exists():
        return None
    text = _("A commitment of this decision is booked: the decision stays as it was made.")
    return Lack(text, decision.get_absolute_url())


def _write(verb: str, decision: FinancingDecision, *, by: User, **told: Any) -> None:
    write_entry(
        verb,
        by=by,
        record_kind=KIND,
        record_code=decision.code,
        part_of=decision.work_programme.code,
        **told,
    )
