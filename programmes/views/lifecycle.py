"""Pages on which a document is moved: sent into consultation, returned, adopted, amended, superseded, repealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import rules
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.audit.timeline import timeline_rows
from portal.lifecycle import MoveRefused, open_moves
from portal.pages import get_permitted
from programmes import version_sheet
from programmes.actions import adoption
from programmes.actions.amendment import amend_document as open_amendment
from programmes.actions.moving import said_of, today
from programmes.actions.revisions import entries_within
from programmes.completeness import Excess, Lack, excesses, lacks
from programmes.forms.lifecycle import (
    AdoptDocumentForm,
    ConfirmForm,
    ReasonForm,
    RepealDocumentForm,
    SupersedeDocumentForm,
)
from programmes.models import IN_FORCE, Document
from programmes.refusals import FourEyes, ReasonNeeded, Refused, Stale
from programmes.rules import (
    ADOPT_DOCUMENT,
    AMEND_DOCUMENT,
    CONSULT_DOCUMENT,
    REPEAL_DOCUMENT,
    RETURN_DOCUMENT,
    SUPERSEDE_DOCUMENT,
    changes_by,
    has_changed_it,
)
from programmes.views.crumbs import crumbs

Page = Callable[[HttpRequest, str], HttpResponse]


def _by_second_officer(page: Page) -> Page:
    """Show the page of the four eyes to whoever changed the document while their approval was under way."""

    @wraps(page)
    def asked(request: HttpRequest, code: str) -> HttpResponse:
        try:
            return page(request, code)
        except FourEyes:
            return _forbidden(request, _document(request, code))

    return asked


def consult_document(request: HttpRequest, code: str) -> HttpResponse:
    """An officer sends a draft into consultation, and is told what it still lacks for adoption."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "consult", CONSULT_DOCUMENT)
    if turned_away:
        return turned_away
    form = ConfirmForm(_sent(request))
    outcome = _outcome(request, form, lambda: adoption.consult_document(document, by=_by(request)))
    if outcome.result:
        messages.success(request, _("%s is in consultation.") % document.code)
        return redirect(document)
    context = _context(document, form, outcome) | {"lacks": lacks(document)}
    return render(request, "programmes/consult_document.html", context, status=outcome.status)


def return_document(request: HttpRequest, code: str) -> HttpResponse:
    """An officer returns a document from consultation to drafting, and says why."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "return", RETURN_DOCUMENT)
    if turned_away:
        return turned_away
    form = ReasonForm(_sent(request))
    outcome = _outcome(
        request,
        form,
        lambda: adoption.return_document(document, by=_by(request), **form.cleaned_data),
    )
    if outcome.result:
        messages.success(request, _("%s is a draft again.") % document.code)
        return redirect(document)
    context = _context(document, form, outcome)
    return render(request, "programmes/return_document.html", context, status=outcome.status)


@_by_second_officer
def adopt_document(request: HttpRequest, code: str) -> HttpResponse:
    """A second officer adopts a document, or reads everything that it lacks, each with the field that mends it."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "adopt", ADOPT_DOCUMENT)
    if turned_away:
        return turned_away
    read = {"on": today(), "revision": document.revision}
    form = AdoptDocumentForm(_sent(request), initial=read)
    exceeded = excesses(document)
    if exceeded:
        form.ask_reason()
    outcome = _outcome(
        request,
        form,
        lambda: adoption.adopt_document(document, by=_by(request), **form.cleaned_data),
    )
    if outcome.result:
        messages.success(request, _("%s is adopted.") % document.code)
        return redirect(document.amends or document)
    if outcome.stale:
        return _read_again(request, document, form, outcome)
    if outcome.excesses and not exceeded:
        form.ask_reason()
        form.full_clean()
    return _adoption_page(request, document, form, outcome, exceeded)


def _read_again(
    request: HttpRequest, document: Document, form: AdoptDocumentForm, outcome: _Outcome
) -> HttpResponse:
    """The document as it now stands, with what was changed since the officer read it; nothing was adopted."""
    changes = max(1, document.revision - form.cleaned_data["revision"])
    form = form.anew(document.revision)
    exceeded = excesses(document)
    if exceeded:
        form.ask_reason()
    told = timeline_rows(entries_within("document", document.code)[:changes])
    return _adoption_page(request, document, form, outcome, exceeded, changes=told)


def _adoption_page(
    request: HttpRequest,
    document: Document,
    form: AdoptDocumentForm,
    outcome: _Outcome,
    exceeded: list[Excess],
    **more: Any,
) -> HttpResponse:
    context = _context(document, form, outcome) | {
        "lacks": outcome.lacks or lacks(document),
        "excesses": outcome.excesses or exceeded,
        "facts": version_sheet.adoption_facts(document),
        "stale": outcome.stale,
        **more,
    }
    return render(request, "programmes/adopt_document.html", context, status=outcome.status)


def amend_document(request: HttpRequest, code: str) -> HttpResponse:
    """An officer opens an amendment of a document in force: a draft that begins as its copy."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "amend", AMEND_DOCUMENT)
    if turned_away:
        return turned_away
    form = ReasonForm(_sent(request))
    outcome = _outcome(
        request, form, lambda: open_amendment(document, by=_by(request), **form.cleaned_data)
    )
    if outcome.result:
        messages.success(request, _("%s is open: change what it amends.") % outcome.result.code)
        return redirect(outcome.result)
    context = _context(document, form, outcome)
    return render(request, "programmes/amend_document.html", context, status=outcome.status)


@_by_second_officer
def supersede_document(request: HttpRequest, code: str) -> HttpResponse:
    """A second officer lets another document take the place of one in force."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "supersede", SUPERSEDE_DOCUMENT)
    if turned_away:
        return turned_away
    form = SupersedeDocumentForm(_sent(request), initial={"on": today()}, document=document)
    outcome = _outcome(
        request,
        form,
        lambda: adoption.supersede_document(document, by=_by(request), **form.cleaned_data),
    )
    if outcome.result:
        messages.success(request, _("%s is superseded.") % document.code)
        return redirect(document)
    context = _context(document, form, outcome)
    return render(request, "programmes/supersede_document.html", context, status=outcome.status)


@_by_second_officer
def repeal_document(request: HttpRequest, code: str) -> HttpResponse:
    """A second officer ends a document in force that nothing rests on any more."""
    document = _document(request, code)
    turned_away = _turned_away(request, document, "repeal", REPEAL_DOCUMENT)
    if turned_away:
        return turned_away
    form = RepealDocumentForm(_sent(request), initial={"on": today()})
    outcome = _outcome(
        request,
        form,
        lambda: adoption.repeal_document(document, by=_by(request), **form.cleaned_data),
    )
    if outcome.result:
        messages.success(request, _("%s is repealed.") % document.code)
        return redirect(document)
    context = _context(document, form, outcome)
    return render(request, "programmes/repeal_document.html", context, status=outcome.status)


def _document(request: HttpRequest, code: str) -> Document:
    rows = Document.objects.visible_to(request.user)
    related = ("programme", "parent__programme", "amends__programme")
    return get_permitted(rows.select_related(*related), code, request.user)


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; None where nothing was. A form that only confirms sends nothing but itself."""
    return request.POST if request.method == "POST" else None


def _by(request: HttpRequest) -> Any:
    return request.user


def _turned_away(
    request: HttpRequest, document: Document, move: str, permission: str
) -> HttpResponse | None:
    """The answer to somebody who may not make this move, or who comes too late for it; None for others."""
    if not rules.has_perm(permission, request.user, document):
        return _forbidden(request, document)
    if move not in open_moves(document):
        messages.warning(request, said_of(document))
        return redirect(document)
    for lack in adoption.what_it_is_not(document) if document.status in IN_FORCE else []:
        messages.warning(request, lack.text)
        return redirect(lack.url)
    return None


def _forbidden(request: HttpRequest, document: Document) -> HttpResponse:
    """To an officer who changed the document: which of the changes bars from approving it. To others, no more."""
    if not has_changed_it(request.user, document):
        raise PermissionDenied(_("You may see this record, but not change it in this way."))
    context = {
        "name": document.title,
        "back": document.get_absolute_url(),
        "demonstration": document.programme.demonstration,
        "entries": timeline_rows(changes_by(request.user, document)),
        "breadcrumb": _way_to(document),
    }
    return render(request, "programmes/four_eyes.html", context, status=403)


@dataclass
class _Outcome:
    """What became of a form that was sent: the result, or every reason why there is none."""

    result: Document | None = None
    lacks: list[Lack] = field(default_factory=list)
    excesses: list[Excess] = field(default_factory=list)
    told: str = ""
    stale: Stale | None = None
    status: int = 200


def _outcome(request: HttpRequest, form: Form, verb: Callable[[], Document]) -> _Outcome:
    """Do what a form asks, if it was sent and is valid."""
    if request.method != "POST":
        return _Outcome()
    if not form.is_valid():
        return _Outcome(status=400)
    outcome = _Outcome(status=409)
    try:
        return _Outcome(verb())
    except Refused as refusal:
        outcome.lacks, outcome.status = refusal.lacks, 400
    except ReasonNeeded as refusal:
        outcome.excesses, outcome.status = refusal.excesses, 400
    except MoveRefused as refusal:
        outcome.told = str(refusal)
    except Stale as refusal:
        outcome.stale = refusal
    return outcome


def _context(document: Document, form: Form, outcome: _Outcome) -> dict[str, Any]:
    return {
        "document": document,
        "demonstration": document.programme.demonstration,
        "form": form,
        "lacks": outcome.lacks,
        "told": outcome.told,
        "breadcrumb": _way_to(document),
    }


def _way_to(document: Document) -> list[tuple[str, str]]:
    programme = document.programme
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (document.title, document.get_absolute_url()),
    )
