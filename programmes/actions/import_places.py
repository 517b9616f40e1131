"""Loading eligibility rules and countries: what each programme makes of a country, and its regions and routes."""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.countries.models import Country
from portal.dates import PartialDate
from portal.imports.cells import as_choice, as_date, as_flag
from portal.imports.keeping import Kept, by_code, find
from portal.imports.provenance import SOURCE_COLUMNS, note_batch, provenance
from portal.imports.reports import CellRefused, FileReport, all_or_nothing, begin_report
from portal.imports.sheets import Column, Line, Sheet, SheetForm
from portal.records import Confidence
from programmes.models import (
    EligibilityRule,
    Instrument,
    Programme,
    Question,
    Region,
    RegionMembership,
)

RULES = SheetForm(
    "eligibility_rules.csv",
    [
        Column("code", required=True),
        Column("programme_code", required=True),
        Column("question", as_choice(Question), required=True),
        Column("instrument", as_choice(Instrument)),
        Column("admits", as_flag, required=True),
        Column("multi_country_exception", as_flag, required=True),
        Column("text", required=True),
        *SOURCE_COLUMNS,
    ],
    needs=["programmes.csv"],
)
COUNTRIES = SheetForm(
    "countries.csv",
    [
        Column("iso2", required=True),
        Column("iso3", required=True),
        Column("name_en", required=True),
        Column("region", required=True),
        Column("instrument", as_choice(Instrument)),
        Column("route", required=True),
        Column("priority", as_flag, required=True),
        Column("eligible_tpma", as_flag, required=True),
        Column("eligible_aeneas", as_flag, required=True),
        Column("since", as_date),
        Column("note"),
        *SOURCE_COLUMNS,
    ],
    key=["iso2"],
    needs=["programmes.csv", "eligibility_rules.csv"],
)
# The programmes that the sheet speaks of, each with its column of answers.
ANSWERS = {"TPMA": "eligible_tpma", "AENEAS": "eligible_aeneas"}
ROUTES = {"SOUTH": "Southern route", "EAST": "Eastern route", "OTHER": "Other routes"}


@transaction.atomic
def import_rules(sheet: Sheet, *, by: User | None, preview: bool = False) -> FileReport:
    """Add and change the rules by which countries and applicants may take part in a programme."""
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        programmes = by_code(Programme.objects.real())
        rules = Kept(EligibilityRule.objects.all(), ["code"], report)
        same = ("code", "question", "admits", "multi_country_exception", "text")
        for line in sheet.lines:
            with report.row(line):
                programme = find(programmes, line["programme_code"], "programme_code")
                values = {name: line[name] for name in same} | {"programme": programme}
                rules.put(line, values | provenance(line))
        note_batch("import_rules", report, by=by, record_kind="eligibility rule")
    return report


@transaction.atomic
def import_countries(
    sheet: Sheet, rules: Sheet, *, by: User | None, preview: bool = False
) -> FileReport:
    """Add and change countries, and for each programme the country's rule, route and region.

    `rules` is the sheet that says which rule answers for which instrument.
    """
    report = begin_report(sheet)
    with all_or_nothing(report, preview=preview):
        columns = {"code": "iso2", "name": "name_en"}
        countries = Kept(Country.objects.all(), ["code"], report, columns=columns)
        views = [_ProgrammeView(code, rules, report) for code in ANSWERS]
        for line in sheet.lines:
            with report.row(line):
                named = {"code": line["iso2"], "iso3": line["iso3"], "name": line["name_en"]}
                country = countries.put(line, named)
                for view in views:
                    view.place(line, country)
        note_batch("import_countries", report, by=by, record_kind="country")
    return report


class _ProgrammeView:
    """How one programme sees countries: its rules by instrument and answer, its regions, and who is in them."""

    def __init__(self, code: str, rules: Sheet, report: FileReport) -> None:
        self._programme = Programme.objects.get(code=code)
        kept = by_code(self._programme.rules.all())
        self._rules = {
            (line["instrument"], line["admits"]): kept[line["code"]]
            for line in rules.lines
            if line["programme_code"] == code and line["question"] == Question.PLACE
        }
        self._regions = Kept(self._programme.regions.all(), ["code"], report, part=True)
        # Of several memberships the first is the sheet's: officers add later ones, and facts with later days.
        memberships = RegionMembership.objects.filter(programme=self._programme)
        memberships = memberships.order_by(F("year_from").desc(nulls_last=True))
        in_region = {"region", "country", "programme"}
        self._memberships = Kept(
            memberships.select_related(*in_region), ["country"], report, part=True
        )
        read = self._programme.countries.exclude(confidence=Confidence.ENTERED)
        answers = read.select_related("country", "programme", "rule")
        self._answers = Kept(answers, ["country"], report, part=True)
        self._met: dict[str, Region] = {}
        self._routes_met: dict[str, str] = {}

    def place(self, line: Line, country: Country) -> None:
        since = PartialDate.parse(line["since"]) if line["since"] else None
        admitted = line[ANSWERS[self._programme.code]]
        rule = self._rule(line, admitted)
        self._answers.put(
            line,
            {
                "programme": self._programme,
                "country": country,
                "rule": rule,
                "valid_from": since.first if since and admitted else None,
                **{name: line[name] for name in ("instrument", "route", "priority", "note")},
                **provenance(line),
            },
        )
        self._memberships.put(
            line,
            {
                "programme": self._programme,
                "country": country,
                "region": self._region(line),
                "year_from": since.first.year if since else None,
            },
        )

    def _rule(self, line: Line, admitted: bool) -> EligibilityRule:
        rule = self._rules.get((line["instrument"], admitted))
        if rule is None:
            column = ANSWERS[self._programme.code]
            reason = _("No rule of %(programme)s gives this answer for “%(instrument)s”.")
            names = {"programme": self._programme.code, "instrument": line["instrument"]}
            raise CellRefused(column, line.texts[column], reason % names)
        return rule

    def _region(self, line: Line) -> Region:
        """The region a row names, on the route it names: a region that two routes share is one on each."""
        code, name = slug(line["region"]), line["region"]
        if self._routes_met.setdefault(code, line["route"]) != line["route"]:
            code, name = f"{code}-{line['route']}", f"{name} ({ROUTES[line['route']].lower()})"
        if line["route"] not in ROUTES:
            raise CellRefused("route", line["route"], _("Write one of: %s.") % ", ".join(ROUTES))
        route = self._meet(line, line["route"], ROUTES[line["route"]], None)
        return self._meet(line, code, name, route)

    def _meet(self, line: Line, code: str, name: str, parent: Region | None) -> Region:
        """The region with a code. Its source is that of the first row that names it."""
        if code not in self._met:
            values = {"programme": self._programme, "code": code, "name": name, "parent": parent}
            self._met[code] = self._regions.put(line, values | provenance(line))
        return self._met[code]


def slug(name: str) -> str:
    """A code made of a name: capitals, digits and hyphens."""
    return re.sub(r"[^A-Z0-9]+", "-", name.upper()).strip("-")
