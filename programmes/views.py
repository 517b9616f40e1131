"""Pages of programmes, strands, documents and actions."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lists import marks_in, read_listing
from portal.pages import get_permitted, read_page
from programmes import facts, hanging, portfolio, sheets, vocabulary
from programmes.filters import DocumentFilter
from programmes.ledger.scope import now
from programmes.models import Action, Document, Programme, Strand

Crumbs = list[tuple[str, str]]


def _crumbs(*further: tuple[str, str]) -> Crumbs:
    """The way from the home page through the list of programmes."""
    return [
        (_("Home"), reverse("home")),
        (_("Programmes"), reverse("list_programmes")),
        *further,
    ]


@login_not_required
def list_programmes(request: HttpRequest) -> HttpResponse:
    """Every programme, real ones first and the newest of them on top."""
    page = read_page(
        Programme.objects.select_related("predecessor"),
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
        "breadcrumb": _crumbs()[:1],
    }
    return render(request, "programmes/list_programmes.html", context)


@login_not_required
def view_programme(request: HttpRequest, code: str) -> HttpResponse:
    """A programme from its aim to its projects, with the money at each node."""
    rows = Programme.objects.select_related("predecessor")
    programme = get_permitted(rows, code, request.user)
    context = sheets.programme_sheet(programme, request.user, now([programme.code]))
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = _crumbs()
    return render(request, "programmes/view_programme.html", context)


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
        "breadcrumb": _crumbs(),
    }
    return render(request, "programmes/list_documents.html", context, status=listing.status)


@login_not_required
def view_document(request: HttpRequest, code: str) -> HttpResponse:
    """A document, what stands above, beneath and beside it, and the money that hangs on it."""
    rows = Document.objects.visible_to(request.user).select_related("programme")
    document = get_permitted(rows, code, request.user)
    context = sheets.document_sheet(document, request.user, now([document.programme.code]))
    context["used_marks"] = marks_in(context)
    programme = document.programme
    context["breadcrumb"] = _crumbs((programme.short_name, programme.get_absolute_url()))
    return render(request, "programmes/view_document.html", context)


@login_not_required
def view_action(request: HttpRequest, code: str) -> HttpResponse:
    """An action of a work programme, the calls that implement it, and the money that came of it."""
    rows = Action.objects.visible_to(request.user).select_related("work_programme__programme")
    action = get_permitted(rows, code, request.user)
    above = action.work_programme
    context = sheets.action_sheet(action, request.user, now([above.programme.code]))
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = _crumbs(
        (above.programme.short_name, above.programme.get_absolute_url()),
        (above.title, above.get_absolute_url()),
    )
    return render(request, "programmes/view_action.html", context)


@login_not_required
def view_strand(request: HttpRequest, code: str) -> HttpResponse:
    """A strand: what it was called, its measures and themes, and its money in each programme."""
    rows = Strand.objects.prefetch_related("titles", vocabulary.measures_with_themes())
    strand = get_permitted(rows, code, request.user)
    context = sheets.strand_sheet(strand, now())
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = _crumbs()
    return render(request, "programmes/view_strand.html", context)
