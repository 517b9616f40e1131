"""The bodies that a sheet of projects names: leaders become organisations, partners are linked by exact name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from portal.imports.keeping import Kept
from portal.imports.provenance import provenance
from portal.imports.reports import CellRefused, FileReport
from portal.imports.sheets import Line
from projects.models import Organisation

LONGEST_CODE = 60


class OrganisationsNamed:
    """Leaders and partners of the rows of a sheet. Each leader's kind and source are those of its first row."""

    def __init__(self, lines: Sequence[Line], report: FileReport) -> None:
        self._report = report
        leaders = {line["beneficiary"] for line in lines}
        names = leaders | {name for line in lines for name in line["partners"]}
        rows = Organisation.objects.filter(name__in=names)
        self._codes = {row.name: row.code for row in rows}
        codes = [code_of(name, ()) for name in leaders - self._codes.keys()]
        taken = Organisation.objects.filter(code__in=codes)
        self._codes |= dict(taken.values_list("name", "code"))
        self._kept = Kept(rows, ["name"], report, part=True)
        self._met: dict[str, Organisation] = {}
        self._by_name = {row.name: row for row in rows}
        for line in lines:
            if line["beneficiary"] and line["beneficiary"] not in self._met:
                with report.row(line):
                    self._meet(line)

    def _meet(self, line: Line) -> None:
        name = line["beneficiary"]
        code = self._codes.setdefault(name, code_of(name, self._codes.values()))
        values = {"code": code, "name": name, "kind": line["beneficiary_type"]}
        where = {key: value for key, value in provenance(line).items() if key != "recalled_fields"}
        self._met[name] = self._by_name[name] = self._kept.put(line, values | where)

    def lead(self, line: Line) -> Organisation | None:
        """The organisation that leads a project; warns where rows give it different kinds."""
        lead = self._met.get(line["beneficiary"])
        if lead and line["beneficiary_type"] not in {"", lead.kind}:
            text = _("Another row calls %(name)s “%(kind)s”.")
            self._report.warn(line, text % {"name": lead.name, "kind": lead.kind})
        return lead

    def partners(self, line: Line) -> list[tuple[str, Organisation | None]]:
        """Partners by the names the source gives, each with the organisation of exactly that name."""
        names = line["partners"]
        for name in names:
            if names.count(name) > 1:
                raise CellRefused("partners", name, _("A partner is named twice."))
        return [(name, self._by_name.get(name)) for name in names]


def code_of(name: str, taken: Collection[str]) -> str:
    """A code made of a name: its letters without accents, in capitals; numbered where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-") or "ORGANISATION"
    code, number = stem[:LONGEST_CODE].rstrip("-"), 1
    while code in taken:
        number += 1
        ending = f"-{number}"
        code = stem[: LONGEST_CODE - len(ending)].rstrip("-") + ending
    return code
