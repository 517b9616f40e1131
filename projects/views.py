"""Pages of projects and of the organisations that carry them out."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit.timeline import timeline_of
from portal.lists import marks_in, read_listing
from portal.pages import get_permitted
from programmes.ledger.scope import now
from projects.filters import OrganisationFilter, ProjectFilter
from projects.listing import (
    count_organisations,
    count_projects,
    organisation_headers,
    organisation_rows,
    prepare_organisations,
    prepare_projects,
    project_headers,
    project_rows,
)
from projects.models import Organisation, Project
from projects.organisation import organisation_sheet
from projects.sheet import project_sheet


@login_not_required
def list_projects(request: HttpRequest) -> HttpResponse:
    """Projects by code, as far as the one who asks may see them."""
    seen = Project.objects.visible_to(request.user)
    filters = ProjectFilter(request.GET, seen, request=request)
    listing = read_listing(request, filters, ("code",), prepare_projects)
    rows = project_rows(listing.rows)
    context = {
        "listing": listing,
        "count": count_projects(listing.hits),
        "headers": project_headers(),
        "actions": [(reverse("list_organisations"), _("Organisations"), "")],
        "rows": rows,
        "marks": marks_in(rows),
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "projects/list_projects.html", context, status=listing.status)


@login_not_required
def view_project(request: HttpRequest, code: str) -> HttpResponse:
    """One project: where it comes from, who, where and when, and what the ledger holds of it."""
    rows = Project.objects.visible_to(request.user).select_related(
        "programme", "lead", "call", "work_programme", "action"
    )
    project = get_permitted(rows, code, request.user)
    context = project_sheet(project, request.user, now([project.programme.code]))
    context["used_marks"] = marks_in(
        [
            context,
            {"marks": context["attribution_marks"]},
            [each.rows for each in context["accounts"]],
        ]
    )
    context["timeline"] = timeline_of(request.user, "project", project.code, request.GET)
    context["breadcrumb"] = [
        (_("Home"), reverse("home")),
        (_("Projects"), reverse("list_projects")),
    ]
    return render(request, "projects/view_project.html", context)


@login_not_required
def list_organisations(request: HttpRequest) -> HttpResponse:
    """Organisations by code, with the number of projects that each leads and takes part in."""
    filters = OrganisationFilter(request.GET, Organisation.objects.all(), request=request)
    listing = read_listing(
        request, filters, ("code",), lambda rows: prepare_organisations(rows, request.user)
    )
    rows = organisation_rows(listing.rows)
    context = {
        "listing": listing,
        "count": count_organisations(listing.hits),
        "headers": organisation_headers(),
        "rows": rows,
        "marks": marks_in(rows),
        "breadcrumb": [(_("Home"), reverse("home")), (_("Projects"), reverse("list_projects"))],
    }
    return render(request, "projects/list_organisations.html", context, status=listing.status)


@login_not_required
def view_organisation(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: what is known of it, the projects it leads, and those it takes part in."""
    rows = Organisation.objects.select_related("country")
    organisation = get_permitted(rows, code, request.user)
    context = organisation_sheet(organisation, request.user)
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = [
        (_("Home"), reverse("home")),
        (_("Projects"), reverse("list_projects")),
        (_("Organisations"), reverse("list_organisations")),
    ]
    return render(request, "projects/view_organisation.html", context)
