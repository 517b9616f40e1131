"""The seals over ledger and audit trail: public, so that anybody may keep the newest one beside a report."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rules import has_perm

from portal.accounts.people import reads_everything
from portal.audit import actions
from portal.audit.models import Seal, SealCheck
from portal.audit.rules import CHECK_SEALS
from portal.audit.sealing import head, text_of
from portal.audit.verifying import Finding
from portal.pages import read_page
from portal.wording import moment, number

PAGE = 25


@login_not_required
def list_seals(request: HttpRequest) -> HttpResponse:
    """Every seal with its digest, the newest first, and what the last check of them found."""
    page = read_page(
        Seal.objects.all(),
        ("-number",),
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        size=PAGE,
    )
    url, newest = reverse("list_seals"), head()
    context = {
        "head": newest,
        "head_text": text_of(newest) if newest else "",
        "headers": _headers(),
        "rows": [_row(seal) for seal in page.rows],
        "first_url": url if page.before else None,
        "previous_url": f"{url}?before={page.before}" if page.before else None,
        "next_url": f"{url}?after={page.after}" if page.after else None,
        "may_check": has_perm(CHECK_SEALS, request.user),
        "under_way": SealCheck.objects.under_way(),
        "check": _check(request),
        "breadcrumb": [(_("Home"), reverse("home")), (_("Data"), reverse("open_data"))],
    }
    return render(request, "portal/list_seals.html", context)


@require_POST
def check_seals(request: HttpRequest) -> HttpResponse:
    """An officer or an auditor has every seal checked; the page of the seals then says what was found."""
    if not has_perm(CHECK_SEALS, request.user):
        raise PermissionDenied(_("Seals are checked by officers and auditors."))
    actions.check_seals(by=_person(request))
    return redirect(f"{reverse('list_seals')}#check")


def _person(request: HttpRequest) -> Any:
    return request.user


def _headers() -> list[Any]:
    return [
        _("Seal"),
        _("Sealed"),
        _("Positions"),
        {"label": _("Rows"), "numeric": True},
        _("Digest (SHA-256)"),
    ]


def _row(seal: Seal) -> list[Any]:
    return [
        str(seal.number),
        moment(seal.sealed_at),
        _("%(first)s to %(last)s")
        % {"first": number(seal.first_position), "last": number(seal.last_position)},
        number(seal.rows),
        seal.digest,
    ]


def _check(request: HttpRequest) -> dict[str, Any] | None:
    """The last check in words; which records it is about only for those who may see every record."""
    check = SealCheck.objects.newest()
    if check is None:
        return None
    seen = reads_everything(request.user)
    found = [Finding(**each) for each in check.findings]
    return {
        "holds": check.holds,
        "finished_at": check.finished_at,
        "seals": check.seals,
        "rows": check.rows,
        "findings": [each.in_full if seen else each.words for each in found],
    }
