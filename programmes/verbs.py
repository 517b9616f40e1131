"""The buttons on the page of a document, action or passage: what this person may do to it now."""

from __future__ import annotations

from urllib.parse import urlencode

import rules
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.lifecycle import open_moves
from programmes.models import (
    IN_FORCE,
    PROGRAMMING,
    UNPUBLISHED,
    Action,
    Document,
    DocumentKind,
    DocumentStatus,
    Passage,
    Programme,
)
from programmes.rules import (
    ADD_DOCUMENT,
    ADOPT_DOCUMENT,
    AMEND_DOCUMENT,
    CHANGE_DOCUMENT,
    CONSULT_DOCUMENT,
    DISCARD_DOCUMENT,
    REPEAL_DOCUMENT,
    RETURN_DOCUMENT,
    SUPERSEDE_DOCUMENT,
)

Verb = tuple[str, str, str]


def document_verbs(document: Document, viewer: Viewer) -> list[Verb]:
    """Addresses, words and drawings of what the viewer may do to a document; the first is the main one."""
    moves = _moves(document, viewer)
    return [*_editing(document, viewer), *moves, *_discarding(document, viewer)]


def _moves(document: Document, viewer: Viewer) -> list[Verb]:
    """The moves that the status allows this person; an amendment in force has no life of its own."""
    if document.kind not in PROGRAMMING or (document.amends_id and document.status in IN_FORCE):
        return []
    words = {
        "adopt": (ADOPT_DOCUMENT, _("Adopt"), "check"),
        "return": (RETURN_DOCUMENT, _("Return to drafting"), ""),
        "consult": (CONSULT_DOCUMENT, _("Send into consultation"), ""),
        "amend": (AMEND_DOCUMENT, _("Amend"), "edit"),
        "supersede": (SUPERSEDE_DOCUMENT, _("Supersede"), ""),
        "repeal": (REPEAL_DOCUMENT, _("Repeal"), ""),
    }
    allowed = open_moves(document)
    return [
        (reverse(f"{move}_document", args=[document.code]), label, icon)
        for move, (permission, label, icon) in words.items()
        if move in allowed and rules.has_perm(permission, viewer, document)
    ]


def ways_to_add(viewer: Viewer, programme: Programme | None = None) -> list[Verb]:
    """The way to a new document, of a programme or of any, for those who draft them."""
    if not rules.has_perm(ADD_DOCUMENT, viewer):
        return []
    query = f"?{urlencode({'programme': programme.code})}" if programme else ""
    return [(f"{reverse('add_document')}{query}", _("New document"), "plus")]


def may_edit(document: Document, viewer: Viewer) -> bool:
    """Whether this person may change the content of the document as it stands."""
    return document.status in UNPUBLISHED and rules.has_perm(CHANGE_DOCUMENT, viewer, document)


def _editing(document: Document, viewer: Viewer) -> list[Verb]:
    if not may_edit(document, viewer):
        return []
    verbs = [("change_document", _("Change"), "edit"), ("add_passage", _("Add a passage"), "plus")]
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME:
        verbs.append(("change_allocations", _("Allocations"), "edit"))
    if document.kind == DocumentKind.WORK_PROGRAMME:
        verbs.append(("add_action", _("Add an action"), "plus"))
    return [(reverse(name, args=[document.code]), words, icon) for name, words, icon in verbs]


def _discarding(document: Document, viewer: Viewer) -> list[Verb]:
    if document.status != DocumentStatus.DRAFT:
        return []
    if not rules.has_perm(DISCARD_DOCUMENT, viewer, document):
        return []
    return [(reverse("discard_document", args=[document.code]), _("Discard"), "trash")]


def action_verbs(action: Action, viewer: Viewer) -> list[Verb]:
    """What the viewer may do to an action of a draft."""
    if not may_edit(action.work_programme, viewer):
        return []
    return [
        (reverse("change_action", args=[action.code]), _("Change"), "edit"),
        (reverse("remove_action", args=[action.code]), _("Remove"), "trash"),
    ]


def passage_verbs(passage: Passage, viewer: Viewer) -> list[Verb]:
    """What the viewer may do to a passage of a draft."""
    if not may_edit(passage.document, viewer):
        return []
    return [
        (reverse("change_passage", args=[passage.code]), _("Change"), "edit"),
        (reverse("remove_passage", args=[passage.code]), _("Remove"), "trash"),
    ]
