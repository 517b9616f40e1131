"""The files of a document as its page shows them: the texts that count, the earlier ones, and which is binding."""

from __future__ import annotations

from typing import Any

import rules
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.people import Viewer
from portal.wording import moment, number
from programmes.models import UNPUBLISHED, Document, DocumentFile
from programmes.rules import ADD_DOCUMENT_FILE


def files_part(document: Document, viewer: Viewer) -> dict[str, Any]:
    """What `_files.html` shows of a document that the viewer may see, in one query."""
    files = list(document.files.select_related("file"))
    for each in files:
        each.document = document
    may_add = rules.has_perm(ADD_DOCUMENT_FILE, viewer, document)
    may_remove = may_add and document.status in UNPUBLISHED
    current = [each for each in files if each.replaced_at is None]
    current.sort(key=lambda each: (not each.binding, each.get_language_display()))
    return {
        "current": [_file(each, may_change=may_add, may_remove=may_remove) for each in current],
        "earlier": [_file(each, may_remove=may_remove) for each in files if each.replaced_at],
        "said": _said_of_binding(current),
        "add_url": reverse("add_document_file", args=[document.code]) if may_add else "",
    }


def file_facts(each: DocumentFile) -> list[dict[str, Any]]:
    """What is known of one file, as terms and values."""
    return [
        {
            "term": _("File"),
            "value": None,
            "several": [{"text": each.file.name, "url": each.get_absolute_url()}],
        },
        {"term": _("Language"), "value": each.get_language_display()},
        {"term": _("Version"), "value": each.version},
        {"term": _("Kind"), "value": each.file.label},
        {"term": _("Size"), "value": filesizeformat(each.file.size)},
        {"term": _("Pages"), "value": each.file.pages},
        {"term": _("SHA-256"), "value": each.file.sha256},
        {"term": _("Added"), "value": moment(each.added_at)},
    ]


def _file(each: DocumentFile, *, may_change: bool = False, may_remove: bool = False) -> Any:
    """One file for the component `download`, with the ways to change and to remove it."""
    return {
        "name": each.file.name,
        "url": each.get_absolute_url(),
        "media_type": each.file.label,
        "size": each.file.size,
        "language": each.get_language_display(),
        "digest": each.file.sha256,
        "note": " · ".join(_notes(each)),
        "change_url": each.change_url if may_change else "",
        "removal_url": each.removal_url if may_remove else "",
    }


def _notes(each: DocumentFile) -> list[str]:
    pages = each.file.pages
    counted = ngettext("%(count)s page", "%(count)s pages", pages or 0)
    bound = _("binding text") if each.replaced_at is None else _("was the binding text")
    replaced = _("replaced %(when)s") % {"when": moment(each.replaced_at)}
    return [
        *([bound] if each.binding else []),
        _("version %(version)s") % {"version": each.version},
        *([counted % {"count": number(pages)}] if pages else []),
        *([each.registry_reference] if each.registry_reference else []),
        _("added %(when)s") % {"when": moment(each.added_at)},
        *([replaced] if each.replaced_at else []),
    ]


def _said_of_binding(current: list[DocumentFile]) -> str:
    """Which language decides, or that none is said to; nothing where there is no file."""
    bound = next((each for each in current if each.binding), None)
    if bound:
        text = _("Where languages differ, the text in %(language)s decides: it is the binding one.")
        return text % {"language": bound.get_language_display()}
    return _("Which language is binding is not reported.") if current else ""
