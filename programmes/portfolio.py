"""What was contracted, divided by strand and by country, as charts with their tables; and programmes side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.people import VISITOR
from portal.charts import Chart, data_uri, render_svg
from portal.wording import money
from programmes.ledger import codes, counts, figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure, Milestone, MilestoneKind, Posting, SubjectKind
from programmes.ledger.scope import ALL_PROGRAMMES, AsOf, Scope
from programmes.models import Programme, ProgrammeStatus, Strand

Drawn = dict[str, Any]
Datum = dict[str, str | int | float | Decimal | None]

MOST_DRAWN = 15


def strand_chart(
    strands: Sequence[Strand], scope: Scope, as_of: AsOf, measure: str = Measure.CONTRACTED
) -> Drawn | None:
    """What a measure comes to per strand; None where nothing is posted."""
    cells = figures.table(measure, scope, as_of, ["strand"])
    if not cells:
        return None
    amounts = {code: cell.amount for (code,), cell in cells.items()}
    title, undivided = _("Contracted by strand"), _("several strands or none, not divided")
    note = _("An amount in several strands is divided only where the source gives shares.")
    names = {strand.code: strand.title for strand in strands} | (
        {"": undivided} if "" in amounts else {}
    )
    if not names:
        return None
    drawn: list[Datum] = [
        {"name": name, "amount": amounts.get(code)} for code, name in names.items()
    ]
    chart = Chart("bar", title, note, drawn, x="name", y="amount", unit="EUR")
    rows = []
    for code, name in names.items():
        url = figures.address(measure, replace(scope, strands=(code,)), as_of) if code else None
        rows.append([name, _amount_cell(amounts.get(code), url)])
    return _shown("by-strand", chart, note) | {"headers": _headers(_("Strand")), "rows": rows}


def country_chart(scope: Scope, as_of: AsOf, measure: str = Measure.CONTRACTED) -> Drawn | None:
    """What a measure comes to per country, the largest first; None where nothing is posted to a single country."""
    cells = figures.table(measure, scope, as_of, ["country"])
    known = {code: cell.amount for (code,), cell in cells.items() if code}
    if not known:
        return None
    named = codes.describe("country", known, VISITOR)
    ranked = sorted(known.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        [
            {"text": named[code].title, "url": named[code].url},
            _amount_cell(
                amount, figures.address(measure, replace(scope, countries=(code,)), as_of)
            ),
        ]
        for code, amount in ranked
    ]
    drawn: list[Datum] = [
        {"name": named[code].title, "amount": amount} for code, amount in ranked[:MOST_DRAWN]
    ]
    title, note = _("Contracted by country"), _country_note(len(ranked), cells)
    chart = Chart("bar", title, note, drawn, x="name", y="amount", unit="EUR")
    return _shown("by-country", chart, note) | {"headers": _headers(_("Country")), "rows": rows}


def _country_note(countries: int, cells: Mapping[tuple[Any, ...], figures.Cell]) -> str:
    """What the drawing leaves out: smaller countries, and amounts that no single country has."""
    parts = [_("Only what is posted to a single country.")]
    if countries > MOST_DRAWN:
        parts.append(_("The %(n)s largest are drawn, the table has all.") % {"n": MOST_DRAWN})
    if ("",) in cells:
        rest = {"sum": money(cells["",].amount)}
        parts.append(_("%(sum)s more lies in several countries, or none is reported.") % rest)
    return " ".join(parts)


def _shown(name: str, chart: Chart, note: str) -> Drawn:
    """What the component `chart` asks for, but for the table."""
    return {
        "id": name,
        "title": chart.title,
        "description": chart.alt,
        "data_uri": data_uri(render_svg(chart)),
        "note": note,
    }


def _headers(heading: str) -> list[Any]:
    return [heading, {"label": _("Contracted"), "note": "EUR", "numeric": True}]


def _amount_cell(value: Decimal | None, url: str | None) -> dict[str, Any]:
    figure: dict[str, Any] = {"value": value, "plain": True}
    return {"figure": figure | {"url": url} if url and value is not None else figure}


def programme_rows(programmes: Sequence[Programme], as_of: AsOf) -> list[list[Any]]:
    """Rows of a table: programme, years, what it follows, envelope, contracted, projects.

    The same number of queries however many programmes. Demonstration data stands without figures here, so
    that nobody reads it beside real ones.
    """
    sums = figures.sums_by("programme", Scope(ALL_PROGRAMMES), as_of, [*_SHOWN])
    known, reported = _projects(as_of), _projects_with_amount(as_of)
    return [
        [
            {
                "text": programme.short_name,
                "url": programme.get_absolute_url(),
                "note": programme.code,
                "marks": ["demonstration"] if programme.demonstration else [],
            },
            f"{programme.period_start}–{programme.period_end}",
            _follows(programme),
            *(
                [why] * 3
                if (why := _why_no_figures(programme))
                else _programme_cells(
                    Scope(programme.code),
                    as_of,
                    sums.get(programme.code, {}),
                    known.get(programme.code, 0),
                    reported.get(programme.code, 0),
                )
            ),
        ]
        for programme in programmes
    ]


_SHOWN = (Measure.ENVELOPE, Measure.CONTRACTED)


def _why_no_figures(programme: Programme) -> str:
    """What stands in place of figures; empty where they stand."""
    if programme.status == ProgrammeStatus.SET_UP:
        return _("being set up")
    return _("see its page") if programme.demonstration else ""


def _programme_cells(
    scope: Scope, as_of: AsOf, sums: Mapping[str, Decimal], known: int, reported: int
) -> list[dict[str, Any]]:
    envelope, contracted = (
        _amount_cell(sums.get(measure), figures.address(measure, scope, as_of))
        for measure in _SHOWN
    )
    if known:
        contracted["figure"] |= {"reported": reported, "total": known}
    url = counts.address(CountMeasure.PROJECTS, scope, as_of)
    return [envelope, contracted, {"figure": {"value": known, "kind": "count", "url": url}}]


def programme_headers() -> list[Any]:
    return [
        _("Programme"),
        _("Years"),
        _("Follows"),
        {"label": _("Envelope"), "note": "EUR", "numeric": True},
        {"label": _("Contracted"), "note": "EUR", "numeric": True},
        {"label": _("Projects"), "numeric": True},
    ]


def _follows(programme: Programme) -> Any:
    before = programme.predecessor
    if before is None:
        return _("no programme in the record")
    return {"text": before.short_name, "url": before.get_absolute_url()}


def _projects(as_of: AsOf) -> dict[str, int]:
    """How many projects of each programme the portal knows."""
    rows = Milestone.objects.filter(
        kind=MilestoneKind.RECORDED,
        subject_kind=SubjectKind.PROJECT,
        position__lte=as_of.position,
        reverses=None,
    ).exclude(reversed_by__position__lte=as_of.position)
    return _distinct(rows, "subject")


def _projects_with_amount(as_of: AsOf) -> dict[str, int]:
    rows = Posting.objects.filter(
        measure=Measure.CONTRACTED, position__lte=as_of.position, reverses=None
    ).exclude(reversed_by__position__lte=as_of.position)
    return _distinct(rows.exclude(project=""), "project")


def _distinct(rows: QuerySet[Any], field: str) -> dict[str, int]:
    counted = rows.values("programme").annotate(n=Count(field, distinct=True)).order_by()
    return {row["programme"]: row["n"] for row in counted}


def charts(strands: Sequence[Strand], scope: Scope, as_of: AsOf) -> list[Drawn]:
    """The charts for which there is something to draw."""
    drawn = [strand_chart(strands, scope, as_of), country_chart(scope, as_of)]
    return [each for each in drawn if each]


def strand_rows(strand: Strand, programmes: Sequence[Programme], as_of: AsOf) -> list[list[Any]]:
    """Rows of a table: each real programme with the six measures in one strand. One query for each measure."""
    scope = Scope(ALL_PROGRAMMES, strands=(strand.code,))
    sums = {
        measure: figures.table(measure, scope, as_of, ["programme"]) for measure in Measure.values
    }
    rows: list[list[Any]] = []
    for programme in programmes:
        asked = replace(scope, programme=programme.code)
        cells = []
        for measure in Measure.values:
            cell = sums[measure].get((programme.code,))
            url = figures.address(measure, asked, as_of)
            cells.append(_amount_cell(cell.amount if cell else None, url))
        link = {"text": programme.short_name, "url": programme.get_absolute_url()}
        rows.append([link, *cells])
    return rows


def strand_headers() -> list[Any]:
    money_columns = [{"label": label, "note": "EUR", "numeric": True} for label in Measure.labels]
    return [_("Programme"), *money_columns]
