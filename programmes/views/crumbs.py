"""The way from the home page down to a page of this app."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

Crumbs = list[tuple[str, str]]


def crumbs(*further: tuple[str, str]) -> Crumbs:
    """The way from the home page through the list of programmes."""
    return [
        (_("Home"), reverse("home")),
        (_("Programmes"), reverse("list_programmes")),
        *further,
    ]
