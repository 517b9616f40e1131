"""Pages on which a programme's regions, rules, countries and suspensions are set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.pages import get_permitted
from portal.wording import partial_date
from programmes import set_up_sheet
from programmes.actions import setting_up as verbs
from programmes.forms.places import (
    AddRegionForm,
    AddRuleForm,
    AddSuspensionForm,
    ChangeRegionForm,
    ChangeRuleForm,
    CountriesForm,
    LiftSuspensionForm,
    RemoveCountriesForm,
)
from programmes.forms.refusing import carried_out
from programmes.models import EligibilityRule, Programme, Question, Region, Suspension
from programmes.readiness import rule_lacks
from programmes.views.setting_up import acting, around, form_page, programme_of


def change_regions(request: HttpRequest, code: str) -> HttpResponse:
    """Every route and region of a programme with its countries, each to be changed, and one to be added."""
    programme = programme_of(request, code)
    form = AddRegionForm.of(programme, request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_region(programme, by=acting(request), **form.cleaned_data)
        )
        if added:
            return redirect("change_regions", code)
    context = around(programme, form)
    context["headers"] = set_up_sheet.region_headers()
    context["rows"] = set_up_sheet.region_rows(programme)
    return form_page(request, "programmes/change_regions.html", context)


def change_region(request: HttpRequest, code: str, region: str) -> HttpResponse:
    """An officer renames a region, or says which countries are in it when."""
    programme = programme_of(request, code)
    rows: QuerySet[Region] = programme.regions.select_related("programme", "parent")
    drawn = get_permitted(rows, region, request.user)
    form = ChangeRegionForm.of(drawn, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form, lambda: verbs.change_region(drawn, by=acting(request), **form.cleaned_data)
        )
        if changed:
            return redirect("change_regions", code)
    context = around(programme, form) | {"region": drawn, "meta": [drawn.name, drawn.code]}
    return form_page(request, "programmes/change_region.html", context)


@require_POST
def remove_region(request: HttpRequest, code: str, region: str) -> HttpResponse:
    """An officer takes a region out of its programme."""
    programme = programme_of(request, code)
    rows: QuerySet[Region] = programme.regions.select_related("programme")
    drawn = get_permitted(rows, region, request.user)
    _try(request, lambda: verbs.remove_region(drawn, by=acting(request)))
    return redirect("change_regions", code)


def add_rule(request: HttpRequest, code: str) -> HttpResponse:
    """An officer adds a rule about who may take part in a programme."""
    programme = programme_of(request, code)
    form = AddRuleForm(request.POST or None, initial={"question": Question.PLACE, "admits": "yes"})
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_rule(programme, by=acting(request), **form.cleaned_data)
        )
        if added:
            return redirect("set_up_programme", code)
    return form_page(request, "programmes/add_rule.html", around(programme, form))


def change_rule(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """An officer changes the words of a rule, or what it says while no country is placed by it."""
    programme = programme_of(request, code)
    known = _rule(request, programme, rule)
    form = ChangeRuleForm.of(known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form, lambda: verbs.change_rule(known, by=acting(request), **form.cleaned_data)
        )
        if changed:
            return redirect("set_up_programme", code)
    context = around(programme, form) | {"rule": known, "meta": [known.code]}
    return form_page(request, "programmes/change_rule.html", context)


@require_POST
def remove_rule(request: HttpRequest, code: str, rule: str) -> HttpResponse:
    """An officer takes a rule out by which no country is placed."""
    programme = programme_of(request, code)
    known = _rule(request, programme, rule)
    _try(request, lambda: verbs.remove_rule(known, by=acting(request)))
    return redirect("set_up_programme", code)


def change_countries(request: HttpRequest, code: str) -> HttpResponse:
    """An officer places many countries at once by a rule from a day on; what held before stays as it was."""
    programme = programme_of(request, code)
    form = CountriesForm(request.POST or None, programme)
    if request.method == "POST" and form.is_valid():
        placed = carried_out(
            form, lambda: verbs.change_countries(programme, by=acting(request), **form.values())
        )
        if placed:
            messages.success(request, _("Placed: %s.") % ", ".join(str(r.country) for r in placed))
            return redirect("change_countries", code)
    context = around(programme, form)
    context["lacks"] = rule_lacks(programme)
    context["headers"] = set_up_sheet.country_headers()
    context["rows"] = set_up_sheet.country_rows(programme)
    return form_page(request, "programmes/change_countries.html", context)


def remove_countries(request: HttpRequest, code: str) -> HttpResponse:
    """An officer takes countries out again, while nobody else has seen the programme."""
    programme = programme_of(request, code)
    if not programme.is_set_up:
        raise Http404(_("The programme is open: countries stay, and get another rule instead."))
    form = RemoveCountriesForm(request.POST or None, programme)
    if request.method == "POST" and form.is_valid():
        removed = carried_out(
            form,
            lambda: verbs.remove_countries(programme, by=acting(request), **form.cleaned_data),
        )
        if removed:
            return redirect("change_countries", code)
    return form_page(request, "programmes/remove_countries.html", around(programme, form))


def add_suspension(request: HttpRequest, code: str) -> HttpResponse:
    """An officer records that a country is suspended from a day on."""
    programme = programme_of(request, code)
    form = AddSuspensionForm(request.POST or None, programme)
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_suspension(programme, by=acting(request), **form.cleaned_data)
        )
        if added:
            return redirect("set_up_programme", code)
    return form_page(request, "programmes/add_suspension.html", around(programme, form))


def lift_suspension(request: HttpRequest, code: str, suspension: int) -> HttpResponse:
    """An officer records from which day a suspension holds no longer."""
    programme = programme_of(request, code)
    stop: Suspension | None = programme.suspensions.filter(pk=suspension).first()
    if stop is None:
        raise Http404(_("The programme has no such suspension."))
    form = LiftSuspensionForm(request.POST or None, stop)
    if request.method == "POST" and form.is_valid():
        lifted = carried_out(
            form, lambda: verbs.lift_suspension(stop, by=acting(request), **form.cleaned_data)
        )
        if lifted:
            return redirect("set_up_programme", code)
    since = partial_date(stop.suspended_from)
    context = around(programme, form) | {"meta": [stop.country.name, since, stop.reason]}
    return form_page(request, "programmes/lift_suspension.html", context)


def _rule(request: HttpRequest, programme: Programme, code: str) -> EligibilityRule:
    rows: QuerySet[EligibilityRule] = programme.rules.select_related("programme")
    return get_permitted(rows, code, request.user)


def _try(request: HttpRequest, verb: Callable[[], Any]) -> None:
    """Do what a button asks; where that is refused, say why on the next page."""
    try:
        verb()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
