"""The objectives and priorities of a document as nodes of the thread: what serves each, and what is planned for that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.wording import money, number
from programmes import gaps
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.models import Action, Document, Passage
from programmes.thread import Thread

Node = dict[str, Any]


def passage_nodes(thread: Thread, document: Document) -> list[Node]:
    """One node that holds the objectives and priorities of a document, each under the one it serves here."""
    stated = [] if document.amends_id else thread.passages.get(document.pk, [])
    if not stated:
        return []
    label = _("Objectives and priorities")
    children = _served_by(thread, stated, None)
    return [
        {
            "label": label,
            "anchor": f"passages-{document.code}",
            "figures": [None] * len(Measure),
            "children": children,
            "folded": True,
            "summary": ngettext("%(n)s passage", "%(n)s passages", len(stated))
            % {"n": number(len(stated))},
        }
    ]


def _served_by(thread: Thread, stated: Sequence[Passage], above: Passage | None) -> list[Node]:
    """Those that serve a passage; without one, those that serve none of this document."""
    here = {passage.pk for passage in stated}
    beneath = [
        passage
        for passage in stated
        if (passage.serves_id == above.pk if above else passage.serves_id not in here)
    ]
    return [_passage(thread, passage, stated) for passage in beneath]


def _passage(thread: Thread, passage: Passage, stated: Sequence[Passage]) -> Node:
    return {
        "label": passage.text,
        "url": thread.page_of("view_passage", passage.code),
        "kind": passage.get_kind_display(),
        "code": passage.code,
        "anchor": f"passage-{passage.code}",
        "note": "; ".join(_remarks(thread, passage)),
        "gaps": gaps.passage_gaps(thread, passage),
        "figures": [None] * len(Measure),
        "children": _served_by(thread, stated, passage),
    }


def _remarks(thread: Thread, passage: Passage) -> Iterable[str]:
    """Where it stands, how many actions serve it, and what is planned for them, not divided among what they serve."""
    if passage.anchor:
        yield passage.anchor
    serving = gaps.serving(thread, passage)
    if not serving:
        return
    words = ngettext("served by %(n)s action", "served by %(n)s actions", len(serving))
    yield words % {"n": number(len(serving))}
    planned = _planned(thread, serving)
    if planned:
        yield _("planned for what serves it: %(sum)s") % {"sum": planned}
    others = [action for action in serving if len(thread.served[action.pk]) > 1]
    shared = _planned(thread, others)
    if shared:
        yield _("of which for actions that serve others too, not divided: %(sum)s") % {
            "sum": shared
        }


def _planned(thread: Thread, actions: Iterable[Action]) -> str:
    """What is planned for some actions in words, empty where nothing is."""
    posted = (thread.money("action", action.code).get(Measure.PLANNED) for action in actions)
    whole = figures.added(block for block in posted if block)
    return money(whole.amount) if whole else ""
