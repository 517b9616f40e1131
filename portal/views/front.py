"""The home page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from calls.models import Call, CallQuerySet, Phase
from evaluation.models import Report, ReportStatus
from portal.accounts.people import Viewer
from portal.lists import marks_in
from programmes.forms.questions import QuestionForm
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import Scope, now
from programmes.models import Programme
from programmes.tiles import Tile, count_tile, money_tiles

KEY_MEASURES = (Measure.ENVELOPE, Measure.CONTRACTED, Measure.PAID)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the portal is, the question it answers, and what is known of the newest programme."""
    programme = Programme.objects.real().first()
    figures = _key_figures(programme) if programme else []
    context = {
        "programme": programme,
        "programmes": Programme.objects.real(),
        "made_up": Programme.objects.opened().filter(demonstration=True),
        "question": QuestionForm(initial={"programme": programme.code if programme else "all"}),
        "figures": figures,
        "marks": marks_in(figures),
        "phases": phase_counts(request.user),
        "reports": Report.objects.visible_to(request.user).filter(status=ReportStatus.READY)[:3],
    }
    return render(request, "portal/home.html", context)


def _key_figures(programme: Programme) -> list[Tile]:
    scope, as_of = Scope(programme.code), now()
    return [
        *money_tiles(KEY_MEASURES, scope, as_of),
        count_tile(CountMeasure.PROJECTS, scope, as_of),
    ]


def phase_counts(viewer: Viewer) -> list[dict[str, Any]]:
    """How many calls are open and forthcoming, demonstration calls counted apart, with the lists to open."""
    calls = Call.objects.visible_to(viewer)
    return [
        _phase(calls, Phase.OPEN, _("Open calls")),
        _phase(calls, Phase.FORTHCOMING, _("Forthcoming calls")),
    ]


def _phase(calls: CallQuerySet, phase: Phase, label: str) -> dict[str, Any]:
    rows = calls.in_phase(phase)
    made_up = rows.filter(programme__demonstration=True).count()
    note = _("%(n)s more in the demonstration programme") % {"n": made_up}
    return {
        "label": label,
        "kind": "count",
        "value": rows.filter(programme__demonstration=False).count(),
        "url": f"{reverse('list_calls')}?phase={phase.value}",
        "notes": [note] if made_up else [],
    }
