"""The page about the data: what machines can read, and what people need to know to use it rightly."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import now


def open_data_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """What the programming interface lists, by subject: the name of each list's route and what it gives."""
    return [
        (
            _("Programmes and their words"),
            [
                ("api_programme-list", _("Programmes: aim, legal basis, years, predecessor")),
                ("api_strand-list", _("Strands and the programmes that share them")),
                ("api_measure-list", _("Measures of each strand")),
                ("api_theme-list", _("Themes over measures")),
                ("api_stated_amount-list", _("Amounts that sources state; never to be summed")),
            ],
        ),
        (
            _("Places and eligibility"),
            [
                ("api_country-list", _("Countries with their ISO codes")),
                ("api_region-list", _("Regions and routes of each programme")),
                ("api_rule-list", _("Rules of eligibility with their sources")),
                ("api_programme_country-list", _("What each programme makes of each country")),
            ],
        ),
        (
            _("From document to project"),
            [
                ("api_document-list", _("Policy, legal, programming and evaluation documents")),
                ("api_action-list", _("Actions of work programmes")),
                ("api_call-list", _("Calls for proposals")),
                ("api_lot-list", _("Lots of calls")),
                ("api_grid-list", _("Grids by which proposals are assessed")),
                ("api_project-list", _("Projects")),
                ("api_organisation-list", _("Organisations that lead or take part in projects")),
            ],
        ),
        (
            _("Evaluation"),
            [
                ("api_evaluation-list", _("Evaluations and audits")),
                ("api_evaluation_question-list", _("What evaluators were asked")),
                ("api_finding-list", _("What they found")),
                ("api_recommendation-list", _("What they recommend")),
                ("api_criterion-list", _("Criteria of evaluation")),
                ("api_monitoring-list", _("Rules and scales of monitoring")),
                ("api_report-list", _("Reports; for officers and auditors who signed in")),
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
        for number, (caption, entries) in enumerate(open_data_groups(), 1)
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
        "breadcrumb": [(_("Home"), reverse("home"))],
    }
    return render(request, "portal/open_data.html", context)
