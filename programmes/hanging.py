"""What hangs on one document or action: links, actions, calls, projects, stated amounts and figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.records import Attribution, Confidence
from portal.wording import money
from programmes import facts
from programmes.ledger import codes
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    StatedAmount,
)
from programmes.tiles import Tile, count_tile, money_tiles

# A page of one record names this many projects and gives the list to open for the rest.
MOST_PROJECTS = 20


def by_first_year(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Adds `first_year`, by which lists are ordered and paged: 0 where no year is reported."""
    return rows.annotate(first_year=Coalesce(F("period_start"), Value(0))).select_related(
        "programme"
    )


def parent_of(document: Document, viewer: Viewer) -> Document | None:
    """The document above it, where there is one that the viewer may see."""
    return Document.objects.visible_to(viewer).filter(children=document).first()


def links_of(document: Document, viewer: Viewer) -> list[dict[str, Any]]:
    """How other documents that the viewer may see stand to this one, both ways."""
    seen = Document.objects.visible_to(viewer)
    outward = document.links_out.filter(to_document__in=seen).select_related("to_document")
    inward = document.links_in.filter(from_document__in=seen).select_related("from_document")
    return facts.links_beside(outward, inward)


def figures_of(document: Document, as_of: AsOf) -> list[Tile]:
    """The figures that hang on an indicative or work programme; none on other documents, nor on an amendment."""
    if document.amends_id:
        return []
    if document.kind == DocumentKind.INDICATIVE_PROGRAMME:
        scope = Scope(document.programme.code, indicative_programme=document.code)
        return money_tiles([Measure.ENVELOPE], scope, as_of)
    if document.kind == DocumentKind.WORK_PROGRAMME:
        scope = Scope(document.programme.code, work_programme=document.code)
        return [
            *money_tiles(Measure.values[1:], scope, as_of),
            count_tile(CountMeasure.CONTRACTS, scope, as_of),
        ]
    return []


def action_rows(actions: QuerySet[Action]) -> list[list[Any]]:
    """Rows of a table: action, strands, area, indicative amount per budget year."""
    rows = actions.prefetch_related("strands", "regions", "countries", "amounts")
    return [
        [
            {**facts.as_link(action), "note": action.code, "marks": facts.marks_of(action)},
            ", ".join(strand.title for strand in action.strands.all()),
            _area(action),
            "; ".join(_in_year(amount) for amount in action.amounts.all()),
        ]
        for action in rows
    ]


def action_headers() -> list[str]:
    return [_("Action"), _("Strands"), _("Area"), _("Indicative amounts")]


def _area(action: Action) -> str:
    """Where an action takes place, as narrowly as it says."""
    named = [str(each) for each in (*action.countries.all(), *action.regions.all())]
    if action.worldwide:
        named.insert(0, _("worldwide"))
    return ", ".join(named) or action.geographical_area


def _in_year(amount: ActionAmount) -> str:
    text = _("%(sum)s in %(year)s") % {"sum": money(amount.amount), "year": amount.budget_year}
    return f"{text} ({_('conditional')})" if amount.conditional else text


def amount_rows(amounts: Iterable[ActionAmount]) -> list[list[Any]]:
    """Rows of a table: budget year, indicative amount, whether it depends on the budget of that year."""
    return [
        [
            str(amount.budget_year),
            {"figure": {"value": amount.amount, "plain": True}},
            _("subject to the budget of that year") if amount.conditional else _("none"),
        ]
        for amount in amounts
    ]


def amount_headers() -> list[Any]:
    return [
        _("Budget year"),
        {"label": _("Indicative amount"), "note": "EUR", "numeric": True},
        _("Condition"),
    ]


def stated_about(code: str, viewer: Viewer) -> list[list[Any]]:
    """Rows of the table of stated amounts about one record."""
    return stated_rows(StatedAmount.objects.filter(about=code), viewer)


def stated_rows(amounts: Iterable[StatedAmount], viewer: Viewer) -> list[list[Any]]:
    """Rows of the table of stated amounts, each with the address of the record it is about."""
    amounts = list(amounts)
    about = {amount.about for amount in amounts}
    documents = Document.objects.visible_to(viewer).filter(code__in=about)
    urls = {document.code: document.get_absolute_url() for document in documents}
    for field in ("programme", "call", "project"):
        urls |= {code: named.url for code, named in codes.describe(field, about, viewer).items()}
    return facts.stated_rows(amounts, urls)


def projects_of(rows: Any, viewer: Viewer, **filters: str) -> dict[str, Any]:
    """The first projects of a record, how many there are, and the list that holds them all."""
    seen = rows.visible_to(viewer)
    named = seen.order_by("code").values("code", "title", "acronym", "attribution", "confidence")
    return {
        "count": seen.aggregate(n=Count("pk"))["n"],
        "items": [_project(row) for row in named[:MOST_PROJECTS]],
        "url": f"{reverse('list_projects')}?{urlencode(filters)}",
    }


def _project(row: dict[str, Any]) -> dict[str, Any]:
    marks = [] if row["attribution"] == Attribution.EXPLICIT else [row["attribution"]]
    if row["confidence"] == Confidence.RECALLED:
        marks.append("unconfirmed")
    return {
        "text": row["acronym"] or row["title"],
        "note": row["title"] if row["acronym"] else "",
        "code": row["code"],
        "url": reverse("view_project", args=[row["code"]]),
        "marks": marks,
    }
