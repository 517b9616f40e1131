"""Has every entry of the audit trail sealed, says what an altered one is, and what earlier checks counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from portal.audit.heads import PublishedHead, register_heads
from portal.audit.models import Entry, SealCheck
from portal.audit.sealed import SealedTable, register
from portal.audit.words import kind_words, name_records, name_verbs, verb_words


def _entry(position: int) -> str:
    row = Entry.objects.filter(position=position).first()
    if row is None:
        return ""
    return f"{verb_words(row.verb)}: {kind_words(row.record_kind)} {row.record_code}".strip()


def _counted() -> Iterator[PublishedHead]:
    """As many seals as any check has seen there must be still."""
    check = SealCheck.objects.filter(seals__gt=0).order_by("-seals", "pk").first()
    if check and check.seals:
        yield PublishedHead(check.seals, "", "seal check", str(check.pk))


name_verbs({"check_seals": _("Check of the seals asked for")})
name_records({"seal check": SealCheck})
register_heads(_counted)
register(
    SealedTable(
        number=1,
        table="audit_entry",
        noun=_("audit entry"),
        columns={
            1: (
                "id",
                "position",
                "at",
                "actor",
                "verb",
                "record_kind",
                "record_code",
                "part_of",
                "old",
                "new",
                "reason",
                "request_id",
            )
        },
        describe=_entry,
    )
)
