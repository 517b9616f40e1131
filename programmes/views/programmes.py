"""Pages of programmes and their strands."""

from __future__ import annotations

import rules
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit.timeline import timeline_of
from portal.lists import marks_in
from portal.pages import get_permitted, read_page
from programmes import portfolio, sheets, vocabulary
from programmes.ledger.scope import now
from programmes.models import Programme, Strand
from programmes.rules import ADD_PROGRAMME
from programmes.views.crumbs import crumbs


@login_not_required
def list_programmes(request: HttpRequest) -> HttpResponse:
    """Every programme, real ones first and the newest of them on top."""
    page = read_page(
        Programme.objects.visible_to(request.user).select_related("predecessor"),
        ("demonstration", "-period_start", "code"),
        after=request.GET.get("after"),
        before=request.GET.get("before"),
    )
    rows = portfolio.programme_rows(page.rows, now())
    context = {
        "headers": portfolio.programme_headers(),
        "rows": rows,
        "marks": marks_in(rows),
        "previous_url": f"?before={page.before}" if page.before else None,
        "next_url": f"?after={page.after}" if page.after else None,
        "breadcrumb": crumbs()[:1],
        "actions": _ways_to_add(request),
    }
    return render(request, "programmes/list_programmes.html", context)


def _ways_to_add(request: HttpRequest) -> list[tuple[str, str, str]]:
    if not rules.has_perm(ADD_PROGRAMME, request.user):
        return []
    return [(reverse("add_programme"), _("Set up a programme"), "plus")]


@login_not_required
def view_programme(request: HttpRequest, code: str) -> HttpResponse:
    """A programme from its aim to its projects, with the money at each node."""
    rows = Programme.objects.visible_to(request.user).select_related("predecessor")
    programme = get_permitted(rows, code, request.user)
    context = sheets.programme_sheet(programme, request.user, now([programme.code]))
    context["used_marks"] = marks_in(context)
    context["timeline"] = timeline_of(request.user, "programme", programme.code, request.GET)
    context["breadcrumb"] = crumbs()
    return render(request, "programmes/view_programme.html", context)


@login_not_required
def view_strand(request: HttpRequest, code: str) -> HttpResponse:
    """A strand: what it was called, its measures and themes, and its money in each programme."""
    seen = Strand.objects.visible_to(request.user)
    rows = seen.prefetch_related("titles", vocabulary.measures_with_themes())
    strand = get_permitted(rows, code, request.user)
    context = sheets.strand_sheet(strand, now())
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = crumbs()
    return render(request, "programmes/view_strand.html", context)
