"""The audit trail as a timeline: who did what and when, what was before and what is now, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.people import Viewer, reads_everything
from portal.audit.models import Entry
from portal.audit.words import address_of, field_words, kind_words, value_words, verb_words
from portal.wording import moment

PAGE = 20
EMPTY: tuple[Any, ...] = (None, "", [], {})

Row = dict[str, Any]


def timeline_of(
    viewer: Viewer, kind: str, code: str, params: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """What was done to a record and to its parts, the latest first, as `portal/_timeline.html` shows it.

    None for those who may not read the trail. `params` are those of the page's address: `history` in them
    is the position before which the entries shown were written.
    """
    if not reads_everything(viewer):
        return None
    before = (params or {}).get("history", "")
    entries = entries_of(kind, code)
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(position__lt=int(before))
    found = list(entries.order_by("-position")[: PAGE + 1])
    return {
        "entries": timeline_rows(found[:PAGE], about=(kind, code)),
        "earlier": found[PAGE - 1].position if len(found) > PAGE else None,
        "is_latest": not before,
    }


def entries_of(kind: str, code: str) -> QuerySet[Entry]:
    """The entries that tell of a record or of a part of it."""
    return Entry.objects.filter(Q(record_kind=kind, record_code=code) | Q(part_of=code))


def timeline_rows(entries: Iterable[Entry], about: tuple[str, str] = ("", "")) -> list[Row]:
    """Entries as `components/timeline.html` shows them. `about` is the record whose page this is, if any."""
    entries = list(entries)
    names = names_of({entry.actor for entry in entries if entry.actor})
    return [
        {
            "when": moment(entry.at),
            "title": verb_words(entry.verb),
            "by": who(entry, names),
            "changes": changes_of(entry),
            "reason": entry.reason,
            "note": _note(entry),
            **_record(entry, about),
        }
        for entry in entries
    ]


def names_of(actors: Collection[UUID]) -> dict[UUID, str]:
    """The names of people by the opaque names that the trail knows them by."""
    if not actors:
        return {}
    return dict(User.objects.filter(actor__in=actors).values_list("actor", "name"))


def who(entry: Entry, names: Mapping[UUID, str]) -> str:
    """Who did it: a person, the portal itself, or somebody whose name is no longer kept."""
    if entry.actor is None:
        return _("the portal itself")
    return names.get(entry.actor) or _("a former user")


def changes_of(entry: Entry) -> list[dict[str, str]]:
    """Each field that the entry tells of, with its value before and now, in words.

    Of a record that is new or gone, the fields that hold nothing are left out.
    """
    kind, both = entry.record_kind, bool(entry.old and entry.new)
    return [
        {
            "field": field_words(kind, name),
            "old": value_words(kind, name, entry.old.get(name)) if entry.old else "",
            "new": value_words(kind, name, entry.new.get(name)) if entry.new else "",
        }
        for name in dict.fromkeys([*entry.old, *entry.new])
        if both or {**entry.old, **entry.new}[name] not in EMPTY
    ]


def _record(entry: Entry, about: tuple[str, str]) -> Row:
    """Which record it was, where that is not the one whose page this is."""
    if (entry.record_kind, entry.record_code) == about:
        return {}
    url = address_of(entry.record_kind, entry.record_code)
    return {"text": f"{kind_words(entry.record_kind)} {entry.record_code}".strip(), "text_url": url}


def _note(entry: Entry) -> str:
    place = _("position %(position)s") % {"position": entry.position}
    if not entry.request_id:
        return place
    return f"{place}, {_('request %(id)s') % {'id': entry.request_id}}"
