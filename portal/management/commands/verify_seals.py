"""`manage.py verify_seals`: is every row that was sealed still as it was?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.audit.sealing import unsealed_rows
from portal.audit.verifying import Finding, SealResult, verify_seals


class Command(BaseCommand):
    help = "Checks every seal and every row beneath them; names the first altered row of each."

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[Finding] = []
        seals = rows = 0
        for result in verify_seals():
            self.stdout.write(_line(result))
            seals, rows = seals + 1, rows + result.seal.rows
            found += result.findings
        self.stdout.write(_("%d rows are not sealed yet.") % unsealed_rows())
        if found:
            raise CommandError(_in_full(found[0]))
        self.stdout.write(
            _("Everything holds: %(seals)d seals, %(rows)d rows.") % {"seals": seals, "rows": rows}
        )


def _line(result: SealResult) -> str:
    seal = result.seal
    verdict = " ".join(_in_full(each) for each in result.findings) or _("holds")
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


def _in_full(finding: Finding) -> str:
    about = finding.about
    return (
        f"{finding.words} {_('It says now: %(row)s.') % {'row': about}}" if about else finding.words
    )
