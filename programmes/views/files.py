"""Pages of the files of documents: adding one, saying which is binding, removing it from a draft, taking it away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.pages import get_permitted
from programmes.actions import files as verbs
from programmes.file_sheet import file_facts
from programmes.forms.files import ChangeDocumentFileForm, DocumentFileForm
from programmes.forms.refusing import carried_out
from programmes.models import UNPUBLISHED, Document, DocumentFile
from programmes.rules import ADD_DOCUMENT_FILE
from programmes.views.crumbs import Crumbs, crumbs


def add_document_file(request: HttpRequest, code: str) -> HttpResponse:
    """An officer adds the text of a document in one language, or a later version of it."""
    document = _document(request, code, ADD_DOCUMENT_FILE)
    form = DocumentFileForm(
        request.POST or None,
        request.FILES or None,
        initial={"seen": verbs.newest_file(document)},
        document=document,
    )
    if request.method == "POST" and form.is_valid():
        added = carried_out(
            form, lambda: verbs.add_document_file(document, by=_by(request), **form.cleaned_data)
        )
        if added:
            messages.success(request, _("“%(name)s” is kept.") % {"name": added.file.name})
            return redirect(_files_of(document))
    context = {
        "form": form,
        "document": document,
        "demonstration": document.programme.demonstration,
        "breadcrumb": _way_to(document),
    }
    status = 400 if form.errors else 200
    return render(request, "programmes/add_document_file.html", context, status=status)


def change_document_file(
    request: HttpRequest, code: str, language: str, version: int
) -> HttpResponse:
    """An officer says whether a file is the binding text, and what the registry calls it."""
    document = _document(request, code, ADD_DOCUMENT_FILE)
    file = _file_of(document, language, version)
    form = ChangeDocumentFileForm(request.POST or None, file=file)
    if request.method == "POST" and form.is_valid():
        changed = carried_out(
            form, lambda: verbs.change_document_file(file, by=_by(request), **form.cleaned_data)
        )
        if changed:
            return redirect(_files_of(document))
    context = _about(file) | {"form": form}
    status = 400 if form.errors else 200
    return render(request, "programmes/change_document_file.html", context, status=status)


def remove_document_file(
    request: HttpRequest, code: str, language: str, version: int
) -> HttpResponse:
    """An officer takes a file away from a draft."""
    document = _document(request, code, ADD_DOCUMENT_FILE)
    file = _file_of(document, language, version)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name = file.file.name
        carried_out(form, lambda: verbs.remove_document_file(file, by=_by(request)))
        if not form.errors:
            messages.success(request, _("“%(name)s” was removed.") % {"name": name})
            return redirect(_files_of(document))
    context = _about(file) | {"form": form}
    status = 409 if form.errors else 200
    return render(request, "programmes/remove_document_file.html", context, status=status)


@login_not_required
@require_safe
def download_document_file(
    request: HttpRequest, code: str, language: str, version: int
) -> HttpResponseBase:
    """The bytes of a file exactly as they were uploaded, for those who may see its document."""
    document = _document(request, code)
    file = _file_of(document, language, version).file
    headers = {
        "ETag": f'"{file.sha256}"',
        "Cache-Control": _caching(document),
        "Accept-Ranges": "none",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    known = get_conditional_response(
        request, etag=headers["ETag"], response=HttpResponse(headers=headers)
    )
    if known is not None and known.status_code != 200:
        return known
    try:
        content = file.open()
    except FileNotFoundError as error:
        raise Http404(_("This file is missing from the store.")) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
        headers=headers,
    )


def _caching(document: Document) -> str:
    """A draft is kept by nothing that stands between the portal and its reader."""
    if document.status in UNPUBLISHED:
        return "private, no-cache"
    return "public, max-age=3600"


def _document(request: HttpRequest, code: str, permission: str | None = None) -> Document:
    rows = Document.objects.visible_to(request.user).select_related("programme")
    return get_permitted(rows, code, request.user, permission)


def _file_of(document: Document, language: str, version: int) -> DocumentFile:
    rows = document.files.select_related("file", "document__programme")
    file = rows.filter(language=language, version=version).first()
    if file is None:
        raise Http404(_("This document has no such file."))
    return file


def _about(file: DocumentFile) -> dict[str, Any]:
    """What the pages about one file show around their forms."""
    return {
        "document": file.document,
        "demonstration": file.document.programme.demonstration,
        "facts": file_facts(file),
        "breadcrumb": _way_to(file.document),
    }


def _files_of(document: Document) -> str:
    return f"{document.get_absolute_url()}#files"


def _by(request: HttpRequest) -> Any:
    return request.user


def _way_to(document: Document) -> Crumbs:
    programme = document.programme
    return crumbs(
        (programme.short_name, programme.get_absolute_url()),
        (document.title, document.get_absolute_url()),
    )
