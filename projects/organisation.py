"""What is known of one organisation, put in words for its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.lists import count_hits
from programmes.facts import source_of
from projects.listing import count_projects, prepare_projects, project_headers, project_rows
from projects.models import Organisation, Partner, Project

FEW = 20


def organisation_sheet(organisation: Organisation, viewer: Viewer) -> dict[str, Any]:
    """Everything the page of an organisation shows, in a constant number of queries."""
    seen = Project.objects.visible_to(viewer)
    partner = Partner.objects.filter(project=OuterRef("pk"), organisation=organisation)
    return {
        "organisation": organisation,
        "marks": ["unconfirmed"] if organisation.is_unconfirmed else [],
        "meta": [organisation.code],
        "facts": _facts(organisation),
        "source": source_of(organisation),
        "headers": project_headers(),
        "led": _projects(seen.filter(lead=organisation)),
        "partnered": _projects(seen.filter(Exists(partner))),
    }


def _facts(organisation: Organisation) -> list[dict[str, Any]]:
    country = organisation.country
    return [
        {"term": _("Kind"), "value": organisation.get_kind_display()},
        {
            "term": _("Country"),
            "value": country.name if country else None,
            "url": reverse("view_country", args=[country.code]) if country else "",
        },
    ]


def _projects(projects: QuerySet[Project]) -> dict[str, Any]:
    """The first projects as rows, and how many there are."""
    hits = count_hits(projects)
    few = list(prepare_projects(projects).order_by("code")[:FEW])
    return {
        "count": count_projects(hits),
        "rows": project_rows(few),
        "more": hits.more or hits.counted > FEW,
    }
