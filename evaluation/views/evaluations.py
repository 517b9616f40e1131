"""Pages of evaluations and audits: what is on record, and what is missing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.models import Criterion, Evaluation, MonitoringRule
from evaluation.report.documents import reliability
from portal.accounts.people import Viewer
from portal.pages import get_permitted, read_page
from portal.records import Sourced
from programmes.models import Document, DocumentKind

JUDGING = [DocumentKind.EVALUATION_REPORT, DocumentKind.AUDIT_REPORT]


def _visible(viewer: Viewer) -> QuerySet[Evaluation]:
    """Evaluations whose document the viewer may see."""
    documents = Document.objects.visible_to(viewer)
    return Evaluation.objects.filter(document__in=documents).select_related("document__programme")


@login_not_required
def list_evaluations(request: HttpRequest) -> HttpResponse:
    """Evaluations and audits on record, and the documents of the kind of which nothing more is known."""
    rows = _visible(request.user).annotate(
        n_questions=Count("questions", distinct=True),
        n_findings=Count("findings", distinct=True),
        n_recommendations=Count("recommendations", distinct=True),
    )
    page = read_page(
        rows, ["code"], after=request.GET.get("after"), before=request.GET.get("before"), size=25
    )
    url = reverse("list_evaluations")
    context = {
        "headers": _list_headers(),
        "rows": [_list_row(evaluation) for evaluation in page.rows],
        "silent": _silent(request.user),
        "criteria": _words(Criterion.objects.all()),
        "monitoring": _words(MonitoringRule.objects.all()),
        "next_url": f"{url}?after={page.after}" if page.after else None,
        "previous_url": f"{url}?before={page.before}" if page.before else None,
        "first_url": url if page.before else None,
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "evaluation/list_evaluations.html", context)


@login_not_required
def view_evaluation(request: HttpRequest, code: str) -> HttpResponse:
    """One evaluation or audit: its questions, findings and recommendations, each with its source."""
    evaluation = get_permitted(_visible(request.user), code, request.user)
    document = evaluation.document
    context = {
        "evaluation": evaluation,
        "facts": _facts(evaluation),
        "marks": _marks(evaluation),
        "groups": [
            (_("Questions"), "questions", list(evaluation.questions.all())),
            (_("Findings"), "findings", list(evaluation.findings.all())),
            (_("Recommendations"), "recommendations", list(evaluation.recommendations.all())),
        ],
        "used_marks": ["unconfirmed"],
        "demonstration": document.programme.demonstration,
        "breadcrumb": [
            (_("Home"), reverse("home")),
            (_("Evaluations"), reverse("list_evaluations")),
        ],
    }
    return render(request, "evaluation/view_evaluation.html", context)


def _list_headers() -> list[Any]:
    return [
        _("Evaluation or audit"),
        _("Programme"),
        {"label": _("Questions"), "numeric": True},
        {"label": _("Findings"), "numeric": True},
        {"label": _("Recommendations"), "numeric": True},
    ]


def _list_row(evaluation: Any) -> list[Any]:
    return [
        {
            "text": evaluation.title,
            "url": reverse("view_evaluation", args=[evaluation.code]),
            "note": evaluation.code,
            "marks": _marks(evaluation),
        },
        evaluation.document.programme.short_name,
        evaluation.n_questions,
        evaluation.n_findings,
        evaluation.n_recommendations,
    ]


def _marks(record: Sourced) -> list[str]:
    return ["unconfirmed"] if record.is_unconfirmed else []


def _silent(viewer: Viewer) -> list[dict[str, str]]:
    """Evaluation and audit documents of which no finding, question or recommendation is on record."""
    documents = Document.objects.visible_to(viewer).filter(kind__in=JUDGING, evaluation=None)
    return [
        {
            "text": f"{document.title}: {document.get_status_display()}",
            "url": document.get_absolute_url(),
        }
        for document in documents
    ]


def _words(records: QuerySet[Any]) -> list[dict[str, Any]]:
    return [
        {
            "term": str(record),
            "value": record.text,
            "note": getattr(record, "scheme", ""),
            "source": record.source,
            "marks": _marks(record),
        }
        for record in records
    ]


def _facts(evaluation: Evaluation) -> list[dict[str, Any]]:
    document = evaluation.document
    return [
        {
            "term": _("Programme"),
            "value": document.programme.short_name,
            "url": document.programme.get_absolute_url(),
        },
        {"term": _("Document"), "value": document.title, "url": document.get_absolute_url()},
        {"term": _("Status"), "value": document.get_status_display()},
        {"term": _("Criteria"), "value": ", ".join(evaluation.criteria)},
        {"term": _("How it is known"), "value": reliability(evaluation)},
        {"term": _("Source"), "value": evaluation.source},
    ]
