"""What a document says, for its page: what it still lacks, its passages and allocations; and one passage by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.people import Viewer
from portal.wording import money, number
from programmes import facts
from programmes.completeness import lacks
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope
from programmes.models import (
    PROGRAMMING,
    UNPUBLISHED,
    Action,
    Allocation,
    Document,
    DocumentKind,
    Passage,
    PassageKind,
)
from programmes.verbs import may_edit, passage_verbs

Sheet = dict[str, Any]


def content_sheet(document: Document, viewer: Viewer) -> Sheet | None:
    """The passages and allocations of a programming document, and what a draft still lacks; None of other kinds."""
    if document.kind not in PROGRAMMING:
        return None
    draft, editable = document.status in UNPUBLISHED, may_edit(document, viewer)
    return {
        "document": document,
        "draft": draft,
        "editable": editable,
        "lacks": _lacks(document, editable) if draft else [],
        "passages": _grouped(document, viewer),
        **_allocations(document),
    }


def _lacks(document: Document, editable: bool) -> list[Any]:
    """Each lack with the address of its field, for those who may fill it in."""
    found = lacks(document)
    return [{"text": each.text, "url": each.url} if editable else each.text for each in found]


def _grouped(document: Document, viewer: Viewer) -> list[dict[str, Any]]:
    """Standing passages by kind, objectives first, each with how many actions serve it."""
    seen = Passage.objects.visible_to(viewer)
    rows = list(document.passages.standing().select_related("serves", "document"))
    named = set(seen.filter(served_by__in=rows).values_list("pk", flat=True))
    served = _times_served(rows, viewer)
    groups = {kind: [row for row in rows if row.kind == kind] for kind in PassageKind}
    return [
        {
            "title": _plural(kind),
            "add_url": f"{reverse('add_passage', args=[document.code])}?kind={kind}",
            "passages": [
                {
                    "passage": row,
                    "serves": row.serves if row.serves_id in named else None,
                    "served": _served_words(served.get(row.pk, 0)),
                }
                for row in passages
            ],
        }
        for kind, passages in groups.items()
        if passages
    ]


def _plural(kind: PassageKind) -> str:
    return {
        PassageKind.OBJECTIVE: _("Objectives"),
        PassageKind.PRIORITY: _("Priorities"),
        PassageKind.RESULT: _("Anticipated results"),
    }[kind]


def _times_served(passages: Sequence[Passage], viewer: Viewer) -> dict[int, int]:
    """By how many standing actions each passage is served; copies in an amendment are the same action once more."""
    actions = Action.objects.visible_to(viewer).standing().filter(amends=None)
    links = Action.priorities.through.objects.filter(passage__in=passages, action__in=actions)
    return dict(links.values_list("passage").annotate(n=Count("pk")).order_by())


def _served_words(count: int) -> str:
    if not count:
        return ""
    words = ngettext("served by %(n)s action", "served by %(n)s actions", count)
    return words % {"n": number(count)}


def _allocations(document: Document) -> Sheet:
    if document.kind != DocumentKind.INDICATIVE_PROGRAMME:
        return {"allocations": None}
    leaves = list(document.allocations.select_related("strand", "region"))
    total = sum((leaf.amount for leaf in leaves), Decimal(0))
    return {
        "allocations": [*map(_leaf, leaves), *([_total(total)] if leaves else [])],
        "allocation_headers": [
            _("Years"),
            _("Strand"),
            _("Region"),
            {"label": _("Amount"), "note": "EUR", "numeric": True},
        ],
        "stated": _stated(document, total),
    }


def _leaf(leaf: Allocation) -> list[Any]:
    years = "–".join(str(year) for year in sorted({leaf.period_start, leaf.period_end}))
    return [
        years,
        str(leaf.strand) if leaf.strand else _("not attributed"),
        str(leaf.region) if leaf.region else _("not attributed"),
        {"figure": {"value": leaf.amount, "plain": True}},
    ]


def _total(total: Decimal) -> dict[str, Any]:
    return {
        "cells": [_("Together"), _("all"), _("all"), {"figure": {"value": total, "plain": True}}],
        "total": True,
    }


def allocations_in_words(document: Document) -> str:
    """What the allocations come to, beside what the document states."""
    total = sum((leaf.amount for leaf in document.allocations.all()), Decimal(0))
    words = _("The allocations stored come to %(total)s.") % {"total": money(total)}
    return f"{words} {_stated(document, total)}"


def _stated(document: Document, total: Decimal) -> str:
    """How the sum of the leaves stands to the amount that the document states."""
    stated = document.stated_amount
    if stated is None:
        return _("The document states no amount.")
    if stated == total:
        return _("That is what the document states.")
    words = _("The document states %(stated)s: %(difference)s %(way)s.")
    way = _("more than its allocations") if stated > total else _("less than its allocations")
    return words % {"stated": money(stated), "difference": money(abs(stated - total)), "way": way}


def passage_sheet(passage: Passage, viewer: Viewer, as_of: AsOf) -> Sheet:
    """A passage: where it stands, what it serves, and what serves it, with the money planned for that."""
    document = passage.document
    served_by = passage.served_by.visible_to(viewer).standing().select_related("document")
    rows, note = _serving_actions(passage, viewer, as_of)
    return {
        "passage": passage,
        "kind": passage.get_kind_display(),
        "title": Truncator(passage.text).words(20),
        "demonstration": document.programme.demonstration,
        "meta": [text for text in (passage.code, passage.anchor) if text],
        "status": {"label": _("Taken out by an amendment"), "tone": "attention"}
        if passage.withdrawn
        else None,
        "actions": passage_verbs(passage, viewer),
        "facts": _passage_facts(passage, viewer),
        "source": facts.source_of(passage),
        "served_by": served_by,
        "headers": [
            _("Action"),
            _("Work programme"),
            {"label": _("Planned"), "note": "EUR", "numeric": True},
            _("Priorities it serves"),
        ],
        "rows": rows,
        "planned": note,
    }


def _passage_facts(passage: Passage, viewer: Viewer) -> list[facts.Fact]:
    document, served = passage.document, passage.serves
    seen = served and Passage.objects.visible_to(viewer).filter(pk=served.pk).exists()
    above = (
        [
            {
                "text": f"{served.get_kind_display()} {served.code}: {served.text}",
                "url": served.get_absolute_url(),
            }
        ]
        if served and seen
        else []
    )
    return [
        {"term": _("Document"), "value": None, "several": [facts.as_link(document)]},
        {"term": _("Status of the document"), "value": document.get_status_display()},
        {"term": _("Where it stands"), "value": passage.anchor},
        {"term": _("Serves"), "value": _("no passage that is named"), "several": above},
    ]


def _serving_actions(passage: Passage, viewer: Viewer, as_of: AsOf) -> tuple[list[list[Any]], str]:
    """Rows of the table of serving actions, and what is planned for them in words. Money is never divided here."""
    programme = passage.document.programme.code
    standing = Action.objects.visible_to(viewer).standing().filter(amends=None)
    actions = list(
        standing.filter(priorities=passage).select_related("work_programme").order_by("code")
    )
    links = Action.priorities.through.objects.filter(action__in=actions)
    served = dict(links.values_list("action").annotate(n=Count("pk")).order_by())
    scope = Scope(programme)
    cells = figures.table(Measure.PLANNED, scope, as_of, ["action"]) if actions else {}
    planned = {code: cell.amount for (code,), cell in cells.items()}
    rows = [
        [
            {**facts.as_link(action), "note": action.code, "marks": facts.marks_of(action)},
            facts.as_link(action.work_programme, action.work_programme.code),
            _planned_cell(action, planned.get(action.code), programme, as_of),
            _served_cell(served[action.pk]),
        ]
        for action in actions
    ]
    return rows, _planned_words(actions, planned, served)


def _planned_cell(
    action: Action, amount: Decimal | None, programme: str, as_of: AsOf
) -> dict[str, Any]:
    url = figures.address(Measure.PLANNED, Scope(programme, action=action.code), as_of)
    return {"figure": {"value": amount, "plain": True, "url": url if amount is not None else None}}


def _served_cell(count: int) -> str:
    if count == 1:
        return _("this one alone")
    return _("%(n)s, its money is not divided between them") % {"n": number(count)}


def _planned_words(
    actions: Iterable[Action], planned: dict[str, Decimal], served: dict[int, int]
) -> str:
    """What is planned for the actions that serve a passage, and how much of it serves others as well."""
    known = [each for each in actions if each.code in planned]
    if not known:
        return _("Nothing is planned for it yet.")
    total = sum((planned[each.code] for each in known), Decimal(0))
    shared = sum((planned[each.code] for each in known if served[each.pk] > 1), Decimal(0))
    words = _("%(total)s planned by the actions that serve it.") % {"total": money(total)}
    if not shared:
        return words
    also = _("%(shared)s of it is of actions that serve other priorities too; it is not divided.")
    return f"{words} {also % {'shared': money(shared)}}"
