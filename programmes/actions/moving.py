"""Moving a document from one status to the next: one at a time, and whoever comes second is told who came first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.models import Entry
from portal.audit.moments import said_moment
from portal.audit.timeline import names_of, who
from portal.dates import BRUSSELS, PartialDate
from portal.lifecycle import MoveRefused, move, open_moves
from portal.wording import moment, partial_date
from programmes.completeness import Lack
from programmes.models import Document

# What somebody did to a document, by the verb of the trail.
DONE = {
    "consult_document": gettext_lazy("%(who)s sent %(code)s into consultation on %(when)s."),
    "return_document": gettext_lazy("%(who)s returned %(code)s to drafting on %(when)s."),
    "adopt_document": gettext_lazy("%(who)s adopted %(code)s on %(when)s."),
    "supersede_document": gettext_lazy("%(who)s had %(code)s superseded on %(when)s."),
    "repeal_document": gettext_lazy("%(who)s repealed %(code)s on %(when)s."),
}


def lock_document(document: Document) -> Document:
    """Keep everybody else from changing a document, or anything in it, until the transaction ends.

    The document in hand becomes what is kept now. Raises `MoveRefused` where it was discarded meanwhile.
    """
    if Document.objects.select_for_update(no_key=True).filter(pk=document.pk).first() is None:
        raise MoveRefused(_("%s was discarded meanwhile.") % document.code)
    document.refresh_from_db()
    return document


def refuse_unless_open(document: Document, name: str) -> None:
    """Raise `MoveRefused`, saying who moved the document and when, where its status does not allow the move."""
    if name not in open_moves(document):
        raise MoveRefused(said_of(document))


def said_of(document: Document) -> str:
    """Who moved a document last, and when, and where that left it."""
    status = _("Its status is now “%(status)s”.") % {"status": document.get_status_display()}
    entries = Entry.objects.filter(record_kind="document", record_code=document.code)
    entry = entries.filter(verb__in=DONE).order_by("-position").first()
    if entry is None:
        return status
    name = who(entry, names_of([entry.actor] if entry.actor else []))
    words = {"who": name, "code": document.code, "when": moment(entry.at)}
    return f"{str(DONE[entry.verb]) % words} {status}"


def step(document: Document, name: str, **changes: Any) -> None:
    """Take a move of a locked document; forms that were opened before are stale from now on."""
    move(document, name, revision=document.revision + 1, **changes)


def today() -> date:
    """The day in Brussels of the moment that is being told of, or of now."""
    return (said_moment() or timezone.now()).astimezone(BRUSSELS).date()


def reason_lacks(reason: str) -> list[Lack]:
    """The lack of a reason, where one is asked for and nothing was said."""
    return [] if reason.strip() else [Lack(_("Say why."), "#id_reason")]


def newest_of(document: Document) -> Document:
    """The document whose adoption made what the document says now: its newest amendment in force, or itself."""
    newest = document.versions.select_related("amendment").order_by("number").last()
    return newest.amendment if newest and newest.amendment else document


def day_lacks(on: date, after: Document | None, text: str) -> list[Lack]:
    """What is wrong with a day: it is to come, or lies before `after` was adopted, which `text` then says."""
    if on > today():
        return [Lack(_("The day lies in the future."), "#id_on")]
    if after is None or not after.adopted or on >= PartialDate.parse(after.adopted).first:
        return []
    words = {"code": after.code, "day": partial_date(after.adopted)}
    return [Lack(text % words, "#id_on")]
