"""The envelope meter: what is available to a record, how much of it is used, and what is left.

Whoever uses an envelope locks it first, see `programmes/actions/locking.py`; this module only reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from portal.wording import money
from programmes.ledger import figures
from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.selection import Rows
from programmes.models import UNPUBLISHED, Action, Commitment, CommitmentStatus, Document

# What is available at each level: the measure that was set there.
AVAILABLE: dict[str, Measure] = {
    SubjectKind.INDICATIVE_PROGRAMME: Measure.ENVELOPE,
    SubjectKind.WORK_PROGRAMME: Measure.PLANNED,
    SubjectKind.ACTION: Measure.PLANNED,
    SubjectKind.COMMITMENT: Measure.COMMITTED,
}

# Statuses of calls whose budgets are spoken for. A draft is nobody's business yet; a cancelled call frees its money.
CALLED = ("published", "suspended", "awarded")

# Amounts by node and by the action beneath it.
Parts = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True)
class Stage:
    """What one measure says of the record, None where not reported, and the address that opens it."""

    measure: Measure
    amount: Decimal | None
    url: str


@dataclass(frozen=True)
class Meter:
    """Money of one record in EUR, None where nothing is reported.

    `used` is, action by action, the larger of what published calls take and what is contracted. Called
    budgets are not postings: they are as of today whatever the ledger is asked for.
    """

    available: Decimal | None
    called: Decimal | None
    contracted: Decimal | None
    used: Decimal | None
    stages: Sequence[Stage]

    @property
    def left(self) -> Decimal | None:
        """What is available and not known to be used; below zero where more is used than there is."""
        return None if self.available is None else self.available - (self.used or 0)

    @property
    def is_overdrawn(self) -> bool:
        return self.left is not None and self.left < 0


def meter_of(record: Document | Action | Commitment, as_of: AsOf) -> Meter:
    """The meter of an indicative programme, a work programme, an action or a commitment."""
    kind, programme = _home_of(record)
    return meters_of(kind, [record.code], programme, as_of)[record.code]


def _home_of(record: Document | Action | Commitment) -> tuple[str, str]:
    if isinstance(record, Document):
        return record.kind, record.programme.code
    if isinstance(record, Action):
        return SubjectKind.ACTION, record.work_programme.programme.code
    return SubjectKind.COMMITMENT, record.decision.work_programme.programme.code


def meters_of(kind: str, codes: Sequence[str], programme: str, as_of: AsOf) -> dict[str, Meter]:
    """Meters by code of any number of records of one kind and programme, in three queries."""
    scope = _scope_of(programme, kind, codes[0]) if len(codes) == 1 else Scope(programme)
    sums = figures.sums_by(kind, scope, as_of, Measure.values)
    contracted, called = _contracted(kind, scope, as_of), _called(kind, codes)
    used = _by_node(
        (key, max(contracted.get(key, Decimal(0)), called.get(key, Decimal(0))))
        for key in contracted.keys() | called.keys()
    )
    called_by_node = _by_node(called.items())
    return {
        code: Meter(
            available=sums.get(code, {}).get(AVAILABLE[kind]),
            called=called_by_node.get(code),
            contracted=sums.get(code, {}).get(Measure.CONTRACTED),
            used=used.get(code),
            stages=_stages(kind, _scope_of(programme, kind, code), as_of, sums.get(code, {})),
        )
        for code in codes
    }


def _scope_of(programme: str, kind: str, code: str) -> Scope:
    narrowed: dict[str, Any] = {kind: code}
    return Scope(programme, **narrowed)


def _by_node(parts: Iterable[tuple[tuple[str, str], Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for (node, _action), amount in parts:
        found[node] = found.get(node, Decimal(0)) + amount
    return found


def _contracted(kind: str, scope: Scope, as_of: AsOf) -> Parts:
    """What is contracted, by node and action; money that hangs on no action is a part of its own."""
    by = [kind] if kind == SubjectKind.ACTION else [kind, SubjectKind.ACTION.value]
    cells = figures.table(Measure.CONTRACTED, scope, as_of, by)
    return {(key[0], key[-1]): cell.amount for key, cell in cells.items() if key[0]}


_TAKEN = Q(lot_budgets__lot__call__status__in=CALLED)


def _called(kind: str, codes: Sequence[str]) -> Parts:
    """What the lots of published calls take, by node and the action that funds them."""
    if kind == SubjectKind.COMMITMENT:
        rows: Rows = _called_of_commitments(codes)
    else:
        node = {
            SubjectKind.INDICATIVE_PROGRAMME: "work_programme__parent__code",
            SubjectKind.WORK_PROGRAMME: "work_programme__code",
            SubjectKind.ACTION: "code",
        }[SubjectKind(kind)]
        rows = (
            Action.objects.filter(**{f"{node}__in": codes})
            .values(node=F(node), part=F("code"))
            .annotate(total=Sum("lot_budgets__amount", filter=_TAKEN))
        )
    return {(row["node"], row["part"]): row["total"] for row in rows if row["total"] is not None}


def used_by_year(work_programme: Document, as_of: AsOf) -> dict[tuple[str, int], Decimal]:
    """What is used of each action of a work programme in each budget year: the larger of called and contracted.

    Contracts that name no budget year are left out; the meter of the action has them.
    """
    scope = Scope(work_programme.programme.code, work_programme=work_programme.code)
    cells = figures.table(Measure.CONTRACTED, scope, as_of, ["action", "budget_year"])
    used = {(code, year): cell.amount for (code, year), cell in cells.items() if year}
    called = (
        work_programme.actions.filter(_TAKEN)
        .values("code", year=F("lot_budgets__budget_year"))
        .annotate(total=Sum("lot_budgets__amount"))
    )
    for row in called.order_by():
        key = row["code"], row["year"]
        used[key] = max(used.get(key, Decimal(0)), row["total"])
    return used


def _called_of_commitments(codes: Sequence[str]) -> Rows:
    """Lots name the action and the year, so a commitment has theirs where no other shares both with it."""
    twins = Commitment.objects.filter(
        action=OuterRef("action"),
        budget_year=OuterRef("budget_year"),
        status=CommitmentStatus.BOOKED,
    ).exclude(pk=OuterRef("pk"))
    taken = Q(
        action__lot_budgets__lot__call__status__in=CALLED,
        action__lot_budgets__budget_year=F("budget_year"),
    )
    return (
        Commitment.objects.filter(~Exists(twins), code__in=codes)
        .values(node=F("code"), part=F("action__code"))
        .annotate(total=Sum("action__lot_budgets__amount", filter=taken))
    )


def _stages(kind: str, scope: Scope, as_of: AsOf, sums: Mapping[str, Decimal]) -> list[Stage]:
    """The measure that is available and every one below it."""
    first = list(Measure).index(AVAILABLE[kind])
    return [
        Stage(measure, sums.get(measure), figures.address(measure, scope, as_of))
        for measure in list(Measure)[first:]
    ]


def shown(record: Document | Action, as_of: AsOf) -> dict[str, Any] | None:
    """The meter for the page of a document or action; None where the record has none, or nothing is known of it."""
    document = record if isinstance(record, Document) else record.work_programme
    kinds = (SubjectKind.INDICATIVE_PROGRAMME, SubjectKind.WORK_PROGRAMME)
    if document.kind not in kinds or document.status in UNPUBLISHED or document.amends_id:
        return None
    meter = meter_of(record, as_of)
    if meter.available is None and meter.used is None:
        return None
    # The page's figures say the measures below already.
    return {**drawn(meter), "stages": []}


BAR = 1000


def drawn(meter: Meter) -> dict[str, Any]:
    """The variables of the component `meter`: values, what has to stand beside them, and the lengths of its bar."""
    available, used = meter.available or Decimal(0), meter.used or Decimal(0)
    whole = max(available, used)
    inside = int(min(available, used) * BAR / whole) if whole > 0 else 0
    over = BAR - inside if meter.is_overdrawn else 0
    return {
        "available": meter.available,
        "available_label": meter.stages[0].measure.label,
        "available_url": meter.stages[0].url,
        "used": meter.used,
        "left": meter.left,
        "over": -meter.left if meter.left is not None and meter.is_overdrawn else None,
        "notes": _notes(meter),
        "bar": {"whole": str(BAR), "used": str(inside), "over": str(over)},
        "stages": [
            {"label": stage.measure.label, "value": stage.amount, "url": stage.url}
            for stage in meter.stages[1:]
        ],
    }


def _notes(meter: Meter) -> list[str]:
    if meter.used is None:
        return [_("Nothing that is called or contracted under it is known to this portal.")]
    words = _(
        "Called: %(called)s. Contracted: %(contracted)s. The larger counts, action by action."
    )
    return [words % {"called": money(meter.called), "contracted": money(meter.contracted)}]
