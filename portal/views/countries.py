"""The list of countries, and the page of one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.countries.models import Country
from portal.folding import Folded
from portal.lists import marks_in, read_listing
from portal.pages import get_permitted
from portal.views.country_listing import country_headers, country_rows, programmes_shown
from portal.views.country_sheet import country_sheet
from programmes.filters import CountryFilter
from programmes.ledger.scope import now
from programmes.models import Programme


@login_not_required
def list_countries(request: HttpRequest) -> HttpResponse:
    """Countries by name: what the newest programme, or the one chosen, makes of each, and who admits it."""
    filters = CountryFilter(request.GET, Country.objects.all(), request=request)
    listing = read_listing(request, filters, ("sort_name", "code"), _by_name)
    chosen = getattr(listing.form, "cleaned_data", {}).get("programme")
    programmes = programmes_shown(chosen)
    rows = country_rows(listing.rows, programmes, now())
    context = {
        "listing": listing,
        "headers": country_headers(programmes),
        "rows": rows,
        "main": programmes[0] if programmes else None,
        "demonstration": bool(chosen and chosen.demonstration),
        "marks": marks_in(rows),
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "portal/list_countries.html", context, status=listing.status)


def _by_name(rows: QuerySet[Country]) -> QuerySet[Country]:
    """Adds `sort_name`: the name in small letters without accents."""
    return rows.annotate(sort_name=Folded("name"))


@login_not_required
def view_country(request: HttpRequest, code: str) -> HttpResponse:
    """One country, for all real programmes or the one that `programme` names."""
    country = get_permitted(Country.objects.all(), code, request.user)
    chosen = request.GET.get("programme", "")
    seen = Programme.objects.visible_to(request.user)
    programme = get_permitted(seen, chosen, request.user) if chosen else None
    context = country_sheet(
        country, programme, request.user, now([programme.code] if programme else None)
    )
    context["demonstration"] = bool(programme and programme.demonstration)
    context["used_marks"] = marks_in(context)
    context["breadcrumb"] = [
        (_("Home"), reverse("home")),
        (_("Countries"), reverse("list_countries")),
    ]
    return render(request, "portal/view_country.html", context)
