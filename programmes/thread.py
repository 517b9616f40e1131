"""The thread of a programme: what hangs beneath what, from policy framework to project, and the money at each node.

Calls and projects are reached through the programme that owns them, so their own rules decide who sees which.
However much hangs on a programme, the thread is read in the same number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count

from portal.accounts.people import Viewer
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope
from programmes.models import Action, Document, DocumentLink, Programme

# With more projects than this, a thread counts them and names none.
MOST_NAMED = 500

NODE_FIELDS = ("indicative_programme", "work_programme", "action", "call")
Sums = Mapping[str, Mapping[str, Decimal]]


class Anchor(NamedTuple):
    """The node that something hangs on: a field of a posting and the row's key; `programme` where none is known."""

    kind: str
    key: int = 0


UNLINKED = Anchor("programme")


class Place(NamedTuple):
    """What a project says of its call, action and work programme: their keys, None where not reported."""

    call: int | None
    action: int | None
    work_programme: int | None


@dataclass(frozen=True)
class Thread:
    """Everything that hangs on one programme and that one viewer may see.

    `calls` and `counts` are by the node they hang on; `projects` names those of a thread with few enough.
    `sums` is by field and code: the amounts of each measure.
    """

    programme: Programme
    as_of: AsOf
    documents: Sequence[Document]
    links: Sequence[DocumentLink]
    actions: Mapping[int, Sequence[Action]]
    calls: Mapping[Anchor, Sequence[Any]]
    counts: Mapping[Anchor, int]
    projects: Mapping[Anchor, Sequence[dict[str, Any]]]
    sums: Mapping[str, Sums] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(programme=self.programme.code)

    def children(self, parent: Document | None, kind: str) -> list[Document]:
        """Documents of a kind beneath a document, or those whose parent is not known to the viewer."""
        known = {document.pk for document in self.documents}
        return [
            document
            for document in self.documents
            if document.kind == kind
            and (document.parent_id == parent.pk if parent else document.parent_id not in known)
        ]


def read_thread(programme: Programme, viewer: Viewer, as_of: AsOf) -> Thread:
    """Read the thread of a programme as one viewer may see it."""
    documents = list(programme.documents.visible_to(viewer))
    links = DocumentLink.objects.filter(from_document__in=documents, to_document__in=documents)
    actions = list(
        Action.objects.visible_to(viewer)
        .filter(work_programme__programme=programme)
        .order_by("code")
    )
    homes = {action.pk: action.work_programme_id for action in actions}
    calls = list(programme.calls.visible_to(viewer).prefetch_related("actions").order_by("code"))
    implemented = {call.pk: _implemented(call, homes) for call in calls}
    rows = programme.projects.visible_to(viewer)
    counts, few = _count(rows, implemented, homes)
    return Thread(
        programme=programme,
        as_of=as_of,
        documents=documents,
        links=list(links.select_related("from_document", "to_document")),
        actions=_grouped((action.work_programme_id, action) for action in actions),
        calls=_grouped((_call_anchor(implemented[call.pk]), call) for call in calls),
        counts=counts,
        projects=_named(rows, implemented, homes) if few else {},
        sums=_sums(Scope(programme=programme.code), as_of, few=few),
    )


def _implemented(call: Any, homes: Mapping[int, int]) -> list[int]:
    """The visible actions that a call implements, by code."""
    actions = sorted(call.actions.all(), key=lambda action: action.code)
    return [action.pk for action in actions if action.pk in homes]


def _call_anchor(actions: Sequence[int]) -> Anchor:
    return Anchor("action", actions[0]) if actions else UNLINKED


def _grouped(pairs: Any) -> dict[Any, list[Any]]:
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for key, each in pairs:
        found[key].append(each)
    return dict(found)


def anchor_of(
    place: Place, implemented: Mapping[int, Sequence[int]], homes: Mapping[int, int]
) -> Anchor:
    """The lowest node that agrees with all a project says: its call, else its action, else its work programme.

    `implemented` names the actions of each call, `homes` the work programme of each action.
    """
    actions = implemented.get(place.call) if place.call else None
    if place.call and actions is not None and _agrees(place, actions, homes):
        return Anchor("call", place.call)
    if place.action in homes:
        return Anchor("action", place.action or 0)
    if place.work_programme:
        return Anchor("work_programme", place.work_programme)
    return UNLINKED


def _agrees(place: Place, actions: Sequence[int], homes: Mapping[int, int]) -> bool:
    if place.action:
        return place.action in actions
    if place.work_programme:
        return place.work_programme in {homes[action] for action in actions}
    return True


PLACE_COLUMNS = ("call_id", "action_id", "work_programme_id")


def _count(
    rows: Any, implemented: Mapping[int, Sequence[int]], homes: Mapping[int, int]
) -> tuple[dict[Anchor, int], bool]:
    """How many projects hang on each node, and whether they are few enough to be named."""
    counts: defaultdict[Anchor, int] = defaultdict(int)
    for row in rows.values(*PLACE_COLUMNS).annotate(n=Count("pk")).order_by():
        place = Place(*(row[name] for name in PLACE_COLUMNS))
        counts[anchor_of(place, implemented, homes)] += row["n"]
    return dict(counts), sum(counts.values()) <= MOST_NAMED


def _named(
    rows: Any, implemented: Mapping[int, Sequence[int]], homes: Mapping[int, int]
) -> dict[Anchor, list[dict[str, Any]]]:
    columns = ("code", "title", "acronym", "attribution", "confidence", *PLACE_COLUMNS)
    found: defaultdict[Anchor, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.values(*columns).order_by("code"):
        place = Place(*(row[name] for name in PLACE_COLUMNS))
        found[anchor_of(place, implemented, homes)].append(row)
    return dict(found)


def _sums(scope: Scope, as_of: AsOf, *, few: bool) -> dict[str, Sums]:
    """The money of every node by field and code; of projects only where they are named one by one."""
    fields = (*NODE_FIELDS, "project") if few else NODE_FIELDS
    return {name: figures.sums_by(name, scope, as_of, Measure.values) for name in fields}
