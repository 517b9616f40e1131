"""What an editor may choose from: documents above, passages to serve, strands and places of the programme."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.db.models import Case, Max, Q, QuerySet, Value, When

from portal.audit.models import Entry
from portal.countries.models import Country
from programmes.completeness import ABOVE
from programmes.models import (
    IN_FORCE,
    UNPUBLISHED,
    Action,
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    Programme,
    Region,
    Strand,
)

# A passage serves one of a kind before its own, so that no chain of them ever closes.
RANK = {PassageKind.OBJECTIVE: 0, PassageKind.PRIORITY: 1, PassageKind.RESULT: 2}

LETTERS = {
    DocumentKind.STRATEGY_PAPER: "TSP",
    DocumentKind.INDICATIVE_PROGRAMME: "MIP",
    DocumentKind.WORK_PROGRAMME: "AWP",
}


def parents_of(
    programme: Programme, kind: str, known: Document | None = None
) -> QuerySet[Document]:
    """Documents of the programme that one of this kind may rest on: in force, being drafted, or known as its parent."""
    above = ABOVE.get(DocumentKind(kind))
    if above is None:
        return Document.objects.none()
    usable = Q(kind=above, amends=None, status__in=[*IN_FORCE, *UNPUBLISHED])
    return programme.documents.filter(usable | Q(pk=known.pk if known else None))


def suggested_year(programme: Programme, kind: str) -> int:
    """The year after the last that a document of this kind covers; the programme's first where there is none."""
    last = programme.documents.filter(kind=kind).aggregate(last=Max("period_end"))["last"]
    return last + 1 if last else programme.period_start


def suggested_code(programme: Programme, kind: str, year: int) -> str:
    """A code for a new document that no other has or had: `DEMO-AWP-2027`, then `DEMO-AWP-2027-2`."""
    stem = f"{programme.code}-{LETTERS[DocumentKind(kind)]}-{year}"
    rows = Document.objects.filter(code__startswith=stem).values_list("code", flat=True)
    told = Entry.objects.filter(record_kind="document", record_code__startswith=stem)
    given = {*rows, *told.values_list("record_code", flat=True)}
    codes = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(code for code in codes if code not in given)


def lies_within(kind: str, first: int | None, last: int | None, parent: Document) -> bool:
    """Whether years fit those of the document above. A work programme has to begin there, but may end later.

    Years that are not known yet fit.
    """
    last = first if kind == DocumentKind.WORK_PROGRAMME else last or first
    begins, ends = parent.period_start, parent.period_end
    return not (first and begins and first < begins) and not (last and ends and last > ends)


def chain_above(document: Document) -> list[Document]:
    """The document above it, and the one above that."""
    parent = document.parent
    if parent is None:
        return []
    return [parent, *([parent.parent] if parent.parent else [])]


def passages_to_serve(document: Document, known: int | None = None) -> QuerySet[Passage]:
    """Passages that one of this document may serve: its own, and objectives and priorities of those above.

    `known` is the key of one that is served already, and may go on being so.
    """
    above = Q(document__in=chain_above(document)) & ~Q(kind=PassageKind.RESULT)
    standing = Q(withdrawn=False) & (Q(document=document) | above)
    rows = Passage.objects.filter(standing | Q(pk=known))
    own_first = Case(When(document=document, then=Value(0)), default=Value(1))
    order = (own_first, "document__kind", "document", "order", "code")
    return rows.select_related("document").order_by(*order)


def may_serve(passage: Passage, served: Passage) -> bool:
    """Within one document a priority serves an objective, and a result either; above it, whatever stands there."""
    if passage.document_id != served.document_id:
        return True
    return RANK[PassageKind(served.kind)] < RANK[PassageKind(passage.kind)]


def priorities_to_serve(
    work_programme: Document, action: Action | None = None
) -> QuerySet[Passage]:
    """Priorities of the indicative programme above a work programme and of the strategy paper above that.

    Those that the action serves already are among them.
    """
    above = Passage.objects.standing().filter(kind=PassageKind.PRIORITY)
    above = above.filter(document__in=chain_above(work_programme))
    rows = Passage.objects.filter(_own(above, action and action.priorities))
    return rows.select_related("document").order_by("document__kind", "document", "order", "code")


def strands_of(programme: Programme, action: Action | None = None) -> QuerySet[Strand]:
    """Strands of the programme, and those that the action names already."""
    return Strand.objects.filter(_own(programme.strands, action and action.strands))


def regions_of(programme: Programme, action: Action | None = None) -> QuerySet[Region]:
    """Regions and routes of the programme, and those that the action names already."""
    return Region.objects.filter(_own(programme.regions, action and action.regions))


def countries_of(programme: Programme, action: Action | None = None) -> QuerySet[Country]:
    """Countries of which the programme says anything, and those that the action names already."""
    named = Country.objects.filter(programmes__programme=programme)
    rows = Country.objects.filter(_own(named, action and action.countries))
    return rows.order_by("name")


def _own(rows: Any, chosen: Any) -> Q:
    own = Q(pk__in=rows.values("pk"))
    return own | Q(pk__in=chosen.values("pk")) if chosen is not None else own
