"""Setting up the demonstration programme as an officer does in the browser; another officer opens it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from portal.accounts.models import User
from portal.countries.models import Country
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.places import AREAS, COUNTRIES, ROUTES
from portal.management.demonstration.plan import FIRST_YEAR, LAST_YEAR, STRANDS, Plan
from portal.management.demonstration.rows import SOURCE, organisation_rows
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.actions.setting_up import (
    MemberLine,
    add_programme,
    add_region,
    add_rule,
    change_countries,
    change_strands,
    open_programme,
)
from programmes.models import Programme, Strand
from projects.models import Organisation


def setting_up_happenings(script: Script) -> Iterator[Happening]:
    """The programme with its strands, regions, rule and countries, until it is opened; then its organisations."""
    plan, writer, approver = script.plan, script.writer(FIRST_YEAR), script.approver(FIRST_YEAR)
    for day, step in (
        (date(2017, 3, 13), partial(_begin, plan, writer)),
        (date(2017, 3, 14), partial(_choose_strands, plan, writer)),
        (date(2017, 3, 20), partial(_draw_regions, plan, writer)),
        (date(2017, 4, 3), partial(_place, plan, writer)),
        (date(2017, 5, 2), partial(_open, plan, approver)),
        (date(2017, 5, 9), partial(_add_organisations, plan)),
    ):
        yield Happening(moment_after(day, 0), step)


def _begin(plan: Plan, by: User) -> None:
    add_programme(
        by=by,
        code=plan.code,
        name="Demonstration programme for cooperation on migration and asylum",
        short_name="Demonstration programme",
        aim="To show the whole cycle of a grant programme. Everything in it is invented.",
        legal_basis="None: invented for demonstration",
        period_start=FIRST_YEAR,
        period_end=LAST_YEAR,
        demonstration=True,
        source=SOURCE,
    )


def _choose_strands(plan: Plan, by: User) -> None:
    programme = Programme.objects.get(code=plan.code)
    change_strands(programme, list(Strand.objects.filter(code__in=STRANDS)), by=by)


def _draw_regions(plan: Plan, by: User) -> None:
    programme = Programme.objects.get(code=plan.code)
    routes = {
        code: add_region(programme, by=by, code=code, name=name, source=SOURCE)
        for code, name in ROUTES.items()
    }
    countries = {row.code: row for row in Country.objects.filter(code__in=COUNTRIES)}
    for area in AREAS:
        add_region(
            programme,
            by=by,
            code=area.code,
            name=area.name,
            parent=routes[area.route],
            members=[MemberLine(countries[code]) for code in area.countries],
            source=SOURCE,
        )


def _place(plan: Plan, by: User) -> None:
    programme = Programme.objects.get(code=plan.code)
    rule = add_rule(
        programme,
        by=by,
        code=f"{plan.code}-PLACE",
        text="An action may take place in the partner countries that the programme lists.",
        admits=True,
        source=SOURCE,
    )
    for area in AREAS:
        change_countries(
            programme,
            list(Country.objects.filter(code__in=area.countries)),
            by=by,
            rule=rule,
            source=SOURCE,
            instrument=area.instrument,
            route=area.route,
            priority=area.route != "OTHER",
        )


def _open(plan: Plan, by: User) -> None:
    open_programme(Programme.objects.get(code=plan.code), by=by)


def _add_organisations(plan: Plan) -> None:
    countries = dict(Country.objects.values_list("code", "pk"))
    Organisation.objects.bulk_create(
        Organisation(**row) for row in organisation_rows(plan.code, countries)
    )
