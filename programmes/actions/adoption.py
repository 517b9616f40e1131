"""Sending documents into consultation, returning, adopting, superseding and repealing them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.trail import write_entry
from programmes.actions.adopted_money import lines_of, make_known, post_difference, tag_actions
from programmes.actions.four_eyes import refuse_own_change
from programmes.actions.moving import (
    day_lacks,
    lock_document,
    newest_of,
    reason_lacks,
    refuse_unless_open,
    step,
)
from programmes.actions.putting_in_force import keep_version, put_in_force
from programmes.actions.revisions import last_change_within
from programmes.completeness import Lack, excesses, lacks
from programmes.models import (
    IN_FORCE,
    PROGRAMMING,
    UNPUBLISHED,
    Action,
    Document,
    DocumentKind,
    Version,
)
from programmes.refusals import ReasonNeeded, Refused
from programmes.resting import in_use
from programmes.versions import actions_of

ADOPTED_EVENT = "adopted"
AMENDED_EVENT = "amended by %s"
SUPERSEDED_EVENT = "superseded by %s"
REPEALED_EVENT = "repealed"


@transaction.atomic
def consult_document(document: Document, *, by: User | None) -> Document:
    """Send a draft into consultation; it may be incomplete. Raises `MoveRefused` where it is no draft."""
    _move(document, "consult")
    write_entry(
        "consult_document",
        by=by,
        record_kind="document",
        record_code=document.code,
        part_of=_whole(document),
        old={"status": "draft"},
        new={"status": document.status},
    )
    return document


@transaction.atomic
def return_document(document: Document, *, by: User | None, reason: str) -> Document:
    """Return a document from consultation to drafting, for a reason.

    Raises `Refused` without a reason, `MoveRefused` where it is not in consultation.
    """
    refuse(reason_lacks(reason))
    _move(document, "return")
    write_entry(
        "return_document",
        by=by,
        record_kind="document",
        record_code=document.code,
        part_of=_whole(document),
        old={"status": "in_consultation"},
        new={"status": document.status},
        reason=reason,
    )
    return document


def _move(document: Document, name: str) -> None:
    lock_document(document)
    refuse_unless_open(document, name)
    step(document, name)


def _whole(document: Document) -> str:
    """The document that an amendment belongs to, in whose history its moves are told, too."""
    return document.amends.code if document.amends else ""


def refuse(found: list[Lack]) -> None:
    if found:
        raise Refused(found)


@transaction.atomic
def adopt_document(
    document: Document,
    *,
    by: User | None,
    on: date,
    reason: str = "",
    revision: int | None = None,
) -> Document:
    """Adopt what was consulted on: its content is frozen, kept as a version, and its amounts are posted.

    An amendment's content is put into the document that it amends, and the differences are posted.
    Raises `MoveRefused` where somebody was quicker, `FourEyes` where `by` changed it, `Stale` where it or a
    part of it is no longer what was read at `revision`, `Refused` with everything that it lacks, and
    `ReasonNeeded` where an indicative amount would be exceeded and no reason is given.
    """
    lock_document(document)
    refuse_unless_open(document, "adopt")
    refuse_own_change(document, by)
    if revision not in {None, document.revision}:
        raise last_change_within("document", document.code)
    _lock_what_it_uses(document)
    refuse([*lacks(document), *_adoption_day_lacks(document, on)])
    exceeded = excesses(document)
    if exceeded and not reason.strip():
        raise ReasonNeeded(exceeded)
    step(document, "adopt", adopted=on.isoformat())
    version = put_in_force(document, on) if document.amends else keep_version(document, 1, on)
    write_entry(
        "adopt_document",
        by=by,
        record_kind="document",
        record_code=document.code,
        part_of=_whole(document),
        old={"status": "in_consultation"},
        new={"status": document.status, "adopted": document.adopted, "version": version.number},
        reason=reason,
    )
    _tell_ledger(document, version, by=by, reason=reason)
    return document


def _lock_what_it_uses(document: Document) -> None:
    """Two documents adopted at once under one envelope wait for each other; so do bookings on amended actions."""
    if document.amends:
        lock_document(document.amends)
        _lock_actions(document.amends)
    if document.parent:
        lock_document(document.parent)


def _lock_actions(document: Document) -> None:
    list(
        Action.objects.select_for_update(no_key=True).filter(work_programme=document).order_by("pk")
    )


def _adoption_day_lacks(document: Document, on: date) -> list[Lack]:
    if document.amends:
        text = _("%(code)s was adopted on %(day)s, after this day.")
        return day_lacks(on, newest_of(document.amends), text)
    text = _("%(code)s, on which it rests, was adopted on %(day)s, after this day.")
    return day_lacks(on, document.parent, text)


def _tell_ledger(document: Document, version: Version, *, by: User | None, reason: str) -> None:
    """What the adoption of a first version or of an amendment says to the ledger."""
    home = version.document
    event = AMENDED_EVENT % document.code if document.amends else ADOPTED_EVENT
    why = reason or (document.reason if document.amends else "")
    actions = list(actions_of(home))
    if actions:
        tag_actions(home, actions, by=by)
    if not document.amends:
        make_known(home, by=by, on=document.adopted)
    post_difference(home, lines_of(home, actions), by=by, event=event, reason=why)


@transaction.atomic
def supersede_document(
    document: Document, *, by: User | None, successor: Document, on: date, reason: str
) -> Document:
    """Let another document of the same kind take the place of one in force: its amounts are taken back.

    Raises `MoveRefused` where it is not in force, `FourEyes` where `by` changed it, `Refused` with every
    reason: a successor that cannot be one, commitments or documents that still rest on it, a day to come, no
    reason.
    """
    for each in sorted((document, successor), key=lambda row: row.pk):
        lock_document(each)
    refuse_own_change(document, by)
    found = [*_successor_lacks(document, successor), *_ending_lacks(document, "supersede", on)]
    refuse([*found, *reason_lacks(reason)])
    _end(
        document,
        "supersede",
        by=by,
        on=on,
        reason=reason,
        successor=successor,
    )
    return document


@transaction.atomic
def repeal_document(document: Document, *, by: User | None, on: date, reason: str) -> Document:
    """End a document in force without a successor: its amounts are taken back.

    Raises `MoveRefused` where it is not in force, `FourEyes` where `by` changed it, `Refused` with every
    reason: commitments or documents that still rest on it, a day to come, no reason.
    """
    lock_document(document)
    refuse_own_change(document, by)
    refuse([*_ending_lacks(document, "repeal", on), *reason_lacks(reason)])
    _end(document, "repeal", by=by, on=on, reason=reason)
    return document


def _end(
    document: Document,
    name: str,
    *,
    by: User | None,
    on: date,
    reason: str,
    successor: Document | None = None,
) -> None:
    """Move a document out of force, tell the trail, and take its amounts back from the ledger."""
    before = document.status
    step(document, name, ended=on.isoformat(), reason=reason, superseded_by=successor)
    replaced = {"superseded_by": successor.code} if successor else {}
    write_entry(
        f"{name}_document",
        by=by,
        record_kind="document",
        record_code=document.code,
        old={"status": before},
        new={"status": document.status, "ended": document.ended, **replaced},
        reason=reason,
    )
    event = SUPERSEDED_EVENT % successor.code if successor else REPEALED_EVENT
    post_difference(document, [], by=by, event=event, reason=reason)


def _successor_lacks(document: Document, successor: Document) -> list[Lack]:
    same = (
        successor.pk != document.pk
        and successor.amends_id is None
        and (successor.kind, successor.programme_id) == (document.kind, document.programme_id)
    )
    if not same:
        text = _("%(code)s is no other document of the same kind and programme.")
    elif successor.status not in IN_FORCE:
        text = _("%(code)s is not in force.")
    else:
        return []
    return [Lack(text % {"code": successor.code}, "#id_successor")]


def _ending_lacks(document: Document, name: str, on: date) -> list[Lack]:
    """Everything that keeps a document in force."""
    refuse_unless_open(document, name)
    _lock_actions(document)
    text = _("%(code)s was adopted on %(day)s, after this day.")
    return [
        *what_it_is_not(document),
        *day_lacks(on, newest_of(document), text),
        *_resting_on(document),
    ]


def what_it_is_not(document: Document) -> list[Lack]:
    if document.kind not in PROGRAMMING:
        text = _("Documents of this kind are not adopted, amended or ended here.")
        return [Lack(text, document.get_absolute_url())]
    if document.amends:
        text = _("It is an amendment: what it says stands in %(code)s.")
        return [Lack(text % {"code": document.amends.code}, document.amends.get_absolute_url())]
    return []


def _resting_on(document: Document) -> Iterator[Lack]:
    """Documents in force beneath it, amendments that are being drafted, money that is in use."""
    for child in document.children.filter(status__in=IN_FORCE, amends=None).order_by("code"):
        text = _("%(code)s, which rests on it, is in force.")
        yield Lack(text % {"code": child.code}, child.get_absolute_url())
    for draft in document.amendments.filter(status__in=UNPUBLISHED):
        text = _("%(code)s, which amends it, is being drafted.")
        yield Lack(text % {"code": draft.code}, draft.get_absolute_url())
    if document.kind == DocumentKind.WORK_PROGRAMME:
        for text, url in in_use(document):
            yield Lack(text, url)
