"""The first page after signing in: for each person what that person comes for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import FilterSet

from calls.filters import CallFilter
from calls.listing import call_headers, call_rows, prepare_calls
from calls.models import Call, CallQuerySet, Phase
from evaluation.models import Report, ReportStatus
from portal.accounts.models import Role, User
from portal.lists import count_hits, marks_in
from portal.views.country_sheet import answer_cell, eligibility_rows, project_tiles
from portal.wording import moment
from programmes.desk import desk_headers, desk_rows
from programmes.eligibility import answers
from programmes.filters import DocumentFilter
from programmes.ledger import counts
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import ALL_PROGRAMMES, Scope, now
from programmes.models import Document, Programme
from programmes.tiles import Tile, count_tile, money_tiles
from projects.filters import ProjectFilter
from projects.models import Project

MOST_LISTED = 5

Context = dict[str, Any]


def view_dashboard(request: HttpRequest) -> HttpResponse:
    """What an officer has to look after, an official wants to know, or an auditor comes to check."""
    person = User.objects.select_related("country").get(email=request.user.get_username())
    context = _DASHBOARDS[person.role](person)
    context["used_marks"] = marks_in(context)
    return render(request, "portal/view_dashboard.html", {"person": person, **context})


def _officer(person: User) -> Context:
    programme = Programme.objects.real().first()
    reports = Report.objects.visible_to(person).filter(requested_by=person)
    return {
        "part": "portal/_officer.html",
        "lead": _(
            "What is under way, your reports, the calls that run, and what the record does not say yet."
        ),
        "actions": [
            (reverse("add_document"), _("New document"), "plus"),
            (reverse("add_report"), _("Ask for a report"), "plus"),
        ],
        **_report_table(reports[:MOST_LISTED]),
        **_running_calls(person),
        "desk_headers": desk_headers(),
        "desk_rows": desk_rows(person),
        "programme": programme,
        "figures": _figures(programme, [Measure.PLANNED, Measure.CONTRACTED, Measure.PAID]),
        "gaps": _gaps(person, programme) if programme else [],
    }


def _official(person: User) -> Context:
    country = person.country
    assert country is not None  # the database promises it
    scope = Scope(ALL_PROGRAMMES, countries=(country.code,))
    programmes = list(Programme.objects.visible_to(person))
    return {
        "part": "portal/_official.html",
        "lead": _("What is open and coming for %(country)s, and what is being done there.")
        % {"country": country.name},
        "actions": [(reverse("view_country", args=[country.code]), country.name, "")],
        "country": country,
        **_calls_for(person),
        "counts": project_tiles(counts.count(CountMeasure.PROJECTS, scope, now())),
        "projects_url": f"{reverse('list_projects')}?{urlencode({'country': country.code})}",
        "answer_headers": [_("Programme"), _("Answer"), _("On"), _("Rule and reason"), _("Source")],
        "answers": eligibility_rows(programmes, country),
    }


def _auditor(person: User) -> Context:
    programme = Programme.objects.real().first()
    ready = Report.objects.visible_to(person).filter(status=ReportStatus.READY)
    return {
        "part": "portal/_auditor.html",
        "lead": _("Figures that open their records, and reports that can be checked."),
        "actions": [(reverse("list_reports"), _("All reports"), "")],
        **_report_table(ready[:MOST_LISTED]),
        "programme": programme,
        "figures": _figures(programme, Measure.values),
        "gaps": _gaps(person, programme) if programme else [],
    }


_DASHBOARDS: dict[str, Callable[[User], Context]] = {
    Role.OFFICER: _officer,
    Role.OFFICIAL: _official,
    Role.AUDITOR: _auditor,
}


def _figures(programme: Programme | None, measures: list[Any]) -> list[Tile]:
    if programme is None:
        return []
    scope, as_of = Scope(programme.code), now()
    return [
        *money_tiles(measures, scope, as_of),
        count_tile(CountMeasure.PROJECTS, scope, as_of),
        count_tile(CountMeasure.FINAL_REPORTS, scope, as_of),
    ]


def _report_table(reports: Any) -> Context:
    """Reports as rows: title, where the building stands, when asked for, and the digest of the file."""
    return {
        "report_headers": [_("Report"), _("Status"), _("Asked for"), _("SHA-256 of the file")],
        "report_rows": [
            [
                {"text": report.title, "url": report.get_absolute_url(), "note": report.code},
                {"status": {"label": report.get_status_display(), "tone": _TONES[report.status]}},
                moment(report.requested_at),
                report.sha256 or _("no file yet"),
            ]
            for report in reports
        ],
    }


_TONES = {
    ReportStatus.QUEUED: "neutral",
    ReportStatus.BUILDING: "info",
    ReportStatus.READY: "good",
    ReportStatus.FAILED: "bad",
}


def _in_time(person: User) -> CallQuerySet:
    """Calls that are open or forthcoming, the next deadline first."""
    calls: CallQuerySet = Call.objects.visible_to(person)
    return calls.in_phase(Phase.OPEN) | calls.in_phase(Phase.FORTHCOMING)


def _running_calls(person: User) -> Context:
    calls = prepare_calls(_in_time(person)).order_by("sort_deadline", "code")[:MOST_LISTED]
    return {"call_headers": call_headers(), "call_rows": call_rows(list(calls), timezone.now())}


def _calls_for(person: User) -> Context:
    """Open and forthcoming calls, each with the answer of its programme for the official's country."""
    rows = prepare_calls(_in_time(person)).order_by("sort_deadline", "code")
    calls = list(rows[:MOST_LISTED])
    programmes = list({call.programme_id: call.programme for call in calls}.values())
    given = answers(programmes, [person.country] if person.country else [])
    code = person.country.code if person.country else ""
    cells = [answer_cell(given[call.programme.code, code]) for call in calls]
    shown = call_rows(calls, timezone.now())
    return {
        "call_headers": [*call_headers(), _("Actions in your country")],
        "call_rows": [[*row, cell] for row, cell in zip(shown, cells, strict=True)],
    }


def _documents(person: User) -> Any:
    return Document.objects.visible_to(person)


def _gaps(person: User, programme: Programme) -> list[Tile]:
    """What the record of a programme does not say, counted by the very filters of the list that each opens."""
    documents = ("list_documents", DocumentFilter, _documents(person))
    projects = ("list_projects", ProjectFilter, Project.objects.visible_to(person))
    calls = ("list_calls", CallFilter, Call.objects.visible_to(person))
    asked: list[tuple[str, tuple[str, type[FilterSet], Any], dict[str, str]]] = [
        (
            _("Work programmes that state no amount"),
            documents,
            {"kind": "work_programme", "missing": "amount"},
        ),
        (_("Documents without a date"), documents, {"missing": "adopted"}),
        (_("Reports foreseen and not found"), documents, {"status": "not_found"}),
        (_("Calls without dates"), calls, {"phase": "not_reported"}),
        (_("Projects whose status is not reported"), projects, {"status": "not_reported"}),
        (_("Projects whose programme is inferred"), projects, {"attribution": "inferred"}),
        (_("Projects that may belong elsewhere"), projects, {"attribution": "uncertain"}),
    ]
    return [
        _gap(label, *rows, {"programme": programme.code, **params}) for label, rows, params in asked
    ]


def _gap(
    label: str, route: str, filters: type[FilterSet], rows: Any, params: dict[str, str]
) -> Tile:
    """How many rows a list has under some filters, with the address of that list."""
    return {
        "label": label,
        "kind": "count",
        "value": count_hits(filters(params, rows).qs).counted,
        "url": f"{reverse(route)}?{urlencode(params)}",
    }
