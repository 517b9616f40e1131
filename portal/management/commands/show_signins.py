"""`manage.py show_signins`: where to go, and how the demonstration's people sign in."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.management.demonstration.people import PEOPLE, Person


class Command(BaseCommand):
    help = "Prints the portal's address and the sign-ins of the demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/")
        emails = [person.email for person in PEOPLE]
        there = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        people = [person for person in PEOPLE if person.email in there]
        if not people:
            self.stdout.write(_("Nobody can sign in: run `manage.py seed_demo` first."))
        for line in _aligned([_cells(person) for person in people]):
            self.stdout.write(f"  {line}")


def _cells(person: Person) -> tuple[str, ...]:
    role = str(person.role.label)
    if person.country:
        role = f"{role} ({person.country})"
    return role, person.email, person.password


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
