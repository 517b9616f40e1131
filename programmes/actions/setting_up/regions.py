"""The routes and regions that a programme draws, and the countries in each over the years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.actions.setting_up.turns import add, differences, hold, is_used, take_over, tell
from programmes.ledger.models import Posting, Tag
from programmes.members import MemberLine, lines_of
from programmes.models import Programme, Region, RegionMembership


@transaction.atomic
def add_region(
    programme: Programme,
    *,
    by: User,
    code: str,
    name: str,
    parent: Region | None = None,
    members: Sequence[MemberLine] = (),
    source: str = "",
) -> Region:
    """Draw a region of a programme, or a route that will hold regions, with the countries in it; return it.

    `parent` is the route that it lies on. Raises `ValidationError`, by field, for what cannot be kept.
    """
    held = hold(programme)
    _check_route(held, None, parent)
    region = add(Region(programme=held, code=code, name=name, parent=parent, source=source))
    _set_members(region, members)
    new = {"name": name, "parent": parent, "members": _written(members), "source": source}
    tell("add_region", held, by=by, part=("region", code), new=new)
    return region


@transaction.atomic
def change_region(
    region: Region,
    *,
    by: User,
    name: str,
    parent: Region | None,
    members: Sequence[MemberLine],
    source: str = "",
    revision: int | None = None,
) -> Region:
    """Rename a region, lay it on another route, or say which countries are in it when; return it.

    Raises `ValidationError` for what cannot be kept, such as a member left out for whom money is posted in the
    region, and `Stale` where somebody changed the programme since `revision`.
    """
    held = hold(region.programme, revision)
    _check_route(held, region, parent)
    if parent != region.parent and _has_money(region):
        # An answer given for the route would change.
        text = _("Money or records lie in this region: it stays on its route.")
        raise ValidationError({"parent": text})
    changes = differences(region, {"name": name, "parent": parent, "source": source})
    old = take_over(region, changes) if changes else {}
    new = dict(changes)
    before = _written(lines_of(region))
    if before != _written(members):
        _set_members(region, members)
        old, new = old | {"members": before}, new | {"members": _written(members)}
    if new:
        tell("change_region", held, by=by, part=("region", region.code), old=old, new=new)
    return region


@transaction.atomic
def remove_region(region: Region, *, by: User) -> None:
    """Take a region out of its programme with its members. Raises `ValidationError` where anything names it."""
    held = hold(region.programme)
    if is_used(region, besides=("memberships",)) or _has_money(region):
        raise ValidationError(_("Other regions, documents or money name this region: it stays."))
    old = {"name": region.name, "members": _written(lines_of(region))}
    region.delete()
    tell("remove_region", held, by=by, part=("region", region.code), old=old)


def _has_money(region: Region) -> bool:
    """Whether the ledger names this region."""
    named = {"programme": region.programme.code, "region": region.code}
    return any(model.objects.filter(**named).exists() for model in (Posting, Tag))


def _written(lines: Iterable[MemberLine]) -> list[str]:
    return sorted(str(line) for line in lines)


def _check_route(programme: Programme, region: Region | None, parent: Region | None) -> None:
    """A route holds regions and lies on no route itself: so none can hold itself, by whatever way round."""
    if parent is None:
        return
    if parent.programme_id != programme.pk:
        raise ValidationError({"parent": _("This route belongs to another programme.")})
    if parent.parent_id is not None:
        raise ValidationError(
            {"parent": _("This lies on a route itself, and cannot hold regions.")}
        )
    if region and (region.pk == parent.pk or region.children.exists()):
        raise ValidationError({"parent": _("It holds regions, so it cannot lie on a route.")})


def _set_members(region: Region, lines: Sequence[MemberLine]) -> None:
    present = {
        (row.country_id, row.year_from, row.year_to): row
        for row in region.memberships.select_related("country")
    }
    wanted = {(line.country.pk, line.year_from, line.year_to): line for line in lines}
    gone = [row for key, row in present.items() if key not in wanted]
    _check_gone(region, gone, lines)
    RegionMembership.objects.filter(pk__in=[row.pk for row in gone]).delete()
    new = [line for key, line in wanted.items() if key not in present]
    errors = [text for line in new for text in _add_member(region, line)]
    if errors:
        raise ValidationError({"members": errors})


def _add_member(region: Region, line: MemberLine) -> list[str]:
    """Why a country cannot be a member in these years; nothing where it now is."""
    if line.year_from and line.year_to and line.year_from > line.year_to:
        return [_("%(line)s: the last year is before the first.") % {"line": line}]
    rows = RegionMembership.objects.filter(programme=region.programme_id, country=line.country)
    for row in rows.select_related("region", "country"):
        first, last = max(row.year_from or 0, line.year_from or 0), row.year_to or 9999
        if first <= min(last, line.year_to or 9999):
            other = MemberLine(row.country, row.year_from, row.year_to)
            texts = {"line": line, "region": row.region, "other": other}
            return [_("%(line)s: “%(region)s” has it already (%(other)s).") % texts]
    member = RegionMembership(
        region=region,
        programme=region.programme,
        country=line.country,
        year_from=line.year_from,
        year_to=line.year_to,
    )
    member.full_clean()
    member.save()
    return []


def _check_gone(
    region: Region, gone: Sequence[RegionMembership], lines: Sequence[MemberLine]
) -> None:
    """Refuse to forget a membership by which money was posted: its last year alone may change."""
    kept = {(line.country.pk, line.year_from) for line in lines}
    forgotten = [row for row in gone if (row.country_id, row.year_from) not in kept]
    named = {"programme": region.programme.code, "region": region.code}
    errors = [
        _("%(country)s: money is posted for it in this region; only its last year can change.")
        % {"country": row.country}
        for row in forgotten
        if Posting.objects.filter(**named, country=row.country.code).exists()
        or Tag.objects.filter(**named, key=row.country.code).exists()
    ]
    if errors:
        raise ValidationError({"members": errors})
