"""Annual work programmes with their actions: drafted, adopted, amended and repealed, and what still waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from portal.countries.models import Country
from portal.management.demonstration.documents import adoption, consult, draft
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.papers import priority_for
from portal.management.demonstration.places import AREA_BY_CODE
from portal.management.demonstration.plan import (
    WORK_PROGRAMMES,
    ActionPlan,
    AmendmentPlan,
    Plan,
    Standing,
    WorkProgrammePlan,
)
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.actions.adoption import repeal_document
from programmes.actions.amendment import amend_document
from programmes.actions.drafting import add_action, change_action
from programmes.lines import AmountLine
from programmes.models import Action, Document, DocumentKind, Passage, Region, Strand

REPEALED_ON = date(2020, 2, 20)


def work_programme_happenings(script: Script) -> Iterator[Happening]:
    """Every work programme from its first draft to where it stands at the horizon."""
    for sketch in WORK_PROGRAMMES:
        yield from _drafting(script, sketch)
        if sketch.is_adopted:
            yield from _adoption(script, sketch)
        elif sketch.standing == Standing.IN_CONSULTATION:
            code, writer = script.plan.work_programme(sketch.name), script.writer(sketch.year)
            asked = moment_after(sketch.drafted + timedelta(days=40), 0)
            yield Happening(asked, partial(consult, code, writer))
        if sketch.amendment:
            yield from _amendment(script, sketch, sketch.amendment)
        if sketch.standing == Standing.REPEALED:
            yield Happening(moment_after(REPEALED_ON, 0), partial(_repeal, script, sketch))


def _drafting(script: Script, sketch: WorkProgrammePlan) -> Iterator[Happening]:
    plan, writer = script.plan, script.writer(sketch.year)
    begin = partial(
        draft,
        plan,
        writer,
        plan.work_programme(sketch.name),
        kind=DocumentKind.WORK_PROGRAMME,
        title=f"{sketch.title} (demonstration)",
        years=(sketch.year, sketch.years[-1]),
        parent=plan.indicative_programme(sketch.year),
    )
    yield Happening(moment_after(sketch.drafted, 0), begin)
    for number, action in enumerate(plan.actions(sketch), start=1):
        add = _sketch_action if sketch.standing == Standing.INCOMPLETE else _add_action
        moment = moment_after(sketch.drafted + timedelta(days=2 * number), number)
        yield Happening(moment, partial(add, script, sketch, action))


def _adoption(script: Script, sketch: WorkProgrammePlan) -> Iterator[Happening]:
    code = script.plan.work_programme(sketch.name)
    writer, approver = script.writer(sketch.year), script.approver(sketch.year)
    return adoption(code, writer, approver, sketch.adopted, number=1)


def _repeal(script: Script, sketch: WorkProgrammePlan) -> None:
    repeal_document(
        Document.objects.get(code=script.plan.work_programme(sketch.name)),
        by=script.approver(sketch.year),
        on=REPEALED_ON,
        reason="The platform was set up with other means.",
    )


def _add_action(script: Script, sketch: WorkProgrammePlan, action: ActionPlan) -> None:
    """Draft an action with all that the law asks of it."""
    add_action(
        Document.objects.get(code=script.plan.work_programme(sketch.name)),
        by=script.writer(sketch.year),
        title=action.title,
        code=action.code,
        amounts=[
            AmountLine(year, script.amounts[action.code, year], year != sketch.year)
            for year in action.years
        ],
        implementation="Call for proposals" if sketch.by_call else "Direct award",
        page=3 + int(action.code.rsplit("-", 1)[1]),
        **_legal_items(script.plan, action, sketch.year),
    )


def _legal_items(plan: Plan, action: ActionPlan, year: int) -> dict[str, Any]:
    """Areas, objectives, results, the priority it serves and the principles it respects."""
    area = AREA_BY_CODE[action.area].name if action.area else "Global"
    priority = f"{plan.indicative_programme(year)}-{priority_for(action.strand)}"
    strands = Strand.objects.filter(programmes__code=plan.code)
    return {
        "geographical_area": area,
        "worldwide": not action.area,
        "regions": list(Region.objects.filter(programme__code=plan.code, code=action.area)),
        "countries": list(Country.objects.filter(code__in=action.countries if action.area else ())),
        "strands": list(strands.filter(code=action.strand) if action.strand else strands),
        "objectives": f"Partners in {area} manage migration better and in full respect of rights.",
        "results": "Authorities and associations trained; people advised; procedures in use.",
        "priorities": [Passage.objects.get(code=priority)],
        "democracy": True,
        "rule_of_law": action.strand in {"ILLMIG", "ASYLUM"},
        "human_rights": True,
    }


def _sketch_action(script: Script, sketch: WorkProgrammePlan, action: ActionPlan) -> None:
    """Draft an action that still lacks most of what the law asks."""
    add_action(
        Document.objects.get(code=script.plan.work_programme(sketch.name)),
        by=script.writer(sketch.year),
        title=action.title,
        code=action.code,
        strands=list(Strand.objects.filter(code=action.strand)),
        objectives="To be agreed with the partner countries.",
    )


def _amendment(
    script: Script, sketch: WorkProgrammePlan, change: AmendmentPlan
) -> Iterator[Happening]:
    writer, approver = script.writer(sketch.year), script.approver(sketch.year)
    begin = partial(_begin_amendment, script, sketch, change)
    yield Happening(moment_after(change.drafted, 0), begin)
    yield Happening(moment_after(change.drafted, 1), partial(_raise, script, sketch, change))
    added = script.plan.added(sketch)
    if added:
        add = partial(_add_to_amendment, script, sketch, added, change.added_amount)
        yield Happening(moment_after(change.drafted, 2), add)
    if change.adopted:
        code = amendment_of(script.plan, sketch)
        yield from adoption(code, writer, approver, change.adopted)


def amendment_of(plan: Plan, sketch: WorkProgrammePlan) -> str:
    """The code of the first amendment of a work programme."""
    return f"{plan.work_programme(sketch.name)}-A1"


def _begin_amendment(script: Script, sketch: WorkProgrammePlan, change: AmendmentPlan) -> None:
    amend_document(
        Document.objects.get(code=script.plan.work_programme(sketch.name)),
        by=script.writer(sketch.year),
        reason=change.reason,
    )


def _raise(script: Script, sketch: WorkProgrammePlan, change: AmendmentPlan) -> None:
    """Raise the first action's amount of a year in the amendment's copy of it."""
    original = script.plan.actions(sketch)[0]
    copy = Action.objects.get(
        work_programme__code=amendment_of(script.plan, sketch), amends__code=original.code
    )
    amounts = [
        AmountLine(
            each.budget_year,
            each.amount + (change.raised_by if each.budget_year == change.year else Decimal(0)),
            each.conditional,
        )
        for each in copy.amounts.all()
    ]
    change_action(copy, by=script.writer(sketch.year), revision=copy.revision, amounts=amounts)


def _add_to_amendment(
    script: Script, sketch: WorkProgrammePlan, action: ActionPlan, amount: Decimal
) -> None:
    """Draft an action in the amendment that its work programme is to have from then on."""
    (year,) = action.years
    add_action(
        Document.objects.get(code=amendment_of(script.plan, sketch)),
        by=script.writer(sketch.year),
        title=action.title,
        code=action.code,
        amounts=[AmountLine(year, amount)],
        implementation="Direct award",
        **_legal_items(script.plan, action, sketch.year),
    )
