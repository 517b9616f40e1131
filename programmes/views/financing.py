"""Pages of financing decisions and of the commitments they set."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.audit.timeline import timeline_of
from portal.lifecycle import open_moves
from portal.lists import marks_in
from portal.pages import get_permitted
from programmes import facts, financing
from programmes.actions import financing as verbs
from programmes.actions.financing.commitments import said_who_booked
from programmes.actions.financing.decisions import decision_revision
from programmes.actions.financing.standing import standing_of
from programmes.forms.financing import (
    AddCommitmentForm,
    AddFinancingDecisionForm,
    BookCommitmentForm,
    CarryOverCommitmentForm,
    ChangeCommitmentForm,
    ChangeFinancingDecisionForm,
    DecommitCommitmentForm,
    RemoveCommitmentForm,
)
from programmes.forms.refusing import carried_out
from programmes.ledger.scope import Scope, now
from programmes.meter import drawn, meter_of
from programmes.models import Commitment, Document, DocumentKind, FinancingDecision
from programmes.refusals import FourEyes
from programmes.rules import (
    ADD_FINANCING_DECISION,
    BOOK_COMMITMENT,
    CARRY_OVER_COMMITMENT,
    CHANGE_COMMITMENT,
    DECOMMIT_COMMITMENT,
    changes_by,
    has_changed_it,
)
from programmes.views.crumbs import Crumbs, crumbs


def add_financing_decision(request: HttpRequest, code: str) -> HttpResponse:
    """An officer records the decision that finances a work programme."""
    rows = Document.objects.visible_to(request.user).of_kind(DocumentKind.WORK_PROGRAMME)
    document = get_permitted(
        rows.select_related("programme"), code, request.user, ADD_FINANCING_DECISION
    )
    count = document.financing_decisions.count()
    suggested = {
        "code": f"{document.code}-FD{count + 1}",
        "budget_line": document.programme.budget_line,
    }
    form = AddFinancingDecisionForm(_sent(request), initial=suggested)
    if request.method == "POST" and form.is_valid():
        decision = carried_out(
            form,
            lambda: verbs.add_financing_decision(document, by=_by(request), **form.cleaned_data),
        )
        if decision:
            return redirect(decision)
    return _decision_page(request, "programmes/add_financing_decision.html", form, document)


@login_not_required
def view_financing_decision(request: HttpRequest, code: str) -> HttpResponse:
    """A financing decision and the commitments it sets."""
    decision = _decision(request, code)
    document, viewer = decision.work_programme, request.user
    as_of = now([document.programme.code])
    seen = decision.commitments.visible_to(viewer).select_related("action")
    scope = Scope(document.programme.code, work_programme=document.code)
    context = {
        "decision": decision,
        "meta": [decision.code],
        "demonstration": document.programme.demonstration,
        "facts": financing.decision_facts(decision),
        "source": facts.source_of(decision),
        "headers": financing.commitment_headers(),
        "rows": financing.commitment_rows(seen, scope, as_of),
        "actions": financing.decision_verbs(decision, viewer),
        "timeline": timeline_of(viewer, "financing decision", decision.code, request.GET),
        "breadcrumb": _above(document),
    }
    context["used_marks"] = marks_in(context)
    return render(request, "programmes/view_financing_decision.html", context)


def change_financing_decision(request: HttpRequest, code: str) -> HttpResponse:
    """An officer corrects a decision of which nothing is booked yet."""
    decision = _decision(request, code, ADD_FINANCING_DECISION)
    form = ChangeFinancingDecisionForm.of(decision, _sent(request), decision_revision(decision))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, lambda: verbs.change_financing_decision(decision, by=_by(request), **given)
        ):
            return redirect(decision)
    return _decision_page(request, "programmes/change_financing_decision.html", form, decision)


def add_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """An officer proposes to set money of a budget year aside for an action."""
    decision = _decision(request, code, CHANGE_COMMITMENT)
    form = AddCommitmentForm(
        _sent(request),
        initial={"action": request.GET.get("action")},
        work_programme=decision.work_programme,
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        commitment = carried_out(
            form, lambda: verbs.add_commitment(decision, by=_by(request), **given)
        )
        if commitment:
            return redirect(commitment)
    return _decision_page(request, "programmes/add_commitment.html", form, decision)


@login_not_required
def view_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """A commitment: what was decided, what stands of it, and every entry the ledger has of it."""
    commitment = _commitment(request, code)
    programme = commitment.decision.work_programme.programme
    as_of = now([programme.code])
    booked = "book" not in open_moves(commitment)
    context = {
        "commitment": commitment,
        "demonstration": programme.demonstration,
        "meta": [commitment.code, str(commitment.budget_year)],
        "status": financing.status_of(commitment),
        "facts": financing.commitment_facts(commitment),
        "source": facts.source_of(commitment),
        "meter": drawn(meter_of(commitment, as_of)) if booked else None,
        "headers": financing.posting_headers(request.user),
        "rows": financing.posting_rows(commitment, request.user, as_of),
        "actions": financing.commitment_verbs(commitment, request.user),
        "timeline": timeline_of(request.user, "commitment", commitment.code, request.GET),
        "breadcrumb": _beneath(commitment.decision),
    }
    context["used_marks"] = marks_in(context)
    return render(request, "programmes/view_commitment.html", context)


def change_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """An officer changes a commitment that is not booked yet."""
    commitment = _commitment(request, code, CHANGE_COMMITMENT)
    if "book" not in open_moves(commitment):
        return _booked_already(request, commitment)
    form = ChangeCommitmentForm.of(commitment, _sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(form, lambda: verbs.change_commitment(commitment, by=_by(request), **given)):
            return redirect(commitment)
    return _verb_page(request, "programmes/change_commitment.html", commitment, form)


def remove_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """An officer takes a proposed commitment back."""
    commitment = _commitment(request, code, CHANGE_COMMITMENT)
    if "book" not in open_moves(commitment):
        return _booked_already(request, commitment)
    form = RemoveCommitmentForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        decision = carried_out(
            form, lambda: verbs.remove_commitment(commitment, by=_by(request), **given)
        )
        if decision:
            return redirect(decision)
    return _verb_page(request, "programmes/remove_commitment.html", commitment, form)


def book_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """A second officer books a commitment; the one who proposed it is told why that is not for them."""
    commitment = _commitment(request, code, CHANGE_COMMITMENT)
    if "book" not in open_moves(commitment):
        return _booked_already(request, commitment)
    if has_changed_it(request.user, commitment):
        return _another_has_to_book(request, commitment)
    get_permitted(_commitments(request), code, request.user, BOOK_COMMITMENT)
    form = BookCommitmentForm(_sent(request), commitment)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            booked = carried_out(
                form, lambda: verbs.book_commitment(commitment, by=_by(request), **given)
            )
        except FourEyes:
            return _another_has_to_book(request, commitment)
        if booked:
            return redirect(commitment)
    return _verb_page(request, "programmes/book_commitment.html", commitment, form)


def _another_has_to_book(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    """To an officer who proposed or changed it: which of the changes bars from booking it."""
    own = financing.changes_in_words(changes_by(request.user, commitment))
    context = _verb_context(commitment) | {"own": own}
    return render(request, "programmes/book_commitment.html", context, status=403)


def decommit_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """An officer releases what no contract has taken."""
    commitment = _commitment(request, code, DECOMMIT_COMMITMENT)
    standing = standing_of(commitment)
    initial = {"revision": commitment.revision, "amount": standing.free or None}
    form = DecommitCommitmentForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if carried_out(
            form, lambda: verbs.decommit_commitment(commitment, by=_by(request), **given)
        ):
            return redirect(commitment)
    more = {"free": standing.free}
    return _verb_page(request, "programmes/decommit_commitment.html", commitment, form, **more)


def carry_over_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """An officer carries conditional money that no contract has taken over to the year after."""
    commitment = _commitment(request, code, CARRY_OVER_COMMITMENT)
    free, year = standing_of(commitment).free, commitment.budget_year
    initial = {"revision": commitment.revision, "to_year": year + 1, "amount": free or None}
    form = CarryOverCommitmentForm(_sent(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        carried = carried_out(
            form, lambda: verbs.carry_over_commitment(commitment, by=_by(request), **given)
        )
        if carried:
            return redirect(carried)
    more = {"free": free}
    return _verb_page(request, "programmes/carry_over_commitment.html", commitment, form, **more)


def _sent(request: HttpRequest) -> Any:
    """What a form was sent with, None where it is only opened."""
    return request.POST if request.method == "POST" else None


def _by(request: HttpRequest) -> Any:
    return request.user


def _decision(request: HttpRequest, code: str, permission: str = "") -> FinancingDecision:
    rows = FinancingDecision.objects.visible_to(request.user)
    rows = rows.select_related("work_programme__programme")
    return get_permitted(rows, code, request.user, permission)


def _commitments(request: HttpRequest) -> Any:
    return Commitment.objects.visible_to(request.user).select_related(
        "action__work_programme", "decision__work_programme__programme"
    )


def _commitment(request: HttpRequest, code: str, permission: str = "") -> Commitment:
    rows = _commitments(request)
    commitment: Commitment = get_permitted(rows, code, request.user, permission)
    return commitment


def _booked_already(request: HttpRequest, commitment: Commitment) -> HttpResponse:
    messages.info(request, said_who_booked(commitment))
    return redirect(commitment)


def _above(document: Document) -> Crumbs:
    programme = document.programme
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (document.title, document.get_absolute_url()),
    )


def _beneath(decision: FinancingDecision) -> Crumbs:
    return [*_above(decision.work_programme), (decision.number, decision.get_absolute_url())]


def _verb_context(commitment: Commitment) -> dict[str, Any]:
    return {
        "record": commitment,
        "facts": financing.commitment_facts(commitment),
        "demonstration": commitment.decision.work_programme.programme.demonstration,
        "breadcrumb": [
            *_beneath(commitment.decision),
            (commitment.code, commitment.get_absolute_url()),
        ],
    }


def _verb_page(
    request: HttpRequest, template: str, commitment: Commitment, form: Any, **more: Any
) -> HttpResponse:
    return _form_page(request, template, _verb_context(commitment) | {"form": form} | more)


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=400 if context["form"].errors else 200)


def _decision_page(
    request: HttpRequest, template: str, form: Any, record: Document | FinancingDecision
) -> HttpResponse:
    document = record if isinstance(record, Document) else record.work_programme
    context = {
        "form": form,
        "record": record,
        "demonstration": document.programme.demonstration,
        "breadcrumb": _above(record) if isinstance(record, Document) else _beneath(record),
    }
    return _form_page(request, template, context)
