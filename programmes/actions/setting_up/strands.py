"""The strands of a programme: shared with other programmes, or its own with their measures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.actions.setting_up.turns import add, differences, hold, is_used, take_over, tell
from programmes.ledger.models import Dimension, Posting, Tag
from programmes.models import Action, Allocation, Measure, Programme, Strand

OWN_WORDS = ("measures", "titles")


@transaction.atomic
def change_strands(
    programme: Programme, strands: Collection[Strand], *, by: User, revision: int | None = None
) -> Programme:
    """Let a programme have exactly these strands, and return it.

    A strand that was its own alone and is left out goes for good. Raises `ValidationError` for strands left
    out that documents or money of the programme name, `Stale` where somebody changed it since `revision`.
    """
    held = hold(programme, revision)
    present, wanted = set(held.strands.all()), set(strands)
    left_out = present - wanted
    used = sorted(strand.title for strand in left_out if _is_used_in(held, strand))
    if used:
        text = _("Records of the programme name what you left out: %(strands)s.")
        raise ValidationError({"strands": text % {"strands": ", ".join(used)}})
    if present != wanted:
        held.strands.set(wanted)
        _drop_orphans(left_out)
        tell("change_strands", held, by=by, old=_codes(present), new=_codes(wanted))
    return held


@transaction.atomic
def add_strand(
    programme: Programme,
    *,
    by: User,
    code: str,
    number: int,
    title: str,
    measures: Sequence[str] = (),
    source: str = "",
) -> Strand:
    """Give a programme a strand of its own with its measures, each a text, in order; return the strand.

    Raises `ValidationError`, by field, where the code or the number is taken or not of the right form.
    """
    held = hold(programme)
    _check_number(held, number)
    strand = add(Strand(code=code, number=number, title=title, source=source))
    strand.programmes.add(held)
    _set_measures(strand, measures)
    new = {"number": number, "title": title, "measures": list(measures), "source": source}
    tell("add_strand", held, by=by, part=("strand", code), new=new)
    return strand


@transaction.atomic
def change_strand(
    programme: Programme,
    strand: Strand,
    *,
    by: User,
    number: int,
    title: str,
    measures: Sequence[str],
    source: str = "",
    revision: int | None = None,
) -> Strand:
    """Change the words of a strand that the programme shares with no other, and return it.

    Raises `ValidationError` for a shared strand and for what cannot be kept, `Stale` where somebody changed
    the programme since `revision`.
    """
    held = hold(programme, revision)
    if list(strand.programmes.all()) != [held]:
        raise ValidationError(_("Other programmes share this strand: it stays as it is."))
    _check_number(held, number, besides=strand)
    changes = differences(strand, {"number": number, "title": title, "source": source})
    old = take_over(strand, changes) if changes else {}
    before = list(strand.measures.order_by("order").values_list("text", flat=True))
    new = dict(changes)
    if before != list(measures):
        _set_measures(strand, measures)
        old, new = old | {"measures": before}, new | {"measures": list(measures)}
    if new:
        tell("change_strand", held, by=by, part=("strand", strand.code), old=old, new=new)
    return strand


def _is_used_in(programme: Programme, strand: Strand) -> bool:
    """Whether a document, or a record that the ledger knows of, names the strand within the programme."""
    named = {"programme": programme.code}
    return (
        Allocation.objects.filter(document__programme=programme, strand=strand).exists()
        or Action.objects.filter(work_programme__programme=programme, strands=strand).exists()
        or Posting.objects.filter(**named, strand=strand.code).exists()
        or Tag.objects.filter(**named, dimension=Dimension.STRAND, key=strand.code).exists()
    )


def _drop_orphans(strands: Collection[Strand]) -> None:
    """Delete strands that belong to no programme any more, unless some record still names them."""
    for strand in strands:
        if not strand.programmes.exists() and not is_used(strand, besides=OWN_WORDS):
            strand.measures.all().delete()
            strand.delete()


def _codes(strands: Collection[Strand]) -> dict[str, list[str]]:
    return {"strands": sorted(strand.code for strand in strands)}


def _check_number(programme: Programme, number: int, besides: Strand | None = None) -> None:
    rows = programme.strands.filter(number=number)
    taken = (rows.exclude(pk=besides.pk) if besides else rows).first()
    if taken:
        text = _("“%(strand)s” has this number in the programme.") % {"strand": taken}
        raise ValidationError({"number": text})


def _set_measures(strand: Strand, texts: Sequence[str]) -> None:
    """Let the strand have these measures in this order; one that keeps its place keeps its code and its themes."""
    strand.measures.filter(order__gt=len(texts)).delete()
    present = {measure.order: measure for measure in strand.measures.all()}
    for order, text in enumerate(texts, start=1):
        measure = present.get(order) or Measure(strand=strand, order=order)
        measure.code = measure.code or f"{strand.code}-{order}"
        measure.text = text
        measure.full_clean()
        measure.save()
