"""Rows of the list of countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.countries.models import Country
from portal.views.country_sheet import answer_cell
from programmes.eligibility import answers
from programmes.facts import marks_of
from programmes.ledger import counts
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Dimension, SubjectKind, Tag
from programmes.ledger.scope import ALL_PROGRAMMES, AsOf, Scope
from programmes.models import Programme, ProgrammeCountry, Question, RegionMembership


def programmes_shown(chosen: Programme | None) -> list[Programme]:
    """The programme chosen; else every real one that says something of countries, the newest first."""
    if chosen:
        return [chosen]
    says = ProgrammeCountry.objects.filter(programme=OuterRef("pk"))
    return list(Programme.objects.real().filter(Exists(says)))


def country_headers(programmes: Sequence[Programme]) -> list[Any]:
    """Headings: what the first programme makes of a country, the answer of each, and the projects."""
    eligible = [{"label": _("Eligible"), "note": programme.code} for programme in programmes]
    return [
        _("Country"),
        _("Instrument"),
        _("Region"),
        _("Priority"),
        *eligible,
        {"label": _("Projects"), "numeric": True},
    ]


def country_rows(
    countries: Sequence[Country], programmes: Sequence[Programme], as_of: AsOf
) -> list[list[Any]]:
    """One row for each country, in the same number of queries however many."""
    scope = Scope(programmes[0].code if len(programmes) == 1 else ALL_PROGRAMMES)
    given = answers(programmes, countries)
    places, regions = _places(programmes[:1], countries), _regions(programmes[:1], countries)
    projects = _project_counts(scope, countries, as_of)
    return [
        [
            {
                "text": country.name,
                "url": reverse("view_country", args=[country.code]),
                "note": country.code,
            },
            *_place_cells(places.get(country.pk), regions.get(country.pk, [])),
            *(answer_cell(given[programme.code, country.code]) for programme in programmes),
            _count_cell(projects.get(country.code, 0), scope, country, as_of),
        ]
        for country in countries
    ]


def _places(
    programmes: Sequence[Programme], countries: Sequence[Country]
) -> Mapping[int, ProgrammeCountry]:
    """What a programme makes of each country; the latest row where there are several."""
    rows = ProgrammeCountry.objects.filter(
        programme__in=programmes, country__in=countries, question=Question.PLACE
    )
    return {row.country_id: row for row in rows.order_by("valid_from", "pk")}


def _regions(
    programmes: Sequence[Programme], countries: Sequence[Country]
) -> Mapping[int, list[str]]:
    rows = RegionMembership.objects.filter(programme__in=programmes, country__in=countries)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("region").order_by("year_from"):
        found.setdefault(row.country_id, []).append(row.region.name)
    return found


def _place_cells(place: ProgrammeCountry | None, regions: Sequence[str]) -> list[Any]:
    if place is None:
        return [None, ", ".join(regions), None]
    return [
        {"text": place.instrument, "marks": marks_of(place)},
        ", ".join(regions),
        _("yes") if place.priority else _("no"),
    ]


def _project_counts(scope: Scope, countries: Sequence[Country], as_of: AsOf) -> dict[str, int]:
    """For each country, the number of distinct projects that touch it."""
    rows = Tag.objects.filter(
        programme__in=scope.programmes(),
        subject_kind=SubjectKind.PROJECT,
        dimension=Dimension.COUNTRY,
        key__in=[country.code for country in countries],
        position__lte=as_of.position,
        reverses=None,
    ).exclude(reversed_by__position__lte=as_of.position)
    counted = rows.values("key").annotate(n=Count("subject", distinct=True)).order_by()
    return {row["key"]: row["n"] for row in counted}


def _count_cell(count: int, scope: Scope, country: Country, as_of: AsOf) -> dict[str, Any]:
    asked = Scope(scope.programme, countries=(country.code,))
    url = counts.address(CountMeasure.PROJECTS, asked, as_of)
    return {"figure": {"value": count, "kind": "count", "url": url}}
