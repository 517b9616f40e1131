"""Projects and organisations as rows of tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.people import Viewer
from portal.lists import Hits
from portal.records import Attribution
from portal.wording import number, partial_date
from projects.models import (
    Organisation,
    Partner,
    Project,
    ProjectCountry,
    ProjectQuerySet,
    ProjectStrand,
)

Cells = list[Any]
COUNTRIES_NAMED = 3
_SHOWN = (
    "code",
    "title",
    "acronym",
    "reference",
    "attribution",
    "start",
    "end",
    "eu_contribution",
    "restricted",
    "confidence",
    "recalled_fields",
    "programme__demonstration",
    "lead__code",
    "lead__name",
)


def prepare_projects(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Only what a row shows: a page of projects is read without their long texts."""
    return projects.select_related("programme", "lead").only(*_SHOWN)


def count_projects(hits: Hits) -> str:
    """How many projects a list has, in words."""
    if hits.more:
        return _("more than %(n)s projects") % {"n": hits.text}
    return ngettext("%(n)s project", "%(n)s projects", hits.counted) % {"n": hits.text}


def project_headers() -> list[Any]:
    return [
        _("Project"),
        _("Lead"),
        _("Countries"),
        _("Strands"),
        _("Period"),
        {"label": _("EU contribution"), "note": "EUR", "numeric": True},
    ]


def project_rows(projects: Sequence[Project]) -> list[Cells]:
    """One row of cells for each project, as the component `table` takes them. Two queries."""
    keys = [project.pk for project in projects]
    countries = _by_project(
        ProjectCountry.objects.filter(project__in=keys)
        .order_by("country__name")
        .values_list("project", "country__name")
    )
    strands = _by_project(
        ProjectStrand.objects.filter(project__in=keys)
        .order_by("-main", "strand__number")
        .values_list("project", "strand__title")
    )
    return [
        [
            _name_cell(project),
            _lead_cell(project),
            few_of(countries[project.pk]) or None,
            "; ".join(strands[project.pk]) or None,
            period_of(project),
            _amount_cell(project),
        ]
        for project in projects
    ]


def _by_project(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, list[str]]:
    named: defaultdict[int, list[str]] = defaultdict(list)
    for project, name in pairs:
        named[project].append(name)
    return named


def few_of(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(names[:COUNTRIES_NAMED])
    more = len(names) - COUNTRIES_NAMED
    if more <= 0:
        return shown
    words = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", more)
    return words % {"names": shown, "n": number(more)}


def period_of(project: Project) -> str | None:
    """`May 2004 – October 2005`; a side that is not known is said to be so; None where neither is."""
    if not project.start and not project.end:
        return None
    if not project.end:
        return _("from %(start)s, end not reported") % {"start": partial_date(project.start)}
    if not project.start:
        return _("until %(end)s, start not reported") % {"end": partial_date(project.end)}
    return f"{partial_date(project.start)} – {partial_date(project.end)}"


def project_marks(project: Project) -> list[str]:
    """The marks of a project as a whole: doubtful attribution, unconfirmed, demonstration."""
    marks = [] if project.attribution == Attribution.EXPLICIT else [str(project.attribution)]
    if project.is_unconfirmed:
        marks.append("unconfirmed")
    if project.programme.demonstration:
        marks.append("demonstration")
    return marks


def _name_cell(project: Project) -> dict[str, Any]:
    known_as = [project.code, project.acronym, project.reference]
    if project.restricted:
        known_as.append(_("restricted"))
    return {
        "text": project.title,
        "url": project.get_absolute_url(),
        "note": " · ".join(text for text in known_as if text),
        "marks": project_marks(project),
    }


def _lead_cell(project: Project) -> dict[str, Any] | None:
    if project.lead is None:
        return None
    return {"text": project.lead.name, "url": project.lead.get_absolute_url()}


def _amount_cell(project: Project) -> dict[str, Any]:
    amount = project.eu_contribution
    unconfirmed = amount is not None and project.is_field_unconfirmed("amount_eur")
    marks = ["unconfirmed"] if unconfirmed and not project.is_unconfirmed else []
    return {"figure": {"value": amount, "plain": True, "marks": marks}}


def prepare_organisations(
    organisations: QuerySet[Organisation], viewer: Viewer
) -> QuerySet[Organisation]:
    """Adds how many projects each leads and takes part in, among those the viewer may see."""
    seen: ProjectQuerySet = Project.objects.visible_to(viewer)
    led = seen.filter(lead=OuterRef("pk")).order_by().values("lead").annotate(n=Count("pk"))
    partner = (
        Partner.objects.filter(organisation=OuterRef("pk"), project__in=seen)
        .order_by()
        .values("organisation")
        .annotate(n=Count("project", distinct=True))
    )
    return organisations.select_related("country").annotate(
        led_count=Coalesce(Subquery(led.values("n"), output_field=IntegerField()), 0),
        partner_count=Coalesce(Subquery(partner.values("n"), output_field=IntegerField()), 0),
    )


def count_organisations(hits: Hits) -> str:
    """How many organisations a list has, in words."""
    if hits.more:
        return _("more than %(n)s organisations") % {"n": hits.text}
    return ngettext("%(n)s organisation", "%(n)s organisations", hits.counted) % {"n": hits.text}


def organisation_headers() -> list[Any]:
    return [
        _("Organisation"),
        _("Kind"),
        _("Country"),
        {"label": _("Projects led"), "numeric": True},
        {"label": _("Projects as partner"), "numeric": True},
    ]


def organisation_rows(organisations: Sequence[Any]) -> list[Cells]:
    """One row of cells for each organisation that `prepare_organisations` read."""
    return [
        [
            {
                "text": each.name,
                "url": each.get_absolute_url(),
                "note": each.code,
                "marks": ["unconfirmed"] if each.is_unconfirmed else [],
            },
            each.get_kind_display() or None,
            each.country.name if each.country else None,
            number(each.led_count),
            number(each.partner_count),
        ]
        for each in organisations
    ]
