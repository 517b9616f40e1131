"""What a figure is asked of: programme, strands, places, period, axis and record; and the moment it is asked as of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.append_only import POSITION_LOCK
from portal.dates import PartialDate, Precision, end_of_brussels_day
from programmes.ledger import codes
from programmes.ledger.models import Measure, Milestone, Posting, Tag
from programmes.ledger.words import (
    ITSELF,
    PlaceWord,
    StrandWord,
    codes_among,
    regions_themselves,
)
from programmes.models import Programme, Region

ALL_PROGRAMMES = "all"


class Axis(models.TextChoices):
    """By which date a period picks postings."""

    EVENT = "event", gettext_lazy("by value date")
    BUDGET = "budget", gettext_lazy("by budget year of the decision")


BUDGET_ONLY = frozenset({Measure.ENVELOPE, Measure.PLANNED, Measure.COMMITTED})

# Fields of a scope that name one record, each under the same name as in a posting.
RECORD_FIELDS = (
    "indicative_programme",
    "work_programme",
    "action",
    "commitment",
    "call",
    "lot",
    "project",
)


@dataclass(frozen=True)
class Scope:
    """Which postings a question is about.

    `programme` is a code, or `all` for every opened programme but the demonstration. `start` and `end` are dates of
    the form YYYY, YYYY-MM or YYYY-MM-DD, both included, empty for the whole programme, undated rows and all.
    The record fields narrow the question to what hangs on one record. Among the strands and regions may
    stand words, as `programmes.ledger.words` has them, for what lies in none.
    """

    programme: str
    strands: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    axis: Axis = Axis.BUDGET
    indicative_programme: str = ""
    work_programme: str = ""
    action: str = ""
    commitment: str = ""
    call: str = ""
    lot: str = ""
    project: str = ""

    @property
    def has_period(self) -> bool:
        return bool(self.start or self.end)

    @property
    def has_place(self) -> bool:
        return bool(self.countries or self.regions)

    @property
    def first_day(self) -> date:
        return PartialDate.parse(self.start).first if self.start else date.min

    @property
    def last_day(self) -> date:
        return PartialDate.parse(self.end).last if self.end else date.max

    @property
    def record_filters(self) -> dict[str, str]:
        return {name: value for name in RECORD_FIELDS if (value := getattr(self, name))}

    def without_period(self) -> Scope:
        return replace(self, start="", end="", axis=Axis.BUDGET)

    def for_measure(self, measure: str) -> Scope:
        """The same question on an axis that the measure has: programming measures know budget years only."""
        if not self.has_period or measure not in BUDGET_ONLY:
            return self
        years = replace(self, start=self.start[:4], end=self.end[:4])
        return replace(years, axis=Axis.BUDGET)

    def programmes(self) -> list[str]:
        """Codes of the programmes meant. One question asks for them once."""
        return self._programmes

    @cached_property
    def _programmes(self) -> list[str]:
        if self.programme != ALL_PROGRAMMES:
            return [self.programme]
        return list(Programme.objects.real().values_list("code", flat=True))

    @property
    def strand_codes(self) -> tuple[str, ...]:
        """The strands meant, words left out."""
        return codes_among(self.strands)

    @property
    def whole_regions(self) -> tuple[str, ...]:
        """The regions meant with all that lies in them, words left out."""
        return codes_among(self.regions)

    def region_codes(self) -> list[str]:
        """The regions meant and those within them: a route stands for its regions."""
        if not self.whole_regions:
            return []
        rows = Region.objects.filter(programme__code__in=self.programmes())
        return list(
            rows.filter(Q(code__in=self.whole_regions) | Q(parent__code__in=self.whole_regions))
            .values_list("code", flat=True)
            .distinct()
        )

    def as_params(self) -> list[tuple[str, str]]:
        """The parameters of the canonical address, sorted."""
        pairs = [("programme", self.programme), *self.record_filters.items()]
        pairs += [("strand", code) for code in self.strands]
        pairs += [("country", code) for code in self.countries]
        pairs += [("region", code) for code in self.regions]
        if self.has_period:
            pairs += [("axis", self.axis.value)]
            pairs += [
                (name, text) for name, text in (("from", self.start), ("to", self.end)) if text
            ]
        return sorted(pairs)


@dataclass(frozen=True)
class AsOf:
    """A place on the axis of the ledger: rows up to `position` count. `moment` is when the last of them came."""

    position: int
    moment: datetime | None


def now(programmes: Sequence[str] | None = None) -> AsOf:
    """The highest position of a row that has been committed, whichever programme it is of.

    The moment is that of these programmes, or of every real one: the demonstration's past is made up.
    """
    return at_position(_last(Q())[0], programmes)


def on_day(day: date, programmes: Sequence[str]) -> AsOf:
    """The end of a day in Brussels, as far as these programmes are concerned.

    Waits for those who are writing to the ledger: what they post carries the moment at which they did so, and
    may still belong to a day that has just ended.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [POSITION_LOCK])
    return AsOf(*_last(Q(programme__in=programmes, posted_at__lte=end_of_brussels_day(day))))


def at_position(position: int, programmes: Sequence[str] | None = None) -> AsOf:
    """A position as an earlier answer gave it."""
    meant = Scope(ALL_PROGRAMMES).programmes() if programmes is None else programmes
    return AsOf(position, _last(Q(programme__in=meant, position__lte=position))[1])


def _last(condition: Q) -> tuple[int, datetime | None]:
    rows = [
        model.objects.filter(condition)
        .order_by("-position")
        .values_list("position", "posted_at")
        .first()
        for model in (Posting, Milestone, Tag)
    ]
    return max((row for row in rows if row), default=(0, None))


class ScopeError(ValidationError):
    """A question that cannot be asked: a parameter, and what is wrong with it, for each that is wrong."""


_SINGLE = {"programme", "from", "to", "axis", "as_of", *RECORD_FIELDS}
_MANY = {"strand": "strands", "country": "countries", "region": "regions"}


def parse_question(params: Mapping[str, Sequence[str]]) -> tuple[Scope, AsOf]:
    """Read a question from the parameters of an address: each a name with its values.

    Raises `ScopeError` with a message for each parameter that is unknown, repeated or malformed, or that
    names a record that does not exist.
    """
    errors: dict[str, list[str]] = {}
    for name, values in params.items():
        if name not in _SINGLE and name not in _MANY:
            errors[name] = [_("This is not a parameter of a figure.")]
        elif name in _SINGLE and len(values) > 1:
            errors[name] = [_("Give this parameter once.")]
        elif any("\x00" in value for value in values):
            errors[name] = [_("This is not text.")]
    if errors:
        params = {name: values for name, values in params.items() if name not in errors}
    single = {
        name: values[0].strip() for name, values in params.items() if name in _SINGLE and values
    }
    many: dict[str, Any] = {
        field: tuple(sorted({value for value in params.get(name, ()) if value}))
        for name, field in _MANY.items()
    }
    records: dict[str, Any] = {name: single.get(name, "") for name in RECORD_FIELDS}
    scope = Scope(programme=single.get("programme", ""), **many, **records)
    errors = _missing_records(scope) | errors
    scope, period_errors = _with_period(scope, single)
    errors |= period_errors
    as_of, as_of_errors = _read_as_of(single.get("as_of", ""), scope, bool(errors))
    errors |= as_of_errors
    if errors:
        raise ScopeError(errors)
    return scope, as_of


def _missing_records(scope: Scope) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not scope.programme:
        errors["programme"] = [_("Name a programme, or “all”.")]
    named = {name: {getattr(scope, name)} for name in RECORD_FIELDS}
    named["programme"] = {scope.programme} - {ALL_PROGRAMMES}
    named["strand"], named["country"] = set(scope.strand_codes), set(scope.countries)
    missing = {name: codes.unknown_codes(name, wanted) for name, wanted in named.items()}
    missing["strand"] |= set(scope.strands) - set(scope.strand_codes) - set(StrandWord.values)
    missing["region"] = _missing_regions(scope)
    for name, unknown in missing.items():
        if unknown:
            errors[name] = [_("No record has the code %s.") % ", ".join(sorted(unknown))]
    return errors


def _missing_regions(scope: Scope) -> set[str]:
    asked = [*scope.whole_regions, *regions_themselves(scope.regions)]
    drawn = Region.objects.opened().filter(code__in=asked)
    known = set(drawn.values_list("code", flat=True))
    named = set(scope.regions) - set(PlaceWord.values)
    return {text for text in named if text.removesuffix(ITSELF) not in known}


def _with_period(scope: Scope, single: Mapping[str, str]) -> tuple[Scope, dict[str, list[str]]]:
    start, end, axis = single.get("from", ""), single.get("to", ""), single.get("axis", "")
    errors: dict[str, list[str]] = {}
    for name, text in (("from", start), ("to", end)):
        try:
            if text:
                PartialDate.parse(text)
        except ValueError as error:
            errors[name] = [str(error)]
    if axis and axis not in Axis.values:
        errors["axis"] = [_("The axis is “event” or “budget”.")]
    if errors:
        return scope, errors
    period = replace(scope, start=start, end=end, axis=Axis(axis or Axis.BUDGET))
    if period.axis == Axis.BUDGET and any(len(text) > 4 for text in (start, end)):
        errors["axis"] = [_("Budget years are whole years: write from and to as YYYY.")]
    elif period.first_day > period.last_day:
        errors["to"] = [_("The period ends before it begins.")]
    return period, errors


def _read_as_of(text: str, scope: Scope, broken: bool) -> tuple[AsOf, dict[str, list[str]]]:
    if broken:
        return AsOf(0, None), {}
    newest = now(scope.programmes())
    if not text:
        return newest, {}
    if re.fullmatch(r"[0-9]{1,18}", text):
        position = int(text)
        if position > newest.position:
            return newest, {"as_of": [_("The ledger has not come to this position yet.")]}
        return at_position(position, scope.programmes()), {}
    try:
        when = PartialDate.parse(text)
    except ValueError:
        when = None
    if when is None or when.precision != Precision.DAY:
        return newest, {"as_of": [_("Write a position, or a day as YYYY-MM-DD.")]}
    return on_day(when.first, scope.programmes()), {}


def query_string(scope: Scope, as_of: AsOf) -> str:
    """The canonical parameters, sorted by name and value, the position among them."""
    return urlencode(sorted([*scope.as_params(), ("as_of", str(as_of.position))]))
