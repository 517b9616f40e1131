"""Putting an amendment in force: its content goes into the rows of the document that it amends.

Codes and links of the amended document never change: copies give their content to what they amend and go,
what is new moves in under its own code, what was left out is marked as taken out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from portal.dates import PartialDate, Precision
from programmes.actions.moving import step
from programmes.freezing import unfrozen
from programmes.models import Action, ActionAmount, Document, Passage, Version
from programmes.versions import content_of

DOCUMENT_FIELDS = ("title", "period_start", "period_end", "stated_amount", "parent", "note")
PASSAGE_FIELDS = ("kind", "order", "text", "serves", "chapter", "page")
ACTION_FIELDS = (
    "title",
    "geographical_area",
    "worldwide",
    "objectives",
    "results",
    "attribution",
    "implementation",
    "democracy",
    "rule_of_law",
    "human_rights",
    "note",
    "chapter",
    "page",
)
ACTION_LISTS = ("regions", "countries", "strands", "priorities")


def keep_version(
    document: Document, number: int, on: date | None, amendment: Document | None = None
) -> Version:
    """Keep the whole content of a document as it stands, for ever. `on` is None where the day is not known."""
    version = Version(
        document=document,
        number=number,
        content=content_of(document),
        reason=amendment.reason if amendment else "",
        adopted=on,
        amendment=amendment,
    )
    version.full_clean()
    version.save()
    return version


def put_in_force(amendment: Document, on: date) -> Version:
    """Make the amended document say what the amendment says, and keep that as its next version.

    A document of the public record has no version yet: what it said until now is kept first, as version 1.
    """
    document = amendment.amends
    if document is None:
        raise ValueError(f"{amendment.code} amends nothing")
    newest = document.versions.order_by("number").last() or _keep_record(document)
    with unfrozen():
        _take_over_passages(document, amendment)
        _take_over_allocations(document, amendment)
        _take_over_actions(document, amendment)
        for name in DOCUMENT_FIELDS:
            setattr(document, name, getattr(amendment, name))
        document.full_clean()
        document.save(update_fields=DOCUMENT_FIELDS)
    step(document, "amend")
    return keep_version(document, newest.number + 1, on, amendment)


def _keep_record(document: Document) -> Version:
    known = PartialDate.parse(document.adopted) if document.adopted else None
    to_the_day = known is not None and known.precision == Precision.DAY
    return keep_version(document, 1, known.first if known and to_the_day else None)


def _take_over_passages(document: Document, amendment: Document) -> None:
    copies = amendment.passages.filter(amends__isnull=False)
    _point_home(copies)
    kept = document.passages.filter(amendments__document=amendment)
    left = list(document.passages.exclude(pk__in=kept).values_list("pk", flat=True))
    _take_over_fields(kept, copies, PASSAGE_FIELDS)
    document.passages.filter(pk__in=left).update(withdrawn=True)
    amendment.passages.filter(amends=None).update(document=document)
    copies.update(serves=None)
    copies.delete()


def _point_home(copies: QuerySet[Passage]) -> None:
    """Let whatever points at the copy of a passage point at the passage itself."""
    home = Passage.objects.filter(pk=OuterRef("serves_id")).values("amends_id")
    Passage.objects.filter(serves__in=copies).update(serves=Subquery(home))
    through = Action.priorities.through
    served = through.objects.filter(passage__in=copies)
    through.objects.bulk_create(
        [
            through(action_id=action, passage_id=original)
            for action, original in served.values_list("action_id", "passage__amends_id")
        ],
        ignore_conflicts=True,
    )
    served.delete()


def _take_over_fields(kept: QuerySet[Any], copies: QuerySet[Any], names: Iterable[str]) -> None:
    """Give what is kept the fields of its copies, in one statement however many there are."""
    own = copies.filter(amends=OuterRef("pk"))
    values = {name: Subquery(own.values(name)[:1]) for name in names}
    kept.model._default_manager.filter(pk__in=list(kept.values_list("pk", flat=True))).update(
        **values, withdrawn=False
    )


def _take_over_allocations(document: Document, amendment: Document) -> None:
    document.allocations.all().delete()
    amendment.allocations.update(document=document)


def _take_over_actions(document: Document, amendment: Document) -> None:
    copies = amendment.actions.filter(amends__isnull=False)
    kept = document.actions.filter(amendments__work_programme=amendment)
    left = document.actions.exclude(pk__in=list(kept.values_list("pk", flat=True)))
    left.filter(withdrawn=False).update(withdrawn=True, revision=F("revision") + 1)
    kept_keys = list(kept.values_list("pk", flat=True))
    _take_over_fields(kept, copies, ACTION_FIELDS)
    Action.objects.filter(pk__in=kept_keys).update(revision=F("revision") + 1)
    throughs = [getattr(Action, name).through for name in ACTION_LISTS]
    for rows in (ActionAmount, *throughs):
        _take_over_rows(rows._default_manager.all(), copies, kept_keys)
    copies.delete()
    amendment.actions.update(work_programme=document)


def _take_over_rows(rows: QuerySet[Any], copies: QuerySet[Action], kept: Collection[int]) -> None:
    """Let amounts, or links to regions and the like, of copies take the place of those of the originals."""
    home = Action.objects.filter(pk=OuterRef("action_id")).values("amends_id")
    rows.filter(action__in=kept).delete()
    rows.filter(action__in=copies).update(action=Subquery(home))
