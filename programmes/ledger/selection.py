"""Sorting postings into what belongs to a question, what may belong to it, and what does not.

A posting falls into one bucket of a question at most, so buckets never count an amount twice.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any, TypeAlias

from django.db import models
from django.db.models import Case, Count, Q, Value, When

from portal.dates import Precision
from programmes.ledger.models import (
    Dimension,
    Measure,
    Milestone,
    MilestoneKind,
    Place,
    Posting,
    SubjectKind,
    Tag,
)
from programmes.ledger.scope import AsOf, Axis, Scope
from programmes.ledger.words import PlaceWord, StrandWord, regions_themselves
from programmes.models import Region

# Rows of the ledger, with annotations or reduced to values.
Rows: TypeAlias = models.QuerySet[Any, Any]


# Conditions read in order: belongs; may belong; has none of it, or overlaps in part.
Tests: TypeAlias = tuple[Q, Q, Q]


class Bucket(models.TextChoices):
    """Where a posting that belongs to a question, or may, stands towards it.

    INSIDE makes the value. UNDATED would belong to it but cannot be placed in the period. SHARE_UNKNOWN is
    money of records that touch the strands and places asked for, not divided. NOT_ATTRIBUTABLE has no
    strand or place at all. INDIVISIBLE is an envelope of which only a part of its years was asked for.
    """

    INSIDE = "inside"
    UNDATED = "undated"
    SHARE_UNKNOWN = "share_unknown"
    NOT_ATTRIBUTABLE = "not_attributable"
    INDIVISIBLE = "indivisible"


# The record for which a measure is reported or not.
REPORTED_FOR: dict[str, SubjectKind] = {
    Measure.ENVELOPE: SubjectKind.INDICATIVE_PROGRAMME,
    Measure.PLANNED: SubjectKind.WORK_PROGRAMME,
    Measure.COMMITTED: SubjectKind.WORK_PROGRAMME,
    Measure.CONTRACTED: SubjectKind.PROJECT,
    Measure.PAID: SubjectKind.PROJECT,
    Measure.ACCEPTED: SubjectKind.PROJECT,
}


# How a posting stands in each of the three respects, as digits of its `state`: strand + place + time.
BELONGS, MAY_BELONG, HAS_NONE, ELSEWHERE = 0, 1, 2, 9
PLACES, TIMES = 10, 100


def _bucket_of(strand: int, place: int, time: int) -> Bucket:
    if HAS_NONE in (strand, place):
        return Bucket.NOT_ATTRIBUTABLE
    if MAY_BELONG in (strand, place):
        return Bucket.SHARE_UNKNOWN
    return (Bucket.INSIDE, Bucket.UNDATED, Bucket.INDIVISIBLE)[time]


STATES: dict[Bucket, list[int]] = {bucket: [] for bucket in Bucket}
for _strand, _place, _time in product(range(3), repeat=3):
    STATES[_bucket_of(_strand, _place, _time)].append(_strand + PLACES * _place + TIMES * _time)

# A record reports a measure within a question where any of its postings stands in one of these.
REPORTING = (Bucket.INSIDE, Bucket.UNDATED, Bucket.INDIVISIBLE, Bucket.SHARE_UNKNOWN)


def sorted_postings(measure: str, scope: Scope, as_of: AsOf) -> Rows:
    """Postings that may belong to a question, each with its `state`; `STATES` says which bucket that is.

    A state that stands in no bucket is outside. What plainly is outside is left out.
    """
    rows: Rows = Posting.objects.filter(
        measure=measure,
        programme__in=scope.programmes(),
        position__lte=as_of.position,
        **scope.record_filters,
    )
    if scope.strands:
        rows = rows.filter(strand__in=[*scope.strand_codes, ""])
    strand = _digit(_strand_tests(scope, as_of), 1)
    place = _digit(_place_tests(scope, as_of), PLACES)
    time = _digit(_period_tests(measure, scope), TIMES)
    placed: Rows = rows.annotate(state=strand + place + time)
    return placed


def postings_in(measure: str, scope: Scope, as_of: AsOf, *buckets: Bucket) -> Rows:
    """Postings in some buckets of a question."""
    rows = sorted_postings(measure, scope, as_of)
    return rows.filter(state__in=[state for bucket in buckets for state in STATES[bucket]])


def _digit(tests: Tests | None, unit: int) -> Case | Value:
    """What the tests say of a posting, times `unit`; where nothing is asked for, it belongs."""
    if tests is None:
        return Value(BELONGS)
    cases = [When(test, then=Value(unit * value)) for value, test in enumerate(tests)]
    return Case(*cases, default=Value(unit * ELSEWHERE))


NEVER = Q(pk__isnull=True)


def _strand_tests(scope: Scope, as_of: AsOf) -> Tests | None:
    """Whether a posting lies in the strands asked for, may do so, or has no strand at all."""
    if not scope.strands:
        return None
    inside, undivided = Q(strand__in=scope.strand_codes), Q(strand="")
    silent = undivided & ~_tagged(_bearing(as_of, Dimension.STRAND, scope))
    if StrandWord.UNDIVIDED in scope.strands:
        return inside | undivided, NEVER, NEVER
    if StrandWord.NOT_REPORTED in scope.strands:
        inside |= silent
    if not scope.strand_codes:
        return inside, NEVER, NEVER
    return inside, undivided & _tagged(touching_strands(scope, as_of)), silent


def _place_tests(scope: Scope, as_of: AsOf) -> Tests | None:
    """Whether a posting lies in the places asked for, may do so, or has no place at all."""
    if not scope.has_place:
        return None
    regions = scope.region_codes()
    inside = Q(country__in=scope.countries) if scope.countries else NEVER
    if regions:
        inside |= Q(region__in=regions)
    inside |= _in_words(scope)
    if not (scope.countries or scope.whole_regions):
        return inside, NEVER, NEVER
    around = Q(place=Place.REGION) & Q(region__in=_regions_around(scope))
    undivided = ~Q(place=Place.COUNTRY) & ~inside
    may = undivided & (_tagged(touching_places(scope, as_of)) | around | Q(place=Place.GLOBAL))
    untagged = ~_tagged(_bearing(as_of, Dimension.COUNTRY, scope))
    none = undivided & ~Q(place__in=[Place.REGION, Place.GLOBAL]) & untagged
    return inside, may, none


# How a posting is placed that a word asks for; every posting without a region is in one of them.
_PLACED_AS = {
    PlaceWord.GLOBAL: Place.GLOBAL,
    PlaceWord.SEVERAL: Place.SEVERAL,
    PlaceWord.NO_REGION: Place.COUNTRY,
    PlaceWord.NOT_REPORTED: Place.NOT_REPORTED,
}


def _in_words(scope: Scope) -> Q:
    """Postings placed as the words of a question say."""
    placed = [place for word, place in _PLACED_AS.items() if word in scope.regions]
    inside = Q(region="", place__in=placed) if placed else NEVER
    themselves = regions_themselves(scope.regions)
    return inside | Q(region__in=themselves) if themselves else inside


def _regions_around(scope: Scope) -> list[str]:
    """The regions that hold a country or region asked for, and the routes that hold those regions."""
    holds = (
        Q(memberships__country__code__in=scope.countries)
        | Q(children__memberships__country__code__in=scope.countries)
        | Q(children__code__in=scope.whole_regions)
    )
    rows = Region.objects.filter(holds, programme__code__in=scope.programmes())
    return list(rows.values_list("code", flat=True).distinct())


def _tagged(subjects: Rows) -> Q:
    return Q(project__in=subjects) | Q(action__in=subjects, project="")


def _bearing(as_of: AsOf, dimension: str, scope: Scope) -> Rows:
    """Codes of records that bear any tag of a dimension as of a position."""
    return standing_tags(scope, as_of).filter(dimension=dimension).values("subject")


def standing_tags(scope: Scope, as_of: AsOf) -> Rows:
    """The tags of some programmes that nothing has taken back as of a position."""
    rows = Tag.objects.filter(
        programme__in=scope.programmes(), position__lte=as_of.position, reverses=None
    )
    return rows.exclude(reversed_by__position__lte=as_of.position)


def touching_strands(scope: Scope, as_of: AsOf) -> Rows:
    """Codes of records that touch one of the strands asked for."""
    rows = standing_tags(scope, as_of).filter(
        dimension=Dimension.STRAND, key__in=scope.strand_codes
    )
    return rows.values("subject")


def touching_places(scope: Scope, as_of: AsOf) -> Rows:
    """Codes of records that touch one of the countries or regions asked for."""
    rows = standing_tags(scope, as_of).filter(dimension=Dimension.COUNTRY)
    wanted = Q(key__in=scope.countries) | Q(region__in=scope.region_codes())
    return rows.filter(wanted).values("subject")


def _period_tests(measure: str, scope: Scope) -> Tests | None:
    """Whether a posting lies within the period, cannot be placed in time, or only partly overlaps it."""
    if not scope.has_period:
        return None
    if measure == Measure.ENVELOPE:
        return _envelope_tests(scope)
    if scope.axis == Axis.BUDGET:
        years = Q(budget_year__gte=scope.first_day.year, budget_year__lte=scope.last_day.year)
        return years, Q(budget_year__isnull=True), NEVER
    return _event_tests(scope.first_day, scope.last_day)


def _envelope_tests(scope: Scope) -> Tests:
    first, last = scope.first_day.year, scope.last_day.year
    within = Q(period_start__gte=first, period_end__lte=last)
    overlaps = Q(period_start__lte=last, period_end__gte=first)
    return within, NEVER, overlaps & ~within


def _event_tests(first: date, last: date) -> Tests:
    """A date known to the month or year counts where all of it lies inside; where part does, it is undated."""
    day = Q(date_precision=Precision.DAY, value_date__gte=first, value_date__lte=last)
    month = Q(
        date_precision=Precision.MONTH,
        value_date__gte=first,
        value_date__lte=_last_whole_month(last),
    )
    year = Q(
        date_precision=Precision.YEAR, value_date__gte=first, value_date__lte=_last_whole_year(last)
    )
    within = day | month | year
    touched = Q(
        date_precision=Precision.MONTH, value_date__gte=first.replace(day=1), value_date__lte=last
    ) | Q(
        date_precision=Precision.YEAR,
        value_date__gte=first.replace(month=1, day=1),
        value_date__lte=last,
    )
    return within, Q(value_date__isnull=True) | (touched & ~within), NEVER


def _last_whole_month(last: date) -> date:
    """The first day of the latest month that ends by `last`."""
    ends_here = last == date.max or (last + timedelta(days=1)).day == 1
    first = last.replace(day=1)
    return first if ends_here else (first - timedelta(days=1)).replace(day=1)


def _last_whole_year(last: date) -> date:
    """The first day of the latest year that ends by `last`."""
    whole = (last.month, last.day) == (12, 31)
    return date(last.year if whole else last.year - 1, 1, 1)


def recorded(kind: str, scope: Scope, as_of: AsOf) -> Rows:
    """Records of a kind that the portal knew of as of a position and that touch what is asked for."""
    return reached(MilestoneKind.RECORDED, kind, scope, as_of)


def reached(milestone: str, kind: str, scope: Scope, as_of: AsOf) -> Rows:
    """Standing milestones of a kind for records that touch the strands and places asked for, whatever the period."""
    rows = Milestone.objects.filter(
        programme__in=scope.programmes(),
        subject_kind=kind,
        kind=milestone,
        position__lte=as_of.position,
        reverses=None,
    ).exclude(reversed_by__position__lte=as_of.position)
    narrowed = getattr(scope, kind, "")
    if narrowed:
        rows = rows.filter(subject=narrowed)
    elif scope.record_filters:
        rows = rows.filter(subject__in=_subjects_under(kind, scope, as_of))
    if scope.strands and kind == SubjectKind.PROJECT:
        rows = rows.filter(_touches_strands(scope, as_of))
    if scope.has_place and kind == SubjectKind.PROJECT:
        rows = rows.filter(_touches_places(scope, as_of))
    return rows


def _touches_strands(scope: Scope, as_of: AsOf) -> Q:
    """Records that touch a strand asked for; in words, those that touch several or none, or none."""
    touching = Q(subject__in=touching_strands(scope, as_of))
    tags = standing_tags(scope, as_of).filter(dimension=Dimension.STRAND)
    if StrandWord.UNDIVIDED in scope.strands:
        touching |= ~Q(subject__in=_by_keys(tags, "exact"))
    if StrandWord.NOT_REPORTED in scope.strands:
        touching |= ~Q(subject__in=tags.values("subject"))
    return touching


def _touches_places(scope: Scope, as_of: AsOf) -> Q:
    """Records that touch a place asked for; of no record's tags is it known that it is global, its money says so."""
    touching = Q(subject__in=touching_places(scope, as_of))
    tags = standing_tags(scope, as_of).filter(dimension=Dimension.COUNTRY)
    themselves = list(regions_themselves(scope.regions))
    if PlaceWord.NO_REGION in scope.regions:
        themselves.append("")
    if themselves:
        touching |= Q(subject__in=tags.filter(region__in=themselves).values("subject"))
    if PlaceWord.GLOBAL in scope.regions:
        touching |= Q(subject__in=_worldwide(scope, as_of))
    if PlaceWord.SEVERAL in scope.regions:
        touching |= Q(subject__in=_by_keys(tags, "gt"))
    if PlaceWord.NOT_REPORTED in scope.regions:
        touching |= ~Q(subject__in=tags.values("subject"))
    return touching


def _worldwide(scope: Scope, as_of: AsOf) -> Rows:
    """Codes of projects with money that is global."""
    rows: Rows = Posting.objects.filter(
        programme__in=scope.programmes(), position__lte=as_of.position, place=Place.GLOBAL
    )
    found: Rows = rows.exclude(project="").values("project")
    return found


def _by_keys(tags: Rows, lookup: str) -> Rows:
    """Codes of records with one key (`exact`) or more than one (`gt`) among some tags."""
    counted = tags.order_by().values("subject").annotate(keys=Count("key", distinct=True))
    found: Rows = counted.filter(**{f"keys__{lookup}": 1}).values("subject")
    return found


def _subjects_under(kind: str, scope: Scope, as_of: AsOf) -> Rows:
    """Codes of the records of a kind that any posting hangs on the record asked for."""
    rows: Rows = Posting.objects.filter(position__lte=as_of.position, **scope.record_filters)
    found: Rows = rows.exclude(**{kind: ""}).values(kind)
    return found
