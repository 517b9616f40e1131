"""What every change of a draft shares: it is locked, it is still a draft, its revision rises, the trail tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.trail import write_entry
from programmes.completeness import Lack
from programmes.models import UNPUBLISHED, Document
from programmes.refusals import Refused


def lock_draft(document: Document) -> Document:
    """Let nobody else change or adopt a draft until the transaction ends; return it as it now stands.

    Raises `Refused` where it was discarded, or is a draft no longer: what was adopted is changed by an
    amendment alone.
    """
    rows = Document.objects.select_for_update(no_key=True, of=("self",))
    rows = rows.select_related("programme", "parent__parent", "amends")
    locked = rows.filter(pk=document.pk).first()
    if locked is None:
        text = _("%s was discarded meanwhile.") % document.code
        raise Refused([Lack(text, document.programme.get_absolute_url())])
    if locked.status not in UNPUBLISHED:
        text = _("%(code)s is adopted: its content is frozen. An amendment changes it.")
        raise Refused(
            [Lack(text % {"code": locked.code}, reverse("amend_document", args=[locked.code]))]
        )
    return locked


def raise_revision(locked: Document, *held: Document) -> None:
    """Count one more change of a draft or a part of it; the records in the caller's hand follow."""
    locked.revision += 1
    Document.objects.filter(pk=locked.pk).update(revision=locked.revision)
    for document in held:
        document.revision = locked.revision


def next_code(document: Document, rows: models.QuerySet[Any], letter: str, verb: str) -> str:
    """The next free code of a part: that of its document, a hyphen, a letter or none, and a number.

    What an amendment adds is numbered after the parts of the document it amends, where it will stand. A
    number that was ever given is not given again.
    """
    home = document.amends or document
    prefix = f"{home.code}-{letter}"
    told = Entry.objects.filter(verb=verb, record_code__startswith=prefix)
    given = {
        *rows.filter(code__startswith=prefix).values_list("code", flat=True),
        *told.values_list("record_code", flat=True),
    }
    return next(code for number in count(1) if (code := f"{prefix}{number}") not in given)


def set_values(
    record: models.Model, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set plain fields of a record; return what was and what is, for those that differ, as the trail keeps it."""
    old = {name: getattr(record, name) for name in fields}
    differing = [name for name, value in fields.items() if old[name] != value]
    for name in differing:
        setattr(record, name, fields[name])
    return (
        {name: as_told(old[name]) for name in differing},
        {name: as_told(fields[name]) for name in differing},
    )


def as_told(value: Any) -> Any:
    """A value as the audit trail keeps it: records by code, amounts and days as text, lists as lists."""
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or value.pk
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {name: as_told(each) for name, each in vars(value).items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [as_told(each) for each in value]
    return value


def tell(verb: str, kind: str, code: str, *, of: str = "", by: User, **told: Any) -> None:
    """One entry of the trail; `of` is the code of the document that the record is a part of."""
    write_entry(verb, by=by, record_kind=kind, record_code=code, part_of=of, **told)
