"""The content of a document as one JSON value, and what differs between two of them.

A version keeps this value for ever; an amendment that is being drafted is read in the same form, under the
codes of what it would change, so that the two can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Prefetch, QuerySet

from programmes.models import Action, Allocation, Document, Passage

Content: TypeAlias = dict[str, Any]

DOCUMENT_FIELDS = ("title", "reference", "period_start", "period_end", "stated_amount", "parent")
PASSAGE_FIELDS = ("kind", "text", "serves", "chapter", "page", "order")
ACTION_FIELDS = (
    "title",
    "geographical_area",
    "worldwide",
    "regions",
    "countries",
    "strands",
    "objectives",
    "results",
    "priorities",
    "democracy",
    "rule_of_law",
    "human_rights",
    "implementation",
    "attribution",
    "chapter",
    "page",
    "note",
)
PLAIN_ACTION_FIELDS = tuple(
    name
    for name in ACTION_FIELDS
    if name not in {"regions", "countries", "strands", "priorities", "worldwide"}
)


def actions_of(document: Document) -> QuerySet[Action]:
    """The standing actions of a work programme with everything that its content and its money are read from."""
    return (
        document.actions.standing()
        .select_related("amends")
        .prefetch_related(
            "strands",
            "regions",
            "countries",
            "amounts",
            Prefetch("priorities", Passage.objects.select_related("amends")),
        )
    )


def home_code(record: Passage | Action) -> str:
    """The code under which a passage or action is known: that of the one it amends, or its own."""
    return str((record.amends or record).code)


def content_of(document: Document) -> Content:
    """What the document says now, whole; of an amendment, what the document it amends would say.

    Amounts are texts with two decimals, related records are codes. Six queries whatever its size.
    """
    known_as = document.amends or document
    stated = document.stated_amount
    return {
        "title": document.title,
        "reference": known_as.reference,
        "period_start": document.period_start,
        "period_end": document.period_end,
        "stated_amount": None if stated is None else f"{stated:.2f}",
        "parent": document.parent.code if document.parent else "",
        "note": document.note,
        "passages": sorted(map(_passage, _passages_of(document)), key=_in_order),
        "allocations": [_allocation(each) for each in _allocations_of(document)],
        "actions": sorted(map(_action, actions_of(document)), key=lambda each: each["code"]),
    }


def _passages_of(document: Document) -> QuerySet[Passage]:
    return document.passages.standing().select_related("amends", "serves__amends")


def _allocations_of(document: Document) -> QuerySet[Allocation]:
    return document.allocations.select_related("strand", "region")


def _in_order(passage: Content) -> tuple[int, str]:
    return passage["order"], passage["code"]


def _passage(passage: Passage) -> Content:
    return {
        "code": home_code(passage),
        "kind": passage.kind,
        "order": passage.order,
        "text": passage.text,
        "serves": home_code(passage.serves) if passage.serves else "",
        "chapter": passage.chapter,
        "page": passage.page,
    }


def _allocation(allocation: Allocation) -> Content:
    return {
        "period_start": allocation.period_start,
        "period_end": allocation.period_end,
        "strand": allocation.strand.code if allocation.strand else "",
        "region": allocation.region.code if allocation.region else "",
        "amount": f"{allocation.amount:.2f}",
    }


def _action(action: Action) -> Content:
    return {
        "code": home_code(action),
        **{name: getattr(action, name) for name in PLAIN_ACTION_FIELDS},
        "worldwide": action.worldwide,
        "regions": sorted(region.code for region in action.regions.all()),
        "countries": sorted(country.code for country in action.countries.all()),
        "strands": sorted(strand.code for strand in action.strands.all()),
        "priorities": sorted(home_code(passage) for passage in action.priorities.all()),
        "amounts": [
            {
                "budget_year": amount.budget_year,
                "amount": f"{amount.amount:.2f}",
                "conditional": amount.conditional,
            }
            for amount in action.amounts.all()
        ],
    }


@dataclass(frozen=True)
class FieldChange:
    """One field, before and after. `year` is set where the field is the amount of that budget year.

    None stands on the side on which there is nothing: before an addition, after something was taken out.
    """

    field: str
    old: Any
    new: Any
    year: int | None = None


@dataclass(frozen=True)
class RecordChange:
    """A part of a document that was added, changed or taken out, with each of its fields that differs.

    `kind` is document, passage, allocation or action; `key` is its code, or of an allocation its years,
    strand and region.
    """

    kind: str
    key: tuple[Any, ...]
    change: str
    fields: tuple[FieldChange, ...]


ADDED, CHANGED, TAKEN_OUT = "added", "changed", "taken_out"
_EMPTY: Mapping[str, Any] = {}


def differences(old: Content, new: Content) -> list[RecordChange]:
    """What differs between two contents, in the order of a document: itself, its passages, allocations, actions."""
    own = _fields(old, new, (*DOCUMENT_FIELDS, "note"))
    found = [RecordChange("document", (), CHANGED, tuple(own))] if own else []
    found += _between("passage", _by_code(old["passages"]), _by_code(new["passages"]))
    leaves = _by_cell(old["allocations"]), _by_cell(new["allocations"])
    found += _between("allocation", *leaves)
    found += _between("action", _by_code(old["actions"]), _by_code(new["actions"]))
    return found


def _by_code(parts: Sequence[Content]) -> dict[tuple[Any, ...], Content]:
    return {(part["code"],): part for part in parts}


def _by_cell(leaves: Sequence[Content]) -> dict[tuple[Any, ...], Content]:
    names = ("period_start", "period_end", "strand", "region")
    return {tuple(leaf[name] for name in names): leaf for leaf in leaves}


_PART_FIELDS = {"passage": PASSAGE_FIELDS, "allocation": ("amount",), "action": ACTION_FIELDS}


def _between(
    kind: str, old: Mapping[tuple[Any, ...], Content], new: Mapping[tuple[Any, ...], Content]
) -> Iterator[RecordChange]:
    """Parts in the order of the new content; those that it no longer holds come last."""
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key, _EMPTY), new.get(key, _EMPTY)
        fields = [*_fields(before, after, _PART_FIELDS[kind]), *_amounts(before, after)]
        if fields:
            change = ADDED if not before else CHANGED if after else TAKEN_OUT
            yield RecordChange(kind, key, change, tuple(fields))


def _fields(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Sequence[str]
) -> list[FieldChange]:
    pairs = [(name, old.get(name), new.get(name)) for name in names]
    return [FieldChange(*each) for each in pairs if _said(*each[:2]) != _said(each[0], each[2])]


def _said(name: str, value: Any) -> Any:
    """A value, with all ways of saying nothing as one."""
    says_nothing = value in ("", []) or (name == "worldwide" and not value)
    return None if says_nothing else value


def _amounts(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    before = {amount["budget_year"]: amount for amount in old.get("amounts", ())}
    after = {amount["budget_year"]: amount for amount in new.get("amounts", ())}
    return [
        FieldChange("amount", before.get(year), after.get(year), year)
        for year in sorted(before.keys() | after.keys())
        if before.get(year) != after.get(year)
    ]
