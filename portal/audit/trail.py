"""Writing the audit trail. Every action calls `write_entry` once, inside its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.moments import said_moment
from portal.audit.requests import request_id


def write_entry(
    verb: str,
    *,
    by: User | None,
    record_kind: str,
    record_code: str = "",
    part_of: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    """Add one entry to the trail. `by` is None where the portal itself acts (load, schedule).

    `part_of` is the code of the record that this one is a part of. `old` and `new` hold JSON values of the
    fields that changed. The entry carries the number of the request at hand. Must run in the transaction of
    what it tells.
    """
    moment = said_moment()
    return Entry.objects.create(
        **({"at": moment} if moment else {}),
        verb=verb,
        actor=by.actor if by else None,
        record_kind=record_kind,
        record_code=record_code,
        part_of=part_of,
        old=dict(old or {}),
        new=dict(new or {}),
        reason=reason,
        request_id=request_id(),
    )
