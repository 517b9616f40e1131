"""What people do with seals: have them checked."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from portal.accounts.models import User
from portal.audit.models import SealCheck
from portal.audit.sealing import CHECKING_LOCK, take_turn
from portal.audit.tasks import walk_seals
from portal.audit.trail import write_entry


@transaction.atomic
def check_seals(*, by: User) -> SealCheck:
    """Have a worker check every seal, or return the check that is under way already."""
    take_turn(CHECKING_LOCK)
    known = SealCheck.objects.under_way()
    if known:
        return known
    check = SealCheck(requested_by=by.actor)
    check.full_clean()
    check.save()
    transaction.on_commit(partial(walk_seals.delay, check.pk), robust=True)
    write_entry("check_seals", by=by, record_kind="seal check", record_code=str(check.pk))
    return check
