"""The projects of a question, read once: who leads them, where they are, which strands they touch, when they began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q

from portal.accounts.people import VISITOR
from programmes.ledger import figures
from programmes.ledger.models import Dimension, Measure, SubjectKind, Tag
from programmes.ledger.scope import AsOf, Scope
from programmes.ledger.selection import Bucket, recorded
from projects.models import Project

BESIDE = (Bucket.UNDATED, Bucket.SHARE_UNKNOWN)
OWN = ["code", "title", "acronym", "attribution", "confidence", "status", "start", "end"]
LINKED = {
    "lead_name": F("lead__name"),
    "lead_kind": F("lead__kind"),
    "call_code": F("call__code"),
    "work_programme_code": F("work_programme__code"),
}


@dataclass(frozen=True)
class Listed:
    """A project of the portfolio. `amount` is what it adds to the contracted figure, `beside` what stands beside it.

    `regions` holds the region of each country that has one. A project that the public may not see is
    `withheld`: it counts, and nothing of it is named.
    """

    code: str
    title: str
    acronym: str
    lead_name: str | None
    lead_kind: str | None
    call_code: str | None
    work_programme_code: str | None
    attribution: str
    confidence: str
    status: str
    start: str
    end: str
    withheld: bool
    strands: frozenset[str] = frozenset()
    regions: Mapping[str, str] = field(default_factory=dict)
    amount: Decimal | None = None
    beside: Decimal | None = None

    @property
    def countries(self) -> frozenset[str]:
        return frozenset(self.regions)


def read_portfolio(scope: Scope, as_of: AsOf) -> list[Listed]:
    """Every project that the portal knew of and that touches what is asked for, by code; a period narrows nothing.

    Projects whose contracted amount is in the figure are there even where nothing else says they touch it.
    """
    rows = Project.objects.filter(
        Q(code__in=recorded(SubjectKind.PROJECT, scope, as_of).values("subject"))
        | Q(code__in=figures.postings(Measure.CONTRACTED, scope, as_of).values("project"))
    )
    public = Project.objects.visible_to(VISITOR).values("pk")
    rows = rows.annotate(withheld=~Q(pk__in=public))
    strands, regions = _tags(scope, as_of)
    inside, beside = _amounts(scope, as_of, [Bucket.INSIDE]), _amounts(scope, as_of, BESIDE)
    return [
        Listed(
            **row,
            strands=frozenset(strands.get(row["code"], ())),
            regions=regions.get(row["code"], {}),
            amount=inside.get(row["code"]),
            beside=beside.get(row["code"]),
        )
        for row in rows.order_by("code").values(*OWN, "withheld", **LINKED)
    ]


def _tags(scope: Scope, as_of: AsOf) -> tuple[dict[str, set[str]], dict[str, dict[str, str]]]:
    """The strands of each project, and its countries with their regions, as of the position."""
    rows = Tag.objects.filter(
        programme__in=scope.programmes(),
        subject_kind=SubjectKind.PROJECT,
        position__lte=as_of.position,
        reverses=None,
    ).exclude(reversed_by__position__lte=as_of.position)
    strands: dict[str, set[str]] = {}
    regions: dict[str, dict[str, str]] = {}
    found = rows.values_list("subject", "dimension", "key", "region").iterator()
    for subject, dimension, key, region in found:
        if dimension == Dimension.STRAND:
            strands.setdefault(subject, set()).add(key)
        else:
            regions.setdefault(subject, {})[key] = region
    return strands, regions


def _amounts(scope: Scope, as_of: AsOf, buckets: Sequence[Bucket]) -> dict[str, Decimal]:
    """What each project adds to the parts named. A project's whole amount lies in one part beside the figure."""
    amounts: dict[str, Decimal] = {}
    for bucket in buckets:
        for row in figures.by_record(Measure.CONTRACTED, scope, as_of, bucket):
            amounts[row["record"]] = amounts.get(row["record"], Decimal("0.00")) + row["amount"]
    return amounts
