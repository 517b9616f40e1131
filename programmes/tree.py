"""The thread of a programme as the nodes of a tree: names, gaps, money per node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.records import Attribution, Confidence
from portal.wording import MARKS, money, number
from programmes import gaps, passages
from programmes.ledger.models import Measure
from programmes.models import (
    Action,
    Commitment,
    CommitmentStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    LinkKind,
)
from programmes.models.documents import PROGRAMMING
from programmes.thread import UNLINKED, Anchor, Thread

# A node with more beneath it than this gives their number and a list to open.
MOST_INLINE = 8

Node = dict[str, Any]
MEASURES = tuple(Measure.values)
NO_FIGURES = [None] * len(MEASURES)

# The measures that each kind of node is expected to report; the others are shown where something is posted.
EXPECTED: dict[str, frozenset[str]] = {
    "indicative_programme": frozenset({Measure.ENVELOPE}),
    "work_programme": frozenset({Measure.PLANNED, Measure.COMMITTED, Measure.CONTRACTED}),
    "action": frozenset({Measure.PLANNED, Measure.COMMITTED, Measure.CONTRACTED}),
    "commitment": frozenset({Measure.COMMITTED}),
    "call": frozenset({Measure.CONTRACTED, Measure.PAID}),
    "project": frozenset({Measure.CONTRACTED, Measure.PAID}),
}

FRAMEWORKS = [
    DocumentKind.POLICY_FRAMEWORK,
    DocumentKind.COMMUNICATION,
    DocumentKind.PROPOSAL,
    DocumentKind.REGULATION,
]
JUDGEMENTS = [
    DocumentKind.CONSULTATION,
    DocumentKind.EVALUATION_REPORT,
    DocumentKind.AUDIT_REPORT,
]


def marks_among(nodes: Iterable[Node]) -> list[str]:
    """The codes of the marks that occur in a tree, in the order of the legend."""
    found = set(_marks(nodes))
    return [code for code in MARKS if code in found]


def _marks(nodes: Iterable[Node]) -> Iterator[str]:
    for node in nodes:
        yield from node.get("marks", ())
        yield from _marks(node.get("children", ()))


def columns() -> list[str]:
    """Headings of the money columns."""
    return [str(label) for label in Measure.labels]


def tree(thread: Thread) -> list[Node]:
    """The roots of the tree, each with all that hangs beneath it."""
    frameworks = [node for kind in FRAMEWORKS for node in _documents(thread, kind)]
    judgements = [node for kind in JUDGEMENTS for node in _documents(thread, kind)]
    calls = thread.calls.get(UNLINKED, ())
    projects = thread.counts.get(UNLINKED, 0)
    return [
        *_group("frameworks", _("Policy frameworks and legal acts"), frameworks),
        *(node for kind in PROGRAMMING for node in _documents(thread, kind)),
        *_group(
            "calls",
            _("Calls not linked to a work programme in the record"),
            _calls(thread, UNLINKED),
            gaps=gaps.unlinked(len(calls)),
        ),
        *_group(
            "projects",
            _("Projects not linked to a work programme in the record"),
            _projects(thread, UNLINKED),
            folded=True,
            summary=_how_many_projects(projects),
            gaps=gaps.unlinked(projects),
        ),
        *_group("judgements", _("Consultations, evaluations and audits"), judgements, folded=True),
    ]


def short_tree(thread: Thread) -> list[Node]:
    """The documents alone with their money, from the strategy papers down."""
    return [_without_gaps(node) for kind in PROGRAMMING for node in _documents(thread, kind)]


def _without_gaps(node: Node) -> Node:
    """Where nothing beneath the documents was read, nothing can be said to be missing."""
    return {**node, "gaps": [], "children": [_without_gaps(each) for each in node["children"]]}


def _group(name: str, label: str, children: list[Node], **more: Any) -> list[Node]:
    if not children:
        return []
    node = {"label": label, "anchor": name, "figures": NO_FIGURES, "children": children}
    return [node | more]


def _how_many_projects(count: int) -> str:
    return ngettext("%(n)s project", "%(n)s projects", count) % {"n": number(count)}


def _documents(thread: Thread, kind: str, parent: Document | None = None) -> list[Node]:
    return [_document(thread, document) for document in thread.children(parent, kind)]


def _document(thread: Thread, document: Document) -> Node:
    node: Node = {
        "label": document.title,
        "url": thread.page_of("view_document", document.code),
        "kind": document.get_kind_display(),
        "code": document.code,
        "anchor": f"document-{document.code}",
        "marks": ["unconfirmed"] if document.is_unconfirmed else [],
        "note": "; ".join(_remarks(thread, document)),
        "gaps": gaps.document_gaps(thread, document),
        "figures": _cells(thread, document.kind, document.code),
        "children": _beneath(thread, document),
    }
    if document.status not in {DocumentStatus.ADOPTED, DocumentStatus.PUBLISHED}:
        node["status"] = {"label": document.get_status_display(), "tone": "attention"}
    return node


def _beneath(thread: Thread, document: Document) -> list[Node]:
    """Its amendments, its objectives and priorities, the documents under it, and its actions and projects."""
    lower = [DocumentKind.INDICATIVE_PROGRAMME, DocumentKind.WORK_PROGRAMME]
    kinds = [document.kind, *(kind for kind in lower if kind != document.kind)]
    return [
        *passages.passage_nodes(thread, document),
        *(node for kind in kinds for node in _documents(thread, kind, document)),
        *_actions(thread, document),
        *_projects(thread, Anchor("work_programme", document.pk), document.code),
    ]


def _remarks(thread: Thread, document: Document) -> list[str]:
    """Links to documents that are not above or beneath it, and an amount that is stated but not posted."""
    remarks = [
        f"{link.get_kind_display()} {link.to_document.code}"
        for link in thread.links
        if link.from_document_id == document.pk
    ]
    remarks += [
        backwards(link.kind, link.from_document.code)
        for link in thread.links
        if link.to_document_id == document.pk
    ]
    if document.amends_id in thread.known:
        amended = thread.known[document.amends_id or 0]
        remarks.append(_("amends %(code)s") % {"code": amended.code})
    if document.stated_amount is not None:
        remarks.append(_("the source states %(sum)s") % {"sum": money(document.stated_amount)})
    return remarks


def backwards(kind: str, code: str) -> str:
    """The words for a link read from its other end, with the code of the document there."""
    words = {
        LinkKind.FOLLOWS.value: _("followed by %(code)s"),
        LinkKind.IMPLEMENTS.value: _("implemented by %(code)s"),
        LinkKind.FEEDS.value: _("fed by %(code)s"),
        LinkKind.EVALUATES.value: _("evaluated by %(code)s"),
    }
    return words[kind] % {"code": code}


def _actions(thread: Thread, document: Document) -> list[Node]:
    """The actions of a work programme; one that was taken out is shown while money or a record hangs on it."""
    actions = thread.actions.get(document.pk, ())
    # A large thread has hundreds of these; words that all share are looked up once.
    words = ActionWords(_("Action"), _("serves %(codes)s"))
    nodes = [(action, _action(thread, action, words)) for action in actions]
    return [
        node
        for action, node in nodes
        if not action.withdrawn or node["children"] or thread.money("action", action.code)
    ]


class ActionWords(NamedTuple):
    """What is said of every action: what it is, and what it serves."""

    kind: str
    serves: str


def _action(thread: Thread, action: Action, words: ActionWords) -> Node:
    anchor = Anchor("action", action.pk)
    served = [passage.code for passage in thread.served.get(action.pk, ())]
    node: Node = {
        "label": action.title,
        "url": thread.page_of("view_action", action.code),
        "kind": words.kind,
        "code": action.code,
        "anchor": f"action-{action.code}",
        "marks": ["unconfirmed"] if action.is_unconfirmed else [],
        "note": words.serves % {"codes": ", ".join(served)} if served else "",
        "gaps": gaps.action_gaps(thread, action),
        "figures": _cells(thread, "action", action.code),
        "children": [
            *(_commitment(thread, each) for each in thread.commitments.get(action.pk, ())),
            *_calls(thread, anchor, action.code),
            *_projects(thread, anchor, action.code),
        ],
    }
    if action.withdrawn:
        node["status"] = {"label": _("taken out by an amendment"), "tone": "attention"}
    return node


def _commitment(thread: Thread, commitment: Commitment) -> Node:
    node: Node = {
        "label": _("Commitment %(year)s") % {"year": commitment.budget_year},
        "url": thread.page_of("view_commitment", commitment.code),
        "kind": _("Commitment"),
        "code": commitment.code,
        "anchor": f"commitment-{commitment.code}",
        "figures": _cells(thread, "commitment", commitment.code),
    }
    if commitment.status == CommitmentStatus.PROPOSED:
        node["status"] = {"label": commitment.get_status_display(), "tone": "attention"}
    return node


def _calls(thread: Thread, anchor: Anchor, code: str = "") -> list[Node]:
    """The calls on an action or on nothing; of many the first, and the list that holds all."""
    calls = thread.calls.get(anchor, [])
    nodes = [_call(thread, call) for call in calls[:MOST_INLINE]]
    if len(calls) > len(nodes):
        # The list of an action holds the calls that stand under another action, too.
        count = thread.implementing[anchor.key] if code else len(calls)
        filters = {"action": code} if code else {"hangs_on": anchor.kind}
        label = ngettext("all %(n)s call", "all %(n)s calls", count) % {"n": number(count)}
        nodes.append(_whole(thread, label, "list_calls", **filters))
    return nodes


def _call(thread: Thread, call: Any) -> Node:
    anchor = Anchor("call", call.pk)
    # Where projects are named, each says of itself that its money has no strand.
    named = [] if thread.projects else [Measure.CONTRACTED]
    return {
        "label": call.title,
        "url": thread.page_of("view_call", call.code),
        "kind": _("Call for proposals"),
        "code": call.code,
        "anchor": f"call-{call.code}",
        "marks": ["unconfirmed"] if call.is_unconfirmed else [],
        "note": _also_under(thread, call),
        "gaps": gaps.undivided(thread, "call", call.code, named),
        "figures": _cells(thread, "call", call.code),
        "children": _projects(thread, anchor, call.code),
        "folded": True,
        "summary": _how_many_projects(thread.counts.get(anchor, 0)),
    }


def _also_under(thread: Thread, call: Any) -> str:
    others = [action.code for action in thread.implemented.get(call.pk, ())][1:]
    return _("also implements %(codes)s") % {"codes": ", ".join(others)} if others else ""


def _projects(thread: Thread, anchor: Anchor, code: str = "") -> list[Node]:
    """The projects on the node with a code, or on nothing; of many the first, and the list that holds all."""
    count = thread.counts.get(anchor, 0)
    named = thread.projects.get(anchor, [])
    nodes = [_project(thread, row) for row in named[:MOST_INLINE]]
    if count > len(nodes):
        label = _all_projects(count) if nodes else _how_many_projects(count)
        filters = {anchor.kind: code} if code else {}
        nodes.append(_whole(thread, label, "list_projects", **filters, hangs_on=anchor.kind))
    return nodes


def _all_projects(count: int) -> str:
    return ngettext("all %(n)s project", "all %(n)s projects", count) % {"n": number(count)}


def _whole(thread: Thread, label: str, route: str, **filters: str) -> Node:
    """The way to the list of all that hangs here, as many as the label says."""
    url = thread.list_of(route, programme=thread.programme.code, **filters)
    return {"label": label, "url": url, "figures": NO_FIGURES}


def _project(thread: Thread, row: dict[str, Any]) -> Node:
    marks = [] if row["attribution"] == Attribution.EXPLICIT else [row["attribution"]]
    if row["confidence"] == Confidence.RECALLED:
        marks.append("unconfirmed")
    return {
        "label": row["acronym"] or row["title"],
        "url": thread.page_of("view_project", row["code"]),
        "kind": _("Project"),
        "code": row["code"],
        "anchor": f"project-{row['code']}",
        "marks": marks,
        "note": row["title"] if row["acronym"] else "",
        "gaps": gaps.undivided(thread, "project", row["code"], [Measure.CONTRACTED]),
        "figures": _cells(thread, "project", row["code"]),
    }


def _cells(thread: Thread, kind: str, code: str) -> list[dict[str, Any] | None]:
    """One cell for each measure: the sum with its address, "not reported" where expected, else nothing."""
    posted = thread.money(kind, code)
    expected = EXPECTED.get(kind, frozenset())
    cells: list[dict[str, Any] | None] = []
    for measure in MEASURES:
        if measure in posted:
            url = thread.addresses.of(measure, kind, code)
            cells.append({"value": posted[measure].amount, "url": url})
        else:
            cells.append({"value": None} if measure in expected else None)
    return cells
