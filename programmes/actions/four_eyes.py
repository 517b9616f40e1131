"""Nobody approves what they changed themselves, however close together the change and the approval are sent."""

from __future__ import annotations

from portal.accounts.models import User
from programmes.models import Commitment, Document, Programme
from programmes.refusals import FourEyes
from programmes.rules import has_changed_it


def refuse_own_change(record: Document | Commitment | Programme, by: User | None) -> None:
    """Raise `FourEyes` where `by` changed the record, or a part of it, since it was last approved.

    Ask once the record is locked: every change that came before is then in the trail, and none comes after.
    """
    if by is not None and has_changed_it(by, record):
        raise FourEyes(record)
