"""Pages of objectives, priorities and anticipated results: read by everybody, changed in drafts by officers."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.audit.timeline import timeline_of
from portal.lists import marks_in
from portal.pages import get_permitted
from programmes import contents
from programmes.actions import drafting
from programmes.forms.lifecycle import ConfirmForm
from programmes.forms.passages import AddPassageForm, ChangePassageForm
from programmes.forms.refusing import carried_out
from programmes.ledger.scope import now
from programmes.models import Passage
from programmes.views.editing import (
    find_document,
    find_part,
    form_page,
    frozen_page,
    officer,
    way_to,
)


@login_not_required
def view_passage(request: HttpRequest, code: str) -> HttpResponse:
    """What a document says in one place, what it serves above, and what serves it, with the money planned for that."""
    rows = Passage.objects.visible_to(request.user)
    passage = get_permitted(
        rows.select_related("document__programme", "serves__document"), code, request.user
    )
    document = passage.document
    context = contents.passage_sheet(passage, request.user, now([document.programme.code]))
    context["timeline"] = timeline_of(request.user, "passage", passage.code, request.GET)
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = way_to(document)
    return render(request, "programmes/view_passage.html", context)


def add_passage(request: HttpRequest, code: str) -> HttpResponse:
    """An officer adds an objective, a priority or a result to a draft."""
    document = find_document(code, request.user)
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    initial = {"kind": request.GET.get("kind")}
    form = AddPassageForm(request.POST or None, initial=initial, document=document)
    if request.method == "POST" and form.is_valid():
        given = form.typed()
        passage = carried_out(
            form, lambda: drafting.add_passage(document, by=officer(request), **given)
        )
        if passage:
            messages.success(request, _("%s is added.") % passage.code)
            again = f"{request.path}?kind={passage.kind}"
            home = f"{document.get_absolute_url()}#passages"
            return redirect(again if "another" in request.POST else home)
    return form_page(request, "programmes/add_passage.html", document, form)


def change_passage(request: HttpRequest, code: str) -> HttpResponse:
    """An officer changes an objective, a priority or a result of a draft."""
    passage: Passage = find_part(Passage.objects, "document", code, request.user)
    document = passage.document
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = ChangePassageForm.of(passage, request.POST or None, drafting.passage_revision(passage))
    if request.method == "POST" and form.is_valid():
        given = form.typed()
        if carried_out(
            form, lambda: drafting.change_passage(passage, by=officer(request), **given)
        ):
            messages.success(request, _("%s is stored.") % code)
            return redirect(passage)
    back = passage.get_absolute_url()
    return form_page(
        request, "programmes/change_passage.html", document, form, passage=passage, back=back
    )


def remove_passage(request: HttpRequest, code: str) -> HttpResponse:
    """An officer takes an objective, a priority or a result out of a draft."""
    passage: Passage = find_part(Passage.objects, "document", code, request.user)
    document = passage.document
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        removed = carried_out(form, lambda: drafting.remove_passage(passage, by=officer(request)))
        if removed:
            messages.success(request, _("%s is taken out.") % code)
            return redirect(f"{document.get_absolute_url()}#passages")
    back = passage.get_absolute_url()
    return form_page(
        request, "programmes/remove_passage.html", document, form, passage=passage, back=back
    )
