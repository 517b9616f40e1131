"""Pages on which a programme is set up, its strands are chosen, and a second officer opens it."""

from __future__ import annotations

from typing import Any

import rules
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.audit.timeline import timeline_rows
from portal.lists import marks_in
from portal.pages import get_permitted
from programmes.actions import setting_up as verbs
from programmes.forms.programme import (
    AddProgrammeForm,
    AddStrandForm,
    ChangeProgrammeForm,
    ChangeStrandForm,
    OpenProgrammeForm,
    StrandsForm,
)
from programmes.forms.refusing import carried_out
from programmes.models import Programme
from programmes.readiness import lacks_to_open
from programmes.refusals import FourEyes
from programmes.rules import (
    ADD_PROGRAMME,
    CHANGE_PROGRAMME,
    OPEN_PROGRAMME,
    SET_UP_PROGRAMME,
    changes_by,
)
from programmes.set_up_sheet import set_up_sheet, strand_headers, strand_rows
from programmes.views.crumbs import Crumbs, crumbs


def add_programme(request: HttpRequest) -> HttpResponse:
    """An officer begins to set up a programme."""
    if not rules.has_perm(ADD_PROGRAMME, request.user):
        raise PermissionDenied(_("Officers set up programmes."))
    form = AddProgrammeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_programme(by=acting(request), **form.cleaned_data)
        )
        if added:
            return redirect("set_up_programme", added.code)
    context = {"form": form, "back": reverse("list_programmes"), "breadcrumb": crumbs()}
    return form_page(request, "programmes/add_programme.html", context)


def set_up_programme(request: HttpRequest, code: str) -> HttpResponse:
    """What is there of a programme, part by part, what is missing, and who may open it."""
    programme = programme_of(request, code, SET_UP_PROGRAMME)
    officer = rules.has_perm(CHANGE_PROGRAMME, request.user, programme)
    may_open = programme.is_set_up and rules.has_perm(OPEN_PROGRAMME, request.user, programme)
    context = set_up_sheet(programme, may_change=officer, may_open=may_open)
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = crumbs((programme.short_name, programme.get_absolute_url()))
    return render(request, "programmes/set_up_programme.html", context)


def change_programme(request: HttpRequest, code: str) -> HttpResponse:
    """An officer changes what a programme says of itself."""
    programme = programme_of(request, code)
    form = ChangeProgrammeForm.of(programme, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: verbs.change_programme(programme, by=acting(request), **form.cleaned_data),
        )
        if changed:
            return redirect("set_up_programme", code)
    return form_page(request, "programmes/change_programme.html", around(programme, form))


def open_programme(request: HttpRequest, code: str) -> HttpResponse:
    """A second officer opens a programme, or reads everything that it still lacks."""
    programme = programme_of(request, code)
    if programme.is_set_up and not rules.has_perm(OPEN_PROGRAMME, request.user, programme):
        return _another_has_to_open(request, programme)
    form = OpenProgrammeForm(request.POST or None, initial={"revision": programme.revision})
    if request.method == "POST" and form.is_valid():
        try:
            opened = carried_out(
                form,
                lambda: verbs.open_programme(programme, by=acting(request), **form.cleaned_data),
            )
        except FourEyes:
            return _another_has_to_open(request, programme)
        if opened:
            messages.success(request, _("%s is open.") % programme.short_name)
            return redirect(programme)
    context = around(programme, form) | {"lacks": lacks_to_open(programme)}
    return form_page(request, "programmes/open_programme.html", context)


def _another_has_to_open(request: HttpRequest, programme: Programme) -> HttpResponse:
    """To an officer who set it up: which of the changes bars from opening it."""
    context = {
        "name": programme.short_name,
        "back": reverse("set_up_programme", args=[programme.code]),
        "demonstration": programme.demonstration,
        "entries": timeline_rows(changes_by(request.user, programme)),
        "breadcrumb": above(programme),
    }
    return render(request, "programmes/four_eyes.html", context, status=403)


def change_strands(request: HttpRequest, code: str) -> HttpResponse:
    """An officer says which strands a programme has."""
    programme = programme_of(request, code)
    form = StrandsForm.of(programme, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: verbs.change_strands(programme, by=acting(request), **form.cleaned_data),
        )
        if changed:
            return redirect("set_up_programme", code)
    context = around(programme, form)
    context |= {"headers": strand_headers(), "rows": strand_rows(programme)}
    return form_page(request, "programmes/change_strands.html", context)


def add_strand(request: HttpRequest, code: str) -> HttpResponse:
    """An officer gives a programme a strand of its own."""
    programme = programme_of(request, code)
    following = {"number": programme.strands.count() + 1}
    form = AddStrandForm(request.POST or None, initial=following)
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_strand(programme, by=acting(request), **form.cleaned_data)
        )
        if added:
            return redirect("change_strands", code)
    return form_page(request, "programmes/add_strand.html", around(programme, form))


def change_strand(request: HttpRequest, code: str, strand: str) -> HttpResponse:
    """An officer changes the words of a strand that the programme shares with no other."""
    programme = programme_of(request, code)
    own = get_permitted(programme.strands.all(), strand, request.user)
    form = ChangeStrandForm.of(programme, own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form,
            lambda: verbs.change_strand(programme, own, by=acting(request), **form.cleaned_data),
        )
        if changed:
            return redirect("change_strands", code)
    context = around(programme, form) | {"meta": [own.title, own.code]}
    return form_page(request, "programmes/change_strand.html", context)


def programme_of(request: HttpRequest, code: str, permission: str = CHANGE_PROGRAMME) -> Programme:
    """The programme that a page is about; 404 and 403 as `get_permitted` has them."""
    seen = Programme.objects.visible_to(request.user).select_related("predecessor")
    return get_permitted(seen, code, request.user, permission)


def acting(request: HttpRequest) -> Any:
    """The officer who acts: pages of verbs have asked their rule before."""
    return request.user


def around(programme: Programme, form: Any) -> dict[str, Any]:
    """What every form about a programme is shown with."""
    return {
        "programme": programme,
        "form": form,
        "demonstration": programme.demonstration,
        "back": reverse("set_up_programme", args=[programme.code]),
        "breadcrumb": above(programme),
    }


def above(programme: Programme) -> Crumbs:
    """The way from the home page to the overview of a programme's setting up."""
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (_("Setting up"), reverse("set_up_programme", args=[programme.code])),
    )


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page with a form: 400 where what was sent is refused."""
    return render(request, template, context, status=400 if context["form"].errors else 200)
