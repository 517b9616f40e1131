"""The documents of the demonstration programme: papers, work programmes with their actions, and what links them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from portal.countries.models import Country
from portal.management.demonstration.places import AREA_BY_CODE
from portal.management.demonstration.plan import (
    FIRST_YEAR,
    LAST_YEAR,
    PERIODS,
    WORK_PROGRAMMES,
    ActionPlan,
    Plan,
    WorkProgrammePlan,
)
from portal.management.demonstration.rows import SOURCE
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    DocumentLink,
    DocumentStatus,
    LinkKind,
    Programme,
    Strand,
)

# Indicative amounts in EUR by action code and budget year.
Amounts = Mapping[tuple[str, int], Decimal]
# What an action is planned with where no project hangs on it yet, in EUR.
SMALLEST_AMOUNT = Decimal(3_000_000)
STEP = Decimal(100_000)


def amounts_for(plan: Plan, needed: Amounts) -> dict[tuple[str, int], Decimal]:
    """For every action and year, a tenth more than its contracts need, in whole hundred thousands."""
    amounts = {}
    for programme in WORK_PROGRAMMES:
        for action in plan.actions(programme):
            for year in action.years:
                need = needed.get((action.code, year), Decimal(0)) * 11 / 10
                steps = (need / STEP).to_integral_value(ROUND_CEILING)
                amounts[action.code, year] = max(SMALLEST_AMOUNT, steps * STEP)
    return amounts


def add_cascade(programme: Programme, plan: Plan, amounts: Amounts) -> None:
    """Add every document of the plan with its links, and every action with its amounts."""
    framework = Document.objects.create(
        code=f"{plan.code}-FRAMEWORK",
        programme=programme,
        kind=DocumentKind.POLICY_FRAMEWORK,
        title=f"Demonstration policy framework {FIRST_YEAR}-{LAST_YEAR}",
        adopted="2017-06",
        period_start=FIRST_YEAR,
        period_end=LAST_YEAR,
        status=DocumentStatus.PUBLISHED,
        source=SOURCE,
    )
    before = framework
    for first, last in PERIODS:
        paper = _add_papers(programme, plan, first, last)
        _link(paper, before, LinkKind.FOLLOWS)
        before = paper
    for work_programme in WORK_PROGRAMMES:
        _add_work_programme(programme, plan, work_programme, amounts)


def _link(start: Document, end: Document, kind: LinkKind) -> None:
    DocumentLink.objects.create(from_document=start, to_document=end, kind=kind, source=SOURCE)


def _add_papers(programme: Programme, plan: Plan, first: int, last: int) -> Document:
    """A strategy paper, and the indicative programme that carries it out."""
    period = {"period_start": first, "period_end": last, "adopted": f"{first - 1}-11-20"}
    shared = {"programme": programme, "status": DocumentStatus.PUBLISHED, "source": SOURCE}
    paper = Document.objects.create(
        code=plan.strategy_paper(first),
        kind=DocumentKind.STRATEGY_PAPER,
        title=f"Demonstration strategy paper {first}-{last}",
        **period,
        **shared,
    )
    Document.objects.create(
        code=plan.indicative_programme(first),
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        title=f"Demonstration indicative programme {first}-{last}",
        parent=paper,
        **period,
        **shared,
    )
    return paper


def _add_work_programme(
    programme: Programme, plan: Plan, sketch: WorkProgrammePlan, amounts: Amounts
) -> None:
    document = Document.objects.create(
        code=plan.work_programme(sketch.name),
        programme=programme,
        kind=DocumentKind.WORK_PROGRAMME,
        title=f"{sketch.title} (demonstration)",
        adopted="" if sketch.draft else sketch.adopted.isoformat(),
        period_start=sketch.year,
        period_end=sketch.years[-1],
        status=DocumentStatus.DRAFT if sketch.draft else DocumentStatus.PUBLISHED,
        parent=Document.objects.get(code=plan.indicative_programme(sketch.year)),
        source=SOURCE,
    )
    for action in plan.actions(sketch):
        _add_action(document, sketch, action, amounts)


def _add_action(
    document: Document, sketch: WorkProgrammePlan, plan: ActionPlan, amounts: Amounts
) -> None:
    area = AREA_BY_CODE[plan.area].name if plan.area else "Global"
    action = Action.objects.create(
        code=plan.code,
        work_programme=document,
        title=plan.title,
        geographical_area=area,
        objectives=f"Partners in {area} manage migration better and in full respect of rights.",
        results="Authorities and associations trained; people advised; procedures in use.",
        implementation="Call for proposals" if sketch.by_call else "Direct award",
        democracy=True,
        rule_of_law=plan.strand in {"ILLMIG", "ASYLUM"},
        human_rights=True,
        source=SOURCE,
    )
    action.strands.set(Strand.objects.filter(code=plan.strand) if plan.strand else [])
    action.countries.set(Country.objects.filter(code__in=plan.countries) if plan.area else [])
    ActionAmount.objects.bulk_create(
        ActionAmount(
            action=action,
            budget_year=year,
            amount=amounts[plan.code, year],
            conditional=year != sketch.year,
        )
        for year in sketch.years
    )
