"""What is known of one call, put in words for its page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.deadlines import (
    deadline_in_brussels,
    deadline_in_utc,
    moment_in_brussels,
    phase_status,
    time_left,
)
from calls.listing import call_marks
from calls.lots import lot_tree
from calls.models import Call, CallStatus
from portal.accounts.people import Viewer, reads_everything
from portal.wording import MARKS, money, number, partial_date, percent
from programmes.facts import Fact, fact, source_of, stated_headers, stated_rows
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope
from programmes.models import Action, Document, StatedAmount
from programmes.models.documents import UNPUBLISHED
from programmes.tiles import Tile, money_tile

FEW = 20


def call_sheet(call: Call, viewer: Viewer, as_of: AsOf, at: datetime) -> dict[str, Any]:
    """Everything the page of a call shows, in a constant number of queries."""
    actions = Action.objects.visible_to(viewer).filter(calls=call)
    stated = StatedAmount.objects.filter(about=call.code)
    return {
        "call": call,
        "demonstration": call.programme.demonstration,
        "status": _status(call, at),
        "marks": call_marks(call),
        "meta": [text for text in (call.code, call.reference, time_left(call, at)) if text],
        "dates": _dates(call),
        "facts": _facts(call),
        "thread": list(_thread(call, list(actions.select_related(_CHAIN)), viewer)),
        "lots": lot_tree(call),
        "source": source_of(call),
        "stated_headers": stated_headers(),
        "stated_rows": stated_rows(stated, {}),
        **_funded(call, viewer, as_of),
    }


_CHAIN = "work_programme__parent__parent"


def _status(call: Call, at: datetime) -> dict[str, str]:
    """The phase of a published call, or what keeps it from having one."""
    if call.status == CallStatus.PUBLISHED:
        return phase_status(call, at)
    bad = call.status in {CallStatus.CANCELLED, CallStatus.SUSPENDED}
    return {"label": call.get_status_display(), "tone": "bad" if bad else "info"}


def _dates(call: Call) -> list[Fact]:
    def date(term: str, column: str, text: str) -> Fact:
        return fact(call, column, term, partial_date(text) if text else None)

    opens = moment_in_brussels(call.opens_at) if call.opens_at else None
    return [
        date(_("Published"), "published", call.published),
        fact(call, "opens_at", _("Opens"), opens),
        date(_("Concept note by"), "concept_note_deadline", call.concept_note_deadline),
        date(_("Full application by"), "full_application_deadline", call.full_application_deadline),
        fact(call, "deadline_at", _("First deadline"), deadline_in_brussels(call))
        | {"note": deadline_in_utc(call)},
    ]


def _facts(call: Call) -> list[Fact]:
    strands = [(strand.title, strand.get_absolute_url()) for strand in call.strands.all()]
    places = [
        (each.name, reverse("view_country", args=[each.code])) for each in call.countries.all()
    ]
    return [
        fact(call, "procedure", _("Procedure"), call.get_procedure_display()),
        fact(call, "budget_eur", _("Budget"), _money(call.budget)),
        fact(call, "grant_min_eur", _("Smallest grant"), _money(call.grant_min)),
        fact(call, "grant_max_eur", _("Largest grant"), _money(call.grant_max)),
        fact(call, "cofinancing_max_pct", _("Largest EU share"), _share(call)),
        fact(call, "duration_note", _("Duration"), call.duration_note),
        fact(call, "eligibility_note", _("Who may apply"), call.eligibility_note),
        fact(call, "lots", _("Lots as stated"), call.lots_note),
        _link(_("Strands"), strands),
        _link(_("Countries"), places),
        fact(call, "proposals_received", _("Proposals received"), _n(call.proposals_received)),
        fact(call, "proposals_awarded", _("Proposals awarded"), _n(call.proposals_awarded)),
    ]


def _money(amount: Any) -> str | None:
    return None if amount is None else money(amount)


def _n(count: int | None) -> str | None:
    return None if count is None else number(count)


def _share(call: Call) -> str | None:
    return None if call.cofinancing_max is None else percent(call.cofinancing_max / 100)


def _thread(call: Call, actions: list[Action], viewer: Viewer) -> Iterator[Fact]:
    """From the call up: the actions it implements, their work programmes, and what those follow."""
    programme = call.programme
    yield _link(_("Programme"), [(programme.short_name, programme.get_absolute_url())])
    documents: dict[str, Document] = {}
    for action in actions:
        document: Document | None = action.work_programme
        while document is not None:
            if reads_everything(viewer) or document.status not in UNPUBLISHED:
                documents[document.code] = document
            document = document.parent
    by_kind: dict[str, list[tuple[str, str]]] = {}
    for document in documents.values():
        entry = (document.title, document.get_absolute_url())
        by_kind.setdefault(document.get_kind_display(), []).append(entry)
    for kind, entries in reversed(by_kind.items()):
        yield _link(kind, entries)
    entries = [(action.title, action.get_absolute_url()) for action in actions]
    yield _link(_("Actions implemented"), entries)


def _link(term: str, entries: list[tuple[str, str]]) -> Fact:
    return {"term": term, "several": [{"text": text, "url": url} for text, url in entries]}


def _funded(call: Call, viewer: Viewer, as_of: AsOf) -> dict[str, Any]:
    """The projects that name this call, and what the ledger says was contracted under it.

    Projects are reached by the relation they declare themselves: nothing here knows what a project is.
    """
    seen = call.projects.visible_to(viewer)
    few = list(seen.order_by("code").values(*_OF_PROJECT)[: FEW + 1])
    return {
        "project_headers": [_("Project"), _("Lead"), _("Attribution")],
        "project_rows": [_project_cells(project) for project in few[:FEW]],
        "more_projects": len(few) > FEW,
        "figures": [_contracted(call, as_of, seen.filter(eu_contribution=None).count())],
    }


_OF_PROJECT = ("code", "title", "acronym", "lead__name", "attribution")


def _project_cells(project: dict[str, Any]) -> list[Any]:
    return [
        {
            "text": project["title"],
            "url": reverse("view_project", args=[project["code"]]),
            "note": " · ".join(text for text in (project["code"], project["acronym"]) if text),
        },
        project["lead__name"],
        str(MARKS[project["attribution"]].label),
    ]


def _contracted(call: Call, as_of: AsOf, silent: int) -> Tile:
    """The figure, and beside it how many projects of the call state no amount: the ledger has nothing of them."""
    scope = Scope(programme=call.programme.code, call=call.code)
    tile = money_tile(figures.value(Measure.CONTRACTED, scope, as_of))
    if silent:
        words = ngettext(
            "%(n)s project of this call states no amount",
            "%(n)s projects of this call state no amount",
            silent,
        )
        tile["notes"] = [*tile["notes"], words % {"n": number(silent)}]
    return tile
