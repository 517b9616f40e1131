"""Writing the audit trail. Every action calls `write_entry` once, inside its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import User
from portal.audit.models import Entry


def write_entry(
    verb: str,
    *,
    by: User | None,
    record_kind: str,
    record_code: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Add one entry to the trail. `by` is None where the portal itself acts (load, schedule).

    `old` and `new` hold JSON values of the fields that changed. Must run in the transaction of what it tells.
    """
    return Entry.objects.create(
        verb=verb,
        actor=by.actor if by else None,
        record_kind=record_kind,
        record_code=record_code,
        old=dict(old or {}),
        new=dict(new or {}),
        reason=reason,
    )
