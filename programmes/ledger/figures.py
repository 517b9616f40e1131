"""Figures of money: the only code that sums postings.

A figure is a measure, a scope and a moment. `value` answers it, `table` divides it, `postings` and
`by_record` open it; all three read the same selection, so a figure is the sum of what it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse

from portal.records import Attribution
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import AsOf, Scope, query_string
from programmes.ledger.selection import (
    REPORTED_FOR,
    REPORTING,
    STATES,
    Bucket,
    Rows,
    postings_in,
    recorded,
    sorted_postings,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Part:
    """A sum that stands beside a value, with the number of records and of postings it comes from."""

    amount: Decimal = ZERO
    records: int = 0
    postings: int = 0


@dataclass(frozen=True)
class Figure:
    """The answer to a question about money, in EUR to the cent.

    `total` is None where nothing is reported for the question. `recorded` is the number of records that
    could report it, `reported` the number that do. The parts beside the value are never in it: `undated`,
    `share_unknown` (touching this scope, not divided), `not_attributable` (no strand or place at all) and
    `indivisible` (an envelope of which only some years were asked for). `by_attribution` divides `total`.
    """

    measure: str
    scope: Scope
    as_of: AsOf
    total: Decimal | None
    inside: Part
    undated: Part
    share_unknown: Part
    not_attributable: Part
    indivisible: Part
    recorded: int
    reported: int
    by_attribution: Mapping[str, Decimal]

    @property
    def not_reported(self) -> int:
        return max(self.recorded - self.reported, 0)

    @property
    def address(self) -> str:
        return address(self.measure, self.scope, self.as_of)


def address(measure: str, scope: Scope, as_of: AsOf) -> str:
    """The one canonical address of a figure; it answers the same for ever."""
    fitted = scope.for_measure(measure)
    return f"{reverse('view_figure', args=[measure])}?{query_string(fitted, as_of)}"


def part_address(measure: str, part: str, scope: Scope, as_of: AsOf) -> str:
    """The address of the records of a part that stands beside a figure."""
    fitted = scope.for_measure(measure)
    path = reverse("view_figure_part", args=[measure, part])
    return f"{path}?{query_string(fitted, as_of)}"


class Addresses:
    """The addresses of the figures of many records, each as `address` gives it."""

    def __init__(self, scope: Scope, as_of: AsOf) -> None:
        self._scope, self._as_of = scope, as_of
        self._forms: dict[tuple[str, str], tuple[str, str]] = {}

    def of(self, measure: str, field: str, code: str) -> str:
        """The address of a measure of the record with this code in one field of a posting."""
        if (measure, field) not in self._forms:
            self._forms[measure, field] = self._form(measure, field)
        before, after = self._forms[measure, field]
        return f"{before}{code}{after}"

    def _form(self, measure: str, field: str) -> tuple[str, str]:
        """What stands before and after the code; a code needs no escaping and is alone under its name."""
        record: dict[str, Any] = {field: "\0"}
        before, _slot, after = address(
            measure, replace(self._scope, **record), self._as_of
        ).partition("%00")
        return before, after


def value(measure: str, scope: Scope, as_of: AsOf) -> Figure:
    """Answer one question, in two queries: what is posted, and how many records the portal knows of."""
    scope = scope.for_measure(measure)
    record = REPORTED_FOR[measure].value
    answer = _add_up(sorted_postings(measure, scope, as_of), record, as_of)
    inside, *beside = (_part(answer, bucket) for bucket in Bucket)
    known = recorded(record, scope, as_of).aggregate(n=Count("subject", distinct=True))["n"]
    return Figure(
        measure=measure,
        scope=scope,
        as_of=as_of,
        total=inside.amount if inside.records or inside.amount else None,
        inside=inside,
        **dict(zip(list(Bucket.values)[1:], beside, strict=True)),
        # An envelope set by the basic act has no indicative programme: it reports all the same.
        recorded=max(known, answer["reported"]),
        reported=answer["reported"],
        by_attribution={
            kind: amount for kind in Attribution.values if (amount := answer[f"{kind}_amount"])
        },
    )


def _add_up(rows: Rows, record: str, as_of: AsOf) -> dict[str, Any]:
    """Sums and counts of every bucket, in one query: first for each record, then over the records.

    A record reports where a posting of it stands: neither taken back as of the position nor a taking back.
    """
    reversed_by_then = Posting.objects.filter(
        reverses__isnull=False, position__lte=as_of.position
    ).values("reverses_id")
    stands = Q(reverses__isnull=True) & ~Q(pk__in=reversed_by_then)
    attributed = {
        f"of_{kind}": Sum("amount", filter=Q(attribution=kind)) for kind in Attribution.values
    }
    records = rows.values(record, "state").annotate(
        of_all=Sum("amount"), rows=Count("pk"), standing=Count("pk", filter=stands), **attributed
    )
    totals: dict[str, Any] = {}
    for bucket, states in STATES.items():
        here = Q(state__in=states)
        totals[f"{bucket}_amount"] = Sum("of_all", filter=here)
        totals[f"{bucket}_postings"] = Sum("rows", filter=here)
        totals[f"{bucket}_records"] = Count(record, filter=here & Q(standing__gt=0))
    for kind in Attribution.values:
        totals[f"{kind}_amount"] = Sum(f"of_{kind}", filter=Q(state__in=STATES[Bucket.INSIDE]))
    reporting = [state for bucket in REPORTING for state in STATES[bucket]]
    totals["reported"] = Count(record, distinct=True, filter=Q(standing__gt=0, state__in=reporting))
    answer: dict[str, Any] = records.order_by().aggregate(**totals)
    return answer


def _part(answer: Mapping[str, Any], bucket: Bucket) -> Part:
    return Part(
        amount=answer[f"{bucket}_amount"] or ZERO,
        records=answer[f"{bucket}_records"],
        postings=answer[f"{bucket}_postings"] or 0,
    )


def postings(measure: str, scope: Scope, as_of: AsOf, bucket: Bucket = Bucket.INSIDE) -> Rows:
    """The postings a figure is summed from, or those of a part beside it."""
    return postings_in(measure, scope.for_measure(measure), as_of, bucket)


def by_record(measure: str, scope: Scope, as_of: AsOf, bucket: Bucket = Bucket.INSIDE) -> Rows:
    """What each record adds to a figure: rows `record` (its code), `amount`, `n` postings, by code.

    Their amounts add up to the figure, to the cent.
    """
    record = REPORTED_FOR[measure].value
    rows: Rows = postings(measure, scope, as_of, bucket).values(record=F(record))
    summed: Rows = rows.annotate(amount=Sum("amount"), n=Count("pk"))
    return summed.order_by("record")


DIMENSIONS: dict[str, Any] = {
    "strand": F("strand"),
    "country": F("country"),
    "region": F("region"),
    "place": F("place"),
    "attribution": F("attribution"),
    "programme": F("programme"),
    "indicative_programme": F("indicative_programme"),
    "work_programme": F("work_programme"),
    "action": F("action"),
    "commitment": F("commitment"),
    "call": F("call"),
    "lot": F("lot"),
    "project": F("project"),
    "budget_year": F("budget_year"),
    "value_year": ExtractYear("value_date"),
    "period_start": F("period_start"),
    "period_end": F("period_end"),
}


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its amount and the number of postings in it."""

    amount: Decimal
    postings: int


def table(
    measure: str, scope: Scope, as_of: AsOf, by: Sequence[str]
) -> dict[tuple[Any, ...], Cell]:
    """Divide a figure by one or more dimensions; the cells add up to its value.

    `by` names keys of `DIMENSIONS`. An empty or missing key is its own cell: not split, undated.
    """
    rows = postings(measure, scope, as_of).values(**{f"by_{name}": DIMENSIONS[name] for name in by})
    summed = rows.annotate(amount_sum=Sum("amount"), n=Count("pk")).order_by()
    return {
        tuple(row[f"by_{name}"] for name in by): Cell(row["amount_sum"], row["n"]) for row in summed
    }


def sums_by(
    field: str, scope: Scope, as_of: AsOf, measures: Sequence[str]
) -> dict[str, dict[str, Decimal]]:
    """For each code in one record field, the sum of each measure: what a tree shows beside its nodes.

    One query for a whole programme, whatever hangs on it. The scope's strands, places and period do not apply.
    """
    rows: Rows = (
        Posting.objects.filter(
            programme__in=scope.programmes(),
            position__lte=as_of.position,
            measure__in=measures,
            **scope.record_filters,
        )
        .exclude(**{field: ""})
        .values(field, "measure")
        .annotate(amount_sum=Sum("amount"))
        .order_by()
    )
    sums: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        sums.setdefault(row[field], {})[row["measure"]] = row["amount_sum"]
    return sums


class Spread(NamedTuple):
    """Records with money in the same places, `n` of them; a place is the text of each key asked for.

    `on_record` is false of what hangs on no record of the kind.
    """

    on_record: bool
    places: list[list[str]]
    n: int


def spread(
    measure: str, by: Sequence[str], scope: Scope, as_of: AsOf, bucket: Bucket = Bucket.INSIDE
) -> list[Spread]:
    """How the records of a figure are spread over some dimensions, in one query, each record once.

    `by` names keys of `DIMENSIONS` whose values are text. A record is where a posting of it stands, so
    those whose postings have all been taken back are in no place.
    """
    keys = {f"by_{name}": DIMENSIONS[name] for name in by}
    rows = postings(measure, scope, as_of, bucket).values(
        record=F(REPORTED_FOR[measure].value), **keys
    )
    # As in `blocks`: a reversal shares every key with what it takes back.
    counted = rows.annotate(stand=Count("pk") - 2 * Count("reverses"))
    standing, values = counted.filter(stand__gt=0).order_by().query.sql_with_params()
    place = f"ARRAY[{', '.join(keys)}]::text[]"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT on_record, places, count(*) FROM (
                SELECT record <> '' AS on_record, array_agg({place} ORDER BY {place}) AS places
                FROM ({standing}) AS standing GROUP BY record
            ) AS spread GROUP BY 1, 2""",  # noqa: S608 - compiled by Django, its values apart
            values,
        )
        return [Spread(*row) for row in cursor.fetchall()]


class Block(NamedTuple):
    """Postings of one measure that share some keys.

    `amount` is their sum, `undivided` that of those without a strand, `standing` the number of those that
    are neither taken back nor a taking back.
    """

    measure: str
    keys: tuple[Any, ...]
    amount: Decimal
    undivided: Decimal
    standing: int

    @property
    def value(self) -> Decimal | None:
        """What a figure says of them: None where nothing is reported any more."""
        return self.amount if self.standing or self.amount else None


def blocks(
    by: Sequence[str], scope: Scope, as_of: AsOf, measures: Sequence[str] = tuple(Measure.values)
) -> list[Block]:
    """Everything posted, in blocks by measure and dimensions, in one query however many the measures.

    `by` names keys of `DIMENSIONS`. The scope's programme and records apply; its strands, places and period
    do not: blocks are what such questions are cut from.
    """
    rows: Rows = (
        Posting.objects.filter(
            programme__in=scope.programmes(), position__lte=as_of.position, **scope.record_filters
        )
        .filter(Q() if set(Measure.values) <= set(measures) else Q(measure__in=measures))
        .values_list("measure", *(DIMENSIONS[name] for name in by))
        .annotate(
            sum_of_all=Sum("amount"),
            sum_undivided=Sum("amount", filter=Q(strand=""), default=ZERO),
            # A reversal shares every key with what it takes back, so each takes two rows out.
            stand=Count("pk") - 2 * Count("reverses"),
        )
        .order_by()
    )
    return [Block(row[0], row[1:-3], *row[-3:]) for row in rows]


Key = TypeVar("Key", bound=Hashable)


def fold(found: Iterable[Block], key: Callable[[Block], Key | None]) -> dict[Key, Block]:
    """Add up blocks of one measure that have the same key into one each, without keys; None leaves out."""
    sums: dict[Key, Block] = {}
    for block in found:
        place = key(block)
        if place is not None:
            sums[place] = _both(sums.get(place), block)
    return sums


def _both(one: Block | None, other: Block) -> Block:
    """Two blocks of a measure as one, or one alone without its keys."""
    measure, _keys, amount, undivided, standing = other
    if one is None:
        return Block(measure, (), amount, undivided, standing)
    return Block(
        measure, (), one.amount + amount, one.undivided + undivided, one.standing + standing
    )


def added(parts: Iterable[Block]) -> Block | None:
    """Blocks of one measure as one without keys; None where there are none."""
    whole: Block | None = None
    for part in parts:
        whole = _both(whole, part)
    return whole
