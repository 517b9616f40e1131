"""The external evaluation of the demonstration programme: what it asked, found and recommended, and what came of it."""

from __future__ import annotations

from evaluation.models import Evaluation, EvaluationQuestion, Finding, Recommendation
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.rows import SOURCE
from programmes.models import (
    Document,
    DocumentKind,
    DocumentLink,
    DocumentStatus,
    LinkKind,
    Programme,
)

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


def add_evaluation(programme: Programme, plan: Plan) -> None:
    """Add the evaluation of the first period, linked to what it judges and to the paper it feeds."""
    document = Document.objects.create(
        code=f"{plan.code}-EVAL-2022",
        programme=programme,
        kind=DocumentKind.EVALUATION_REPORT,
        title="External evaluation of the demonstration programme 2018-2021",
        adopted="2022-05-12",
        period_start=2018,
        period_end=2021,
        status=DocumentStatus.PUBLISHED,
        source=SOURCE,
    )
    judged = Document.objects.get(code=plan.strategy_paper(2018))
    fed = Document.objects.get(code=plan.strategy_paper(2023))
    DocumentLink.objects.create(
        from_document=document, to_document=judged, kind=LinkKind.EVALUATES, source=SOURCE
    )
    DocumentLink.objects.create(
        from_document=document,
        to_document=fed,
        kind=LinkKind.FEEDS,
        note=_answers(),
        source=SOURCE,
    )
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
