"""The content of versions in words: names in place of codes, and what was changed in a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from portal.countries.models import Country
from portal.records import Attribution
from portal.wording import money
from programmes.models import Action, Document, Passage, PassageKind, Region, Strand
from programmes.versions import ADDED, CHANGED, Content, FieldChange, RecordChange

# Texts longer than this, in words, are shown whole instead of word by word.
# Spaces that do not break hold an amount together: it differs as a whole.
PIECES = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")
MOST_WORDS = 4_000
MODELS: Mapping[str, Any] = {"document": Document, "passage": Passage, "action": Action}
KINDS = {
    "document": lambda: _("The document itself"),
    "passage": lambda: _("Passage"),
    "allocation": lambda: _("Allocation"),
    "action": lambda: _("Action"),
}
CHANGES = {
    "added": lambda: _("added"),
    "changed": lambda: _("changed"),
    "taken_out": lambda: _("taken out"),
}
TONES = {"added": "good", "changed": "info", "taken_out": "attention"}

Segment = tuple[str, bool]


@dataclass(frozen=True)
class Names:
    """What strands, regions and countries are called, by code."""

    strands: Mapping[str, str] = field(default_factory=dict)
    regions: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str, codes: Iterable[str]) -> str:
        """Names in the order of their codes; a code stands for itself where nothing bears it any more."""
        known: Mapping[str, str] = getattr(self, kind)
        return ", ".join(known.get(code, code) for code in codes)


def names_in(programme: str, *contents: Content) -> Names:
    """The names of everything that these contents speak of, in three queries."""
    strands, regions, countries = set[str](), set[str](), set[str]()
    for content in contents:
        for leaf in content["allocations"]:
            strands.add(leaf["strand"])
            regions.add(leaf["region"])
        for action in content["actions"]:
            strands.update(action["strands"])
            regions.update(action["regions"])
            countries.update(action["countries"])
    named = Region.objects.filter(programme__code=programme, code__in=regions)
    return Names(
        dict(Strand.objects.filter(code__in=strands).values_list("code", "title")),
        dict(named.values_list("code", "name")),
        dict(Country.objects.filter(code__in=countries).values_list("code", "name")),
    )


def years(first: int | None, last: int | None) -> str:
    """`2007–2010` or `2009`; empty where not reported."""
    return "–".join(str(year) for year in sorted({year for year in (first, last) if year}))


def field_label(kind: str, change: FieldChange) -> str:
    """What a field is called."""
    if change.field == "amount":
        return _("Indicative amount %s") % change.year if change.year else _("Amount")
    if change.field == "parent":
        return _("Rests on")
    label = str(MODELS[kind]._meta.get_field(change.field).verbose_name)
    return label[:1].upper() + label[1:]


def value_words(name: str, value: Any, names: Names) -> str:
    """A value of a field in words; empty where there is none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in {"strands", "regions", "countries"}:
        return names.of(name, value)
    if isinstance(value, list):
        return ", ".join(value)
    words = _WORDS.get(name)
    return words(value) if words else str(value)


def _amount(value: Any) -> str:
    if isinstance(value, str):
        return money(Decimal(value))
    text = money(Decimal(value["amount"]))
    return f"{text} ({_('conditional')})" if value["conditional"] else text


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "amount": _amount,
    "stated_amount": lambda value: money(Decimal(value)),
    "kind": lambda value: str(PassageKind(value).label),
    "attribution": lambda value: str(Attribution(value).label),
}


def change_rows(
    changes: Iterable[RecordChange], names: Names, old: Content, new: Content
) -> list[dict[str, Any]]:
    """Each changed part: what it is, what became of it, and its fields with what was and what is, in pieces."""
    return [
        {
            "kind": KINDS[change.kind](),
            "title": _title(change, names, old, new),
            "status": {"label": CHANGES[change.change](), "tone": TONES[change.change]},
            "fields": [_field(change, each, names) for each in change.fields],
        }
        for change in changes
    ]


def _title(change: RecordChange, names: Names, old: Content, new: Content) -> str:
    if change.kind == "document":
        return ""
    if change.kind == "allocation":
        first, last, strand, region = change.key
        what = [names.of("strands", [strand]), names.of("regions", [region])]
        parts = [part for part in what if part] or [_("not attributed")]
        return ", ".join([years(first, last), *parts])
    (code,) = change.key
    title = _titles(new, change.kind).get(code) or _titles(old, change.kind).get(code, "")
    return f"{code} {title}".strip()


def _titles(content: Content, kind: str) -> dict[str, str]:
    if kind != "action":
        return {}
    return {action["code"]: action["title"] for action in content["actions"]}


def _field(change: RecordChange, each: FieldChange, names: Names) -> dict[str, Any]:
    old = value_words(each.field, each.old, names)
    new = value_words(each.field, each.new, names)
    before, after = pieces(old, new) if change.change == CHANGED else _whole(change, old, new)
    return {"label": field_label(change.kind, each), "old": before, "new": after}


def _whole(change: RecordChange, old: str, new: str) -> tuple[list[Segment], list[Segment]]:
    """All of an added part is new, and all of one taken out is old."""
    return ([], [(new, True)]) if change.change == ADDED else ([(old, True)], [])


def pieces(old: str, new: str) -> tuple[list[Segment], list[Segment]]:
    """Both texts in pieces, each saying whether it differs from the other text."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    if len(before) > MOST_WORDS or len(after) > MOST_WORDS:
        return [(old, True)], [(new, True)]
    left: list[Segment] = []
    right: list[Segment] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if last > first:
            left.append(("".join(before[first:last]), tag != "equal"))
        if end > begin:
            right.append(("".join(after[begin:end]), tag != "equal"))
    return left, right
