"""Every component with content, for tests that look at them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

STRANDS = ["Migration and development", "Economic migration", "Asylum"]


class ContractForm(forms.Form):
    title = forms.CharField(help_text="As it stands in the decision.")
    programme = forms.ChoiceField(choices=[("", "Choose"), ("mig", "Thematic programme")])
    strands = forms.MultipleChoiceField(
        required=False, choices=enumerate(STRANDS), widget=forms.CheckboxSelectMultiple
    )
    axis = forms.ChoiceField(
        choices=[("event", "Event"), ("budget", "Budget")], widget=forms.RadioSelect
    )
    start = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    reason = forms.CharField(required=False, widget=forms.Textarea)
    agreement = forms.FileField(required=False)
    checked = forms.BooleanField(label="Checked by me")


def _number(value: str | None, **parts: Any) -> dict[str, Any]:
    amount = None if value is None else Decimal(value)
    return {"figure": {"value": amount, "url": "/f/", "plain": True, **parts}}


MEASURES: dict[str, Any] = {
    "headers": [
        "Strand",
        {"label": "Planned", "numeric": True, "note": "EUR"},
        {"label": "Contracted", "numeric": True, "note": "EUR"},
    ],
    "rows": [
        [{"text": "Asylum", "url": "/s/"}, _number("64600000"), _number(None)],
        {
            "total": True,
            "cells": [
                "Total",
                _number("64600000"),
                _number("41234567.89", reported=28, total=86, marks=["inferred"]),
            ],
        },
    ],
}
THREAD = [
    {
        "label": "Programme 2008",
        "url": "/awp/",
        "kind": "Annual work programme",
        "gaps": ["2 actions without a call"],
        "figures": [{"value": Decimal(44600000), "url": "/f/"}, {"value": None}],
        "children": [
            {
                "label": "Call for proposals",
                "url": "/call/",
                "kind": "Call",
                "figures": [
                    None,
                    {"value": Decimal(-1200), "url": "/f/", "reported": 3, "total": 9},
                ],
            }
        ],
    }
]
PAGE: dict[str, Any] = {
    "portal_name": "Programme portal",
    "demonstration": True,
    "navigation": [
        ("/", "Home", False),
        ("/calls/", "Calls", True),
        ("/projects/", "Projects", False),
    ],
    "footer_links": [("/data/", "Open data")],
    "breadcrumb": [("Home", "/"), ("Projects", "/projects/")],
    "meta": ["DCI-MIGR/2010/229-653", "36 months"],
    "status": {"label": "under way", "tone": "info"},
    "all_marks": ["explicit", "inferred", "uncertain", "unconfirmed", "demonstration", "withheld"],
    "actions": [("/r/", "Build a report", "growth"), ("/e/", "Export", "download")],
    "tabs": [("/a/", "Overview", True), ("/b/", "Money", False)],
    "anchors": [("money", "Money"), ("people", "People")],
    "figures": [
        {"label": "Envelope", "value": Decimal(384000000), "url": "/f/"},
        {"label": "Paid", "value": None, "url": "/f/", "reported": 0, "total": 86},
        {"label": "Projects", "value": 86, "kind": "count", "marks": ["uncertain"]},
    ],
    "facts": [
        {"term": "Beneficiary", "value": "Organisation", "url": "/o/", "marks": ["inferred"]},
        {"term": "Signed", "value": None, "note": "A start year is not a signature."},
        {
            "term": "Countries",
            "several": [{"text": "Mali", "url": "/m/"}, "Senegal"],
            "source": "List",
        },
    ],
    "measures": MEASURES,
    "thread": THREAD,
    "columns": ["Planned", "Contracted"],
    "chips": [("Strand: asylum", "?")],
    "steps": [
        {"label": "Queued", "state": "done"},
        {"label": "Figures", "state": "current", "note": "3 of 9"},
        {"label": "PDF", "state": "todo"},
        {"label": "Check", "state": "failed"},
    ],
    "entries": [
        {"when": "4 May 2009", "title": "Published", "url": "/x/", "by": "Olga", "text": "Done"}
    ],
    "drawing": "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='300' height='40'/>",
    "digest": "ab" * 32,
}
SOURCE = """
{% extends "base.html" %}
{% block title %}Gallery{% endblock %}
{% block header %}{% include "components/page_header.html" with kind="Contract" title="Support to the services" lead="In four countries." breadcrumb=breadcrumb meta=meta status=status marks=all_marks actions=actions only %}{% endblock %}
{% block content %}
{% include "components/tabs.html" with tabs=tabs label="Parts" only %}
<h2 id="money">Figures</h2>
{% include "components/figures.html" with figures=figures only %}
{% include "components/figure.html" with label="Paid" value=None total=3 only %}
<div class="portal-columns portal-columns--end"><div>{% include "components/facts.html" with facts=facts only %}</div>
<div>{% include "components/inpage.html" with items=anchors only %}{% include "components/facts.html" with facts=facts narrow=True only %}</div></div>
{% include "components/source.html" with source="List of contracts" url="/s/" retrieved="2011-05" confidence="seen" marks=all_marks only %}
{% include "components/table.html" with id="money-table" caption="Money by strand" headers=measures.headers rows=measures.rows only %}
{% include "components/marks_legend.html" with marks=all_marks only %}
<h2 id="people">List</h2>
<div class="portal-columns">{% include "components/filters.html" with form=filter_form chips=chips clear_url="?" only %}
<div>{% include "components/results.html" with count="86 projects" chips=chips clear_url="?" actions=actions only %}
{% include "components/table.html" with id="list" caption="Projects" hide_caption=True headers=measures.headers rows=measures.rows stack=True only %}
{% include "components/pagination.html" with first_url="?" previous_url="?b" next_url="?n" count="51 to 100" only %}</div></div>
{% include "components/tree.html" with caption="Thread" columns=columns nodes=thread only %}
{% include "components/chart.html" with title="Money" description="Two bars" data_uri=drawing headers=measures.headers rows=measures.rows note="28 of 86 reported" only %}
{% include "components/timeline.html" with entries=entries only %}
{% include "components/progress.html" with title="Report" steps=steps done=1 total=4 poll_url="/p/" only %}
{% include "components/download.html" with name="report.pdf" url="/r.pdf" title="Report" media_type="PDF/A-3a" size=2048 language="English" digest=digest only %}
{% include "components/notice.html" with level="warning" title="Late" text="By two days." only %}
{% include "components/empty.html" with title="No call is open" text="The next one comes in autumn." only %}
<p>{% include "components/money.html" with value=384 url="/f/" only %}</p>
<form class="portal-form" method="post" novalidate>{{ form }}<div class="portal-form__buttons"><button type="submit" class="ecl-button ecl-button--primary">Save</button></div></form>
{% endblock %}
"""
