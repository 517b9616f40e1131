"""Who changed a record last: what a person is told whose form was opened before that."""

from __future__ import annotations

from django.db import models

from portal.audit.models import Entry
from portal.audit.timeline import names_of, who
from portal.wording import moment
from programmes.refusals import Stale


def last_change(record_kind: str, code: str) -> Stale:
    """The refusal that names who changed a record last, and when, as the audit trail has it."""
    return _stale(_entries(record_kind, code))


def last_change_within(record_kind: str, code: str) -> Stale:
    """The same, of a record or any part of it."""
    return _stale(entries_within(record_kind, code))


def entries_within(record_kind: str, code: str) -> models.QuerySet[Entry]:
    """What was done to a record or any part of it, the latest first."""
    within = _entries(record_kind, code) | Entry.objects.filter(part_of=code)
    return within.order_by("-position")


def _stale(entries: models.QuerySet[Entry]) -> Stale:
    entry = entries.order_by("-position").first()
    return Stale(who_did(entry), moment(entry.at)) if entry else Stale("", "")


def who_did(entry: Entry) -> str:
    """The name of whoever an entry tells of."""
    return who(entry, names_of({entry.actor} if entry.actor else set()))


def trail_revision(record_kind: str, code: str) -> int:
    """The place of a record's last entry in the trail: the revision of a record that keeps none of its own."""
    newest = _entries(record_kind, code).order_by("-position").values_list("position", flat=True)
    return newest.first() or 0


def _entries(record_kind: str, code: str) -> models.QuerySet[Entry]:
    return Entry.objects.filter(record_kind=record_kind, record_code=code)
