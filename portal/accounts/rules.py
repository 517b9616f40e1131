"""Predicates over people, from which every app writes its own rules."""

from __future__ import annotations

import rules

from portal.accounts.models import User
from portal.accounts.people import Viewer


@rules.predicate
def is_officer(viewer: Viewer) -> bool:
    return isinstance(viewer, User) and viewer.is_active and viewer.is_officer


@rules.predicate
def is_official(viewer: Viewer) -> bool:
    return isinstance(viewer, User) and viewer.is_active and viewer.is_official


@rules.predicate
def is_auditor(viewer: Viewer) -> bool:
    return isinstance(viewer, User) and viewer.is_active and viewer.is_auditor
