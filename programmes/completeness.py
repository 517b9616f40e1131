"""What a document still lacks before it can be adopted, and where it goes beyond what was indicated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.wording import money
from programmes.ledger import figures
from programmes.ledger.models import Measure
from programmes.ledger.scope import Scope, now
from programmes.models import (
    IN_FORCE,
    Action,
    ActionAmount,
    Allocation,
    Document,
    DocumentKind,
    Passage,
    PassageKind,
    ProgrammeStatus,
)
from programmes.resting import left_by_years, left_in_use, left_unstated, over_what_is_used
from programmes.versions import actions_of, content_of, differences
from programmes.years import is_within, years_outside

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Lack:
    """One thing that stands in the way of adoption, in words, and the address of the field that mends it."""

    text: str
    url: str


@dataclass(frozen=True)
class Excess:
    """An indicative amount that is exceeded: allowed, with a second officer's reason."""

    text: str
    url: str


ABOVE = {
    DocumentKind.INDICATIVE_PROGRAMME: DocumentKind.STRATEGY_PAPER,
    DocumentKind.WORK_PROGRAMME: DocumentKind.INDICATIVE_PROGRAMME,
}
# The first amount of the form of an action.
AMOUNTS = "id_amounts-0-amount"
PRINCIPLES = {
    "democracy": gettext_lazy("serves democratic principles"),
    "rule_of_law": gettext_lazy("serves the rule of law"),
    "human_rights": gettext_lazy("serves human and minority rights"),
}


def lacks(document: Document) -> list[Lack]:
    """Everything that stands in the way of adopting a draft, at once; none where it may be adopted.

    For an amendment, what it would make of the document it amends. A constant number of queries.
    """
    found = [*_of_programme(document), *_of_years(document), *_of_parent(document)]
    found += _CHECKS[DocumentKind(document.kind)](document)
    return found + list(_of_amendment(document)) if document.amends else found


def _field(document: Document, name: str) -> str:
    return f"{reverse('change_document', args=[document.code])}#id_{name}"


def _of_programme(document: Document) -> Iterator[Lack]:
    programme = document.programme
    if programme.status != ProgrammeStatus.OPEN:
        text = _("The programme %(name)s is still being set up: it has to be opened first.")
        yield Lack(text % {"name": programme.short_name}, programme.get_absolute_url())


def _of_years(document: Document) -> Iterator[Lack]:
    if document.period_start is None:
        yield Lack(_("The first year it covers is missing."), _field(document, "period_start"))
    if document.period_end is None:
        yield Lack(_("The last year it covers is missing."), _field(document, "period_end"))


def _of_parent(document: Document) -> Iterator[Lack]:
    """A work programme hangs on an indicative programme in force, and that on a strategy paper in force."""
    kind = ABOVE.get(DocumentKind(document.kind))
    if kind is None:
        return
    parent, url = document.parent, _field(document, "parent")
    if parent is None or parent.kind != kind or parent.programme_id != document.programme_id:
        text = _("It does not say on which %(kind)s of its programme it rests.")
        yield Lack(text % {"kind": str(kind.label).lower()}, url)
        return
    if parent.status not in IN_FORCE:
        text = _("%(title)s (%(code)s), on which it rests, is not in force: %(status)s.")
        words = {"title": parent.title, "code": parent.code}
        yield Lack(text % {**words, "status": parent.get_status_display().lower()}, url)
    if not is_within(document, parent):
        text = _("Its years do not lie within those of %(code)s (%(period)s), on which it rests.")
        yield Lack(
            text % {"code": parent.code, "period": parent.period}, _field(document, "period_start")
        )


def _of_strategy_paper(document: Document) -> Iterator[Lack]:
    add = reverse("add_passage", args=[document.code])
    passages = _passages_of(document)
    kinds = {passage.kind for passage in passages}
    if PassageKind.OBJECTIVE not in kinds:
        yield Lack(_("It states no objective."), add)
    if PassageKind.PRIORITY not in kinds:
        yield Lack(_("It states no priority."), add)
    yield from _of_texts(passages)


def _passages_of(document: Document) -> list[Passage]:
    return list(document.passages.standing().select_related("serves"))


def _of_texts(passages: list[Passage]) -> Iterator[Lack]:
    for passage in passages:
        url = reverse("change_passage", args=[passage.code])
        if not passage.text.strip():
            yield Lack(_("%(code)s has no text.") % {"code": passage.code}, f"{url}#id_text")
        if passage.serves and passage.serves.withdrawn:
            text = _("%(code)s serves %(gone)s, which an amendment took out.")
            words = {"code": passage.code, "gone": passage.serves.code}
            yield Lack(text % words, f"{url}#id_serves")


def _of_indicative_programme(document: Document) -> Iterator[Lack]:
    leaves = list(document.allocations.select_related("strand", "region"))
    url = f"{reverse('change_allocations', args=[document.code])}#id_allocations-0-amount"
    if not leaves:
        yield Lack(_("It sets no amount aside: give at least one allocation."), url)
    for leaf in leaves:
        outside = (document.period_start and leaf.period_start < document.period_start) or (
            document.period_end and leaf.period_end > document.period_end
        )
        if outside:
            text = _("The allocation %(leaf)s lies outside its years.")
            yield Lack(text % {"leaf": _in_words(leaf)}, url)
    yield from _of_wholes_and_parts(leaves, url)
    total = sum((leaf.amount for leaf in leaves), Decimal(0))
    if document.stated_amount is not None and leaves and total != document.stated_amount:
        text = _("Its allocations add up to %(sum)s, but it states %(stated)s.")
        words = {"sum": money(total), "stated": money(document.stated_amount)}
        yield Lack(text % words, url)
    yield from _of_texts(_passages_of(document))


def _of_wholes_and_parts(leaves: list[Allocation], url: str) -> Iterator[Lack]:
    """Two allocations of the same strand and region in the same year are a whole and its part."""
    for place, one in enumerate(leaves):
        for other in leaves[place + 1 :]:
            same = (one.strand_id, one.region_id) == (other.strand_id, other.region_id)
            apart = one.period_end < other.period_start or other.period_end < one.period_start
            if same and not apart:
                text = _("The allocations %(one)s and %(other)s hold the same years twice.")
                yield Lack(text % {"one": _in_words(one), "other": _in_words(other)}, url)


def _in_words(leaf: Allocation) -> str:
    years = "–".join(str(year) for year in sorted({leaf.period_start, leaf.period_end}))
    names = [str(part) for part in (leaf.strand, leaf.region) if part]
    return ", ".join([years, *(names or [_("not attributed")]), money(leaf.amount)])


def _of_work_programme(document: Document) -> Iterator[Lack]:
    actions = list(actions_of(document))
    if not actions:
        yield Lack(_("It has no action."), reverse("add_action", args=[document.code]))
    has_priorities = _priorities_above(document)
    for action in actions:
        url = reverse("change_action", args=[action.code])
        for text, name in _of_action(action, document, has_priorities):
            yield Lack(f"{action.code}: {text}", f"{url}#{name}")
    yield from _of_texts(_passages_of(document))


def _priorities_above(document: Document) -> bool:
    parent = document.parent
    if parent is None:
        return False
    above = Passage.objects.standing().filter(kind=PassageKind.PRIORITY)
    return above.filter(Q(document=parent) | Q(document=parent.parent_id)).exists()


# What the law asks of every action: the anchor of the field, whether it is there, what is said where not.
LEGAL_ITEMS: tuple[tuple[str, Callable[[Action], object], StrPromise], ...] = (
    (
        "id_geographical_area",
        lambda action: (
            action.worldwide
            or action.regions.all()
            or action.countries.all()
            or action.geographical_area.strip()
        ),
        gettext_lazy("its geographical area is missing."),
    ),
    (
        "id_strands",
        lambda action: action.strands.all(),
        gettext_lazy("its thematic area is missing: name a strand."),
    ),
    (
        "id_objectives",
        lambda action: action.objectives.strip(),
        gettext_lazy("its specific objectives are missing."),
    ),
    (
        "id_results",
        lambda action: action.results.strip(),
        gettext_lazy("its anticipated results are missing."),
    ),
    (
        AMOUNTS,
        lambda action: action.amounts.all(),
        gettext_lazy("its indicative amounts are missing."),
    ),
)


def _of_action(
    action: Action, document: Document, has_priorities: bool
) -> Iterator[tuple[str, str]]:
    """Each lack of an action, in words, with the anchor of the field on its page."""
    for anchor, is_there, text in LEGAL_ITEMS:
        if not is_there(action):
            yield str(text), anchor
    if has_priorities and not action.priorities.all():
        yield _("it names no priority that it serves."), "id_priorities"
    for passage in action.priorities.all():
        if passage.withdrawn:
            said = _("it serves %(gone)s, which an amendment took out.")
            yield said % {"gone": passage.code}, "id_priorities"
    for name, words in PRINCIPLES.items():
        if getattr(action, name) is None:
            yield _("it does not say whether it %s.") % words, f"id_{name}"
    yield from _of_budget_years(action, document)


def _of_budget_years(action: Action, document: Document) -> Iterator[tuple[str, str]]:
    """Budget years outside the work programme or, where not subject to a later budget, what it rests on."""
    amounts, parent = list(action.amounts.all()), document.parent
    first, last = document.period_start, document.period_end
    beyond = {*years_outside(action, parent)} if parent else set()
    for amount in amounts:
        year = amount.budget_year
        if (first and year < first) or (last and year > last):
            text = _("the budget year %(year)s lies outside the years of the work programme.")
            yield text % {"year": year}, AMOUNTS
        elif parent and year in beyond:
            text = _("the budget year %(year)s lies outside the years of %(code)s.")
            yield text % {"year": year, "code": parent.code}, AMOUNTS
    if amounts and amounts[0].conditional:
        yield _("the amount of its first budget year cannot be conditional."), AMOUNTS


_CHECKS = {
    DocumentKind.STRATEGY_PAPER: _of_strategy_paper,
    DocumentKind.INDICATIVE_PROGRAMME: _of_indicative_programme,
    DocumentKind.WORK_PROGRAMME: _of_work_programme,
}


def _of_amendment(document: Document) -> Iterator[Lack]:
    amended = document.amends
    assert amended is not None
    if amended.status not in IN_FORCE:
        text = _("%(code)s, which it amends, is no longer in force.")
        yield Lack(text % {"code": amended.code}, amended.get_absolute_url())
    if not document.reason.strip():
        yield Lack(_("It does not say why it amends."), _field(document, "reason"))
    if not differences(content_of(amended), content_of(document)):
        text = _("It changes nothing in %(code)s.")
        yield Lack(text % {"code": amended.code}, document.get_absolute_url())
    for text, url in [*left_by_years(amended, document), *left_unstated(amended, document)]:
        yield Lack(text, url)
    if document.kind == DocumentKind.WORK_PROGRAMME:
        yield from _of_commitments(document, amended)
        for text, url in left_in_use(amended, document):
            yield Lack(text, url)


def _of_commitments(document: Document, amended: Document) -> Iterator[Lack]:
    """Amounts that it would take below what is committed: commitments are ceilings downwards, too."""
    scope = Scope(amended.programme.code, work_programme=amended.code)
    committed = figures.table(
        Measure.COMMITTED, scope, now([scope.programme]), ["action", "budget_year"]
    )
    before, after = _planned_by_year(amended), _planned_by_year(document)
    copies = dict(document.actions.standing().values_list("amends__code", "code"))
    for cell, planned in sorted(before.items()):
        left = after.get(cell, Decimal(0))
        bound = committed[cell].amount if cell in committed else Decimal(0)
        if left < planned and left < bound:
            code, year = cell
            words = {"code": code, "year": year, "left": money(left), "bound": money(bound)}
            text = _("%(code)s: %(left)s in %(year)s would be less than the %(bound)s committed.")
            url = reverse("change_action", args=[copies[code]]) if code in copies else ""
            yield Lack(text % words, f"{url}#{AMOUNTS}" if url else document.get_absolute_url())


def _planned_by_year(document: Document) -> dict[tuple[str, int], Decimal]:
    """The amounts of a work programme by the code that each action is known by, and budget year."""
    rows = ActionAmount.objects.filter(action__work_programme=document, action__withdrawn=False)
    named = rows.annotate(known_as=Coalesce("action__amends__code", "action__code"))
    return {
        (code, year): amount
        for code, year, amount in named.values_list("known_as", "budget_year", "amount")
    }


def excesses(document: Document) -> list[Excess]:
    """Where adopting a draft would plan more than the envelope holds, or less than is used: allowed, for a reason.

    Usually none.
    """
    if document.kind == DocumentKind.WORK_PROGRAMME:
        return _of_planned(document, _planned_by_year(document))
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME and document.amends:
        envelope = sum((leaf.amount for leaf in document.allocations.all()), Decimal(0))
        return _under_planned(document.amends, envelope)
    return []


def _of_planned(document: Document, planned: Mapping[tuple[str, int], Decimal]) -> list[Excess]:
    found: list[Excess] = []
    amended = document.amends
    if document.parent:
        total = sum(planned.values(), Decimal(0))
        found += _over_envelope(document.parent, (amended or document).code, total)
    if amended:
        kept = set(document.actions.standing().values_list("amends__code", flat=True))
        before = _planned_by_year(amended)
        before = {cell: before[cell] for cell in before if cell[0] in kept}
        found += [Excess(*each) for each in over_what_is_used(amended, before, planned)]
    return found


def _money_of(programme: Document) -> tuple[Decimal | None, dict[str, Decimal]]:
    """The envelope of an indicative programme, None where none is set, and what each work programme plans."""
    scope = Scope(programme.programme.code, indicative_programme=programme.code)
    as_of = now([scope.programme])
    envelope = figures.value(Measure.ENVELOPE, scope, as_of).total
    cells = figures.table(Measure.PLANNED, scope, as_of, ["work_programme"])
    return envelope, {code: cell.amount for (code,), cell in cells.items()}


def _over_envelope(programme: Document, code: str, planned: Decimal) -> list[Excess]:
    envelope, by_work = _money_of(programme)
    total = sum(by_work.values(), planned) - by_work.get(code, Decimal(0))
    if envelope is None or total <= envelope or planned <= by_work.get(code, Decimal(0)):
        return []
    text = _("%(total)s would be planned under %(code)s: %(over)s more than its %(envelope)s.")
    words = {"total": money(total), "over": money(total - envelope), "envelope": money(envelope)}
    return [Excess(text % {**words, "code": programme.code}, programme.get_absolute_url())]


def _under_planned(programme: Document, wanted: Decimal) -> list[Excess]:
    envelope, by_work = _money_of(programme)
    total = sum(by_work.values(), Decimal(0))
    if wanted >= total or (envelope is not None and wanted >= envelope):
        return []
    text = _("%(total)s are planned under %(code)s: %(over)s more than the %(envelope)s it keeps.")
    words = {"total": money(total), "over": money(total - wanted), "envelope": money(wanted)}
    return [Excess(text % {**words, "code": programme.code}, programme.get_absolute_url())]
