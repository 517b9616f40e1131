"""A figure in the words of its page: its tile, what stands beside it, its records, its postings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures import MONEY, NOT_REPORTED, PARTS, Reading
from evaluation.opening import Opened, OpenedPage, Withheld, kind_of
from evaluation.questions import narrowed
from portal.audit.sealing import seal_over
from portal.cells import FigureCell
from portal.records import Attribution
from portal.wording import moment, money, number, partial_date
from programmes.ledger import figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure, Place, Posting
from programmes.ledger.scope import AsOf
from programmes.ledger.selection import Bucket
from programmes.models import StatedAmount

# Amounts that sources state about a programme, by the measure they may be held against.
STATED_KINDS: dict[str, list[str]] = {
    Measure.ENVELOPE: ["budget", "indicative", "announced", "reference amount"],
    Measure.CONTRACTED: ["contracted"],
}
MOST_POSTINGS = 20


class FigureTile(FigureCell, total=False):
    """A figure with its name."""

    label: str


def as_of_words(as_of: AsOf) -> list[str]:
    """The position of the ledger that is answered from, when it was reached, and the seal that covers it."""
    seal = seal_over(as_of.position)
    return [
        _("As of position %(position)s") % {"position": as_of.position},
        moment(as_of.moment) if as_of.moment else _("nothing was posted yet"),
        _("under seal %(number)s") % {"number": seal.number} if seal else _("not sealed yet"),
    ]


def figure_tile(reading: Reading) -> FigureTile:
    """The value with its coverage, as a component shows it."""
    tile: FigureTile = {
        "label": reading.label,
        "value": reading.value,
        "kind": reading.kind,
        "notes": figure_notes(reading),
    }
    if reading.recorded is not None:
        tile["reported"], tile["total"] = reading.reported, reading.recorded
    return tile


def linked_tile(reading: Reading) -> FigureTile:
    """The same with the address of its page."""
    tile = figure_tile(reading)
    tile["url"] = reading.address
    return tile


def figure_notes(reading: Reading) -> list[str]:
    """What must be read with a value: what it leaves out, and what also counts elsewhere."""
    notes = [
        _("%(part)s: %(amount)s") % {"part": PARTS[bucket], "amount": money(part.amount)}
        for bucket, part in reading.parts.items()
    ]
    if reading.elsewhere:
        notes.append(_("of which %(n)s also elsewhere") % {"n": number(reading.elsewhere)})
    if reading.undated:
        notes.append(_("%(n)s undated, not counted") % {"n": number(reading.undated)})
    return notes


def used_marks(reading: Reading, stated: list[list[Any]], hidden: Withheld | None) -> list[str]:
    """The marks that a figure's page shows, for its legend."""
    unconfirmed = ["unconfirmed"] if any(row[0]["marks"] for row in stated) else []
    withheld = ["withheld"] if hidden and hidden.records else []
    return [*reading.by_attribution, *unconfirmed, *withheld]


def part_label(reading: Reading, part: str) -> str:
    """What a part beside a figure is called."""
    if part == NOT_REPORTED:
        return _("Known, without a reported amount")
    return str(PARTS.get(part, reading.label))


def beside_facts(reading: Reading, part_address: Callable[[str, str], str]) -> list[dict[str, Any]]:
    """What stands beside a value and is never in it, each part with the address of its records."""
    facts = [
        {
            "term": str(PARTS[bucket]),
            "value": money(part.amount),
            "url": part_address(reading.address, bucket),
            "note": _indivisible(reading)
            if bucket == Bucket.INDIVISIBLE
            else _records(part.records),
        }
        for bucket, part in reading.parts.items()
    ]
    silent = (reading.recorded or 0) - (reading.reported or 0)
    if reading.kind == MONEY and silent > 0:
        url = part_address(reading.address, NOT_REPORTED)
        facts.append(
            {"term": part_label(reading, NOT_REPORTED), "value": _records(silent), "url": url}
        )
    return facts


def attribution_facts(reading: Reading) -> list[dict[str, Any]]:
    """How surely the parts of a value belong to the programme; they add up to it."""
    return [
        {
            "term": Attribution(kind).label,
            "value": money(amount),
            "marks": [kind],
        }
        for kind, amount in reading.by_attribution.items()
    ]


def _records(n: int) -> str:
    return ngettext("%(n)s record", "%(n)s records", n) % {"n": number(n)}


def _indivisible(reading: Reading) -> str:
    """Each envelope that covers more years than were asked for, with its years."""
    rows = figures.postings(reading.measure, reading.scope, reading.as_of, Bucket.INDIVISIBLE)
    found = rows.order_by("position").values_list("amount", "period_start", "period_end")
    return "; ".join(
        _("%(amount)s for %(first)s–%(last)s, not divisible")
        % {"amount": money(amount), "first": first, "last": last}
        for amount, first, last in found[:MOST_POSTINGS]
    )


def record_rows(
    reading: Reading, part: str, page: OpenedPage, hidden: Withheld, url: str
) -> list[Any]:
    """The rows of the table of records: those of the page, those withheld, and the total of all pages."""
    rows: list[Any] = [_record_row(reading, record, url) for record in page.records]
    is_money = reading.kind == MONEY and part != NOT_REPORTED
    if hidden.records:
        text = {"text": _("withheld: %(n)s") % {"n": number(hidden.records)}, "marks": ["withheld"]}
        rows.append([text, money(hidden.amount), "–"] if is_money else [text, "–"])
    if is_money:
        rows.append({"cells": [_("Total"), money(_total(reading, part)), "–"], "total": True})
    return rows


def _total(reading: Reading, part: str) -> Any:
    return (
        reading.value if part == Bucket.INSIDE else reading.parts.get(part, figures.Part()).amount
    )


def _record_row(reading: Reading, record: Opened, url: str) -> list[Any]:
    name = {
        "text": record.title or record.code or _("On no record of this kind"),
        "url": record.url,
        "note": record.code,
    }
    if record.amount is None:
        counted = reading.measure in CountMeasure.values
        return [name, partial_date(record.on) if counted and record.on else None]
    opened = f"{url}&{urlencode({'open': record.code})}#postings"
    text = ngettext("%(n)s posting", "%(n)s postings", record.postings)
    return [name, money(record.amount), {"text": text % {"n": record.postings}, "url": opened}]


def record_headers(reading: Reading, part: str) -> list[Any]:
    """The headings of the table of records."""
    first = str(kind_of(reading.measure).label).capitalize()
    if reading.kind == MONEY and part != NOT_REPORTED:
        return [first, {"label": _("Amount"), "numeric": True}, _("Postings")]
    return [first, _("Date")] if reading.kind != MONEY else [first, _("Amount")]


def records_caption(reading: Reading, part: str) -> str:
    """What the table of records shows, and how its sum stands to the figure."""
    if part == NOT_REPORTED:
        return _("Known to this portal, and nothing reported for this measure.")
    if reading.kind == MONEY:
        return _("The amounts of the records add up to the total, to the cent.")
    return _("Each record counts once.")


def posting_headers() -> list[Any]:
    """The headings of the table of postings."""
    return [
        _("Position"),
        _("Event"),
        _("Reason"),
        _("Date"),
        _("Strand; place"),
        {"label": _("Amount"), "numeric": True},
    ]


def posting_rows(postings: Iterable[Posting]) -> list[list[Any]]:
    """The postings of a record: position, when posted, event, date, cell, amount, and what it takes back."""
    return [
        [
            {"text": str(posting.position), "marks": [posting.attribution]},
            posting.event,
            {"text": posting.reason or "–"},
            _when(posting),
            _where(posting),
            money(posting.amount),
        ]
        for posting in postings
    ]


def _when(posting: Posting) -> str | None:
    if posting.value_date:
        return partial_date(posting.value_date, posting.date_precision)
    if posting.budget_year:
        return _("budget year %(year)s") % {"year": posting.budget_year}
    if posting.period_start:
        return f"{posting.period_start}–{posting.period_end}"
    return None


def _where(posting: Posting) -> str:
    place = posting.country or posting.region or str(Place(posting.place).label)
    return f"{posting.strand or _('strand not split')}; {place}"


def stated_rows(reading: Reading) -> list[list[Any]]:
    """Amounts that sources state about the whole programme: beside the figure, never in it or summed."""
    kinds = STATED_KINDS.get(reading.measure)
    if not kinds or narrowed(reading.scope):
        return []
    amounts = StatedAmount.objects.filter(
        programme__code=reading.scope.programme, kind__in=kinds, dimension__in=["total", "audit"]
    )
    return [
        [
            {"text": stated.label, "note": stated.note, "marks": stated_marks(stated)},
            {"text": stated.kind, "note": stated_period(stated)},
            money(stated.amount),
            stated.source,
        ]
        for stated in amounts
    ]


def stated_headers() -> list[Any]:
    """The headings of the table of stated amounts."""
    return [_("Stated"), _("Kind"), {"label": _("Amount"), "numeric": True}, _("Source")]


def stated_marks(stated: StatedAmount) -> list[str]:
    """The mark of an amount that rests on general knowledge."""
    return ["unconfirmed"] if stated.is_field_unconfirmed("amount_eur") else []


def stated_period(stated: StatedAmount) -> str:
    """The years an amount is stated for."""
    years = [str(year) for year in (stated.period_start, stated.period_end) if year]
    return "–".join(dict.fromkeys(years))
