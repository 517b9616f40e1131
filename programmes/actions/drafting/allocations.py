"""The allocations of a draft indicative programme, set all at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.actions.drafting.drafts import as_told, lock_draft, raise_revision, tell
from programmes.actions.revisions import last_change, trail_revision
from programmes.choices import regions_of, strands_of
from programmes.lines import AllocationLine
from programmes.models import Allocation, Document, DocumentKind

KIND = "allocation"


@transaction.atomic
def set_allocations(
    document: Document, lines: Sequence[AllocationLine], *, by: User, revision: int | None = None
) -> Document:
    """Replace the allocations of a draft indicative programme by these leaves, and return it.

    `revision` is that of `allocations_revision` when the form was opened; without one, whatever stands is
    replaced. Raises `Stale`, `Refused` where it is a draft no longer, `ValidationError` with every wrong line.
    """
    locked = lock_draft(document)
    if locked.kind != DocumentKind.INDICATIVE_PROGRAMME:
        raise ValidationError(_("Only an indicative programme sets amounts aside."))
    if revision not in (None, allocations_revision(locked)):
        raise last_change(KIND, locked.code)
    before = [_line_of(each) for each in locked.allocations.select_related("strand", "region")]
    if set(before) == set(lines) and len(before) == len(lines):
        return document
    allocations = _checked(locked, lines)
    locked.allocations.all().delete()
    Allocation.objects.bulk_create(allocations)
    raise_revision(locked, document)
    told = {"old": {"lines": as_told(before)}, "new": {"lines": as_told(lines)}}
    tell("set_allocations", KIND, locked.code, of=locked.code, by=by, **told)
    return document


def allocations_revision(document: Document) -> int:
    """What a form carries to notice that the allocations were set anew since it was opened."""
    return trail_revision(KIND, document.code)


def _line_of(leaf: Allocation) -> AllocationLine:
    return AllocationLine(leaf.period_start, leaf.period_end, leaf.strand, leaf.region, leaf.amount)


def _checked(document: Document, lines: Sequence[AllocationLine]) -> list[Allocation]:
    """The rows of these lines. Raises a `ValidationError` with everything that is wrong with any of them."""
    strands = set(strands_of(document.programme))
    regions = set(regions_of(document.programme))
    found, errors, seen = [], [], set()
    for number, line in enumerate(lines, start=1):
        leaf = Allocation(document=document, **vars(line))
        wrong = _errors_of(leaf)
        if (line.strand and line.strand not in strands) or (
            line.region and line.region not in regions
        ):
            wrong.append(_("The programme has no such strand or region."))
        cell = (line.period_start, line.period_end, line.strand, line.region)
        if cell in seen:
            wrong.append(_("There is a line for the same years, strand and region already."))
        seen.add(cell)
        errors += [_("Line %(n)s: %(text)s") % {"n": number, "text": text} for text in wrong]
        found.append(leaf)
    if errors:
        raise ValidationError(errors)
    return found


def _errors_of(leaf: Allocation) -> list[str]:
    try:
        leaf.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        return error.messages
    wrong = []
    if leaf.amount <= 0:
        wrong.append(_("The amount is more than 0."))
    if leaf.period_end < leaf.period_start:
        wrong.append(_("The last year is before the first."))
    return wrong
