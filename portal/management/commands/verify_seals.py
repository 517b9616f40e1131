"""`manage.py verify_seals`: is every row that was sealed still as it was, and every seal still there?

With `--head NUMBER:DIGEST` also the seal that somebody kept.
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from portal.audit.heads import PublishedHead
from portal.audit.sealing import unsealed_rows
from portal.audit.verifying import Finding, SealResult, compare_heads, verify_seals

HEAD = re.compile(r"(\d{1,9}):([0-9a-fA-F]{64})")


class Command(BaseCommand):
    help = (
        "Checks every seal and every row beneath them, and compares the seals with those printed in reports;"
        " names the first altered row of each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            action="append",
            default=[],
            type=_head,
            metavar="NUMBER:DIGEST",
            help="a seal that you kept, to compare with what there is now; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Finding] = []
        seals = rows = 0
        for result in verify_seals():
            self.stdout.write(_line(result))
            seals, rows = seals + 1, rows + result.seal.rows
            found += result.findings
        apart = compare_heads(options["head"])
        for finding in apart:
            self.stdout.write(finding.in_full)
        self.stdout.write(_("%d rows are not sealed yet.") % unsealed_rows())
        found += apart
        if found:
            raise CommandError(found[0].in_full)
        self.stdout.write(_verdict(seals, rows))


def _head(text: str) -> PublishedHead:
    match = HEAD.fullmatch(text)
    if match is None:
        raise ArgumentTypeError(
            _("A seal is named by its number, a colon and the 64 characters of its digest.")
        )
    return PublishedHead(int(match[1]), match[2].lower())


def _verdict(seals: int, rows: int) -> str:
    if not seals:
        return _("Nothing is sealed yet.")
    return _("Everything holds: %(seals)d seals, %(rows)d rows.") % {"seals": seals, "rows": rows}


def _line(result: SealResult) -> str:
    seal = result.seal
    verdict = " ".join(each.in_full for each in result.findings) or _("holds")
    return _(
        "Seal %(number)d, positions %(first)d to %(last)d, %(rows)d rows, %(digest)s: %(verdict)s"
    ) % {
        "number": seal.number,
        "first": seal.first_position,
        "last": seal.last_position,
        "rows": seal.rows,
        "digest": seal.digest,
        "verdict": verdict,
    }
