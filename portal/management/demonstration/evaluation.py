"""The external evaluation of the demonstration programme: what it asked, found and recommended, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from evaluation.models import Evaluation, EvaluationQuestion, Finding, Recommendation
from portal.management.demonstration.documents import link
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.rows import SOURCE
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.models import Document, DocumentKind, DocumentStatus, LinkKind, Programme

CRITERIA = ["Relevance", "Effectiveness", "Efficiency", "Impact", "Sustainability"]

QUESTIONS = (
    (
        "Relevance",
        "Priorities",
        "Did the work programmes follow the priorities of the strategy paper?",
    ),
    ("Effectiveness", "Results", "Did the projects reach the targets they set?"),
    ("Efficiency", "Time to contract", "How long did it take from decision to signature?"),
)
FINDINGS = (
    (
        "Relevance",
        "Many small priorities",
        "Every strand was served, but no work programme said which of them came first.",
    ),
    (
        "Effectiveness",
        "Baselines came late",
        "One contract in five had no baseline, so that its results could not be measured.",
    ),
    (
        "Efficiency",
        "Slow signature",
        "Contracts were signed two to eight months after the award decision.",
    ),
    (
        "Sustainability",
        "Short projects",
        "Projects of eighteen months ended before partner bodies could carry on alone.",
    ),
)
# Title, text, and what the next strategy paper made of it.
RECOMMENDATIONS = (
    (
        "Relevance",
        "Name priorities",
        "Name at most two priorities in each work programme.",
        "taken up in section 2",
    ),
    (
        "Effectiveness",
        "Baseline before payment",
        "Ask for a baseline before the first interim payment.",
        "taken up in section 3",
    ),
    (
        "Efficiency",
        "Limit for signature",
        "Sign contracts within four months of the decision.",
        "taken up in part in section 4",
    ),
    (
        "Sustainability",
        "Longer projects",
        "Fund projects for at least three years.",
        "taken up in section 5",
    ),
)


def evaluation_happenings(script: Script) -> Iterator[Happening]:
    """The evaluation of the first period, and later its part in the strategy paper of the second."""
    plan = script.plan
    yield Happening(moment_after(date(2022, 5, 12), 0), partial(_add_evaluation, plan))
    fed = partial(link, _code(plan), plan.strategy_paper(2023), LinkKind.FEEDS, _answers())
    yield Happening(moment_after(date(2022, 9, 8), 2), fed)


def _code(plan: Plan) -> str:
    return f"{plan.code}-EVAL-2022"


def _add_evaluation(plan: Plan) -> None:
    """Evaluation reports are not drafted here: a published one is recorded, linked to what it judges."""
    document = Document.objects.create(
        code=_code(plan),
        programme=Programme.objects.get(code=plan.code),
        kind=DocumentKind.EVALUATION_REPORT,
        title="External evaluation of the demonstration programme 2018-2021",
        adopted="2022-05-12",
        period_start=2018,
        period_end=2021,
        status=DocumentStatus.PUBLISHED,
        source=SOURCE,
    )
    link(document.code, plan.strategy_paper(2018), LinkKind.EVALUATES)
    _add_judgements(
        Evaluation.objects.create(
            code=f"{plan.code}-EVALUATION-2022",
            document=document,
            title=document.title,
            text="Commissioned in 2021; twelve projects visited.",
            criteria=CRITERIA,
            source=SOURCE,
        )
    )


def _answers() -> str:
    """Recommendation by recommendation, what the fed paper made of it."""
    return "\n".join(
        f"Recommendation {number}, {title}: {answer}."
        for number, (_criterion, title, _text, answer) in enumerate(RECOMMENDATIONS, start=1)
    )


def _add_judgements(evaluation: Evaluation) -> None:
    for model, letter, rows in (
        (EvaluationQuestion, "Q", QUESTIONS),
        (Finding, "F", FINDINGS),
        (Recommendation, "R", [row[:3] for row in RECOMMENDATIONS]),
    ):
        for number, (criterion, title, text) in enumerate(rows, start=1):
            model.objects.create(
                code=f"{evaluation.code}-{letter}{number}",
                evaluation=evaluation,
                criterion=criterion,
                title=title,
                text=text,
                source=SOURCE,
            )
