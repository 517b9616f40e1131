"""The thread of a programme as the nodes of a tree: names, gaps, money per node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.records import Attribution, Confidence
from portal.wording import money, number
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.models import Action, Document, DocumentKind, DocumentStatus, LinkKind
from programmes.thread import UNLINKED, Anchor, Thread

# A node with more beneath it than this gives their number and a list to open.
MOST_INLINE = 8

Node = dict[str, Any]

# The measures that each kind of node is expected to report; the others are shown where something is posted.
EXPECTED: dict[str, frozenset[str]] = {
    "indicative_programme": frozenset({Measure.ENVELOPE}),
    "work_programme": frozenset({Measure.PLANNED, Measure.COMMITTED, Measure.CONTRACTED}),
    "action": frozenset({Measure.PLANNED, Measure.COMMITTED, Measure.CONTRACTED}),
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


def columns() -> list[str]:
    """Headings of the money columns."""
    return [str(label) for label in Measure.labels]


def tree(thread: Thread) -> list[Node]:
    """The roots of the tree, each with all that hangs beneath it."""
    frameworks = [node for kind in FRAMEWORKS for node in _documents(thread, kind)]
    judgements = [node for kind in JUDGEMENTS for node in _documents(thread, kind)]
    return [
        *_group(_("Policy frameworks and legal acts"), frameworks),
        *_documents(thread, DocumentKind.STRATEGY_PAPER),
        *_documents(thread, DocumentKind.INDICATIVE_PROGRAMME),
        *_documents(thread, DocumentKind.WORK_PROGRAMME),
        *_group(_("Calls not linked to a work programme in the record"), _calls(thread, UNLINKED)),
        *_group(
            _("Projects not linked to a work programme in the record"),
            _projects(thread, UNLINKED),
            folded=True,
            summary=_how_many_projects(thread.counts.get(UNLINKED, 0)),
        ),
        *_group(_("Consultations, evaluations and audits"), judgements, folded=True),
    ]


def _group(
    label: str, children: list[Node], *, folded: bool = False, summary: str = ""
) -> list[Node]:
    if not children:
        return []
    return [
        {
            "label": label,
            "figures": [None] * len(Measure),
            "children": children,
            "folded": folded,
            "summary": summary,
        }
    ]


def _how_many_projects(count: int) -> str:
    return ngettext("%(n)s project", "%(n)s projects", count) % {"n": number(count)}


def _documents(thread: Thread, kind: str, parent: Document | None = None) -> list[Node]:
    return [_document(thread, document) for document in thread.children(parent, kind)]


def _document(thread: Thread, document: Document) -> Node:
    node: Node = {
        "label": document.title,
        "url": document.get_absolute_url(),
        "kind": document.get_kind_display(),
        "code": document.code,
        "marks": ["unconfirmed"] if document.is_unconfirmed else [],
        "note": "; ".join(_remarks(thread, document)),
        "gaps": _gaps(thread, document),
        "figures": _cells(thread, document.kind, document.code),
        "children": _beneath(thread, document),
    }
    if document.status not in {DocumentStatus.ADOPTED, DocumentStatus.PUBLISHED}:
        node["status"] = {"label": document.get_status_display(), "tone": "attention"}
    return node


def _beneath(thread: Thread, document: Document) -> list[Node]:
    lower = [DocumentKind.INDICATIVE_PROGRAMME, DocumentKind.WORK_PROGRAMME]
    return [
        *(node for kind in lower for node in _documents(thread, kind, document)),
        *(_action(thread, action) for action in thread.actions.get(document.pk, [])),
        *_projects(thread, Anchor("work_programme", document.pk), work_programme=document.code),
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


def _gaps(thread: Thread, document: Document) -> list[str]:
    gaps = []
    posted = thread.sums.get(document.kind, {}).get(document.code, {})
    if document.kind == DocumentKind.WORK_PROGRAMME:
        if Measure.PLANNED not in posted and document.stated_amount is None:
            gaps.append(_("no amount in the record"))
        if not thread.actions.get(document.pk):
            gaps.append(_("no actions in the record"))
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME and document.parent_id is None:
        gaps.append(_("not linked to a strategy paper in the record"))
    return gaps


def _action(thread: Thread, action: Action) -> Node:
    anchor = Anchor("action", action.pk)
    return {
        "label": action.title,
        "url": action.get_absolute_url(),
        "kind": _("Action"),
        "code": action.code,
        "marks": ["unconfirmed"] if action.is_unconfirmed else [],
        "figures": _cells(thread, "action", action.code),
        "children": [*_calls(thread, anchor), *_projects(thread, anchor, action=action.code)],
    }


def _calls(thread: Thread, anchor: Anchor) -> list[Node]:
    calls = thread.calls.get(anchor, [])
    nodes = [_call(thread, call) for call in calls[:MOST_INLINE]]
    left = len(calls) - len(nodes)
    if left:
        label = ngettext("%(n)s more call", "%(n)s more calls", left) % {"n": left}
        nodes.append(_more(label, "list_calls", programme=thread.programme.code))
    return nodes


def _call(thread: Thread, call: Any) -> Node:
    anchor = Anchor("call", call.pk)
    return {
        "label": call.title,
        "url": call.get_absolute_url(),
        "kind": _("Call for proposals"),
        "code": call.code,
        "marks": ["unconfirmed"] if call.is_unconfirmed else [],
        "note": _also_under(call),
        "figures": _cells(thread, "call", call.code),
        "children": _projects(thread, anchor, call=call.code),
        "folded": True,
        "summary": _how_many_projects(thread.counts.get(anchor, 0)),
    }


def _also_under(call: Any) -> str:
    others = sorted(action.code for action in call.actions.all())[1:]
    return _("also implements %(codes)s") % {"codes": ", ".join(others)} if others else ""


def _projects(thread: Thread, anchor: Anchor, **filters: str) -> list[Node]:
    """The projects on a node, or their number with the list to open where there are many."""
    count = thread.counts.get(anchor, 0)
    named = thread.projects.get(anchor, [])
    nodes = [_project(thread, row) for row in named[:MOST_INLINE]]
    left = count - len(nodes)
    if left:
        more = ngettext("%(n)s more project", "%(n)s more projects", left) % {"n": number(left)}
        filters = {"programme": thread.programme.code, **filters}
        label = more if nodes else _how_many_projects(left)
        nodes.append(_more(label, "list_projects", **filters))
    return nodes


def _more(label: str, route: str, **filters: str) -> Node:
    url = f"{reverse(route)}?{urlencode(filters)}"
    return {"label": label, "url": url, "figures": [None] * len(Measure)}


def _project(thread: Thread, row: dict[str, Any]) -> Node:
    marks = [] if row["attribution"] == Attribution.EXPLICIT else [row["attribution"]]
    if row["confidence"] == Confidence.RECALLED:
        marks.append("unconfirmed")
    return {
        "label": row["acronym"] or row["title"],
        "url": reverse("view_project", args=[row["code"]]),
        "kind": _("Project"),
        "code": row["code"],
        "marks": marks,
        "note": row["title"] if row["acronym"] else "",
        "figures": _cells(thread, "project", row["code"]),
    }


def _cells(thread: Thread, kind: str, code: str) -> Sequence[dict[str, Any] | None]:
    """One cell for each measure: the sum with its address, "not reported" where expected, else nothing."""
    posted = thread.sums.get(kind, {}).get(code, {})
    expected = EXPECTED.get(kind, frozenset())
    cells: list[dict[str, Any] | None] = []
    for measure in Measure.values:
        if measure in posted:
            record: dict[str, Any] = {kind: code}
            scope = replace(thread.scope, **record)
            url = figures.address(measure, scope, thread.as_of)
            cells.append({"value": posted[measure], "url": url})
        else:
            cells.append({"value": None} if measure in expected else None)
    return cells
