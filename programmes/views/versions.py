"""Pages of the versions of a document: one whole, and two side by side."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.pages import get_permitted
from programmes import version_sheet
from programmes.models import UNPUBLISHED, Document, Version
from programmes.versions import Content, content_of
from programmes.views.crumbs import Crumbs, crumbs


@login_not_required
def view_version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The whole content of a document as it was adopted once."""
    document = _document(request, code)
    version = _version(document, number)
    context = version_sheet.version_page(version) | {
        "document": document,
        "demonstration": document.programme.demonstration,
        "breadcrumb": _way_to(document),
    }
    return render(request, "programmes/view_version.html", context)


@login_not_required
def view_changes(request: HttpRequest, code: str) -> HttpResponse:
    """Old and new side by side: of two versions, of an amendment, or of what a draft amendment would change."""
    document = _document(request, code)
    old, new = _pair(request, document)
    context = {
        "document": document,
        "demonstration": document.programme.demonstration,
        "old": old[0],
        "new": new[0],
        "changes": version_sheet.changes_page(document, old[1], new[1]),
        "breadcrumb": _way_to(document),
    }
    return render(request, "programmes/view_changes.html", context)


# What stands on one side: its name and its content.
Side = tuple[str, Content]


def _pair(request: HttpRequest, document: Document) -> tuple[Side, Side]:
    """The two sides that the address asks for."""
    amended = document.amends
    if amended is None:
        newest = document.versions.count()
        first = _number(request, "from", newest - 1)
        return _side(document, first), _side(document, _number(request, "to", newest))
    if document.status in UNPUBLISHED:
        return (
            (_("In force"), content_of(amended)),
            (_("As %s would have it") % document.code, content_of(document)),
        )
    made = Version.objects.filter(amendment=document).first()
    if made is None:
        raise Http404(_("No version of %s was kept.") % amended.code)
    return _side(amended, made.number - 1), _side(amended, made.number)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise BadRequest(_("“%(name)s” is the number of a version.") % {"name": name})
    return int(text)


def _side(document: Document, number: int) -> Side:
    version = _version(document, number)
    return _("Version %s") % version.number, version.content


def _version(document: Document, number: int) -> Version:
    rows = document.versions.select_related("amendment", "document__programme")
    version = rows.filter(number=number).first()
    if version is None:
        words = {"code": document.code, "number": number}
        raise Http404(_("%(code)s has no version %(number)s.") % words)
    return version


def _document(request: HttpRequest, code: str) -> Document:
    rows = Document.objects.visible_to(request.user)
    return get_permitted(rows.select_related("programme", "amends__programme"), code, request.user)


def _way_to(document: Document) -> Crumbs:
    programme = document.programme
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (document.title, document.get_absolute_url()),
    )
