"""What is known of a programme, document, action or strand, as rows of terms and values, gaps among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.records import Attribution, Sourced
from portal.wording import money, partial_date
from programmes.models import (
    Action,
    Document,
    DocumentLink,
    DocumentStatus,
    Passage,
    Programme,
    StatedAmount,
    Strand,
)
from programmes.tree import backwards

Fact = dict[str, Any]


def fact(record: Sourced, field: str, term: str, value: Any, **more: Any) -> Fact:
    """One row; marked where this value of the record is general knowledge."""
    has_value = value not in (None, "") or more.get("several")
    marks = ["unconfirmed"] if has_value and record.is_field_unconfirmed(field) else []
    return {"term": term, "value": value, "marks": marks, **more}


def marks_of(record: Sourced, attribution: str = Attribution.EXPLICIT) -> list[str]:
    """The marks that a whole record bears."""
    marks = [] if attribution == Attribution.EXPLICIT else [attribution]
    return [*marks, "unconfirmed"] if record.is_unconfirmed else marks


def source_of(record: Sourced) -> dict[str, Any]:
    """Where the record was read, for the component `source`."""
    return {
        "source": record.source or _("not reported"),
        "confidence": record.get_confidence_display(),
        "marks": marks_of(record),
    }


def as_link(record: Any, text: str = "") -> dict[str, str]:
    return {"text": text or str(record), "url": record.get_absolute_url()}


def programme_facts(programme: Programme, successors: Iterable[Programme]) -> list[Fact]:
    """Full name, legal basis, budget line, period, and the programmes before and after it."""
    before = programme.predecessor
    return [
        fact(programme, "name", _("Full name"), programme.name),
        fact(programme, "legal_basis", _("Legal basis"), programme.legal_basis),
        fact(programme, "budget_line", _("Budget line"), programme.budget_line),
        fact(
            programme,
            "period_start",
            _("Period"),
            f"{programme.period_start}–{programme.period_end}",
        ),
        fact(programme, "predecessor", _("Follows"), None, several=[as_link(before)])
        if before
        else {"term": _("Follows"), "value": _("no programme in the record")},
        {
            "term": _("Followed by"),
            "value": _("no programme in the record"),
            "several": [as_link(each) for each in successors],
        },
        *note_fact(programme.note),
    ]


def document_facts(document: Document) -> list[Fact]:
    """Kind, references, dates, period, status and amount of a document."""
    programme = document.programme
    stated = document.stated_amount
    return [
        fact(document, "kind", _("Kind"), document.get_kind_display()),
        fact(document, "reference", _("Reference"), document.reference),
        fact(
            document,
            "registry_reference",
            _("Registry reference"),
            document.registry_reference,
        ),
        {"term": _("Programme"), "value": None, "several": [as_link(programme)]},
        fact(
            document,
            "adopted",
            _("Adopted or published"),
            partial_date(document.adopted) if document.adopted else None,
        ),
        fact(document, "period_start", _("Years covered"), document.period),
        fact(document, "status", _("Status"), document.get_status_display()),
        fact(
            document,
            "amount_eur",
            _("Amount it states"),
            None if stated is None else money(stated),
            note=_("As stated by the source; the figures of the ledger stand apart.")
            if stated is not None
            else "",
        ),
    ]


def action_facts(action: Action, priorities: Iterable[Passage]) -> list[Fact]:
    """What the law asks of an action: area, objectives, results, amounts; and the priorities it serves."""
    answers = {True: _("yes"), False: _("no"), None: None}
    cross = [
        ("democracy", _("Serves democratic principles"), action.democracy),
        ("rule_of_law", _("Serves the rule of law"), action.rule_of_law),
        ("human_rights", _("Serves human and minority rights"), action.human_rights),
    ]
    countries = [
        {"text": country.name, "url": reverse("view_country", args=[country.code])}
        for country in action.countries.all()
    ]
    strands = [as_link(strand) for strand in action.strands.all()]
    regions = [region.name for region in action.regions.all()]
    served = [as_link(each, f"{each.code}: {each.text}") for each in priorities]
    work_programme = action.work_programme
    return [
        {"term": _("Work programme"), "value": None, "several": [as_link(work_programme)]},
        fact(action, "geographical_area", _("Geographical area"), action.geographical_area),
        *([fact(action, "worldwide", _("Worldwide"), _("yes"))] if action.worldwide else []),
        fact(action, "regions", _("Regions"), None, several=regions),
        fact(action, "countries", _("Countries"), None, several=countries),
        fact(action, "strands", _("Strands"), None, several=strands),
        fact(action, "objectives", _("Specific objectives"), action.objectives),
        fact(action, "results", _("Anticipated results"), action.results),
        {"term": _("Priorities it serves"), "value": None, "several": served},
        fact(action, "implementation", _("Implementation"), action.implementation),
        *(fact(action, field, term, answers[value]) for field, term, value in cross),
        {"term": _("Attribution"), "value": action.get_attribution_display()},
        *([{"term": _("Where it stands"), "value": action.anchor}] if action.anchor else []),
        *note_fact(action.note),
    ]


def note_fact(note: str) -> list[Fact]:
    """A remark, where there is one."""
    return [{"term": _("Note"), "value": note}] if note else []


def links_beside(
    outward: Iterable[DocumentLink], inward: Iterable[DocumentLink]
) -> list[dict[str, Any]]:
    """How other documents stand to one: the relation in words, the other document, where the relation was read."""
    pairs = [(f"{each.get_kind_display()}", each.to_document, each) for each in outward]
    pairs += [(backwards(each.kind, ""), each.from_document, each) for each in inward]
    return [
        {
            "words": words.strip(),
            "title": other.title,
            "url": other.get_absolute_url(),
            "note": link.note,
            "source": link.source,
            "marks": marks_of(link),
        }
        for words, other, link in pairs
    ]


def stated_rows(amounts: Iterable[StatedAmount], urls: dict[str, str]) -> list[list[Any]]:
    """Rows of the table of stated amounts: about, what, years, kind, amount, source. `urls` is by code."""
    return [
        [
            {"text": each.about, "url": urls.get(each.about)},
            {"text": each.label, "note": each.note, "marks": marks_of(each)},
            _years(each),
            {"text": each.kind, "note": _stated_on(each)},
            {"figure": {"value": each.amount, "plain": True}},
            {"text": each.source},
        ]
        for each in amounts
    ]


def stated_headers() -> list[Any]:
    return [
        _("About"),
        _("What the source calls it"),
        _("Years"),
        _("Kind"),
        {"label": _("Amount"), "note": "EUR", "numeric": True},
        _("Source"),
    ]


def _stated_on(amount: StatedAmount) -> str:
    if not amount.stated_on:
        return ""
    return _("stated on %(day)s") % {"day": partial_date(amount.stated_on)}


def _years(amount: StatedAmount) -> str:
    years = sorted({year for year in (amount.period_start, amount.period_end) if year})
    return "–".join(str(year) for year in years)


def document_headers() -> list[Any]:
    return [
        _("Document"),
        _("Programme"),
        _("Years"),
        _("Status"),
        {"label": _("Amount it states"), "note": "EUR", "numeric": True},
    ]


def document_rows(documents: Iterable[Document]) -> list[list[Any]]:
    """Rows of the list of documents."""
    return [
        [
            {**as_link(each), "note": _kind_and_code(each), "marks": _document_marks(each)},
            as_link(each.programme),
            {"text": each.period, "note": _adopted(each)},
            {"status": {"label": each.get_status_display(), "tone": _tone(each)}},
            {"figure": {"value": each.stated_amount, "plain": True}},
        ]
        for each in documents
    ]


def _document_marks(document: Document) -> list[str]:
    made_up = ["demonstration"] if document.programme.demonstration else []
    return [*marks_of(document), *made_up]


def _kind_and_code(document: Document) -> str:
    parts = (document.get_kind_display(), document.code, document.reference)
    return " · ".join(part for part in parts if part)


def _adopted(document: Document) -> str:
    if not document.adopted:
        return _("date not reported")
    return _("adopted or published %(day)s") % {"day": partial_date(document.adopted)}


def _tone(document: Document) -> str:
    tones = {DocumentStatus.ADOPTED: "good", DocumentStatus.PUBLISHED: "good"}
    tones |= {DocumentStatus.NOT_FOUND: "attention", DocumentStatus.CLOSED: "neutral"}
    return tones.get(DocumentStatus(document.status), "info")


def title_entries(strand: Strand) -> list[dict[str, Any]]:
    """Entries of the component `timeline`: the first title, then each later one with its years."""
    first = {"when": _("at first"), "title": strand.title, "marks": marks_of(strand)}
    later = [
        {
            "when": f"{each.period_start}–{each.period_end}",
            "title": each.title,
            "marks": marks_of(each),
        }
        for each in strand.titles.all()
    ]
    return [first, *later]
