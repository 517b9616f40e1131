"""Calls as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.deadlines import deadline_in_brussels, phase_status, time_left
from calls.models import Call, CallQuerySet, Lot
from portal.lists import Hits
from portal.wording import partial_date

Cells = list[Any]


def prepare_calls(calls: CallQuerySet) -> QuerySet[Any, Call]:
    """What a row shows beside the call itself: its programme, and how many lots (not sub-lots) it has."""
    lots = (
        Lot.objects.filter(call=OuterRef("pk"), parent=None)
        .order_by()
        .values("call")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(lots, output_field=IntegerField()), 0)
    return calls.with_sort_deadline().select_related("programme").annotate(lots_count=counted)


def count_calls(hits: Hits) -> str:
    """How many calls a list has, in words."""
    if hits.more:
        return _("more than %(n)s calls") % {"n": hits.text}
    return ngettext("%(n)s call", "%(n)s calls", hits.counted) % {"n": hits.text}


def call_headers() -> list[Any]:
    return [
        _("Call"),
        _("Phase"),
        _("Deadline"),
        {"label": _("Budget"), "note": "EUR", "numeric": True},
        {"label": _("Lots"), "numeric": True},
        _("Programme"),
    ]


def call_rows(calls: Sequence[Call], at: datetime) -> list[Cells]:
    """One row of cells for each call, as the component `table` takes them."""
    return [_cells(call, at) for call in calls]


def call_marks(call: Call) -> list[str]:
    """The marks of a call as a whole."""
    unconfirmed = ["unconfirmed"] if call.is_unconfirmed else []
    return unconfirmed + (["demonstration"] if call.programme.demonstration else [])


def _cells(call: Call, at: datetime) -> Cells:
    reference = f"{call.code} · {call.reference}" if call.reference else call.code
    return [
        {
            "text": call.title,
            "url": call.get_absolute_url(),
            "note": reference,
            "marks": call_marks(call),
        },
        {"status": phase_status(call, at), "note": time_left(call, at)},
        _deadline(call),
        {"figure": {"value": call.budget, "plain": True, "marks": _budget_marks(call)}},
        getattr(call, "lots_count", 0) or None,
        {"text": call.programme.short_name, "url": call.programme.get_absolute_url()},
    ]


def _deadline(call: Call) -> Any:
    """The deadline, or else the date the source gives, as precise as the source."""
    if call.deadline_at:
        return deadline_in_brussels(call)
    stated = call.concept_note_deadline or call.full_application_deadline
    if not stated:
        return None
    return {"text": partial_date(stated), "note": _("day not reported")}


def _budget_marks(call: Call) -> list[str]:
    return ["unconfirmed"] if call.budget and call.is_field_unconfirmed("budget_eur") else []
