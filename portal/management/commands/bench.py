"""`manage.py bench`: how fast the portal is, measured on databases of its own that are dropped afterwards."""

from __future__ import annotations

import os
import signal
from io import StringIO
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings
from django.utils.translation import gettext as _

from portal.management.benchmark.adoption import ACTIONS, measure_adoption
from portal.management.benchmark.databases import own_database
from portal.management.benchmark.pages import CannotMeasure, measure, table
from portal.management.benchmark.report import REPORT_PROJECTS, build_report_apart
from portal.management.benchmark.seals import seal_and_check
from portal.management.benchmark.thread import PROJECTS, fill_thread, measure_thread
from portal.management.demonstration.copying import CODE

SIZES = (10_000, 100_000)
QUICK_SIZES = (1_000, 10_000)


class Command(BaseCommand):
    help = "Measures pages, endpoints and a report on databases of its own, dropped afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 projects only")
        parser.add_argument(
            "--sizes", type=int, nargs=2, metavar="N", help="other numbers of projects"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        small, large = sorted(options["sizes"] or (QUICK_SIZES if options["quick"] else SIZES))
        signal.signal(signal.SIGTERM, _stop)
        try:
            with TemporaryDirectory() as files, override_settings(**_settings(files)):
                self._bench(small, large)
        except CannotMeasure as refused:
            raise CommandError(str(refused)) from refused
        except KeyboardInterrupt:
            raise CommandError(_("Stopped; its databases are dropped."), returncode=130) from None

    def _bench(self, small: int, large: int) -> None:
        base = f"portal_bench_{os.getpid()}"
        self.stdout.write(_("Preparing the database %s") % base)
        with own_database(base):
            call_command("migrate", verbosity=0)
            call_command("load_record", stdout=StringIO())
            at_small, at_large = self._measure(base, small), self._measure(base, large)
            self.stdout.write(table(at_small, at_large, (small, large)))
            self._measure_adoption(base)
            self._measure_thread(base, min(small, PROJECTS))
            self._measure_report(base, min(small, REPORT_PROJECTS))

    def _measure(self, base: str, size: int) -> dict[str, float]:
        with own_database(f"{base}_{size}", template=base):
            call_command("seed_scale", projects=size, stdout=self.stdout)
            measured = measure(CODE)
            pace = seal_and_check()
        self.stdout.write(
            _("%(rows)d rows: sealed %(sealed).0f, checked %(checked).0f rows per second")
            % vars(pace)
        )
        return measured

    def _measure_adoption(self, base: str) -> None:
        with own_database(f"{base}_adoption", template=base):
            cost = measure_adoption()
        self.stdout.write(
            _(
                "Adoption of %(n)d actions: %(s).2f s, %(r).1f times a raw insert; amended: %(a).2f s"
            )
            % {"n": ACTIONS, "s": cost.adopt, "r": cost.ratio, "a": cost.amend}
        )

    def _measure_thread(self, base: str, size: int) -> None:
        with own_database(f"{base}_thread", template=base):
            fill_thread(size)
            cost = measure_thread()
        self.stdout.write(
            _("Thread with %(n)d projects: %(ms).0f ms, %(r).0f times raw, %(q)d queries")
            % {"n": size, "ms": cost.milliseconds, "r": cost.ratio, "q": cost.queries}
        )

    def _measure_report(self, base: str, size: int) -> None:
        with own_database(f"{base}_report", template=base):
            call_command("seed_scale", projects=size, stdout=StringIO())
            cost = build_report_apart(CODE)
        self.stdout.write(
            _("Report over %(n)d projects: %(s).1f s, %(m)d MB of memory, file of %(k)d kB")
            % {"n": size, "s": cost.seconds, "m": cost.memory / 1e6, "k": cost.size / 1e3}
        )


def _settings(files: str) -> dict[str, Any]:
    """As in production, but with files of its own and styles as they lie in the source."""
    return {
        "DEBUG": False,
        "STORAGES": {
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": files},
            },
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
