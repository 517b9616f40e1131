"""What is known of one country: may it take part, what is being done there, and what is known of the money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.listing import call_headers, call_rows, prepare_calls
from calls.models import Call, CallQuerySet, Lot
from portal.accounts.people import Viewer
from portal.countries.models import Country
from portal.wording import partial_date
from programmes.eligibility import Answer, answers
from programmes.facts import as_link, marks_of
from programmes.ledger import counts, figures
from programmes.ledger.counts import CountFigure, CountMeasure
from programmes.ledger.models import Dimension, Measure, SubjectKind, Tag
from programmes.ledger.scope import ALL_PROGRAMMES, AsOf, Scope
from programmes.ledger.selection import touching_places
from programmes.models import Programme, ProgrammeCountry, Question, RegionMembership, Strand
from programmes.tiles import money_tiles
from projects.models import Project, ProjectCountry, ProjectQuerySet

MOST_NAMED = 20

Sheet = dict[str, Any]


def country_sheet(
    country: Country, programme: Programme | None, viewer: Viewer, as_of: AsOf
) -> Sheet:
    """The page of a country for one programme, or for all real ones, in a constant number of queries."""
    scope = Scope(programme.code if programme else ALL_PROGRAMMES, countries=(country.code,))
    asked = [programme] if programme else list(Programme.objects.real())
    counted = counts.count(CountMeasure.PROJECTS, scope, as_of)
    return {
        "country": country,
        "meta": [country.code, country.iso3],
        "tabs": _tabs(country, programme, viewer),
        "answers": eligibility_rows(asked, country),
        "answer_headers": [_("Programme"), _("Answer"), _("On"), _("Rule and reason"), _("Source")],
        "places": place_rows(asked, country),
        "place_headers": [
            _("Programme"),
            _("Instrument"),
            _("Route"),
            _("Priority"),
            _("Region"),
        ],
        "counts": project_tiles(counted),
        "figures": money_tiles(Measure.values, scope, as_of),
        "strand_headers": [
            _("Strand"),
            {"label": _("Projects that touch it"), "numeric": True},
            {"label": _("Contracted here alone"), "note": "EUR", "numeric": True},
        ],
        "strand_rows": strand_rows(scope, as_of),
        "projects": projects_there(country, asked, viewer),
        "projects_url": _list_url("list_projects", country, programme),
        "call_headers": call_headers(),
        "call_rows": call_rows(
            list(calls_naming(country, asked, viewer)[:MOST_NAMED]), timezone.now()
        ),
        "as_of": as_of,
    }


def _list_url(route: str, country: Country, programme: Programme | None) -> str:
    filters = {"country": country.code} | ({"programme": programme.code} if programme else {})
    return f"{reverse(route)}?{urlencode(filters)}"


def _tabs(
    country: Country, chosen: Programme | None, viewer: Viewer
) -> list[tuple[str, str, bool]]:
    url = reverse("view_country", args=[country.code])
    tabs = [(url, _("All programmes"), chosen is None)]
    seen = Programme.objects.visible_to(viewer)
    for programme in seen.order_by("demonstration", "period_start"):
        address = f"{url}?{urlencode({'programme': programme.code})}"
        tabs.append((address, programme.short_name, chosen == programme))
    return tabs


def eligibility_rows(programmes: Sequence[Programme], country: Country) -> list[list[Any]]:
    """Rows of a table: programme, answer, the day it is given for, rule and reason, source."""
    given = answers(programmes, [country])
    return [
        [
            {**as_link(programme), "marks": ["demonstration"] if programme.demonstration else []},
            answer_cell(given[programme.code, country.code]),
            partial_date(given[programme.code, country.code].on),
            _reason(given[programme.code, country.code]),
            given[programme.code, country.code].source,
        ]
        for programme in programmes
    ]


def answer_cell(answer: Answer) -> dict[str, Any]:
    """The answer in a word, coloured, marked where it rests on general knowledge."""
    return {
        "status": {"label": answer.word, "tone": answer.tone},
        "marks": ["unconfirmed"] if answer.unconfirmed else [],
    }


def _reason(answer: Answer) -> dict[str, Any]:
    notes = [answer.rule.code] if answer.rule else []
    if answer.within_several:
        notes.append(_("does not apply within an action in several countries"))
    return {"text": answer.reason, "note": "; ".join(notes)}


def place_rows(programmes: Sequence[Programme], country: Country) -> list[list[Any]]:
    """Rows of a table: what each programme makes of the country, with the years of each."""
    rows = ProgrammeCountry.objects.filter(
        programme__in=programmes, country=country, question=Question.PLACE
    )
    regions = _regions(programmes, country)
    return [
        [
            {"text": row.programme.short_name, "note": _validity(row), "marks": marks_of(row)},
            row.instrument_name,
            row.route,
            _("region of emigration or transit") if row.priority else _("no"),
            "; ".join(regions.get(row.programme_id, [])),
        ]
        for row in rows.select_related("programme").order_by("programme__period_start", "pk")
    ]


def _validity(row: ProgrammeCountry) -> str:
    if not (row.valid_from or row.valid_to):
        return row.note
    days = {
        "first": partial_date(row.valid_from) if row.valid_from else _("the beginning"),
        "last": partial_date(row.valid_to) if row.valid_to else _("the end"),
    }
    return _("from %(first)s to %(last)s") % days


def _regions(programmes: Sequence[Programme], country: Country) -> dict[int, list[str]]:
    rows = RegionMembership.objects.filter(programme__in=programmes, country=country)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("region").order_by("year_from"):
        years = "–".join(str(year) for year in (row.year_from, row.year_to) if year)
        text = f"{row.region.name} ({years})" if years else row.region.name
        found.setdefault(row.programme_id, []).append(text)
    return found


def project_tiles(counted: CountFigure) -> list[dict[str, Any]]:
    """Projects there, those in this country alone, and those in several countries."""
    return [
        {
            "label": _("Projects"),
            "kind": "count",
            "value": counted.total,
            "url": counted.address,
        },
        {
            "label": _("In this country alone"),
            "kind": "count",
            "value": counted.total - counted.elsewhere,
        },
        {"label": _("Part of several countries"), "kind": "count", "value": counted.elsewhere},
    ]


def strand_rows(scope: Scope, as_of: AsOf) -> list[list[Any]]:
    """Rows of a table: strand, projects here that touch it, and what was contracted in strand and country alone."""
    touched = _touched_strands(scope, as_of)
    cells = figures.table(Measure.CONTRACTED, scope, as_of, ["strand"])
    rows = []
    for strand in Strand.objects.filter(code__in=touched):
        asked = replace(scope, strands=(strand.code,))
        amount = cells.get((strand.code,))
        url = figures.address(Measure.CONTRACTED, asked, as_of)
        money = {"value": amount.amount, "url": url} if amount else {"value": None}
        rows.append(
            [
                {"text": strand.title, "url": strand.get_absolute_url()},
                {
                    "figure": {
                        "value": touched[strand.code],
                        "kind": "count",
                        "url": counts.address(CountMeasure.PROJECTS, asked, as_of),
                    }
                },
                {"figure": {**money, "plain": True}},
            ]
        )
    return rows


def _touched_strands(scope: Scope, as_of: AsOf) -> dict[str, int]:
    """For each strand, the number of distinct projects that touch it and a place asked for."""
    rows = Tag.objects.filter(
        programme__in=scope.programmes(),
        subject_kind=SubjectKind.PROJECT,
        dimension=Dimension.STRAND,
        subject__in=touching_places(scope, as_of),
        position__lte=as_of.position,
        reverses=None,
    ).exclude(reversed_by__position__lte=as_of.position)
    counted = rows.values("key").annotate(n=Count("subject", distinct=True)).order_by()
    return {row["key"]: row["n"] for row in counted}


def projects_there(
    country: Country, programmes: Sequence[Programme], viewer: Viewer
) -> dict[str, list[dict[str, Any]]]:
    """The first projects that the viewer may see: those in the country alone, and those in several."""
    seen: ProjectQuerySet = Project.objects.visible_to(viewer).touching_countries([country.code])
    seen = seen.filter(programme__in=programmes).order_by("code")
    elsewhere = Exists(
        ProjectCountry.objects.filter(project=OuterRef("pk")).exclude(country=country)
    )
    return {
        "alone": [_project(row) for row in seen.filter(~elsewhere)[:MOST_NAMED]],
        "several": [_project(row) for row in seen.filter(elsewhere)[:MOST_NAMED]],
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "text": project.name,
        "note": project.title if project.acronym else "",
        "code": project.code,
        "url": project.get_absolute_url(),
        "marks": marks_of(project, project.attribution),
    }


def calls_naming(
    country: Country, programmes: Sequence[Programme], viewer: Viewer
) -> QuerySet[Call]:
    """Calls that name the country, or a region of theirs that it belongs to in a lot; the latest deadline first."""
    calls: CallQuerySet = Call.objects.visible_to(viewer)
    named = Call.countries.through.objects.filter(call=OuterRef("pk"), country=country)
    member = Q(regions__memberships__country=country) | Q(
        regions__children__memberships__country=country
    )
    lots = Lot.objects.filter(member, call=OuterRef("pk"))
    rows = calls.filter(Exists(named) | Exists(lots), programme__in=programmes)
    return prepare_calls(rows).order_by("-sort_deadline", "code")
