"""What each figure means, said once, and one reading of it whether it is money, a count or a difference.

Money comes from `programmes.ledger.figures`, counts from `programmes.ledger.counts`; nothing is summed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programmes.ledger import counts, figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure, Milestone
from programmes.ledger.scope import AsOf, Scope, query_string
from programmes.ledger.selection import REPORTED_FOR, REPORTING, Bucket, postings_in, recorded

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MONEY, COUNT = "money", "count"


class Difference(models.TextChoices):
    """Figures that are one measure less another, of the same question."""

    OUTSTANDING = "outstanding", _("Outstanding (RAL)")
    UNCONTRACTED = "uncontracted", _("Still to be contracted")


TERMS: dict[str, tuple[str, str]] = {
    Difference.OUTSTANDING: (Measure.COMMITTED, Measure.PAID),
    Difference.UNCONTRACTED: (Measure.COMMITTED, Measure.CONTRACTED),
}


@dataclass(frozen=True)
class Definition:
    """A measure's name, what it means, how it is made, and its unit."""

    label: StrPromise
    meaning: StrPromise
    formula: StrPromise
    kind: str


def _money(measure: Measure, meaning: StrPromise, formula: StrPromise) -> Definition:
    return Definition(measure.label, meaning, formula, MONEY)


def _count(measure: CountMeasure, meaning: StrPromise) -> Definition:
    formula = _(
        "The number of distinct records, each counted once however many strands or places it touches."
    )
    return Definition(measure.label, meaning, formula, COUNT)


DEFINITIONS: Mapping[str, Definition] = {
    Measure.ENVELOPE: _money(
        Measure.ENVELOPE,
        _(
            "The indicative amount that an indicative programme, or the basic act where there was none, sets for its years."
        ),
        _(
            "The sum of the amounts at the leaves: parts are counted, the total they belong to is not."
        ),
    ),
    Measure.PLANNED: _money(
        Measure.PLANNED,
        _("The indicative amounts of the actions in adopted annual work programmes."),
        _("The sum of the amounts of each action and budget year."),
    ),
    Measure.COMMITTED: _money(
        Measure.COMMITTED,
        _("What financing decisions set aside: global commitments per action and budget year."),
        _("The sum of commitments; decommitments are negative."),
    ),
    Measure.CONTRACTED: _money(
        Measure.CONTRACTED,
        _("The EU contribution in signed contracts and addenda: individual commitments."),
        _(
            "The sum of contributions; decommitments are negative. Amounts of the public record enter undated, with the attribution of their source."
        ),
    ),
    Measure.PAID: _money(
        Measure.PAID,
        _("What was paid under contracts: pre-financing, interim payments and balances."),
        _("The sum of payments; recoveries are negative."),
    ),
    Measure.ACCEPTED: _money(
        Measure.ACCEPTED,
        _(
            "The EU share of the costs accepted at interim or balance, cleared pre-financing included."
        ),
        _("The sum of accepted costs; corrections are negative."),
    ),
    Difference.OUTSTANDING: Definition(
        Difference.OUTSTANDING.label,
        _("What remains to be paid of what was committed (reste à liquider)."),
        _("Committed less paid, for the same question. Not reported where either is not."),
        MONEY,
    ),
    Difference.UNCONTRACTED: Definition(
        Difference.UNCONTRACTED.label,
        _("What was committed and has not been contracted."),
        _("Committed less contracted, for the same question. Not reported where either is not."),
        MONEY,
    ),
    CountMeasure.PROJECTS: _count(
        CountMeasure.PROJECTS,
        _("Projects that this portal knows of. A period does not narrow them."),
    ),
    CountMeasure.CONTRACTS: _count(
        CountMeasure.CONTRACTS, _("Projects whose contract is known to have been signed.")
    ),
    CountMeasure.BASELINES: _count(
        CountMeasure.BASELINES, _("Projects with at least one indicator whose baseline is set.")
    ),
    CountMeasure.TARGETS: _count(
        CountMeasure.TARGETS, _("Projects with at least one indicator whose target is set.")
    ),
    CountMeasure.FINAL_REPORTS: _count(
        CountMeasure.FINAL_REPORTS, _("Projects whose final report was accepted.")
    ),
    CountMeasure.EVIDENCE: _count(
        CountMeasure.EVIDENCE, _("Projects with evidence that was accepted.")
    ),
    CountMeasure.CALLS: _count(
        CountMeasure.CALLS,
        _("Calls for proposals that this portal knows of. A period does not narrow them."),
    ),
}

# Parts beside a value, in the order in which they are shown.
PARTS: Mapping[str, StrPromise] = {
    Bucket.UNDATED: _("Undated: the period cannot place it"),
    Bucket.SHARE_UNKNOWN: _("Touching this scope, share unknown"),
    Bucket.NOT_ATTRIBUTABLE: _("Without any strand or place"),
    Bucket.INDIVISIBLE: _("Covers more years than were asked for, not divisible"),
}
NOT_REPORTED = "not_reported"


@dataclass(frozen=True)
class Reading:
    """The answer to a question as people read it.

    `value` is EUR to the cent or a number of records, and None where nothing is reported: never 0 in its
    place. `reported` of `recorded` records report it. `parts` stand beside the value, never in it, and
    `elsewhere` of a count's records also touch strands or places not asked for.
    """

    measure: str
    kind: str
    scope: Scope
    as_of: AsOf
    address: str
    value: Decimal | int | None
    reported: int | None = None
    recorded: int | None = None
    parts: Mapping[str, figures.Part] = field(default_factory=dict)
    by_attribution: Mapping[str, Decimal] = field(default_factory=dict)
    elsewhere: int = 0
    undated: int = 0
    terms: tuple[Reading, ...] = ()

    @property
    def definition(self) -> Definition:
        return DEFINITIONS[self.measure]

    @property
    def label(self) -> str:
        return str(self.definition.label)


def read(measure: str, scope: Scope, as_of: AsOf) -> Reading:
    """Answer a question of any measure in `DEFINITIONS`; `KeyError` for another."""
    if measure in TERMS:
        return _read_difference(measure, scope, as_of)
    if measure in CountMeasure.values:
        return _read_count(measure, scope, as_of)
    return _read_money(DEFINITIONS[measure], measure, scope, as_of)


def address(measure: str, scope: Scope, as_of: AsOf) -> str:
    """The one canonical address of a figure of any measure."""
    if measure in TERMS:
        fitted = scope.for_measure(TERMS[measure][0])
        return f"{reverse('view_figure', args=[measure])}?{query_string(fitted, as_of)}"
    if measure in CountMeasure.values:
        return counts.address(measure, scope, as_of)
    return figures.address(measure, scope, as_of)


def _read_money(definition: Definition, measure: str, scope: Scope, as_of: AsOf) -> Reading:
    figure = figures.value(measure, scope, as_of)
    beside = {bucket: getattr(figure, bucket) for bucket in PARTS}
    return Reading(
        measure=measure,
        kind=definition.kind,
        scope=figure.scope,
        as_of=as_of,
        address=figure.address,
        value=figure.total,
        reported=figure.reported,
        recorded=figure.recorded,
        parts={bucket: part for bucket, part in beside.items() if part.postings},
        by_attribution=figure.by_attribution,
    )


def _read_count(measure: str, scope: Scope, as_of: AsOf) -> Reading:
    found = counts.count(measure, scope, as_of)
    knows_of = measure in {CountMeasure.PROJECTS, CountMeasure.CALLS}
    return Reading(
        measure=measure,
        kind=COUNT,
        scope=scope,
        as_of=as_of,
        address=found.address,
        value=found.total if found.total or knows_of else None,
        reported=None if knows_of else found.total,
        recorded=None if knows_of else found.recorded,
        elsewhere=found.elsewhere,
        undated=found.undated,
    )


def _read_difference(measure: str, scope: Scope, as_of: AsOf) -> Reading:
    fitted = scope.for_measure(TERMS[measure][0])
    terms = tuple(read(term, fitted, as_of) for term in TERMS[measure])
    whole, less = (term.value for term in terms)
    return Reading(
        measure=measure,
        kind=MONEY,
        scope=fitted,
        as_of=as_of,
        address=address(measure, scope, as_of),
        value=None if whole is None or less is None else whole - less,
        terms=terms,
    )


def not_reporting(
    measure: str, scope: Scope, as_of: AsOf
) -> models.QuerySet[Milestone, dict[str, str]]:
    """The records that could report a measure of money and do not: rows `record` (its code), by code."""
    scope = scope.for_measure(measure)
    kind = REPORTED_FOR[measure]
    standing = postings_in(measure, scope, as_of, *REPORTING).filter(reverses=None)
    reporting = standing.exclude(reversed_by__position__lte=as_of.position)
    rows = recorded(kind, scope, as_of).exclude(subject__in=reporting.values(kind.value))
    return rows.values(record=models.F("subject")).distinct().order_by("record")
