"""What the pages on which a programme is set up show: what is there, part by part, and what is missing."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.wording import partial_date
from programmes import vocabulary
from programmes.facts import marks_of, programme_facts, source_of
from programmes.models import Programme, Strand
from programmes.readiness import lacks_to_open

Sheet = dict[str, Any]


def set_up_sheet(programme: Programme, *, may_change: bool, may_open: bool) -> Sheet:
    """The overview: what is missing, the facts, and a table for each part with the way to change it."""
    return {
        "programme": programme,
        "demonstration": programme.demonstration,
        "meta": [programme.code, f"{programme.period_start}–{programme.period_end}"],
        "status": {
            "label": programme.get_status_display(),
            "tone": "attention" if programme.is_set_up else "good",
        },
        "lacks": lacks_to_open(programme) if programme.is_set_up else [],
        "facts": programme_facts(programme, programme.successors.opened()),
        "source": source_of(programme),
        "parts": [
            _strands(programme, may_change=may_change),
            _regions(programme),
            _rules(programme, may_change=may_change),
            _countries(programme),
            _suspensions(programme, may_change=may_change),
        ],
        "may_change": may_change,
        "may_open": may_open,
        "actions": _verbs(programme) if may_change else [],
    }


def _verbs(programme: Programme) -> list[tuple[str, str, str]]:
    return [(_to("change_programme", programme), _("Change the programme"), "")]


def _to(route: str, programme: Programme, *further: Any) -> str:
    return reverse(route, args=[programme.code, *further])


def _part(
    anchor: str, title: str, headers: list[Any], rows: list[list[Any]], ways: list[tuple[str, str]]
) -> Sheet:
    return {
        "anchor": anchor,
        "table": f"{anchor}-table",
        "title": title,
        "caption": title,
        "headers": headers,
        "rows": rows,
        "ways": ways,
    }


def _strands(programme: Programme, *, may_change: bool) -> Sheet:
    ways = [
        (_to("change_strands", programme), _("Choose strands")),
        (_to("add_strand", programme), _("Add a strand of its own")),
    ]
    rows = strand_rows(programme, may_change=may_change)
    return _part("strands", _("Strands"), strand_headers(), rows, ways)


def strand_headers() -> list[Any]:
    return [
        _("Strand"),
        {"label": _("Number"), "numeric": True},
        {"label": _("Measures"), "numeric": True},
        _("Shared with"),
    ]


def strand_rows(programme: Programme, *, may_change: bool = True) -> list[list[Any]]:
    """Rows of a table: strand, number, how many measures, the other programmes that have it."""
    rows: Any = programme.strands.annotate(n=Count("measures", distinct=True))
    return [
        [
            _strand_link(programme, strand, may_change=may_change),
            str(strand.number),
            str(strand.n),
            ", ".join(others) if (others := _others(programme, strand)) else _("no other"),
        ]
        for strand in rows.prefetch_related("programmes")
    ]


def _others(programme: Programme, strand: Strand) -> list[str]:
    return [each.short_name for each in strand.programmes.all() if each != programme]


def _strand_link(programme: Programme, strand: Strand, *, may_change: bool) -> dict[str, Any]:
    """A strand of its own leads to its form, a shared one to its page."""
    own = may_change and not _others(programme, strand)
    url = _to("change_strand", programme, strand.code) if own else strand.get_absolute_url()
    return {"text": strand.title, "url": url, "note": strand.code, "marks": marks_of(strand)}


def _regions(programme: Programme) -> Sheet:
    ways = [(_to("change_regions", programme), _("Routes, regions and their countries"))]
    rows = vocabulary.region_rows(programme)
    return _part("regions", _("Regions"), vocabulary.region_headers(), rows, ways)


def region_rows(programme: Programme) -> list[list[Any]]:
    """Rows of a table: every route and region with the route it lies on, and its members with their years."""
    rows = programme.regions.select_related("parent").order_by("parent__name", "name")
    return [
        [
            {
                "text": region.name,
                "url": _to("change_region", programme, region.code),
                "note": region.code,
                "marks": marks_of(region),
            },
            region.parent.name if region.parent else _("none"),
            ", ".join(_member(row) for row in region.memberships.all()) or _("no country"),
        ]
        for region in rows.prefetch_related("memberships__country")
    ]


def region_headers() -> list[str]:
    return [_("Region"), _("Route"), _("Countries")]


def _member(row: Any) -> str:
    if row.year_from is None and row.year_to is None:
        return str(row.country.name)
    return f"{row.country.name} ({row.year_from or ''}–{row.year_to or ''})"


def _rules(programme: Programme, *, may_change: bool) -> Sheet:
    rows = [
        [
            {
                "text": rule.code,
                "url": _to("change_rule", programme, rule.code) if may_change else None,
                "marks": marks_of(rule),
            },
            rule.get_question_display(),
            _answer(rule),
            rule.text,
            str(rule.n),
        ]
        for rule in programme.rules.annotate(n=Count("countries__country", distinct=True))
    ]
    headers = [
        _("Rule"),
        _("It answers"),
        _("Its answer"),
        _("In words"),
        {"label": _("Countries"), "numeric": True},
    ]
    ways = [(_to("add_rule", programme), _("Add a rule"))]
    return _part("rules", _("Rules"), headers, rows, ways)


def _answer(rule: Any) -> dict[str, Any]:
    if rule.admits:
        return {"status": {"label": _("may take part"), "tone": "good"}}
    if rule.multi_country_exception:
        return {"status": {"label": _("only in several countries"), "tone": "attention"}}
    return {"status": {"label": _("may not take part"), "tone": "bad"}}


def _countries(programme: Programme) -> Sheet:
    ways = [(_to("change_countries", programme), _("Place countries"))]
    if programme.is_set_up:
        ways.append((_to("remove_countries", programme), _("Take countries out")))
    return _part("countries", _("Countries"), country_headers(), country_rows(programme), ways)


def country_headers() -> list[str]:
    return [_("Country"), _("By the rule"), _("From"), _("To"), _("Source")]


def country_rows(programme: Programme) -> list[list[Any]]:
    """Rows of a table: every dated fact about a country, by name and day."""
    rows = programme.countries.select_related("country", "rule")
    return [
        [
            {
                "text": row.country.name,
                "url": f"{reverse('view_country', args=[row.country.code])}?programme={programme.code}",
                "note": row.country.code,
                "marks": marks_of(row),
            },
            {"text": row.rule.code, "note": row.get_question_display()},
            partial_date(row.valid_from) if row.valid_from else _("the beginning"),
            partial_date(row.valid_to) if row.valid_to else _("open"),
            row.source or None,
        ]
        for row in rows.order_by("country__name", "question", "valid_from", "pk")
    ]


def _suspensions(programme: Programme, *, may_change: bool) -> Sheet:
    rows = [
        [
            stop.country.name,
            partial_date(stop.suspended_from),
            partial_date(stop.suspended_to) if stop.suspended_to else _("open"),
            stop.reason,
            stop.source or None,
            {"text": _("Lift"), "url": _to("lift_suspension", programme, stop.pk)}
            if may_change and stop.suspended_to is None
            else _("ended")
            if stop.suspended_to
            else "",
        ]
        for stop in programme.suspensions.select_related("country")
    ]
    headers = [_("Country"), _("From"), _("To"), _("Reason"), _("Source"), _("What can be done")]
    ways = [(_to("add_suspension", programme), _("Suspend a country"))]
    return _part("suspensions", _("Suspensions"), headers, rows, ways)
