"""The page about the data: what machines can read, and what people need to know to use it rightly."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.sealing import head
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import now

# What the programming interface lists, by subject: the name of each list's route and what it gives.
GROUPS = [
    (
        gettext_lazy("Programmes and their words"),
        [
            (
                "api_programme-list",
                gettext_lazy("Programmes: aim, legal basis, years, predecessor"),
            ),
            ("api_strand-list", gettext_lazy("Strands and the programmes that share them")),
            ("api_measure-list", gettext_lazy("Measures of each strand")),
            ("api_theme-list", gettext_lazy("Themes over measures")),
            (
                "api_stated_amount-list",
                gettext_lazy("Amounts that sources state; never to be summed"),
            ),
        ],
    ),
    (
        gettext_lazy("Places and eligibility"),
        [
            ("api_country-list", gettext_lazy("Countries with their ISO codes")),
            ("api_region-list", gettext_lazy("Regions and routes of each programme")),
            ("api_rule-list", gettext_lazy("Rules of eligibility with their sources")),
            (
                "api_programme_country-list",
                gettext_lazy("What each programme makes of each country"),
            ),
        ],
    ),
    (
        gettext_lazy("From document to project"),
        [
            (
                "api_document-list",
                gettext_lazy("Policy, legal, programming and evaluation documents"),
            ),
            (
                "api_document_file-list",
                gettext_lazy("Files of documents: language, size, digest, address"),
            ),
            ("api_passage-list", gettext_lazy("Objectives, priorities and results of documents")),
            ("api_allocation-list", gettext_lazy("Allocations of indicative programmes")),
            ("api_action-list", gettext_lazy("Actions of work programmes")),
            (
                "api_financing_decision-list",
                gettext_lazy("Financing decisions under work programmes"),
            ),
            ("api_commitment-list", gettext_lazy("Global commitments of actions, by budget year")),
            (
                "api_version-list",
                gettext_lazy("Versions of adopted documents, each as it was in force"),
            ),
            ("api_call-list", gettext_lazy("Calls for proposals")),
            ("api_lot-list", gettext_lazy("Lots of calls")),
            ("api_grid-list", gettext_lazy("Grids by which proposals are assessed")),
            ("api_project-list", gettext_lazy("Projects")),
            (
                "api_organisation-list",
                gettext_lazy("Organisations that lead or take part in projects"),
            ),
        ],
    ),
    (
        gettext_lazy("Evaluation"),
        [
            ("api_evaluation-list", gettext_lazy("Evaluations and audits")),
            ("api_evaluation_question-list", gettext_lazy("What evaluators were asked")),
            ("api_finding-list", gettext_lazy("What they found")),
            ("api_recommendation-list", gettext_lazy("What they recommend")),
            ("api_criterion-list", gettext_lazy("Criteria of evaluation")),
            ("api_monitoring-list", gettext_lazy("Rules and scales of monitoring")),
            ("api_report-list", gettext_lazy("Reports; for officers and auditors who signed in")),
            ("api_seal-list", gettext_lazy("Seals over the ledger, with their digests")),
        ],
    ),
]


def _tables() -> list[dict[str, Any]]:
    return [
        {
            "id": f"group-{number}",
            "caption": caption,
            "rows": [
                [{"text": reverse(name), "url": reverse(name)}, text] for name, text in entries
            ],
        }
        for number, (caption, entries) in enumerate(GROUPS, 1)
    ]


def _figure_rows() -> list[list[Any]]:
    measures = [*Measure.choices, *CountMeasure.choices]
    return [
        [
            {
                "text": reverse("api_figure", args=[name]),
                "url": f"{reverse('api_figure', args=[name])}?programme=all",
            },
            label,
        ]
        for name, label in measures
    ]


@login_not_required
def open_data(request: HttpRequest) -> HttpResponse:
    """Every list and figure that machines can read, with the notes on sources and moments."""
    context = {
        "headers": [_("Address"), _("What it gives")],
        "tables": _tables(),
        "figure_rows": _figure_rows(),
        "as_of": now(),
        "seal": head(),
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "portal/open_data.html", context)
