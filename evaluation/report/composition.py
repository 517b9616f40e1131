"""The portfolio: who leads the projects, where they work, which strands they touch, when they began."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from evaluation.report.portfolio import Listed
from evaluation.report.tables import (
    NOTHING,
    Column,
    Row,
    RowKind,
    Table,
    figure_cell,
    link_cell,
    money_cell,
)
from portal.charts import MAP_NOTE
from portal.wording import number
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure, Place
from projects.models import OrganisationKind


def write_who(material: Material) -> Section:
    """Who leads the projects: kinds of organisations, and those that lead most."""
    kinds, leads = _kinds(material), _leads(material)
    return Section(
        key="who",
        title=_("Who"),
        blocks=[
            blocks.chart(
                "bar",
                "who",
                _("Projects by kind of lead organisation"),
                _("A bar for each kind; the table below has the same numbers."),
                kinds,
                x=0,
                y=1,
            ),
            blocks.table(kinds),
            blocks.table(leads),
        ],
        tables=[kinds, leads],
    )


def _kinds(material: Material) -> Table:
    labels = dict(OrganisationKind.choices)
    by_kind: dict[str, list[Listed]] = {}
    for project in material.portfolio:
        by_kind.setdefault(project.lead_kind or "", []).append(project)
    silent = by_kind.pop("", [])
    ordered = sorted(by_kind.items(), key=lambda each: (-len(each[1]), each[0]))
    rows = [_kind_row(str(labels[kind]), projects) for kind, projects in ordered]
    if silent:
        rows.append(_kind_row(_("Kind not reported"), silent, "aside"))
    return Table(
        key="lead-kinds",
        title=_("Projects by kind of lead organisation"),
        columns=[
            Column(_("Kind of lead organisation")),
            Column(_("Projects"), "count"),
            Column(_("Organisations"), "count"),
            Column(_("With an amount"), "count"),
        ],
        rows=[*rows, _kind_row(_("Total"), list(material.portfolio), "total")],
    )


def _kind_row(label: str, projects: list[Listed], kind: RowKind = "row") -> Row:
    leads = {project.lead_name for project in projects if project.lead_name}
    return Row([label, len(projects), len(leads), sum(map(has_amount, projects))], kind)


def has_amount(project: Listed) -> bool:
    """Whether a contracted amount is known, in the figure or beside it."""
    return project.amount is not None or project.beside is not None


def _leads(material: Material) -> Table:
    public = [project for project in material.portfolio if not project.withheld]
    counted = Counter(project.lead_name for project in public if project.lead_name)
    withheld = len(material.portfolio) - len(public)
    rows = [
        Row([name, n]) for name, n in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    silent = sum(not project.lead_name for project in public)
    if silent:
        rows.append(Row([_("Lead organisation not reported"), silent], "aside"))
    if withheld:
        rows.append(Row([_("Withheld"), withheld], "aside"))
    return Table(
        key="lead-organisations",
        title=_("Lead organisations by number of projects"),
        columns=[Column(_("Lead organisation")), Column(_("Projects"), "count")],
        rows=[*rows, Row([_("Total"), len(material.portfolio)], "total")],
        printed=15,
    )


def write_where(material: Material) -> Section:
    """Where the projects work: a map, and for each country the projects there alone and among several."""
    places = _places(material)
    pieces = [
        blocks.paragraphs(
            _(
                "Counts are distinct: a project in several countries counts once in each of them, so the "
                "rows do not add up. The money of such a project is divided among its countries only where "
                "shares are given; otherwise it is one line, not divided."
            )
        )
    ]
    if any(row.kind == "row" for row in places.rows):
        title = _("Projects by country")
        words = _("The darker, the more projects touch a country; the table below has the numbers.")
        pieces.append(blocks.chart("map", "where", title, f"{words} {MAP_NOTE}", places, x=1, y=3))
    return Section(
        key="where",
        title=_("Where"),
        blocks=[*pieces, blocks.table(places)],
        tables=[places],
    )


def _places(material: Material) -> Table:
    alone = Counter(
        next(iter(each.regions)) for each in material.portfolio if len(each.regions) == 1
    )
    touched = Counter(country for each in material.portfolio for country in each.regions)
    regions = {code: region for each in material.portfolio for code, region in each.regions.items()}
    ordered = sorted(touched, key=lambda code: (-touched[code], material.countries.get(code, code)))
    rows = [
        _place_row(material, code, regions[code], alone[code], touched[code]) for code in ordered
    ]
    return Table(
        key="countries",
        title=_("Projects by country"),
        columns=[
            Column(_("Country"), "link"),
            Column(_("Code")),
            Column(_("Region")),
            Column(_("Projects"), "figure"),
            Column(_("There alone"), "count"),
            Column(_("Contracted there (EUR)"), "money"),
        ],
        rows=[*rows, *_other_places(material), _contracted_total(material, width=6)],
        note=_("Figures by country: %(address)s, with the country's own code.")
        % {"address": material.address(CountMeasure.PROJECTS, countries=("XX",))},
        dense=True,
    )


def _place_row(material: Material, code: str, region: str, alone: int, touched: int) -> Row:
    cell = material.answers.by_place.get((Place.COUNTRY, code))
    count = {
        "value": touched,
        "kind": "count",
        "reported": None,
        "recorded": None,
        "address": material.address(CountMeasure.PROJECTS, countries=(code,)),
        "notes": [],
    }
    name = link_cell(material.countries.get(code, code), f"/countries/{code}/")
    return Row(
        [
            name,
            code,
            material.regions.get(region),
            count,
            alone,
            money_cell(cell.amount) if cell else (None if alone else NOTHING),
        ]
    )


def _other_places(material: Material) -> list[Row]:
    """Contracted amounts that lie in no single country of the table, by what is known of their place."""
    listed = {country for project in material.portfolio for country in project.regions}
    amounts: dict[str, Decimal] = {}
    for (place, country), cell in sorted(material.answers.by_place.items()):
        if place == Place.COUNTRY and country in listed:
            continue
        label = material.countries.get(country, "") or str(Place(place).label).capitalize()
        amounts[label] = cell.amount
    rows = [
        Row([link_cell(label), *[NOTHING] * 4, money_cell(sum_)], "aside")
        for label, sum_ in amounts.items()
    ]
    silent = sum(not project.regions for project in material.portfolio)
    if silent:
        text = _("No country reported: %(n)s projects") % {"n": number(silent)}
        rows.append(Row([link_cell(text), *[NOTHING] * 5], "aside"))
    return rows


def _contracted_total(material: Material, width: int) -> Row:
    value = material.reading(Measure.CONTRACTED).value
    filler = [NOTHING] * (width - 2)
    total = money_cell(None if value is None else Decimal(value))
    return Row([link_cell(_("Contracted, all")), *filler, total], "total")


def write_strands(material: Material) -> Section:
    """Which strands the projects touch, and what was contracted for one strand alone."""
    strands = _strands(material)
    return Section(
        key="strands",
        title=_("Strands"),
        blocks=[
            blocks.paragraphs(
                _(
                    "A project may touch several strands and then counts in each. Where a source gives no "
                    "shares, none are invented: such money is one line, not divided."
                )
            ),
            blocks.chart(
                "bar",
                "strands",
                _("Projects by strand"),
                _("A bar for each strand; the table below has the same numbers."),
                strands,
                x=0,
                y=1,
            ),
            blocks.table(strands),
        ],
        tables=[strands],
    )


def _strands(material: Material) -> Table:
    rows = [
        Row(
            [
                link_cell(strand.title, strand.get_absolute_url(), strand.code),
                figure_cell(material.reading(f"{CountMeasure.PROJECTS}-{strand.code}")),
                figure_cell(material.reading(f"{Measure.CONTRACTED}-{strand.code}")),
            ]
        )
        for strand in material.strands
    ]
    known = {strand.code for strand in material.strands}
    for (code,), cell in sorted(material.answers.by_strand.items()):
        if code not in known:
            label = code or _("Several strands or none, not divided")
            rows.append(Row([link_cell(label), NOTHING, _plain_figure(cell.amount)], "aside"))
    total = figure_cell(material.reading(Measure.CONTRACTED))
    projects = figure_cell(material.reading(CountMeasure.PROJECTS))
    return Table(
        key="strands",
        title=_("Projects and contracted amounts by strand"),
        columns=[
            Column(_("Strand"), "link"),
            Column(_("Projects"), "figure"),
            Column(_("Contracted (EUR)"), "figure"),
        ],
        rows=[*rows, Row([link_cell(_("The whole question")), projects, total], "total")],
        note=_(
            "The contracted amounts of the rows add up to the last line; the numbers of projects do not."
        ),
    )


def _plain_figure(amount_: Decimal) -> dict[str, object]:
    """An amount without an address of its own: a part of the figure in the last line."""
    return {
        "value": money_cell(amount_),
        "kind": "money",
        "reported": None,
        "recorded": None,
        "address": "",
        "notes": [],
    }


def write_when(material: Material) -> Section:
    """When the projects began, as far as that is known."""
    years = _years(material)
    known = sum(row.cells[1] for row in years.rows if row.kind == "row")
    pieces = [
        blocks.paragraphs(
            _(
                "A start is reported for %(known)s of %(all)s projects. A start is not a date of signature."
            )
            % {"known": number(known), "all": number(len(material.portfolio))}
        )
    ]
    if known:
        words = _("A bar for each year; the table below has the same numbers.")
        pieces.append(
            blocks.chart("bar", "when", _("Projects by year of start"), words, years, x=0, y=1)
        )
    return Section(
        key="when", title=_("When"), blocks=[*pieces, blocks.table(years)], tables=[years]
    )


def _years(material: Material) -> Table:
    started = Counter(project.start[:4] for project in material.portfolio)
    silent = started.pop("", 0)
    rows = [Row([year, n]) for year, n in sorted(started.items())]
    if silent:
        rows.append(Row([_("Not reported"), silent], "aside"))
    return Table(
        key="starts",
        title=_("Projects by year of start"),
        columns=[Column(_("Year of start")), Column(_("Projects"), "count")],
        rows=[*rows, Row([_("Total"), len(material.portfolio)], "total")],
    )
