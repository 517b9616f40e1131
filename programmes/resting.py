"""What rests on a document that is in force, and what of it an amendment would leave without ground.

Everything is given as words and the address where it is looked into or mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.wording import money
from programmes.ledger import figures
from programmes.ledger.models import Measure, SubjectKind
from programmes.ledger.scope import AsOf, Scope, now
from programmes.meter import Meter, meters_of, used_by_year
from programmes.models import IN_FORCE, Action, Document, Passage
from programmes.years import is_within, years_outside

Reason: TypeAlias = tuple[str, str]
ZERO = Decimal("0.00")


def left_by_years(amended: Document, amendment: Document) -> Iterator[Reason]:
    """Documents in force beneath it that lie within its years now, and would not within those of the amendment."""
    actions = Prefetch("actions", Action.objects.standing().prefetch_related("amounts"))
    beneath = amended.children.filter(status__in=IN_FORCE, amends=None).order_by("code")
    url = f"{reverse('change_document', args=[amendment.code])}#id_period_start"
    for child in beneath.prefetch_related(actions):
        if is_within(child, amended) and not is_within(child, amendment):
            text = _("%(code)s (%(period)s), which rests on it, would lie outside its years.")
            yield text % {"code": child.code, "period": child.period}, url
        elif years := _years_left(child, amended, amendment):
            text = _("%(code)s, which rests on it, has amounts of %(years)s, outside its years.")
            yield text % {"code": child.code, "years": ", ".join(map(str, years))}, url


def _years_left(child: Document, amended: Document, amendment: Document) -> list[int]:
    return sorted(
        {
            year
            for action in child.actions.all()
            for year in {*years_outside(action, amendment)} - {*years_outside(action, amended)}
        }
    )


def left_unstated(amended: Document, amendment: Document) -> Iterator[Reason]:
    """Passages that the amendment leaves out and that other documents in force still serve, and what serves them."""
    kept = amendment.passages.filter(amends__isnull=False).values("amends")
    left = list(amended.passages.standing().exclude(pk__in=kept))
    served: dict[int, set[str]] = {}
    for key, code in [*_serving_actions(amended, left), *_serving_passages(amended, left)]:
        served.setdefault(key, set()).add(code)
    for passage in left:
        if passage.pk in served:
            text = _("%(code)s is left out, but still served by %(others)s.")
            words = {"code": passage.code, "others": ", ".join(sorted(served[passage.pk]))}
            yield text % words, passage.get_absolute_url()


def _serving_actions(amended: Document, left: Sequence[Passage]) -> Iterator[tuple[int, str]]:
    rows = Action.priorities.through.objects.filter(
        passage__in=left,
        action__withdrawn=False,
        action__work_programme__status__in=IN_FORCE,
    ).exclude(action__work_programme=amended)
    yield from rows.values_list("passage_id", "action__code")


def _serving_passages(amended: Document, left: Sequence[Passage]) -> Iterator[tuple[int, str]]:
    rows = Passage.objects.standing().filter(serves__in=left, document__status__in=IN_FORCE)
    for passage in rows.exclude(document=amended):
        if passage.serves_id:
            yield passage.serves_id, passage.code


def left_in_use(amended: Document, amendment: Document) -> Iterator[Reason]:
    """Actions that the amendment leaves out although published calls or contracts take money from them."""
    kept = amendment.actions.filter(amends__isnull=False).values("amends")
    left = {each.code: each for each in amended.actions.standing().exclude(pk__in=kept)}
    as_of = now([amended.programme.code])
    for code, meter in _meters_of(amended, left, as_of).items():
        if meter.called:
            text = _("%(code)s is left out, but published calls take %(amount)s of it.")
            yield (
                text % {"code": code, "amount": money(meter.called)},
                left[code].get_absolute_url(),
            )
        if meter.contracted:
            text = _("%(code)s is left out, but %(amount)s of it are contracted.")
            yield (
                text % {"code": code, "amount": money(meter.contracted)},
                left[code].get_absolute_url(),
            )


def in_use(document: Document) -> Iterator[Reason]:
    """What is committed, called and contracted of a work programme, action by action."""
    scope = Scope(document.programme.code, work_programme=document.code)
    as_of = now([scope.programme])
    actions = {action.code: action for action in document.actions.all()}
    committed = figures.table(Measure.COMMITTED, scope, as_of, ["action"])
    contracted = figures.table(Measure.CONTRACTED, scope, as_of, ["action"])
    meters = _meters_of(document, actions, as_of)
    called = {(code,): meter.called for code, meter in meters.items()}
    for text, sums in (
        (_("%(amount)s are committed for %(code)s."), _amounts(committed)),
        (_("Published calls take %(amount)s of %(code)s."), called),
        (_("%(amount)s are contracted for %(code)s."), _amounts(contracted)),
    ):
        for (code,), amount in sorted(sums.items()):
            if amount:
                record = actions.get(code, document)
                words = {"amount": money(amount), "code": code or document.code}
                yield text % words, record.get_absolute_url()


def _amounts(cells: Mapping[tuple[Any, ...], figures.Cell]) -> dict[tuple[str], Decimal | None]:
    return {(code,): cell.amount for (code,), cell in cells.items()}


def over_what_is_used(
    amended: Document,
    before: Mapping[tuple[str, int], Decimal],
    after: Mapping[tuple[str, int], Decimal],
) -> Iterator[Reason]:
    """Amounts, by action and budget year, that an amendment takes below what calls and contracts use of them.

    What is contracted in no year counts against the action as a whole.
    """
    pages = {action.code: action for action in amended.actions.all()}
    as_of = now([amended.programme.code])
    used, meters = used_by_year(amended, as_of), _meters_of(amended, pages, as_of)
    wholes = {code: meter.used or ZERO for code, meter in meters.items()}
    left, was = _by_action(after), _by_action(before)
    short = {key for key in before if after.get(key, ZERO) < min(before[key], used.get(key, ZERO))}
    for code, year in sorted(short):
        words = {"left": money(after.get((code, year), ZERO)), "used": money(used[code, year])}
        text = _("%(code)s: %(left)s in %(year)s would be less than the %(used)s in use.")
        yield text % {**words, "code": code, "year": year}, pages[code].get_absolute_url()
    for code in sorted({code for code, _year in before} - {code for code, _year in short}):
        if left.get(code, ZERO) < min(was[code], wholes.get(code, ZERO)):
            words = {"left": money(left.get(code, ZERO)), "used": money(wholes[code])}
            text = _("%(code)s: %(left)s would be less than the %(used)s in use.")
            yield text % {**words, "code": code}, pages[code].get_absolute_url()


def _meters_of(document: Document, codes: Iterable[str], as_of: AsOf) -> dict[str, Meter]:
    return meters_of(SubjectKind.ACTION, sorted(codes), document.programme.code, as_of)


def _by_action(amounts: Mapping[tuple[str, int], Decimal]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for (code, _year), amount in amounts.items():
        sums[code] = sums.get(code, ZERO) + amount
    return sums
