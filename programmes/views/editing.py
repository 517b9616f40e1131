"""What every page that changes a draft shares: the draft or the reason why it is none, the form, the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.pages import get_permitted
from programmes.models import PROGRAMMING, UNPUBLISHED, Action, Document, Passage
from programmes.rules import CHANGE_DOCUMENT
from programmes.views.crumbs import Crumbs, crumbs

RELATED = ("programme", "parent__parent", "amends")


def find_document(code: str, viewer: Viewer, permission: str = CHANGE_DOCUMENT) -> Document:
    """The programming document with this code that the viewer may see and change."""
    rows = Document.objects.visible_to(viewer).filter(kind__in=PROGRAMMING)
    rows = rows.select_related(*RELATED)
    return get_permitted(rows, code, viewer, permission)


def find_part(rows: Any, link: str, code: str, viewer: Viewer) -> Any:
    """The passage or action with this code; `link` names its document, which the viewer must be allowed to change."""
    related = [f"{link}__{name}" for name in RELATED]
    part: Passage | Action = get_permitted(
        rows.visible_to(viewer).select_related(*related), code, viewer
    )
    get_permitted(Document.objects.all(), getattr(part, link).code, viewer, CHANGE_DOCUMENT)
    return part


def frozen_page(request: HttpRequest, document: Document) -> HttpResponse | None:
    """The answer to somebody who would change what is adopted: how it is changed. None for a draft."""
    if document.status in UNPUBLISHED:
        return None
    context = {
        "document": document,
        "demonstration": document.programme.demonstration,
        "links": [
            (reverse("amend_document", args=[document.code]), _("Amend it")),
            (document.get_absolute_url(), _("Back to the document")),
        ],
        "breadcrumb": way_to(document),
    }
    return render(request, "programmes/frozen_document.html", context, status=409)


def form_page(
    request: HttpRequest, template: str, document: Document, form: Any, **more: Any
) -> HttpResponse:
    """A page with a form about a draft or a part of it; 400 where something of it was refused."""
    lines = more.get("lines")
    refused = form.errors or (lines is not None and lines.is_bound and not lines.is_valid())
    context = {
        "form": form,
        "document": document,
        "back": document.get_absolute_url(),
        "wrong": lines.wrong() if lines is not None and lines.is_bound else [],
        "demonstration": document.programme.demonstration,
        "breadcrumb": way_to(document),
        **more,
    }
    return render(request, template, context, status=400 if refused else 200)


def way_to(document: Document) -> Crumbs:
    """The way from the home page down to a document and what lies beneath it."""
    programme = document.programme
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (document.title, document.get_absolute_url()),
    )


def officer(request: HttpRequest) -> Any:
    """The person who does it. Only behind a permission."""
    return request.user
