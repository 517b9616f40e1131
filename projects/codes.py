"""Tells the ledger which projects there are, and names those that a viewer may see."""

from __future__ import annotations

from programmes.codes import home_of
from programmes.ledger.codes import register
from projects.models import Project

register(
    "project",
    home_of(
        lambda viewer: (
            Project.objects.all() if viewer is None else Project.objects.visible_to(viewer)
        ),
        "view_project",
    ),
)
