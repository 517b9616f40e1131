"""Pages of what hangs on a programme: its thread, and which strands and regions its money covers."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.pages import get_permitted
from programmes import coverage_sheet, gaps
from programmes.ledger.scope import AsOf, now, parse_question
from programmes.models import Programme
from programmes.thread import read_thread
from programmes.tree import columns, marks_among, tree
from programmes.views.crumbs import Crumbs, crumbs


def _above(programme: Programme) -> Crumbs:
    return crumbs((programme.short_name, programme.get_absolute_url()))


@login_not_required
def view_thread(request: HttpRequest, code: str) -> HttpResponse:
    """A programme from its strategy papers to its projects, with money and gaps at each; `?gaps=1` for the gaps alone."""
    programme = get_permitted(Programme.objects.visible_to(request.user), code, request.user)
    as_of = now([programme.code])
    nodes = tree(read_thread(programme, request.user, as_of))
    alone = request.GET.get("gaps") == "1"
    address = reverse("view_thread", args=[programme.code])
    shown = gaps.only_gaps(nodes) if alone else nodes
    context = {
        "programme": programme,
        "demonstration": programme.demonstration,
        "meta": [programme.code, f"{programme.period_start}–{programme.period_end}"],
        "gaps": gaps.summary(nodes),
        "tabs": [
            (address, _("Everything"), not alone),
            (f"{address}?gaps=1", _("Only branches with gaps"), alone),
        ],
        "columns": columns(),
        "nodes": shown,
        "any": bool(nodes),
        "used_marks": marks_among(shown),
        "as_of": as_of,
        "breadcrumb": _above(programme),
        "actions": [(reverse("view_coverage", args=[programme.code]), _("Coverage matrix"), "")],
    }
    return render(request, "programmes/view_thread.html", context)


@login_not_required
def view_coverage(request: HttpRequest, code: str) -> HttpResponse:
    """One measure of a programme by region and strand, for some budget years or all, as of a position or now."""
    programme = get_permitted(Programme.objects.visible_to(request.user), code, request.user)
    try:
        context = coverage_sheet.coverage_sheet(
            programme,
            _asked_as_of(request, programme),
            request.GET.get("measure", ""),
            request.GET.get("years", ""),
        )
    except ValidationError as refused:
        raise BadRequest(" ".join(refused.messages)) from refused
    context["breadcrumb"] = _above(programme)
    return render(request, "programmes/view_coverage.html", context)


def _asked_as_of(request: HttpRequest, programme: Programme) -> AsOf:
    asked = request.GET.getlist("as_of")
    if not any(asked):
        return now([programme.code])
    return parse_question({"programme": [programme.code], "as_of": asked})[1]
