"""What pages show of financing decisions and commitments: facts, rows of tables, and what may be done with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import rules
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.people import Viewer, reads_everything
from portal.audit.models import Entry
from portal.audit.timeline import names_of
from portal.cells import FigureCell
from portal.dates import BRUSSELS
from portal.lifecycle import open_moves
from portal.wording import NO_BREAK, moment, money, number, partial_date
from programmes import facts
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import AsOf, Scope
from programmes.models import (
    IN_FORCE,
    Action,
    Commitment,
    CommitmentStatus,
    Document,
    DocumentKind,
    FinancingDecision,
)
from programmes.rules import (
    ADD_FINANCING_DECISION,
    BOOK_COMMITMENT,
    CARRY_OVER_COMMITMENT,
    CHANGE_COMMITMENT,
    DECOMMIT_COMMITMENT,
)

Verb = tuple[str, str, str]
TONES = {CommitmentStatus.PROPOSED: "attention", CommitmentStatus.BOOKED: "good"}


def status_of(commitment: Commitment) -> dict[str, Any]:
    tone = TONES[CommitmentStatus(commitment.status)]
    return {"label": commitment.get_status_display(), "tone": tone}


def _today() -> date:
    return timezone.localdate(timezone=BRUSSELS)


def days_left(day: date) -> str:
    """How far off the last day of contracting is, in words."""
    days = (day - _today()).days
    if days < 0:
        text = ngettext("ended %(n)s day ago", "ended %(n)s days ago", -days)
        return text % {"n": number(-days)}
    if days == 0:
        return _("today is the last day")
    return ngettext("%(n)s day left", "%(n)s days left", days) % {"n": number(days)}


def decision_facts(decision: FinancingDecision) -> list[facts.Fact]:
    """Number, date, budget line and references of a decision, and the work programme it finances."""
    return [
        facts.fact(decision, "number", _("Number"), decision.number),
        facts.fact(decision, "decided_on", _("Date"), partial_date(decision.decided_on)),
        facts.fact(decision, "budget_line", _("Budget line"), decision.budget_line),
        facts.fact(
            decision, "registry_reference", _("Registry reference"), decision.registry_reference
        ),
        {
            "term": _("Finances"),
            "value": decision.work_programme.title,
            "url": decision.work_programme.get_absolute_url(),
        },
        *facts.note_fact(decision.note),
    ]


def decision_verbs(decision: FinancingDecision, viewer: Viewer) -> list[Verb]:
    """What the viewer may do with a decision now."""
    if decision.work_programme.status not in IN_FORCE:
        return []
    verbs = []
    if rules.has_perm(CHANGE_COMMITMENT, viewer):
        url = reverse("add_commitment", args=[decision.code])
        verbs.append((url, _("Propose a commitment"), "plus"))
    booked = decision.commitments.filter(status=CommitmentStatus.BOOKED)
    if rules.has_perm(ADD_FINANCING_DECISION, viewer) and not booked.exists():
        url = reverse("change_financing_decision", args=[decision.code])
        verbs.append((url, _("Change"), "edit"))
    return verbs


def commitment_facts(commitment: Commitment) -> list[facts.Fact]:
    """What was decided: for which action, from which year, how much, on what condition, until when."""
    decision = commitment.decision
    last = commitment.final_contracting_date
    return [
        {"term": _("Decision"), "value": decision.number, "url": decision.get_absolute_url()},
        {
            "term": _("Action"),
            "value": commitment.action.title,
            "url": commitment.action.get_absolute_url(),
        },
        {
            "term": _("Work programme"),
            "value": decision.work_programme.title,
            "url": decision.work_programme.get_absolute_url(),
        },
        facts.fact(commitment, "budget_year", _("Budget year"), str(commitment.budget_year)),
        {"term": _("Amount decided"), "value": money(commitment.amount)},
        {"term": _("Condition"), "value": _condition(commitment)},
        {
            "term": _("Final contracting date"),
            "value": partial_date(last),
            "note": days_left(last),
        },
        {"term": _("Booked on"), "value": _booked(commitment)},
    ]


def _condition(commitment: Commitment) -> str:
    if not commitment.is_conditional():
        return _("none")
    if commitment.freed_on is None:
        return _("subject to the budget of that year")
    day = partial_date(commitment.freed_on)
    return _("subject to the budget of that year, adopted on %(day)s") % {"day": day}


def _booked(commitment: Commitment) -> str:
    if commitment.booked_on is None:
        return _("not booked yet")
    return partial_date(commitment.booked_on)


def commitment_verbs(commitment: Commitment, viewer: Viewer) -> list[Verb]:
    """What the viewer may do with a commitment now, the weightiest first."""
    proposed = [
        ("book_commitment", BOOK_COMMITMENT, _("Book"), "check"),
        ("change_commitment", CHANGE_COMMITMENT, _("Change"), "edit"),
        ("remove_commitment", CHANGE_COMMITMENT, _("Remove"), "trash"),
    ]
    booked = [("decommit_commitment", DECOMMIT_COMMITMENT, _("Decommit"), "")]
    if commitment.conditional and commitment.final_contracting_date >= _today():
        booked.append(("carry_over_commitment", CARRY_OVER_COMMITMENT, _("Carry over"), ""))
    offered = proposed if "book" in open_moves(commitment) else booked
    return [
        (reverse(route, args=[commitment.code]), label, icon)
        for route, permission, label, icon in offered
        if rules.has_perm(permission, viewer, commitment)
    ]


def changes_in_words(entries: Iterable[Entry]) -> list[str]:
    """What somebody did to a commitment or its decision, for whom that bars from booking it."""
    done = {
        "add_commitment": _("You proposed it on %(when)s."),
        "change_commitment": _("You changed it on %(when)s."),
        "add_financing_decision": _(
            "You recorded its financing decision on %(when)s: booking makes that public."
        ),
        "change_financing_decision": _(
            "You changed its financing decision on %(when)s: booking makes that public."
        ),
    }
    other = _("You did something to it on %(when)s.")
    return [done.get(entry.verb, other) % {"when": moment(entry.at)} for entry in entries]


def commitment_headers(beside: str = "") -> list[Any]:
    return [
        _("Commitment"),
        beside or _("Action"),
        _("Status"),
        {"label": _("Decided"), "note": "EUR", "numeric": True},
        {"label": _("Committed now"), "note": "EUR", "numeric": True},
        _("Contracting until"),
    ]


def commitment_rows(commitments: Iterable[Commitment], scope: Scope, as_of: AsOf) -> list[Any]:
    """Rows of a table of commitments that lie in `scope`; what is committed now opens its postings."""
    sums = figures.sums_by("commitment", scope, as_of, [Measure.COMMITTED])
    return [_commitment_cells(each, _committed(each, scope, as_of, sums)) for each in commitments]


def _committed(
    each: Commitment, scope: Scope, as_of: AsOf, sums: Mapping[str, Mapping[str, Decimal]]
) -> FigureCell:
    own = Scope(scope.programme, commitment=each.code)
    return {
        "value": sums.get(each.code, {}).get(Measure.COMMITTED),
        "url": figures.address(Measure.COMMITTED, own, as_of),
        "plain": True,
    }


def _commitment_cells(
    each: Commitment, committed: FigureCell, beside: Action | FinancingDecision | None = None
) -> list[Any]:
    last, year = each.final_contracting_date, _("budget year %(year)s")
    return [
        {"text": each.code, "url": each.get_absolute_url()},
        {**facts.as_link(beside or each.action), "note": year % {"year": each.budget_year}},
        {"status": status_of(each)},
        {"figure": {"value": each.amount, "plain": True}},
        {"figure": committed},
        # On paper the column is narrow: the date may break.
        {"text": partial_date(last).replace(NO_BREAK, " "), "note": days_left(last)},
    ]


def posting_headers(viewer: Viewer) -> list[Any]:
    named = [_("By")] if reads_everything(viewer) else []
    return [
        {"label": _("No."), "numeric": True},
        _("Date"),
        _("What happened"),
        _("Budget year"),
        {"label": _("Amount"), "note": "EUR", "numeric": True},
        *named,
    ]


def posting_rows(commitment: Commitment, viewer: Viewer, as_of: AsOf) -> list[Any]:
    """What the ledger has of a commitment, oldest first, and the sum; who did it is for officers and auditors."""
    programme = commitment.decision.work_programme.programme.code
    scope = Scope(programme, commitment=commitment.code)
    postings = list(figures.postings(Measure.COMMITTED, scope, as_of).order_by("position"))
    if not postings:
        return []
    actors = {each.by for each in postings if each.by}
    names = names_of(actors) if reads_everything(viewer) else None
    rows: list[Any] = [_posting_cells(each, names) for each in postings]
    figure = figures.value(Measure.COMMITTED, scope, as_of)
    total = {"figure": {"value": figure.total, "url": figure.address, "plain": True}}
    cells = [_("Sum"), "–", "–", "–", total, *(["–"] if names is not None else [])]
    return [*rows, {"cells": cells, "total": True}]


def _posting_cells(each: Posting, names: Mapping[UUID, str] | None) -> list[Any]:
    by = (
        _("the portal itself")
        if each.by is None
        else (names or {}).get(each.by, _("a former user"))
    )
    return [
        str(each.position),
        partial_date(each.value_date, each.date_precision) if each.value_date else None,
        {"text": each.event, "note": each.reason},
        str(each.budget_year),
        {"figure": {"value": each.amount, "plain": True}},
        *([] if names is None else [by]),
    ]


def of_work_programme(document: Document, viewer: Viewer, as_of: AsOf) -> dict[str, Any] | None:
    """The decisions that finance a work programme, each with its commitments; None on other documents."""
    if document.kind != DocumentKind.WORK_PROGRAMME or document.amends_id:
        return None
    seen = Commitment.objects.visible_to(viewer).select_related("action")
    decisions: Any = (
        FinancingDecision.objects.visible_to(viewer)
        .filter(work_programme=document)
        .prefetch_related(Prefetch("commitments", seen, to_attr="seen"))
    )
    scope = Scope(document.programme.code, work_programme=document.code)
    sums = figures.sums_by("commitment", scope, as_of, [Measure.COMMITTED])
    may = document.status in IN_FORCE and rules.has_perm(ADD_FINANCING_DECISION, viewer)
    return {
        "decisions": [
            {
                "decision": each,
                "rows": [
                    _commitment_cells(c, _committed(c, scope, as_of, sums)) for c in each.seen
                ],
            }
            for each in decisions
        ],
        "headers": commitment_headers(),
        "add_url": reverse("add_financing_decision", args=[document.code]) if may else "",
    }


def of_action(action: Action, viewer: Viewer, as_of: AsOf) -> dict[str, Any]:
    """The commitments for an action."""
    scope = Scope(action.work_programme.programme.code, action=action.code)
    sums = figures.sums_by("commitment", scope, as_of, [Measure.COMMITTED])
    seen = action.commitments.visible_to(viewer).select_related("decision")
    return {
        "rows": [
            _commitment_cells(each, _committed(each, scope, as_of, sums), each.decision)
            for each in seen
        ],
        "headers": commitment_headers(_("Decision")),
    }
