"""Pages on which an officer adds, changes and removes the actions of a draft work programme."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.pages import UnknownCode
from programmes.actions import drafting
from programmes.forms.actions import AddActionForm, ChangeActionForm
from programmes.forms.lifecycle import ConfirmForm
from programmes.forms.lines import amount_lines, as_amounts
from programmes.forms.refusing import carried_out
from programmes.models import Action, DocumentKind
from programmes.views.editing import (
    find_document,
    find_part,
    form_page,
    frozen_page,
    officer,
)


def add_action(request: HttpRequest, code: str) -> HttpResponse:
    """An officer adds an action to a draft work programme."""
    document = find_document(code, request.user)
    if document.kind != DocumentKind.WORK_PROGRAMME:
        raise UnknownCode(_("Only an annual work programme holds actions."))
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    initial = {"code": drafting.next_action_code(document)}
    form = AddActionForm(request.POST or None, initial=initial, work_programme=document)
    lines = amount_lines(request.POST or None)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        given = {"amounts": as_amounts(lines), "by": officer(request), **form.cleaned_data}
        action = carried_out(form, lambda: drafting.add_action(document, **given))
        if action:
            messages.success(request, _("%s is added.") % action.code)
            return redirect(action)
    return form_page(request, "programmes/add_action.html", document, form, lines=lines)


def change_action(request: HttpRequest, code: str) -> HttpResponse:
    """An officer changes an action of a draft work programme."""
    action: Action = find_part(Action.objects, "work_programme", code, request.user)
    document = action.work_programme
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = ChangeActionForm.of(action, request.POST or None)
    lines = amount_lines(request.POST or None, action)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        given = {"amounts": as_amounts(lines), "by": officer(request), **form.cleaned_data}
        if carried_out(form, lambda: drafting.change_action(action, **given)):
            messages.success(request, _("%s is stored.") % code)
            return redirect(action)
    more = {"action": action, "lines": lines, "back": action.get_absolute_url()}
    return form_page(request, "programmes/change_action.html", document, form, **more)


def remove_action(request: HttpRequest, code: str) -> HttpResponse:
    """An officer takes an action out of a draft work programme."""
    action: Action = find_part(Action.objects, "work_programme", code, request.user)
    document = action.work_programme
    frozen = frozen_page(request, document)
    if frozen:
        return frozen
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        removed = carried_out(form, lambda: drafting.remove_action(action, by=officer(request)))
        if removed:
            messages.success(request, _("%s is taken out.") % code)
            return redirect(f"{document.get_absolute_url()}#actions")
    more = {"action": action, "back": action.get_absolute_url()}
    return form_page(request, "programmes/remove_action.html", document, form, **more)
