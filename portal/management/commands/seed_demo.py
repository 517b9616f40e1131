"""`manage.py seed_demo`: the demonstration programme and the people who may sign in to look at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.management.demonstration.first_look import make_demonstration
from portal.management.demonstration.programme import VocabularyMissing


class Command(BaseCommand):
    help = "Makes the demonstration programme and its people. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.EMBEDDED or settings.DEBUG):
            raise CommandError(
                _("Everybody knows the passwords of the demonstration: it is for `make run` only.")
            )
        try:
            added = make_demonstration()
        except VocabularyMissing as missing:
            raise CommandError(str(missing)) from missing
        if added:
            self.stdout.write(_("Demonstration programme: %d records added.") % added)
        else:
            self.stdout.write(_("Demonstration programme: already there, nothing changed."))
