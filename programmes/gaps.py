"""What is missing in the thread of a programme, said at the record where it is missing, and counted by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.wording import money, number
from programmes.ledger.models import Measure
from programmes.models import Action, Document, DocumentKind, Passage, PassageKind
from programmes.models.documents import IN_FORCE
from programmes.thread import Anchor, Sums, Thread

Node = dict[str, Any]


class GapKind(models.TextChoices):
    """What may be missing where one record should lead to the next."""

    ACTION_WITHOUT_CALL = (
        "action_without_call",
        gettext_lazy("Actions on which no call and no project hangs"),
    )
    MONEY_WITHOUT_STRAND = "money_without_strand", gettext_lazy("Money without a strand")
    PRIORITY_WITHOUT_MONEY = "priority_without_money", gettext_lazy("Priorities without money")
    MONEY_WITHOUT_PRIORITY = "money_without_priority", gettext_lazy("Money without a priority")
    NOT_LINKED = "not_linked", gettext_lazy("Not linked in the record")
    NOT_IN_RECORD = "not_in_record", gettext_lazy("Amounts and actions not in the record")


class Gap(TypedDict):
    """One gap: its kind, what is missing in words, the address that shows it, and for how many records it speaks."""

    kind: GapKind
    text: str
    url: str
    n: int


def gap(kind: GapKind, text: str, url: str = "", n: int = 1) -> Gap:
    return {"kind": kind, "text": text, "url": url, "n": n}


def document_gaps(thread: Thread, document: Document) -> list[Gap]:
    """What an adopted indicative or work programme lacks; a draft is not finished, an amendment has given its content."""
    if document.status not in IN_FORCE or document.amends_id:
        return []
    if document.kind == DocumentKind.WORK_PROGRAMME:
        return list(_work_programme_gaps(thread, document))
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME:
        unlinked = _("not linked to a strategy paper in the record")
        gaps = [] if document.parent_id else [gap(GapKind.NOT_LINKED, unlinked)]
        return [*gaps, *undivided(thread, document.kind, document.code, [Measure.ENVELOPE])]
    return []


def _work_programme_gaps(thread: Thread, document: Document) -> Iterator[Gap]:
    if not document.parent_id:
        unlinked = _("not linked to an indicative programme in the record")
        yield gap(GapKind.NOT_LINKED, unlinked)
    posted = thread.money(document.kind, document.code)
    if Measure.PLANNED not in posted and document.stated_amount is None:
        yield gap(GapKind.NOT_IN_RECORD, _("no amount in the record"))
    if not thread.actions.get(document.pk):
        yield gap(GapKind.NOT_IN_RECORD, _("no actions in the record"))


def is_in_force(thread: Thread, action: Action) -> bool:
    """Whether an action stands in a work programme in force."""
    home = thread.known.get(action.work_programme_id)
    return bool(home and home.status in IN_FORCE and not action.withdrawn)


def action_gaps(thread: Thread, action: Action) -> list[Gap]:
    """What an action in force lacks: something that carries it out, a priority for its money, a strand."""
    if not is_in_force(thread, action):
        return []
    posted = thread.money("action", action.code)
    gaps = []
    if not _is_carried_out(thread, action, posted):
        gaps.append(gap(GapKind.ACTION_WITHOUT_CALL, _not_carried_out(action)))
    if action.pk not in thread.served and _has_money(posted):
        gaps.append(gap(GapKind.MONEY_WITHOUT_PRIORITY, _("names no priority")))
    first = [Measure.PLANNED, Measure.COMMITTED]
    return [*gaps, *undivided(thread, "action", action.code, first)]


def _is_carried_out(thread: Thread, action: Action, posted: Sums) -> bool:
    """Contracts may hang on it that the viewer may not see: their money is seen by everybody."""
    anchor = Anchor("action", action.pk)
    known = action.pk in thread.carried_out or anchor in thread.counts
    return known or Measure.CONTRACTED in posted


def _not_carried_out(action: Action) -> str:
    if not action.implementation:
        return _("no call and no project hangs on it")
    words = _("no call and no project hangs on it; foreseen: %(implementation)s")
    return words % {"implementation": action.implementation}


def _has_money(posted: Sums) -> bool:
    return any(block.amount for block in posted.values())


def passage_gaps(thread: Thread, passage: Passage) -> list[Gap]:
    """What a priority in force lacks: an action that serves it, or money for those that do."""
    if passage.kind != PassageKind.PRIORITY or not _is_stated(thread, passage):
        return []
    served = serving(thread, passage)
    if not served:
        return [gap(GapKind.PRIORITY_WITHOUT_MONEY, _("no action serves it"))]
    if any(_has_money(thread.money("action", action.code)) for action in served):
        return []
    return [
        gap(GapKind.PRIORITY_WITHOUT_MONEY, _("nothing is planned for the actions that serve it"))
    ]


def _is_stated(thread: Thread, passage: Passage) -> bool:
    return thread.known[passage.document_id].status in IN_FORCE


def serving(thread: Thread, passage: Passage) -> list[Action]:
    """The actions in force that serve an objective or priority."""
    return [each for each in thread.serving.get(passage.pk, ()) if is_in_force(thread, each)]


def undivided(thread: Thread, kind: str, code: str, measures: Sequence[str]) -> list[Gap]:
    """The first of some measures of which a record has money without a strand."""
    posted = thread.money(kind, code)
    for measure in measures:
        if measure in posted and posted[measure].undivided:
            words = _("%(measure)s without a strand: %(sum)s")
            sums = {
                "measure": Measure(measure).label,
                "sum": money(posted[measure].undivided),
            }
            url = thread.undivided_addresses.of(measure, kind, code)
            return [gap(GapKind.MONEY_WITHOUT_STRAND, words % sums, url)]
    return []


def unlinked(count: int) -> list[Gap]:
    """Records that hang on nothing in the record."""
    text = ngettext("%(n)s not linked", "%(n)s not linked", count) % {"n": number(count)}
    return [gap(GapKind.NOT_LINKED, text, n=count)] if count else []


def only_gaps(nodes: Iterable[Node]) -> list[Node]:
    """The branches of a tree in which something is missing, unfolded."""
    kept = []
    for node in nodes:
        children = only_gaps(node.get("children", ()))
        if children or node.get("gaps"):
            kept.append({**node, "children": children, "folded": False, "summary": ""})
    return kept


def summary(nodes: Sequence[Node]) -> list[dict[str, Any]]:
    """For each kind of gap: what it is, how many there are, and the places in the tree."""
    places: Mapping[str, list[dict[str, str]]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for node, found in _every_gap(nodes):
        counts[found["kind"]] += found["n"]
        label = node.get("code") or node["label"]
        places[found["kind"]].append({"text": label, "url": f"#{node['anchor']}"})
    return [
        {"label": kind.label, "count": counts[kind], "places": places[kind]} for kind in GapKind
    ]


def _every_gap(nodes: Iterable[Node]) -> Iterator[tuple[Node, Gap]]:
    for node in nodes:
        for found in node.get("gaps", ()):
            yield node, found
        yield from _every_gap(node.get("children", ()))
