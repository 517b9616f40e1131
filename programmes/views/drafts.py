"""Pages on which an officer begins a document, changes what it says of itself, sets its allocations, discards it."""

from __future__ import annotations

from typing import Any

import rules
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.pages import UnknownCode
from programmes import contents
from programmes.actions import drafting
from programmes.choices import suggested_code, suggested_year
from programmes.forms.documents import (
    AddDocumentForm,
    ChangeDocumentForm,
    ChooseDocumentForm,
    DiscardDocumentForm,
)
from programmes.forms.financing import Revised
from programmes.forms.lines import allocation_lines, as_allocations
from programmes.forms.refusing import carried_out
from programmes.models import DocumentKind
from programmes.rules import ADD_DOCUMENT, DISCARD_DOCUMENT
from programmes.views.crumbs import crumbs
from programmes.views.editing import find_document, form_page, frozen_page, officer


def add_document(request: HttpRequest) -> HttpResponse:
    """An officer says for which programme and of which kind, then what the new document is called."""
    if not rules.has_perm(ADD_DOCUMENT, request.user):
        raise PermissionDenied(_("Documents are drafted by officers."))
    asked = "kind" in request.GET
    choice = ChooseDocumentForm(request.GET if asked else None, initial=request.GET.dict())
    context: dict[str, Any] = {"choice": choice, "breadcrumb": crumbs()}
    if asked and choice.is_valid():
        programme, kind = choice.cleaned_data["programme"], choice.cleaned_data["kind"]
        form = AddDocumentForm(
            request.POST or None,
            initial=_suggested(choice.cleaned_data),
            programme=programme,
            kind=kind,
        )
        if request.method == "POST" and form.is_valid():
            given = form.cleaned_data | {"programme": programme, "kind": kind}
            document = carried_out(
                form, lambda: drafting.add_document(by=officer(request), **given)
            )
            if document:
                messages.success(request, _("The draft is begun. Its page says what it lacks."))
                return redirect(document)
        context |= {"form": form, "kind": DocumentKind(kind).label, "programme": programme}
    refused = choice.errors or ("form" in context and context["form"].errors)
    return render(request, "programmes/add_document.html", context, status=400 if refused else 200)


def _suggested(chosen: dict[str, Any]) -> dict[str, Any]:
    programme, kind = chosen["programme"], chosen["kind"]
    year = chosen["year"] or suggested_year(programme, kind)
    last = year if kind == DocumentKind.WORK_PROGRAMME else programme.period_end
    return {
        "code": suggested_code(programme, kind, year),
        "period_start": year,
        "period_end": max(year, last),
    }


def change_document(request: HttpRequest, code: str) -> HttpResponse:
    """An officer changes what a draft says of itself."""
    document = find_document(code, request.user)
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = ChangeDocumentForm.of(document, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, lambda: drafting.change_document(document, by=officer(request), **given)
        ):
            messages.success(request, _("The draft is stored."))
            return redirect(document)
    return form_page(request, "programmes/change_document.html", document, form)


def discard_document(request: HttpRequest, code: str) -> HttpResponse:
    """An officer deletes a draft with everything in it, and says why."""
    document = find_document(code, request.user, DISCARD_DOCUMENT)
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = DiscardDocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, lambda: drafting.discard_document(document, by=officer(request), **given)
        ):
            messages.success(request, _("%s is discarded.") % code)
            return redirect(document.amends or document.programme)
    return form_page(request, "programmes/discard_document.html", document, form)


def change_allocations(request: HttpRequest, code: str) -> HttpResponse:
    """An officer sets what an indicative programme sets aside, line by line."""
    document = find_document(code, request.user)
    if document.kind != DocumentKind.INDICATIVE_PROGRAMME:
        raise UnknownCode(_("Only an indicative programme sets amounts aside."))
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = Revised(
        request.POST or None, initial={"revision": drafting.allocations_revision(document)}
    )
    lines = allocation_lines(document, request.POST or None)
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        given = {"lines": as_allocations(lines), "by": officer(request), **form.cleaned_data}
        if carried_out(form, lambda: drafting.set_allocations(document, **given)):
            messages.success(request, _("The allocations are stored."))
            return redirect(f"{document.get_absolute_url()}#allocations")
    more = {"lines": lines, "said": contents.allocations_in_words(document)}
    return form_page(request, "programmes/change_allocations.html", document, form, **more)
