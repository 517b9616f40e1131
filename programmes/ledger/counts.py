"""Figures that are not money: how many records there are, and how many have come to a milestone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, models
from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programmes.ledger.models import Dimension, MilestoneKind, SubjectKind, Tag
from programmes.ledger.scope import AsOf, Scope, query_string
from programmes.ledger.selection import Rows, reached, standing_tags
from programmes.ledger.words import PlaceWord, regions_themselves


class CountMeasure(models.TextChoices):
    """What a count counts. Each is the number of distinct records with a standing milestone."""

    PROJECTS = "projects", _("Projects")
    CONTRACTS = "contracts", _("Contracts signed")
    BASELINES = "baselines", _("Projects with a baseline")
    TARGETS = "targets", _("Projects with a target")
    FINAL_REPORTS = "final_reports", _("Final reports accepted")
    EVIDENCE = "evidence", _("Evidence accepted")
    CALLS = "calls", _("Calls for proposals")


_COUNTED: dict[str, tuple[MilestoneKind, SubjectKind]] = {
    CountMeasure.PROJECTS: (MilestoneKind.RECORDED, SubjectKind.PROJECT),
    CountMeasure.CONTRACTS: (MilestoneKind.CONTRACT_SIGNED, SubjectKind.PROJECT),
    CountMeasure.BASELINES: (MilestoneKind.BASELINE_SET, SubjectKind.PROJECT),
    CountMeasure.TARGETS: (MilestoneKind.TARGET_SET, SubjectKind.PROJECT),
    CountMeasure.FINAL_REPORTS: (MilestoneKind.FINAL_REPORT_ACCEPTED, SubjectKind.PROJECT),
    CountMeasure.EVIDENCE: (MilestoneKind.EVIDENCE_ACCEPTED, SubjectKind.PROJECT),
    CountMeasure.CALLS: (MilestoneKind.RECORDED, SubjectKind.CALL),
}


@dataclass(frozen=True)
class CountFigure:
    """How many distinct records a question reaches.

    `elsewhere` of them also touch strands or places that were not asked for, so counts of neighbouring
    questions do not add up; `undated` have no date by which the period could place them, and are not in
    `total`. `recorded` is how many records of the kind the portal knows there.
    """

    measure: str
    scope: Scope
    as_of: AsOf
    total: int
    elsewhere: int
    undated: int
    recorded: int

    @property
    def address(self) -> str:
        return address(self.measure, self.scope, self.as_of)


def address(measure: str, scope: Scope, as_of: AsOf) -> str:
    """The one canonical address of a count."""
    return f"{reverse('view_figure', args=[measure])}?{query_string(scope, as_of)}"


def _counts_period(measure: str) -> bool:
    """Whether a period can pick these: knowing of a record has no date in the world."""
    return _COUNTED[measure][0] != MilestoneKind.RECORDED


def _rows(measure: str, scope: Scope, as_of: AsOf) -> Rows:
    milestone, kind = _COUNTED[measure]
    return reached(milestone, kind, scope, as_of)


def _within(measure: str, scope: Scope) -> Q:
    if not scope.has_period or not _counts_period(measure):
        return Q()
    return Q(happened_on__gte=scope.first_day, happened_on__lte=scope.last_day)


def count(measure: str, scope: Scope, as_of: AsOf) -> CountFigure:
    """Count the records of a question. Counts are distinct and are never added across cells."""
    _milestone, kind = _COUNTED[measure]
    rows = _rows(measure, scope, as_of)
    inside = rows.filter(_within(measure, scope))
    distinct = Count("subject", distinct=True)
    undated = (
        rows.filter(happened_on__isnull=True)
        if scope.has_period and _counts_period(measure)
        else rows.none()
    )
    return CountFigure(
        measure=measure,
        scope=scope,
        as_of=as_of,
        total=inside.aggregate(n=distinct)["n"],
        elsewhere=inside.filter(_elsewhere(scope, as_of)).aggregate(n=distinct)["n"],
        undated=undated.aggregate(n=distinct)["n"],
        recorded=reached(MilestoneKind.RECORDED, kind, scope, as_of).aggregate(n=distinct)["n"],
    )


def _elsewhere(scope: Scope, as_of: AsOf) -> Q:
    """Records that also bear a standing tag outside the strands or places asked for."""
    other = Tag.objects.filter(
        subject=OuterRef("subject"), position__lte=as_of.position, reverses=None
    ).exclude(reversed_by__position__lte=as_of.position)
    condition = Q(pk__isnull=True)
    if scope.strands:
        strands = other.filter(dimension=Dimension.STRAND).exclude(key__in=scope.strand_codes)
        condition |= Q(Exists(strands))
    if scope.has_place:
        places = other.filter(dimension=Dimension.COUNTRY)
        regions = [*scope.region_codes(), *regions_themselves(scope.regions)]
        if PlaceWord.NO_REGION in scope.regions:
            regions.append("")
        wanted = Q(key__in=scope.countries) | Q(region__in=regions)
        condition |= Q(Exists(places.exclude(wanted)))
    return condition


def counted_records(measure: str, scope: Scope, as_of: AsOf) -> Rows:
    """The records a count consists of: rows `record` (its code) and `happened_on`, by code, one per record."""
    rows: Rows = _rows(measure, scope, as_of).filter(_within(measure, scope))
    dated: Rows = rows.values(record=F("subject")).annotate(on=Max("happened_on"))
    return dated.order_by("record")


def counted_kind(measure: str) -> SubjectKind:
    """Which kind of record a count counts."""
    return _COUNTED[measure][1]


class Kin(NamedTuple):
    """Records that touch the same strands and regions; the empty region is that of countries in none."""

    strands: tuple[str, ...]
    regions: tuple[str, ...]
    n: int


def census(measure: str, scope: Scope, as_of: AsOf) -> list[Kin]:
    """The records of a question by what they touch, in one query, each of them once.

    The scope's programme and records apply; its strands and places would only repeat what each one says.
    """
    codes = _distinct("key", Dimension.STRAND), _distinct("region", Dimension.COUNTRY)
    tags = standing_tags(scope, as_of).order_by().values("subject")
    touched = tags.annotate(strands=codes[0], regions=codes[1]).query
    records = _rows(measure, scope, as_of).order_by().values("subject").distinct().query
    (of_tags, tag_values), (of_records, record_values) = (
        each.sql_with_params() for each in (touched, records)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT coalesce(strands, '{{}}'), coalesce(regions, '{{}}'), count(*)
            FROM ({of_records}) AS record LEFT JOIN ({of_tags}) AS touched USING (subject)
            GROUP BY 1, 2""",  # noqa: S608 - both parts were compiled by Django, their values apart
            [*record_values, *tag_values],
        )
        return [Kin(tuple(strands), tuple(regions), n) for strands, regions, n in cursor]


def _distinct(field: str, dimension: Dimension) -> ArrayAgg:
    return ArrayAgg(field, filter=Q(dimension=dimension), distinct=True, order_by=field)
