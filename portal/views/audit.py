"""The audit trail as auditors search it, on a page and as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from rules import has_perm

from evaluation.sheets import csv_lines
from portal.audit.filters import EntryFilter
from portal.audit.models import Entry
from portal.audit.rules import LIST_ENTRIES
from portal.audit.timeline import timeline_rows
from portal.lists import read_listing

COLUMNS = (
    "position",
    "at",
    "actor",
    "verb",
    "record_kind",
    "record_code",
    "part_of",
    "old",
    "new",
    "reason",
    "request_id",
)


def list_entries(request: HttpRequest) -> HttpResponse:
    """What was done in the portal, by whom and why, the latest first. For auditors."""
    _permit(request)
    return _page(request, EntryFilter(request.GET, Entry.objects.all(), request=request))


def download_entries(request: HttpRequest) -> HttpResponseBase:
    """The same entries as a file, the first one first, with opaque names in place of people's."""
    _permit(request)
    filters = EntryFilter(request.GET, Entry.objects.all(), request=request)
    if filters.errors:
        return _page(request, filters)
    return StreamingHttpResponse(
        csv_lines(_sheet(filters.qs)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit-entries.csv"'},
    )


def _page(request: HttpRequest, filters: EntryFilter) -> HttpResponse:
    listing = read_listing(request, filters, ("-position",))
    context = {
        "listing": listing,
        "entries": timeline_rows(listing.rows),
        "actions": [(_csv_url(request), _("Download as CSV"), "download")] if listing.rows else [],
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "portal/list_entries.html", context, status=listing.status)


def _permit(request: HttpRequest) -> None:
    if not has_perm(LIST_ENTRIES, request.user):
        raise PermissionDenied(_("The audit trail is searched by auditors."))


def _csv_url(request: HttpRequest) -> str:
    params = request.GET.copy()
    for name in ("after", "before"):
        params.pop(name, None)
    query = params.urlencode()
    return reverse("download_entries") + (f"?{query}" if query else "")


def _sheet(entries: QuerySet[Entry]) -> Iterator[Sequence[object]]:
    yield COLUMNS
    for row in entries.order_by("position").values_list(*COLUMNS).iterator(chunk_size=2_000):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, int) or value is None else str(value)
