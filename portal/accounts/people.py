"""Who is asking: a person or a visitor, and what that person may read."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from portal.accounts.models import User

Viewer = User | AnonymousUser


def reads_everything(viewer: Viewer) -> bool:
    """Officers and auditors see drafts and restricted records; officials and visitors what is published."""
    return isinstance(viewer, User) and viewer.is_active and viewer.reads_everything


VISITOR = AnonymousUser()
