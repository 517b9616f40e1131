"""The page of a figure: what it means, its value, what stands beside it, and the records it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation import opening
from evaluation.figure_words import (
    as_of_words,
    attribution_facts,
    beside_facts,
    figure_tile,
    linked_tile,
    part_label,
    posting_headers,
    posting_rows,
    record_headers,
    record_rows,
    records_caption,
    stated_headers,
    stated_rows,
    used_marks,
)
from evaluation.figures import (
    DEFINITIONS,
    MONEY,
    NOT_REPORTED,
    PARTS,
    TERMS,
    Reading,
    address,
    read,
)
from evaluation.questions import question_facts, question_text
from evaluation.sheets import csv_lines
from portal.accounts.models import User
from portal.accounts.people import Viewer
from programmes.ledger.scope import AsOf, Scope, ScopeError, parse_question
from programmes.ledger.selection import Bucket
from programmes.models import Programme

# What pages a list or opens a record of it; never part of a figure's address.
PAGING = ("after", "before", "open")


@login_not_required
def view_figure(request: HttpRequest, measure: str) -> HttpResponse:
    """A figure at its canonical address; another form of the question is sent there."""
    return _page(request, measure, Bucket.INSIDE)


@login_not_required
def view_figure_part(request: HttpRequest, measure: str, part: str) -> HttpResponse:
    """The records of a part that stands beside a figure."""
    if measure not in DEFINITIONS or not _has_part(measure, part):
        raise Http404(_("A figure has no part “%(part)s”.") % {"part": part})
    return _page(request, measure, part)


@login_not_required
def download_figure_records(request: HttpRequest, measure: str) -> HttpResponseBase:
    """The records of a figure as CSV, the last line its value."""
    try:
        scope, as_of = _question(request, measure)
    except ScopeError as error:
        return _refused(request, error)
    if measure in TERMS:
        raise Http404(_("A difference has no records of its own: open its two terms."))
    reading = read(measure, scope, as_of)
    name = f"{measure}-{as_of.position}.csv"
    return StreamingHttpResponse(
        csv_lines(_sheet(reading, request.user)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _has_part(measure: str, part: str) -> bool:
    is_money = DEFINITIONS[measure].kind == MONEY and measure not in TERMS
    return is_money and (part in PARTS or part == NOT_REPORTED)


def _question(request: HttpRequest, measure: str) -> tuple[Scope, AsOf]:
    if measure not in DEFINITIONS:
        raise Http404(
            _("There is no measure “%(measure)s”. The measures are: %(known)s.")
            % {"measure": measure, "known": ", ".join(DEFINITIONS)}
        )
    names = [name for name in request.GET if name not in PAGING]
    # A character that no record can hold is looked for as another that none has.
    return parse_question(
        {
            name: [value.replace("\x00", "\ufffd") for value in request.GET.getlist(name)]
            for name in names
        }
    )


def _refused(request: HttpRequest, error: ScopeError) -> HttpResponse:
    faults = [f"{name}: {text}" for name, texts in error.message_dict.items() for text in texts]
    return render(request, "evaluation/figure_refused.html", {"faults": faults}, status=400)


def _page(request: HttpRequest, measure: str, part: str) -> HttpResponse:
    try:
        scope, as_of = _question(request, measure)
    except ScopeError as error:
        return _refused(request, error)
    canonical = _part_address(address(measure, scope, as_of), part)
    if not _is_canonical(request, canonical):
        return redirect(canonical)
    reading = read(measure, scope, as_of)
    context = _context(request, reading, part)
    context |= _records(request, reading, part)
    context["used_marks"] = used_marks(reading, context["stated"], context.get("withheld"))
    template = "view_figure" if part == Bucket.INSIDE else "view_figure_part"
    etag = _etag(request, as_of, context)
    response = get_conditional_response(request, etag) or render(
        request, f"evaluation/{template}.html", context
    )
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _part_address(url: str, part: str) -> str:
    if part == Bucket.INSIDE:
        return url
    path, _mark, query = url.partition("?")
    return f"{path}{part}/?{query}"


def _is_canonical(request: HttpRequest, canonical: str) -> bool:
    asked = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    question = urlencode([(name, value) for name, value in asked if name not in PAGING])
    return f"{request.path}?{question}" == canonical


def _etag(request: HttpRequest, as_of: AsOf, context: dict[str, Any]) -> str:
    """The position, and a digest of what is shown: titles of records may change without it."""
    reader = request.user.pk if isinstance(request.user, User) else ""
    shown = repr((sorted(context.items()), request.get_full_path(), get_language(), reader))
    return f'W/"{as_of.position}-{hashlib.sha256(shown.encode()).hexdigest()[:16]}"'


def _context(request: HttpRequest, reading: Reading, part: str) -> dict[str, Any]:
    programme = Programme.objects.filter(code=reading.scope.programme).first()
    others = [
        (address(other, reading.scope, reading.as_of), each.label, other == reading.measure)
        for other, each in DEFINITIONS.items()
    ]
    return {
        "definition": reading.definition,
        "part_label": part_label(reading, part),
        "question": question_facts(reading.scope, request.user),
        "question_line": question_text(reading.scope, request.user),
        "meta": as_of_words(reading.as_of),
        "tiles": [figure_tile(reading)],
        "attribution": attribution_facts(reading),
        "beside": beside_facts(reading, _part_address),
        "terms": [linked_tile(term) for term in reading.terms],
        "stated": stated_rows(reading),
        "stated_headers": stated_headers(),
        "other_measures": others,
        "demonstration": programme.demonstration if programme else False,
        "breadcrumb": _breadcrumb(reading, part),
        "canonical_url": request.build_absolute_uri(reading.address),
    }


def _breadcrumb(reading: Reading, part: str) -> list[tuple[str, str]]:
    home = [(_("Home"), reverse("home"))]
    return home if part == Bucket.INSIDE else [*home, (reading.label, reading.address)]


def _records(request: HttpRequest, reading: Reading, part: str) -> dict[str, Any]:
    """What the page says of the records: some of them, those withheld, and the total of all."""
    if reading.terms:
        return {}
    rows = opening.rows_of(reading.measure, reading.scope, reading.as_of, part)
    page = opening.open_page(
        reading.measure,
        rows,
        request.user,
        after=request.GET.get("after"),
        before=request.GET.get("before"),
    )
    hidden = opening.withheld(reading.measure, rows, request.user)
    url = _part_address(reading.address, part)
    return {
        "rows": record_rows(reading, part, page, hidden, url),
        "record_headers": record_headers(reading, part),
        "records_caption": records_caption(reading, part),
        "withheld": hidden,
        "opened": _opened(request, reading, part),
        "csv_url": _csv_url(reading) if part == Bucket.INSIDE else "",
        "next_url": f"{url}&{urlencode({'after': page.after})}" if page.after else None,
        "previous_url": f"{url}&{urlencode({'before': page.before})}" if page.before else None,
        "first_url": url if page.before else None,
    }


def _opened(request: HttpRequest, reading: Reading, part: str) -> dict[str, Any] | None:
    """The postings of the one record whose postings the reader wants to see."""
    record = request.GET.get("open")
    if record is None:
        return None
    postings = opening.postings_of(
        reading.measure,
        reading.scope,
        reading.as_of,
        part,
        record=record.replace("\x00", ""),
        viewer=request.user,
    )
    return {
        "record": record,
        "headers": posting_headers(),
        "rows": posting_rows(postings[:500]),
        "close_url": _part_address(reading.address, part),
    }


def _csv_url(reading: Reading) -> str:
    path = reverse("download_figure_records", args=[reading.measure])
    return f"{path}?{reading.address.partition('?')[2]}"


def _sheet(reading: Reading, viewer: Viewer) -> Iterator[list[object]]:
    rows = opening.rows_of(reading.measure, reading.scope, reading.as_of)
    is_money = reading.kind == MONEY
    yield ["record", "title", "address", "amount in EUR" if is_money else "date"]
    for record in opening.open_all(reading.measure, rows, viewer):
        yield [record.code, record.title, record.url, record.amount if is_money else record.on]
    hidden = opening.withheld(reading.measure, rows, viewer)
    if hidden.records:
        yield ["", f"withheld: {hidden.records}", "", hidden.amount if is_money else None]
    yield ["", "total", reading.address, reading.value]
