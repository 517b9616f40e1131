"""Opening an amendment: a draft of its own that begins as a copy of what is in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.trail import write_entry
from programmes.actions.adoption import refuse, what_it_is_not
from programmes.actions.moving import lock_document, reason_lacks, refuse_unless_open
from programmes.actions.putting_in_force import (
    ACTION_FIELDS,
    ACTION_LISTS,
    DOCUMENT_FIELDS,
    PASSAGE_FIELDS,
)
from programmes.completeness import Lack
from programmes.models import (
    UNPUBLISHED,
    Action,
    ActionAmount,
    Allocation,
    Document,
    DocumentStatus,
    Passage,
)

LONGEST_CODE, LONGEST_STEM = 60, 50


@transaction.atomic
def amend_document(document: Document, *, by: User | None, reason: str) -> Document:
    """Open an amendment of a document in force and return it: a draft, `<CODE>-A<n>`, with a copy of all it says.

    Raises `MoveRefused` where the document is not in force, `Refused` with every reason: another amendment
    is being drafted, the document is one itself, no reason.
    """
    lock_document(document)
    refuse_unless_open(document, "amend")
    refuse([*what_it_is_not(document), *_open_amendments(document), *reason_lacks(reason)])
    amendment = Document(
        code=_code_of_next(document),
        programme=document.programme,
        kind=document.kind,
        status=DocumentStatus.DRAFT,
        amends=document,
        reason=reason,
        **{name: getattr(document, name) for name in DOCUMENT_FIELDS},
    )
    amendment.full_clean()
    amendment.save()
    _copy_content(document, amendment)
    write_entry(
        "amend_document",
        by=by,
        record_kind="document",
        record_code=amendment.code,
        part_of=document.code,
        new={"amends": document.code, "status": amendment.status},
        reason=reason,
    )
    return amendment


def _open_amendments(document: Document) -> list[Lack]:
    text = _("%(code)s, which amends it, is being drafted.")
    return [
        Lack(text % {"code": draft.code}, draft.get_absolute_url())
        for draft in document.amendments.filter(status__in=UNPUBLISHED)
    ]


def _code_of_next(document: Document) -> str:
    """The code of the next amendment: one that none has borne, not even one that was discarded."""
    opened = Entry.objects.filter(verb="amend_document", part_of=document.code).count()
    stem = document.code[:LONGEST_STEM]
    taken = set(
        Document.objects.filter(code__startswith=f"{stem}-A").values_list("code", flat=True)
    )
    number = opened + 1
    while f"{stem}-A{number}" in taken:
        number += 1
    return f"{stem}-A{number}"


def _copy_code(record: Passage | Action, document: Document, amendment: Document) -> str:
    """The code of a copy: that of the original with the amendment's in place of its document's, where it fits."""
    rest = record.code.removeprefix(document.code)
    fits = rest != record.code and len(amendment.code + rest) <= LONGEST_CODE
    return f"{amendment.code}{rest}" if fits else f"{amendment.code}-X{record.pk}"


def _copy_content(document: Document, amendment: Document) -> None:
    passages = _copy_passages(document, amendment)
    Allocation.objects.bulk_create(
        Allocation(
            document=amendment,
            period_start=leaf.period_start,
            period_end=leaf.period_end,
            strand_id=leaf.strand_id,
            region_id=leaf.region_id,
            amount=leaf.amount,
        )
        for leaf in document.allocations.all()
    )
    _copy_actions(document, amendment, passages)


def _copy_passages(document: Document, amendment: Document) -> Mapping[int, Passage]:
    """Copies by the key of what they amend; those that serve one another do so as their originals did."""
    originals = list(document.passages.standing())
    copies = {
        original.pk: Passage(
            code=_copy_code(original, document, amendment),
            document=amendment,
            amends=original,
            **{name: getattr(original, name) for name in PASSAGE_FIELDS},
        )
        for original in originals
    }
    Passage.objects.bulk_create(copies.values())
    for copy in copies.values():
        if copy.serves_id in copies:
            copy.serves = copies[copy.serves_id]
    Passage.objects.bulk_update(copies.values(), ["serves"])
    return copies


def _copy_actions(document: Document, amendment: Document, passages: Mapping[int, Passage]) -> None:
    originals = list(document.actions.standing().prefetch_related("amounts"))
    copies = {
        original.pk: Action(
            code=_copy_code(original, document, amendment),
            work_programme=amendment,
            amends=original,
            **{name: getattr(original, name) for name in ACTION_FIELDS},
        )
        for original in originals
    }
    Action.objects.bulk_create(copies.values())
    for name in ACTION_LISTS:
        _copy_list(name, copies, passages if name == "priorities" else {})
    ActionAmount.objects.bulk_create(
        ActionAmount(
            action=copies[original.pk],
            budget_year=amount.budget_year,
            amount=amount.amount,
            conditional=amount.conditional,
        )
        for original in originals
        for amount in original.amounts.all()
    )


def _copy_list(name: str, copies: Mapping[int, Action], renamed: Mapping[int, Any]) -> None:
    """Give each copy the regions, countries, strands or priorities of its original."""
    through = getattr(Action, name).through
    linked = through._meta.get_field(getattr(Action, name).field.m2m_reverse_field_name()).attname
    rows = through.objects.filter(action__in=copies).values_list("action_id", linked)
    through.objects.bulk_create(
        through(
            action_id=copies[action].pk,
            **{linked: renamed[other].pk if other in renamed else other},
        )
        for action, other in rows
    )
