"""A programme is added, changed while it is set up and a little afterwards, and opened by a second officer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.lifecycle import MoveRefused, move
from programmes.actions.four_eyes import refuse_own_change
from programmes.actions.setting_up.turns import (
    add,
    check_revision,
    differences,
    hold,
    take_over,
    tell,
)
from programmes.ledger.models import Posting
from programmes.models import Programme, ProgrammeStatus
from programmes.readiness import AFTER_OPENING, lacks_to_open
from programmes.refusals import Refused


@transaction.atomic
def add_programme(
    *,
    by: User,
    code: str,
    name: str,
    short_name: str,
    period_start: int,
    period_end: int,
    **fields: Any,
) -> Programme:
    """Begin to set up a programme, seen by officers and auditors alone until it is opened.

    `fields` are those of the record: `aim`, `legal_basis`, `budget_line`, `predecessor`, `note`, `source`, and
    `demonstration` for one that is made up. Raises `ValidationError`, by field, for what cannot be kept.
    """
    _check_years(period_start, period_end)
    _check_predecessor(fields.get("predecessor"))
    given = {"code": code, "name": name, "short_name": short_name, **fields}
    given |= {"period_start": period_start, "period_end": period_end}
    programme = add(Programme(status=ProgrammeStatus.SET_UP, **given))
    tell("add_programme", programme, by=by, new={k: v for k, v in given.items() if v})
    return programme


@transaction.atomic
def change_programme(
    programme: Programme, *, by: User, revision: int | None = None, **fields: Any
) -> Programme:
    """Make a programme say something else, and return it; nothing happens where it says all of it already.

    While it is set up every field but its code may change; afterwards those that `AFTER_OPENING` names.
    Raises `Stale` where somebody changed it since `revision`, `ValidationError` for what is not possible.
    """
    held = hold(programme, revision)
    changes = differences(held, fields)
    _check_open_changes(held, changes)
    _check_years(
        changes.get("period_start", held.period_start), changes.get("period_end", held.period_end)
    )
    _check_predecessor(changes.get("predecessor"))
    if changes:
        old = take_over(held, changes)
        tell("change_programme", held, by=by, old=old, new=changes)
    return held


@transaction.atomic
def open_programme(programme: Programme, *, by: User, revision: int | None = None) -> Programme:
    """Let everybody see a programme and let documents of it be adopted; return it.

    Raises `Refused` with everything that it still lacks, `MoveRefused` where it is open already, `FourEyes`
    where `by` set it up, `Stale` where somebody changed it since `revision`.
    """
    held = hold(programme)
    if not held.is_set_up:
        raise MoveRefused(_("The programme is open already."))
    refuse_own_change(held, by)
    check_revision(held, revision)
    lacks = lacks_to_open(held)
    if lacks:
        raise Refused(lacks)
    move(held, "open")
    statuses = {"status": ProgrammeStatus.SET_UP.value}, {"status": ProgrammeStatus.OPEN.value}
    tell("open_programme", held, by=by, old=statuses[0], new=statuses[1])
    return held


def _check_years(first: int, last: int) -> None:
    if first > last:
        raise ValidationError({"period_end": _("The period ends before it begins.")})


def _check_open_changes(programme: Programme, changes: Mapping[str, Any]) -> None:
    if programme.is_set_up:
        return
    settled = _("This cannot change any more: the programme is open.")
    errors: dict[str, str] = dict.fromkeys(changes.keys() - AFTER_OPENING, settled)
    if errors:
        raise ValidationError(errors)
    first = changes.get("period_start", programme.period_start)
    last = changes.get("period_end", programme.period_end)
    before = Q(budget_year__lt=first) | Q(period_start__lt=first)
    after = Q(budget_year__gt=last) | Q(period_end__gt=last)
    posted = Posting.objects.filter(programme=programme.code)
    if {"period_start"} & changes.keys() and posted.filter(before).exists():
        errors["period_start"] = _("Money is posted for years before that.")
    if {"period_end"} & changes.keys() and posted.filter(after).exists():
        errors["period_end"] = _("Money is posted for years after that.")
    if errors:
        raise ValidationError(errors)


def _check_predecessor(before: Programme | None) -> None:
    """Refuse to follow one that others do not see. So none ever follows itself: an open one keeps what it follows."""
    if before is not None and before.is_set_up:
        raise ValidationError({"predecessor": _("That programme is still being set up.")})
