"""Setting up a programme in turns: one change at a time, each told in the trail, none on top of one unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.trail import write_entry
from portal.wording import moment
from programmes.models import Programme
from programmes.refusals import Stale

Record = TypeVar("Record", bound=models.Model)


def hold(programme: Programme, revision: int | None = None) -> Programme:
    """Let nobody else change the programme or its parts until the transaction ends; return it as it now stands.

    Raises `Stale` where it is no longer in the revision that was read.
    """
    held = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    check_revision(held, revision)
    return held


def check_revision(held: Programme, revision: int | None) -> None:
    """Raise `Stale` where a programme is no longer in the revision that was read."""
    if revision is not None and revision != held.revision:
        raise _last_change(held)


def _last_change(programme: Programme) -> Stale:
    whole = Q(record_kind="programme", record_code=programme.code)
    rows = Entry.objects.filter(whole | Q(part_of=programme.code))
    entry = rows.exclude(actor=None).order_by("-position").first()
    if entry is None or entry.actor is None:
        return Stale("", "")
    who = User.objects.filter(actor=entry.actor).values_list("name", flat=True).first()
    return Stale(who or "", moment(entry.at))


def tell(
    verb: str,
    programme: Programme,
    *,
    by: User,
    part: tuple[str, str] | None = None,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write what was done to a programme, or to the `part` of it with a kind and a code; raise its revision by one."""
    Programme.objects.filter(pk=programme.pk).update(revision=F("revision") + 1)
    programme.revision += 1
    kind, code = part or ("programme", programme.code)
    write_entry(
        verb,
        by=by,
        record_kind=kind,
        record_code=code,
        part_of=programme.code if part else "",
        old=_plain(old or {}),
        new=_plain(new or {}),
        reason=reason,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _said(value) for name, value in values.items()}


def _said(value: Any) -> Any:
    """A value as the trail keeps it: records by their codes, days as text."""
    if isinstance(value, models.Model):
        return value.code if hasattr(value, "code") else str(value)
    return value.isoformat() if isinstance(value, date) else value


def add(record: Record) -> Record:
    """Write a new record that has a code. Raises `ValidationError` where something is wrong or the code is taken."""
    record.full_clean()
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError as error:
        # Somebody else took the code since it was looked for.
        raise ValidationError({"code": _("Another record has this code.")}) from error
    return record


def differences(record: models.Model, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of `wanted` the record does not hold yet."""
    return {name: value for name, value in wanted.items() if getattr(record, name) != value}


def take_over(record: models.Model, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Make the record hold the changes, and return what it held before."""
    old = {name: getattr(record, name) for name in changes}
    for name, value in changes.items():
        setattr(record, name, value)
    record.full_clean()
    record.save(update_fields=list(changes))
    return old


def is_used(record: models.Model, *, besides: Collection[str] = ()) -> bool:
    """Whether any record points at this one, those of the relations `besides` left out."""
    return any(
        link.related_model._default_manager.filter(**{link.field.name: record}).exists()
        for link in record._meta.related_objects
        if link.name not in besides
    )


def need_source(source: str) -> None:
    """Raise `ValidationError` where it is not said where a fact was read."""
    if not source.strip():
        raise ValidationError({"source": _("Say where this was read.")})
