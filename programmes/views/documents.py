"""Pages of documents and the actions of work programmes."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.audit.timeline import timeline_of
from portal.lists import marks_in, read_listing
from portal.pages import get_permitted
from programmes import facts, hanging, sheets, verbs
from programmes.filters import DocumentFilter
from programmes.ledger.scope import now
from programmes.models import Action, Document
from programmes.views.crumbs import crumbs


@login_not_required
def list_documents(request: HttpRequest) -> HttpResponse:
    """Documents by the first year they cover, the newest first; those without years at the end."""
    seen = Document.objects.visible_to(request.user)
    filters = DocumentFilter(request.GET, seen, request=request)
    listing = read_listing(request, filters, ("-first_year", "code"), hanging.by_first_year)
    rows = facts.document_rows(listing.rows)
    context = {
        "listing": listing,
        "headers": facts.document_headers(),
        "rows": rows,
        "marks": marks_in(rows),
        "actions": verbs.ways_to_add(request.user),
        "breadcrumb": crumbs(),
    }
    return render(request, "programmes/list_documents.html", context, status=listing.status)


@login_not_required
def view_document(request: HttpRequest, code: str) -> HttpResponse:
    """A document, what stands above, beneath and beside it, and the money that hangs on it."""
    rows = Document.objects.visible_to(request.user).select_related("programme")
    document = get_permitted(rows, code, request.user)
    context = sheets.document_sheet(document, request.user, now([document.programme.code]))
    context["used_marks"] = marks_in(context)
    context["timeline"] = timeline_of(request.user, "document", document.code, request.GET)
    programme = document.programme
    context["breadcrumb"] = crumbs((programme.short_name, programme.get_absolute_url()))
    return render(request, "programmes/view_document.html", context)


@login_not_required
def view_action(request: HttpRequest, code: str) -> HttpResponse:
    """An action of a work programme, the calls that implement it, and the money that came of it."""
    rows = Action.objects.visible_to(request.user).select_related("work_programme__programme")
    action = get_permitted(rows, code, request.user)
    above = action.work_programme
    context = sheets.action_sheet(action, request.user, now([above.programme.code]))
    context["used_marks"] = marks_in(context)
    context["timeline"] = timeline_of(request.user, "action", action.code, request.GET)
    context["breadcrumb"] = crumbs(
        (above.programme.short_name, above.programme.get_absolute_url()),
        (above.title, above.get_absolute_url()),
    )
    return render(request, "programmes/view_action.html", context)
