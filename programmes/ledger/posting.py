"""The only way into the ledger: post, reverse, record a milestone, tag.

Every function runs in its caller's transaction and, once it has written, keeps other writers of the ledger
waiting until that transaction ends; so it is called last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.moments import said_moment
from portal.dates import PartialDate
from programmes.ledger import codes
from programmes.ledger.models import (
    Dimension,
    Milestone,
    MilestoneKind,
    Place,
    Posting,
    SubjectKind,
    Tag,
)
from programmes.ledger.splitting import CENT
from programmes.models import Region, RegionMembership

# The fields of a posting that name a record, in the order in which an unknown one is reported.
CODE_FIELDS = (
    "programme",
    "strand",
    "country",
    "indicative_programme",
    "work_programme",
    "action",
    "commitment",
    "call",
    "lot",
    "project",
)


class PostingRefused(Exception):
    """A posting names something that does not exist, or has an amount that is not money. Nothing was posted."""


@transaction.atomic
def post(
    lines: Sequence[Posting], *, by: User | None, reason: str = "", corrects: bool = False
) -> list[Posting]:
    """Append postings and return them with their positions. All are posted, or none.

    A line is a `Posting` not yet saved. The region of a line that names a country follows from the
    programme's own map; lines that correct what stands lie where that lies, whatever the map says by now.
    Raises `PostingRefused` for a code that no app resolves, or a part of a cent.
    """
    _refuse_unknown(lines)
    for line in lines:
        if line.amount != line.amount.quantize(CENT):
            raise PostingRefused(_("%s is not a whole number of cents.") % line.amount)
        line.by = by.actor if by else None
        line.reason = line.reason or reason
    _say_when(lines)
    if not corrects:
        _fill_regions(lines)
    return Posting.objects.bulk_create(lines, batch_size=2_000)


def _say_when(rows: Sequence[Posting | Milestone | Tag]) -> None:
    """Give rows the moment that is being told of, where it is not the present."""
    moment = said_moment()
    if moment:
        for row in rows:
            row.posted_at = moment


@transaction.atomic
def reverse(postings: Iterable[Posting], *, by: User | None, reason: str) -> list[Posting]:
    """Take postings back: the same cells and value dates with the opposite sign, at new positions."""
    if not reason:
        raise PostingRefused(_("A reversal needs a reason."))
    reversals = [_reversal_of(posting) for posting in postings]
    return post(reversals, by=by, reason=reason, corrects=True)


def _reversal_of(posting: Posting) -> Posting:
    cells = {
        field.attname: getattr(posting, field.attname)
        for field in Posting._meta.concrete_fields
        if field.name not in {"id", "position", "posted_at", "amount", "reverses", "reason", "by"}
    }
    return Posting(**cells, amount=-posting.amount, reverses=posting)


def _refuse_unknown(lines: Sequence[Posting]) -> None:
    for name in CODE_FIELDS:
        unknown = codes.unknown_codes(name, {getattr(line, name) for line in lines})
        if unknown:
            raise PostingRefused(
                _("No %(field)s has the code %(codes)s.")
                % {"field": name.replace("_", " "), "codes": ", ".join(sorted(unknown))}
            )
    places = {(line.programme, line.region) for line in lines if line.region}
    known = set(
        Region.objects.filter(code__in={region for _programme, region in places}).values_list(
            "programme__code", "code"
        )
    )
    if places - known:
        raise PostingRefused(
            _("No region has the code %s.") % ", ".join(sorted(code for _p, code in places - known))
        )


def _fill_regions(lines: Sequence[Posting]) -> None:
    """Give each line with a country the programme's region for it, in the year the line is about."""
    wanting = [line for line in lines if line.place == Place.COUNTRY and not line.region]
    homes = regions_of({(line.programme, line.country) for line in wanting})
    for line in wanting:
        year = line.budget_year or (line.value_date.year if line.value_date else None)
        line.region = _region_in(homes.get((line.programme, line.country), []), year)


Membership = tuple[int | None, int | None, str]


def regions_of(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Membership]]:
    """For pairs of programme and country code: (first year, last year, region code) of each membership."""
    rows = RegionMembership.objects.filter(
        programme__code__in={programme for programme, _country in pairs},
        country__code__in={country for _programme, country in pairs},
    ).values_list("programme__code", "country__code", "year_from", "year_to", "region__code")
    found: dict[tuple[str, str], list[Membership]] = {}
    for programme, country, year_from, year_to, region in rows:
        found.setdefault((programme, country), []).append((year_from, year_to, region))
    return found


def _region_in(memberships: list[Membership], year: int | None) -> str:
    """The region in a year; without a year, the one there is, or none where there were several."""
    fitting = [
        region
        for first, last, region in memberships
        if year is None or ((first or year) <= year <= (last or year))
    ]
    return fitting[0] if len(set(fitting)) == 1 else ""


@transaction.atomic
def record_milestone(
    kind: MilestoneKind,
    subject_kind: SubjectKind,
    subjects: Sequence[str],
    *,
    programme: str,
    by: User | None,
    on: str = "",
    reason: str = "",
) -> list[Milestone]:
    """Append one dated fact for each record named. `on` is YYYY, YYYY-MM or YYYY-MM-DD, or empty where not known."""
    when = PartialDate.parse(on) if on else None
    rows = [
        Milestone(
            kind=kind,
            subject_kind=subject_kind,
            subject=subject,
            programme=programme,
            happened_on=when.first if when else None,
            **({"date_precision": when.precision} if when else {}),
            by=by.actor if by else None,
            reason=reason,
        )
        for subject in subjects
    ]
    _say_when(rows)
    return Milestone.objects.bulk_create(rows, batch_size=2_000)


@dataclass(frozen=True)
class Touches:
    """The codes of the strands and countries that a record touches."""

    strands: Collection[str] = ()
    countries: Collection[str] = ()

    def cells(self) -> set[tuple[Dimension, str]]:
        strands = {(Dimension.STRAND, key) for key in self.strands}
        return strands | {(Dimension.COUNTRY, key) for key in self.countries}


@transaction.atomic
def tag(
    subject_kind: SubjectKind,
    touches: Mapping[str, Touches],
    *,
    programme: str,
    by: User | None,
    reason: str = "",
) -> list[Tag]:
    """Make the standing tags of records, by code, these: add what is missing, take back what no longer holds.

    Returns the rows appended; none where nothing changed.
    """
    standing: dict[str, dict[tuple[Dimension, str], Tag]] = {code: {} for code in touches}
    for row in Tag.objects.filter(
        subject_kind=subject_kind, subject__in=touches, reverses=None, reversed_by=None
    ):
        standing[row.subject][Dimension(row.dimension), row.key] = row
    common: dict[str, Any] = {
        "subject_kind": subject_kind,
        "programme": programme,
        "by": by.actor if by else None,
        "reason": reason,
    }
    every = {country for each in touches.values() for country in each.countries}
    regions = _present_regions(programme, every)
    rows = []
    for code, each in touches.items():
        wanted, now = each.cells(), standing[code]
        rows += [
            Tag(**common, subject=code, dimension=dim, key=key, region=regions.get((dim, key), ""))
            for dim, key in sorted(wanted - now.keys())
        ]
        rows += [_withdrawn(row, common) for cell, row in now.items() if cell not in wanted]
    _say_when(rows)
    return Tag.objects.bulk_create(rows, batch_size=2_000)


def _withdrawn(row: Tag, common: dict[str, Any]) -> Tag:
    cell = {"dimension": row.dimension, "key": row.key, "region": row.region}
    return Tag(**common, **cell, subject=row.subject, reverses=row)


def _present_regions(
    programme: str, countries: Collection[str]
) -> dict[tuple[Dimension, str], str]:
    """The programme's region of each country, where it has had only one."""
    homes = regions_of({(programme, country) for country in countries})
    return {
        (Dimension.COUNTRY, country): _region_in(memberships, None)
        for (_programme, country), memberships in homes.items()
    }
