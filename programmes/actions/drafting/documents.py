"""Drafts of programming documents: begun, changed, discarded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.files.models import File
from portal.files.store import let_go
from programmes.actions.drafting.drafts import as_told, lock_draft, set_values, tell
from programmes.actions.keeping import keep
from programmes.actions.revisions import last_change_within
from programmes.choices import chain_above, lies_within, parents_of
from programmes.completeness import Lack
from programmes.models import PROGRAMMING, Document, DocumentStatus, Passage, Programme
from programmes.refusals import Refused
from programmes.versions import content_of

KIND = "document"
FIELDS = (
    "title",
    "reference",
    "registry_reference",
    "period_start",
    "period_end",
    "parent",
    "stated_amount",
    "reason",
    "note",
)
# Codes of passages, actions, decisions and commitments begin with that of their document.
LONGEST_CODE = 40


@transaction.atomic
def add_document(
    *, by: User, programme: Programme, kind: str, code: str, title: str, **fields: Any
) -> Document:
    """Begin a draft. It may lack everything but its code and title until it is adopted.

    `fields` are any of `FIELDS`. Raises `ValidationError` by field for what could never be adopted.
    """
    document = Document(
        programme=programme,
        kind=kind,
        code=code,
        title=title,
        status=DocumentStatus.DRAFT,
        **fields,
    )
    if kind not in PROGRAMMING:
        raise ValidationError({"kind": _("Documents of this kind are not drafted here.")})
    _check_code(code)
    _check(document)
    keep(document)
    new = {name: as_told(getattr(document, name)) for name in FIELDS if getattr(document, name)}
    start = {"programme": programme.code, "kind": str(kind)}
    tell("add_document", KIND, code, by=by, new=start | new)
    return document


@transaction.atomic
def change_document(document: Document, *, by: User, revision: int, **fields: Any) -> Document:
    """Change what a draft says of itself: any of `FIELDS`.

    Raises `Stale` where it or a part of it was changed since `revision`, `Refused` where it is a draft no
    longer, and `ValidationError` by field.
    """
    locked = lock_draft(document)
    if locked.revision != revision:
        raise last_change_within(KIND, locked.code)
    known = locked.parent
    old, new = set_values(locked, fields)
    _check(locked, known)
    if "parent" in old:
        _check_links(locked)
    if old:
        locked.revision += 1
        keep(locked)
        tell("change_document", KIND, locked.code, by=by, old=old, new=new)
    for name in (*fields, "revision"):
        setattr(document, name, getattr(locked, name))
    return document


@transaction.atomic
def discard_document(document: Document, *, by: User, reason: str) -> Programme:
    """Delete a draft with everything in it, and return its programme.

    Its entries in the trail stay, and the last of them holds its content. Raises `Refused` where it is in
    consultation or beyond, or where something else rests on it.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is discarded.")})
    locked = lock_draft(document)
    if locked.status != DocumentStatus.DRAFT:
        text = _("It is in consultation: have it returned first.")
        raise Refused([Lack(text, locked.get_absolute_url())])
    old = content_of(locked)
    _delete(locked)
    tell("discard_document", KIND, document.code, by=by, old=old, reason=reason.strip())
    return locked.programme


def _delete(document: Document) -> None:
    """Delete a draft, what it says, and its files."""
    actions = list(document.actions.prefetch_related("calls"))
    files = list(File.objects.filter(document_file__document=document))
    _refuse_resting(document, [call for action in actions for call in action.calls.all()])
    document.passages.update(serves=None)
    try:
        for part in (*actions, *document.passages.all(), document):
            part.delete()
    except ProtectedError as error:
        _refuse_resting(document, error.protected_objects)
    for file in files:
        let_go(file)


def _refuse_resting(document: Document, records: Iterable[Any]) -> None:
    """Raise `Refused` where there is anything that rests on the draft, with the page of each."""
    text, lacks = _("%(record)s (%(kind)s) rests on it."), []
    for record in records:
        page = record if hasattr(record, "get_absolute_url") else document
        words = {"record": record, "kind": record._meta.verbose_name}
        lacks.append(Lack(text % words, page.get_absolute_url()))
    if lacks:
        raise Refused(lacks)


def _check_code(code: str) -> None:
    if len(code) > LONGEST_CODE:
        text = _("At most %(n)s characters: the codes of its parts begin with it.")
        raise ValidationError({"code": text % {"n": LONGEST_CODE}})
    if Entry.objects.filter(verb="discard_document", record_code=code).exists():
        text = _("A draft with this code was discarded; its history is kept under it.")
        raise ValidationError({"code": text})


def _check(document: Document, known: Document | None = None) -> None:
    """What no draft may say, because it could never be adopted. `known` is the parent that it has had."""
    parent = document.parent
    if parent is None:
        return
    if not parents_of(document.programme, document.kind, known).filter(pk=parent.pk).exists():
        text = _("%(code)s is not a document that it may rest on.")
        raise ValidationError({"parent": text % {"code": parent.code}})
    if not lies_within(document.kind, document.period_start, document.period_end, parent):
        text = _("Its years do not lie within those of %(code)s: %(period)s.")
        raise ValidationError({"parent": text % {"code": parent.code, "period": parent.period}})


def _check_links(document: Document) -> None:
    """After a change of the document above: nothing may go on serving a passage of the former one."""
    above = chain_above(document)
    served = Passage.objects.filter(actions__work_programme=document)
    served |= Passage.objects.filter(served_by__document=document)
    former = served.exclude(document__in=[*above, document]).distinct()
    if former:
        text = _("Parts of it still serve passages of the former document: %(codes)s.")
        codes = ", ".join(passage.code for passage in former)
        raise ValidationError({"parent": text % {"codes": codes}})
