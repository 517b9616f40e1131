"""Objectives, priorities and anticipated results of a draft."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.actions.drafting.drafts import (
    as_told,
    lock_draft,
    next_code,
    raise_revision,
    set_values,
    tell,
)
from programmes.actions.keeping import keep
from programmes.actions.revisions import last_change, trail_revision
from programmes.choices import may_serve, passages_to_serve
from programmes.completeness import Lack
from programmes.models import Document, Passage, PassageKind
from programmes.refusals import Refused

KIND = "passage"
FIELDS = ("kind", "text", "order", "serves", "chapter", "page")
LETTERS = {PassageKind.OBJECTIVE: "O", PassageKind.PRIORITY: "P", PassageKind.RESULT: "R"}


@transaction.atomic
def add_passage(
    document: Document, *, by: User, kind: str, text: str, code: str = "", **fields: Any
) -> Passage:
    """Add an objective, a priority or a result to a draft, after those it has.

    `fields` are any of `FIELDS`. Without a code it gets the next of its document. Raises `Refused` where the
    document is a draft no longer, `ValidationError` by field.
    """
    locked = lock_draft(document)
    passage = Passage(document=locked, kind=kind, text=text, **fields)
    if kind not in LETTERS:
        raise ValidationError({"kind": _("A passage is an objective, a priority or a result.")})
    letter = LETTERS[PassageKind(kind)]
    passage.code = code or next_code(locked, Passage.objects.all(), letter, "add_passage")
    passage.order = fields.get("order") or _next_order(locked)
    _check(passage)
    _refuse_twice(passage)
    keep(passage)
    raise_revision(locked, document)
    new = {name: as_told(getattr(passage, name)) for name in FIELDS}
    tell("add_passage", KIND, passage.code, of=locked.code, by=by, new=new)
    return passage


@transaction.atomic
def change_passage(
    passage: Passage, *, by: User, revision: int | None = None, **fields: Any
) -> Passage:
    """Change any of `FIELDS` of a passage of a draft.

    `revision` is that of `passage_revision` when the form was opened; without one, whatever stands is
    changed. Raises `Stale`, `Refused`, `ValidationError` as for documents.
    """
    locked = lock_passage(passage)
    if revision not in (None, passage_revision(passage)):
        raise last_change(KIND, passage.code)
    known = passage.serves_id
    old, new = set_values(passage, fields)
    _check(passage, known)
    if old:
        keep(passage)
        raise_revision(locked)
        tell("change_passage", KIND, passage.code, of=locked.code, by=by, old=old, new=new)
    return passage


@transaction.atomic
def remove_passage(passage: Passage, *, by: User) -> Document:
    """Take a passage out of a draft, and return the draft; an amendment takes it out of the document it amends.

    Raises `Refused` while actions or other passages serve it, naming each.
    """
    locked = lock_passage(passage)
    serving = [*passage.actions.all(), *passage.served_by.all(), *passage.amendments.all()]
    if serving:
        text = _("%(code)s serves it.")
        raise Refused(
            [Lack(text % {"code": each.code}, each.get_absolute_url()) for each in serving]
        )
    old = {name: as_told(getattr(passage, name)) for name in FIELDS}
    passage.delete()
    raise_revision(locked)
    tell("remove_passage", KIND, passage.code, of=locked.code, by=by, old=old)
    return locked


def passage_revision(passage: Passage) -> int:
    """What a form carries to notice that the passage was changed since it was opened."""
    return trail_revision(KIND, passage.code)


def lock_passage(passage: Passage) -> Document:
    """Lock the draft of a passage and bring the passage up to date. Raises `Refused` where it was removed."""
    locked = lock_draft(passage.document)
    try:
        passage.refresh_from_db()
    except Passage.DoesNotExist as error:
        text = _("Somebody removed this passage a moment ago.")
        raise Refused([Lack(text, locked.get_absolute_url())]) from error
    passage.document = locked
    return locked


def _next_order(document: Document) -> int:
    last = document.passages.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _refuse_twice(passage: Passage) -> None:
    """A form that is sent twice adds one passage."""
    same = passage.document.passages.filter(kind=passage.kind, text=passage.text).first()
    if same:
        text = _("The document says so already: %(code)s.")
        raise ValidationError({"text": text % {"code": same.code}})


def _check(passage: Passage, known: int | None = None) -> None:
    """It serves what it may serve, and what serves it within the document still may."""
    served = passage.serves
    if served and not passages_to_serve(passage.document, known).filter(pk=served.pk).exists():
        text = _("%(code)s is no passage of this document or of those above it.")
        raise ValidationError({"serves": text % {"code": served.code}})
    if served and not may_serve(passage, served):
        text = _("Within a document a priority serves an objective, and a result either of them.")
        raise ValidationError({"serves": text})
    if passage.pk and not all(may_serve(each, passage) for each in passage.served_by.all()):
        text = _("Other passages serve it, and could not serve one of this kind.")
        raise ValidationError({"kind": text})
    if passage.pk and passage.kind != PassageKind.PRIORITY and passage.actions.exists():
        raise ValidationError({"kind": _("Actions serve it as a priority.")})
