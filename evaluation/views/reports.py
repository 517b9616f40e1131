"""Pages of reports: asking for one, watching it being built, reading it, taking its files away."""

from __future__ import annotations

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from evaluation.actions.reports import request_report
from evaluation.actions.reports import retry_report as queue_again
from evaluation.building import STEPS, frozen_tables
from evaluation.forms import ReportForm
from evaluation.models import Report, ReportStatus
from evaluation.report.drawing import page_sections
from evaluation.report.tables import table_csv
from evaluation.rules import ADD_REPORT, RETRY_REPORT, VIEW_REPORTS
from portal.audit.timeline import timeline_of
from portal.lifecycle import MoveRefused
from portal.pages import get_permitted, read_page
from portal.wording import moment

UNDER_WAY = {ReportStatus.QUEUED, ReportStatus.BUILDING}
TONES = {
    ReportStatus.QUEUED: "info",
    ReportStatus.BUILDING: "info",
    ReportStatus.READY: "good",
    ReportStatus.FAILED: "bad",
}


def list_reports(request: HttpRequest) -> HttpResponse:
    """Reports, the latest request first, with the digest of each file."""
    _permit(request, VIEW_REPORTS)
    reports = Report.objects.visible_to(request.user).defer("manifest").select_related("programme")
    page = read_page(
        reports, ["-pk"], after=request.GET.get("after"), before=request.GET.get("before"), size=25
    )
    url = reverse("list_reports")
    context = {
        "rows": [_list_row(report) for report in page.rows],
        "headers": [
            _("Report"),
            _("Status"),
            _("As of"),
            {"label": _("Size"), "numeric": True},
            "SHA-256",
        ],
        "next_url": f"{url}?after={page.after}" if page.after else None,
        "previous_url": f"{url}?before={page.before}" if page.before else None,
        "first_url": url if page.before else None,
        "breadcrumb": [(_("Home"), reverse("home"))],
        "actions": _list_actions(request),
    }
    return render(request, "evaluation/list_reports.html", context)


def add_report(request: HttpRequest) -> HttpResponse:
    """An officer says what a report is to be about; it is queued, or the one already there is shown."""
    _permit(request, ADD_REPORT)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect(request_report(by=_officer(request), scope=form.scope()))
    context = {"form": form, "breadcrumb": _breadcrumb()}
    return render(
        request, "evaluation/add_report.html", context, status=400 if form.errors else 200
    )


def view_report(request: HttpRequest, code: str) -> HttpResponse:
    """A report: how far it is, why it failed, or what it says."""
    report = _visible(request, code)
    context = {
        "report": report,
        "status": {
            "label": report.get_status_display(),
            "tone": TONES[ReportStatus(report.status)],
        },
        "facts": _facts(report),
        "progress": _progress(report) if report.status in UNDER_WAY else None,
        "may_retry": report.status == ReportStatus.FAILED
        and rules.has_perm(RETRY_REPORT, request.user),
        "demonstration": report.programme.demonstration,
        "timeline": timeline_of(request.user, "report", report.code, request.GET),
        "breadcrumb": _breadcrumb(),
    }
    if report.status == ReportStatus.READY:
        context |= _content(report)
    return render(request, "evaluation/view_report.html", context)


def view_report_progress(request: HttpRequest, code: str) -> HttpResponse:
    """How far the building is, for the page to look at every few seconds; the whole page once it has ended."""
    report = _visible(request, code)
    if report.status not in UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "evaluation/view_report_progress.html", {"progress": _progress(report)})


def download_report(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """The PDF of a ready report, as it was stored."""
    report = _ready(request, code)
    try:
        stored = report.pdf.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The file of this report is missing from the store.")) from error
    return FileResponse(
        stored,
        as_attachment=True,
        filename=f"{report.code}.pdf",
        content_type="application/pdf",
        headers={"ETag": f'"{report.sha256}"'},
    )


def download_report_table(request: HttpRequest, code: str, table: str) -> HttpResponse:
    """One table of a ready report as CSV, the same file that the PDF carries."""
    report = _ready(request, code)
    frozen = frozen_tables(report).get(table)
    if frozen is None:
        raise Http404(_("The report has no table “%(table)s”.") % {"table": table})
    data = table_csv(frozen.columns, frozen.rows, report.manifest["portal"]["address"])
    return HttpResponse(
        data,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{report.code}-{table}.csv"'},
    )


@require_POST
def retry_report(request: HttpRequest, code: str) -> HttpResponse:
    """An officer has a failed report built again."""
    report = get_permitted(
        Report.objects.visible_to(request.user), code, request.user, RETRY_REPORT
    )
    try:
        queue_again(report, by=_officer(request))
    except MoveRefused:
        # It was queued a moment ago, by this person or another: its page shows how far it is.
        return redirect(report)
    return redirect(report)


def _permit(request: HttpRequest, permission: str) -> None:
    if not rules.has_perm(permission, request.user):
        raise PermissionDenied(
            _("Reports are built by officers and read by officers and auditors.")
        )


def _officer(request: HttpRequest) -> Any:
    return request.user


def _visible(request: HttpRequest, code: str) -> Report:
    rows = Report.objects.visible_to(request.user).select_related("programme", "requested_by")
    return get_permitted(rows, code, request.user)


def _ready(request: HttpRequest, code: str) -> Report:
    rows = Report.objects.visible_to(request.user).filter(status=ReportStatus.READY)
    return get_permitted(rows, code, request.user)


def _breadcrumb() -> list[tuple[str, str]]:
    return [(_("Home"), reverse("home")), (_("Reports"), reverse("list_reports"))]


def _list_actions(request: HttpRequest) -> list[tuple[str, str, str]]:
    if not rules.has_perm(ADD_REPORT, request.user):
        return []
    return [(reverse("add_report"), _("Build a report"), "plus")]


def _list_row(report: Report) -> list[Any]:
    status = {"label": report.get_status_display(), "tone": TONES[ReportStatus(report.status)]}
    return [
        {"text": report.title, "url": report.get_absolute_url(), "note": report.code},
        {"status": status},
        moment(report.as_of_moment),
        f"{report.size / 1024:.0f} kB" if report.size else "–",
        f"{report.sha256[:16]}…" if report.sha256 else "–",
    ]


def _progress(report: Report) -> dict[str, Any]:
    """The steps of the building as the component shows them."""
    done = max(report.step - 1, 0)
    states = ["done"] * done + ["current"] + ["todo"] * len(STEPS)
    if report.status == ReportStatus.QUEUED:
        states = ["todo"] * len(STEPS)
    return {
        "title": report.get_status_display(),
        "steps": [
            {"label": label, "state": state} for label, state in zip(STEPS, states, strict=False)
        ],
        "done": done if report.status == ReportStatus.BUILDING else 0,
        "total": len(STEPS),
        "poll_url": reverse("view_report_progress", args=[report.code]),
    }


def _facts(report: Report) -> list[dict[str, Any]]:
    by = report.requested_by.name if report.requested_by else _("the portal itself")
    return [
        {
            "term": _("Programme"),
            "value": report.programme.short_name,
            "url": report.programme.get_absolute_url(),
        },
        {
            "term": _("Known as of"),
            "value": moment(report.as_of_moment),
            "note": _("position %(position)s") % {"position": report.as_of_position},
        },
        {"term": _("Requested"), "value": moment(report.requested_at), "note": by},
    ]


def _content(report: Report) -> dict[str, Any]:
    """What a ready report says, from its frozen rows, and its files."""
    manifest = report.manifest
    return {
        "manifest": manifest,
        "sections": page_sections(manifest, frozen_tables(report)),
        "contents": [
            (section["key"], section["title"]) for section in manifest["text"]["sections"]
        ],
        "file_url": reverse("download_report", args=[report.code]),
        "file_name": f"{report.code}.pdf",
    }
