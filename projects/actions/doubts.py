"""What to look at in a row that is loaded all the same: real projects do not always follow the rules."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.countries.models import Country
from portal.dates import PartialDate
from portal.imports.reports import FileReport
from portal.imports.sheets import Line
from programmes.models import EligibilityRule, ProgrammeCountry, Question
from projects.models import AwardType, Project


class Doubts:
    """Notes warnings about projects in a report."""

    def __init__(self, report: FileReport) -> None:
        self._report = report
        placed = ProgrammeCountry.objects.filter(question=Question.PLACE)
        rows = placed.select_related("rule").order_by("valid_from")
        self._rules: dict[tuple[int, int], EligibilityRule] = {
            (row.programme_id, row.country_id): row.rule for row in rows
        }

    def note(self, line: Line, project: Project, countries: Sequence[Country]) -> None:
        for country in countries:
            self._note_place(line, project, country, alone=len(countries) == 1)
        if project.start and project.end and _ends_first(project):
            self._report.warn(line, _("The project ends before it begins."))
        if project.eu_contribution is None:
            return
        if project.award_type == AwardType.SUB_GRANT:
            text = _("A sub-grant: its amount lies inside another contract and is not posted.")
            self._report.warn(line, text)
        elif len(countries) == 1 and project.region_note:
            text = _(
                "The amount is posted to %(country)s, the one country named; the area is “%(area)s”."
            )
            names = {"country": countries[0].code, "area": project.region_note}
            self._report.warn(line, text % names)

    def _note_place(self, line: Line, project: Project, country: Country, *, alone: bool) -> None:
        rule = self._rules.get((project.programme_id, country.pk))
        if rule is None or rule.admits or (rule.multi_country_exception and not alone):
            return
        text = _("%(country)s is not admitted by rule %(rule)s: %(text)s")
        names = {"country": country.code, "rule": rule.code, "text": rule.text}
        self._report.warn(line, text % names)


def _ends_first(project: Project) -> bool:
    return PartialDate.parse(project.end).last < PartialDate.parse(project.start).first
