"""`manage.py seed_scale --projects N`: fills a database made for measuring with invented projects."""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.management.demonstration.copying import CODE, TABLES, Progress, fill
from portal.management.demonstration.people import MEASURING
from portal.management.demonstration.programme import VocabularyMissing, check_vocabulary
from programmes.models import Programme
from projects.models import Project

REPORT_EVERY = 10_000


class Command(BaseCommand):
    help = "Fills a database made for measuring with invented projects and their postings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--projects", type=int, required=True, metavar="N")
        parser.add_argument("--postings-per-project", type=int, default=10, metavar="K")
        parser.add_argument(
            "--force",
            action="store_true",
            help="fill a database whose name has neither “bench” nor “scale” in it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        projects, lines = options["projects"], options["postings_per_project"]
        if projects < 1 or lines < 1:
            raise CommandError(_("Projects and postings are counted from 1."))
        check_place(force=options["force"])
        there = Project.objects.filter(programme__code=CODE).count()
        if there == projects:
            self.stdout.write(_("There are %d projects already: nothing changed.") % there)
            return
        if there:
            raise CommandError(_("There are %d projects already: use a new database.") % there)
        self._fill(projects, lines)

    def _fill(self, projects: int, lines: int) -> None:
        begun = time.monotonic()

        def report(progress: Progress) -> None:
            if progress.projects % REPORT_EVERY == 0:
                self.stdout.write(_("%d of %d projects") % (progress.projects, projects))

        done = fill(projects, lines, report)
        make_ready()
        seconds = time.monotonic() - begun
        self.stdout.write(
            _("%(projects)d projects, %(postings)d postings, %(rows)d rows in %(seconds).0f s")
            % {**vars(done), "seconds": seconds}
        )
        self.stdout.write(
            _("%(speed)d rows per second, %(memory)d MB at most")
            % {"speed": done.rows / seconds, "memory": peak_memory() / 1_000_000}
        )


def check_place(*, force: bool) -> None:
    """Refuse a database that people use, or whose name does not say that it is for measuring."""
    name = str(connection.settings_dict["NAME"])
    if not force and not ("bench" in name or "scale" in name):
        raise CommandError(
            _("The database “%s” is not named for measuring: its name needs “bench” or “scale”.")
            % name
        )
    others = Programme.objects.filter(demonstration=True).exclude(code=CODE)
    people = User.objects.exclude(email__in=MEASURING)
    if people.exists() or others.exists():
        raise CommandError(
            _("The database “%s” holds people or another demonstration: use one of its own.") % name
        )
    try:
        check_vocabulary()
    except VocabularyMissing as missing:
        raise CommandError(str(missing)) from missing


def make_ready() -> None:
    """Let the database take stock of what was loaded, as it does by itself after a while."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {tables}")


def peak_memory() -> int:
    """The most memory this process has held, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
