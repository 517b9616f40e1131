"""Pages of calls for proposals."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.filters import CallFilter
from calls.listing import call_headers, call_rows, count_calls, prepare_calls
from calls.models import Call
from calls.sheet import call_sheet
from portal.audit.timeline import timeline_of
from portal.lists import marks_in, read_listing
from portal.pages import get_permitted
from programmes.ledger.scope import now


@login_not_required
def list_calls(request: HttpRequest) -> HttpResponse:
    """Published calls, those with the latest deadline first; drafts too for officers and auditors."""
    filters = CallFilter(request.GET, Call.objects.visible_to(request.user), request=request)
    listing = read_listing(request, filters, ("-sort_deadline", "code"), prepare_calls)
    rows = call_rows(listing.rows, timezone.now())
    context = {
        "listing": listing,
        "count": count_calls(listing.hits),
        "headers": call_headers(),
        "rows": rows,
        "marks": marks_in(rows),
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "calls/list_calls.html", context, status=listing.status)


@login_not_required
def view_call(request: HttpRequest, code: str) -> HttpResponse:
    """One call: its dates, lots and budgets, what it implements, and what came of it."""
    rows = Call.objects.visible_to(request.user).select_related("programme")
    call = get_permitted(rows, code, request.user)
    context = call_sheet(call, request.user, now([call.programme.code]), timezone.now())
    context["used_marks"] = marks_in([context, context["lots"].nodes])
    context["timeline"] = timeline_of(request.user, "call", call.code, request.GET)
    context["breadcrumb"] = [(_("Home"), reverse("home")), (_("Calls"), reverse("list_calls"))]
    return render(request, "calls/view_call.html", context)
