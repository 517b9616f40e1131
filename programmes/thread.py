"""The thread of a programme: what hangs beneath what, from policy framework to project, and the money at each node.

Calls and projects are reached through the programme that owns them, so their own rules decide who sees which.
However much hangs on a programme, the thread is read in the same number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count
from django.urls import reverse

from portal.accounts.people import Viewer
from programmes.ledger import figures
from programmes.ledger.figures import Block
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.words import StrandWord
from programmes.models import (
    Action,
    Commitment,
    Document,
    DocumentKind,
    DocumentLink,
    Passage,
    PassageKind,
    Programme,
)

# With more projects than this, a thread counts them and names none.
MOST_NAMED = 500

DOCUMENT_FIELDS = (DocumentKind.INDICATIVE_PROGRAMME.value, DocumentKind.WORK_PROGRAMME.value)
NODE_FIELDS = (*DOCUMENT_FIELDS, "action", "commitment", "call")
# A code that stands for any other in the address of a page.
SLOT = "0"
# By measure, what hangs on one record.
Sums = Mapping[str, Block]


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


class Served(NamedTuple):
    """A passage that an action serves."""

    key: int
    code: str


class Implemented(NamedTuple):
    """An action that a call implements."""

    key: int
    code: str


@dataclass(frozen=True)
class Thread:
    """Everything that hangs on one programme and that one viewer may see.

    `passages` are the objectives and priorities by document, `actions` by work programme, `served` the
    passages by the action that serves them; `commitments` is by action, `calls` and `counts` by the node
    they hang on, `implemented` the codes of actions by call; `projects` names those of a thread with few
    enough. `sums` is by field and code.
    """

    programme: Programme
    as_of: AsOf
    documents: Sequence[Document]
    links: Sequence[DocumentLink]
    sums: Mapping[str, Mapping[str, Sums]]
    passages: Mapping[int, Sequence[Passage]] = field(default_factory=dict)
    actions: Mapping[int, Sequence[Action]] = field(default_factory=dict)
    served: Mapping[int, Sequence[Served]] = field(default_factory=dict)
    commitments: Mapping[int, Sequence[Commitment]] = field(default_factory=dict)
    calls: Mapping[Anchor, Sequence[Any]] = field(default_factory=dict)
    implemented: Mapping[int, Sequence[Implemented]] = field(default_factory=dict)
    counts: Mapping[Anchor, int] = field(default_factory=dict)
    projects: Mapping[Anchor, Sequence[dict[str, Any]]] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        return Scope(programme=self.programme.code)

    @cached_property
    def addresses(self) -> figures.Addresses:
        """The addresses of the figures of every node."""
        return figures.Addresses(self.scope, self.as_of)

    @cached_property
    def undivided_addresses(self) -> figures.Addresses:
        """The addresses of what every node has without a strand."""
        scope = replace(self.scope, strands=(StrandWord.UNDIVIDED.value,))
        return figures.Addresses(scope, self.as_of)

    @cached_property
    def implementing(self) -> Mapping[int, int]:
        """How many calls implement each action, those among them that stand under another."""
        return Counter(each.key for actions in self.implemented.values() for each in actions)

    @cached_property
    def carried_out(self) -> Set[int]:
        """Keys of the actions that a call implements."""
        return self.implementing.keys()

    @cached_property
    def known(self) -> Mapping[int, Document]:
        """The documents by key."""
        return {document.pk: document for document in self.documents}

    @cached_property
    def by_parent(self) -> Mapping[tuple[int | None, str], Sequence[Document]]:
        """The documents by the one above them and their kind: what an amendment changes, else their parent."""
        pairs = ((self._above(document), document) for document in self.documents)
        return _grouped(((above, document.kind), document) for above, document in pairs)

    def _above(self, document: Document) -> int | None:
        above = document.amends_id or document.parent_id
        return above if above in self.known else None

    def children(self, parent: Document | None, kind: str) -> Sequence[Document]:
        """Documents of a kind beneath a document, or those whose parent is not known to the viewer."""
        return self.by_parent.get((parent.pk if parent else None, kind), ())

    @cached_property
    def serving(self) -> Mapping[int, Sequence[Action]]:
        """By objective or priority, the actions that serve it, or serve one that serves it."""
        direct: defaultdict[int, list[Action]] = defaultdict(list)
        for action in self.every_action:
            for served in self.served.get(action.pk, ()):
                direct[served.key].append(action)
        beneath: defaultdict[int, list[int]] = defaultdict(list)
        for passages in self.passages.values():
            for passage in passages:
                if passage.serves_id:
                    beneath[passage.serves_id].append(passage.pk)
        keys = {*direct, *beneath}
        return {
            key: _distinct(direct[each] for each in _with_beneath(key, beneath)) for key in keys
        }

    @cached_property
    def every_action(self) -> Sequence[Action]:
        """The actions of every work programme."""
        return [action for actions in self.actions.values() for action in actions]

    def page_of(self, route: str, code: str) -> str:
        """The address of the page of a record; each route is looked up once."""
        if route not in self._pages:
            before, _slot, after = reverse(route, args=[SLOT]).rpartition(SLOT)
            self._pages[route] = before, after
        before, after = self._pages[route]
        return f"{before}{code}{after}"

    def list_of(self, route: str, **filters: str) -> str:
        """The address of a list narrowed to some codes, which need no escaping; each route is looked up once."""
        if route not in self._lists:
            self._lists[route] = reverse(route)
        query = "&".join(f"{name}={code}" for name, code in filters.items())
        return f"{self._lists[route]}?{query}"

    @cached_property
    def _lists(self) -> dict[str, str]:
        return {}

    @cached_property
    def _pages(self) -> dict[str, tuple[str, str]]:
        return {}

    def money(self, kind: str, code: str) -> Sums:
        """What hangs on one record, by measure."""
        return self.sums.get(kind, {}).get(code, {})


def _with_beneath(key: int, beneath: Mapping[int, Sequence[int]]) -> list[int]:
    """A passage and all that serve it, each once: the record may run in a circle."""
    found = [key]
    for each in found:
        found += [lower for lower in beneath.get(each, ()) if lower not in found]
    return found


def _distinct(groups: Iterable[Sequence[Action]]) -> list[Action]:
    return list({action.pk: action for group in groups for action in group}.values())


def read_documents(programme: Programme, viewer: Viewer, as_of: AsOf) -> Thread:
    """The documents of a programme as one viewer may see them, with their money, and nothing beneath them."""
    documents, links = _documents(programme, viewer)
    sums = _sums(DOCUMENT_FIELDS, Scope(programme.code), as_of)
    return Thread(programme, as_of, documents, links, sums)


def read_thread(programme: Programme, viewer: Viewer, as_of: AsOf) -> Thread:
    """Read the whole thread of a programme as one viewer may see it."""
    documents, links = _documents(programme, viewer)
    actions = _actions(programme, viewer)
    homes = {action.pk: action.work_programme_id for action in actions}
    calls = list(programme.calls.visible_to(viewer).order_by("code"))
    implemented = _implemented(programme, calls, homes)
    above = {call.pk: [each.key for each in implemented.get(call.pk, ())] for call in calls}
    rows = programme.projects.visible_to(viewer)
    counts, few = _count(rows, above, homes)
    fields = (*NODE_FIELDS, "project") if few else NODE_FIELDS
    return Thread(
        programme=programme,
        as_of=as_of,
        documents=documents,
        links=links,
        sums=_sums(fields, Scope(programme.code), as_of),
        passages=_passages(programme, viewer),
        actions=_grouped((action.work_programme_id, action) for action in actions),
        served=_served(programme, viewer),
        commitments=_commitments(programme, viewer),
        calls=_grouped((_call_anchor(above[call.pk]), call) for call in calls),
        implemented=implemented,
        counts=counts,
        projects=_named(rows, above, homes) if few else {},
    )


def _documents(programme: Programme, viewer: Viewer) -> tuple[list[Document], list[DocumentLink]]:
    documents = list(programme.documents.visible_to(viewer))
    links = DocumentLink.objects.filter(from_document__in=documents, to_document__in=documents)
    return documents, list(links.select_related("from_document", "to_document"))


def _actions(programme: Programme, viewer: Viewer) -> list[Action]:
    """The actions of the programme, without the copies in which amendments propose what is to become of them."""
    rows = Action.objects.visible_to(viewer).filter(work_programme__programme=programme).originals()
    shown = ("code", "title", "work_programme", "implementation", "withdrawn", "confidence")
    return list(rows.only(*shown).order_by("code"))


def _served(programme: Programme, viewer: Viewer) -> dict[int, list[Served]]:
    """The passages that stand and that each action serves, by code."""
    rows = Action.priorities.through.objects.filter(
        action__work_programme__programme=programme,
        passage__in=Passage.objects.visible_to(viewer).standing(),
    )
    found = rows.order_by("passage__code").values_list("action", "passage", "passage__code")
    return _grouped((action, Served(key, code)) for action, key, code in found)


def _passages(programme: Programme, viewer: Viewer) -> dict[int, list[Passage]]:
    """The objectives and priorities that stand, by document."""
    rows = Passage.objects.visible_to(viewer).standing()
    kinds = [PassageKind.OBJECTIVE, PassageKind.PRIORITY]
    found = rows.filter(document__programme=programme, kind__in=kinds).order_by("order", "code")
    return _grouped((passage.document_id, passage) for passage in found)


def _commitments(programme: Programme, viewer: Viewer) -> dict[int, list[Commitment]]:
    """The commitments by action."""
    rows = Commitment.objects.visible_to(viewer).filter(
        decision__work_programme__programme=programme
    )
    shown = ("code", "action", "budget_year", "status")
    return _grouped((each.action_id, each) for each in rows.only(*shown).order_by("code"))


def _implemented(
    programme: Programme, calls: Sequence[Any], homes: Mapping[int, int]
) -> dict[int, list[Implemented]]:
    """The visible actions that each visible call implements, by code."""
    # Calls lie above this app: their table is reached from the actions.
    rows = Action.objects.filter(calls__programme=programme).order_by("code")
    found = rows.values_list("calls", "pk", "code")
    seen = {call.pk for call in calls}
    return _grouped(
        (call, Implemented(key, code)) for call, key, code in found if call in seen and key in homes
    )


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

    The list of projects filters by the same rule (`hangs_on`), in the database. `implemented` names the actions of each call, `homes` the work programme of each action.
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


def _sums(fields: Sequence[str], scope: Scope, as_of: AsOf) -> dict[str, dict[str, Sums]]:
    """The money of every record named in some fields of the postings, by field and code, read in one query."""
    found = figures.blocks(fields, scope, as_of)
    return {name: _by_code(found, place) for place, name in enumerate(fields)}


def _by_code(found: Sequence[Block], place: int) -> dict[str, Sums]:
    folded = figures.fold(
        found, lambda block: (block.keys[place], block.measure) if block.keys[place] else None
    )
    sums: defaultdict[str, dict[str, Block]] = defaultdict(dict)
    for (code, measure), block in folded.items():
        if block.value is not None:
            sums[code][measure] = block
    return dict(sums)
