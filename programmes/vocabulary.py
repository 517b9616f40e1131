"""The words of a programme as its pages show them: strands with their measures and themes, regions with their countries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.models import Measure, Programme, Region, Strand, Theme


def strands_with_words(programme: Programme) -> QuerySet[Strand]:
    """The strands of a programme with titles, measures and themes read beforehand."""
    return programme.strands.prefetch_related("titles", measures_with_themes())


def measures_with_themes() -> Prefetch[Any]:
    measures = Measure.objects.order_by("order").prefetch_related("themes")
    return Prefetch("measures", queryset=measures)


def themes_of(programme: Programme) -> QuerySet[Theme]:
    """Themes over any measure of the programme's strands, with those measures."""
    measures = Measure.objects.filter(strand__programmes=programme).select_related("strand")
    themes = Theme.objects.filter(measures__in=measures).distinct()
    return themes.prefetch_related(Prefetch("measures", queryset=measures))


def region_rows(programme: Programme) -> list[list[Any]]:
    """Rows of a table: region, the route it lies on, number of countries; routes without members of their own left out."""
    rows = Region.objects.filter(programme=programme).select_related("parent")
    counted = rows.annotate(n=Count("memberships__country", distinct=True)).filter(n__gt=0)
    return [
        [
            {"text": region.name, "marks": ["unconfirmed"] if region.is_unconfirmed else []},
            region.parent.name if region.parent else _("none"),
            {
                "figure": {
                    "value": region.n,
                    "kind": "count",
                    "url": _countries_url(programme, region),
                }
            },
        ]
        for region in counted.order_by("parent__name", "name")
    ]


def region_headers() -> list[Any]:
    return [_("Region"), _("Route"), {"label": _("Countries"), "numeric": True}]


def _countries_url(programme: Programme, region: Region) -> str:
    query = urlencode({"programme": programme.code, "region": region.code})
    return f"{reverse('list_countries')}?{query}"
