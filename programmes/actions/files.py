"""The files of documents: added in a language, replaced by a later version, made binding, removed from a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files import File as Content
from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.moments import said_moment
from portal.audit.trail import write_entry
from portal.files.checks import inspect
from portal.files.models import File
from portal.files.store import all_or_nothing, keep_file, let_go
from programmes.actions.drafting.drafts import raise_revision
from programmes.actions.revisions import last_change
from programmes.completeness import Lack
from programmes.models import UNPUBLISHED, Document, DocumentFile
from programmes.refusals import Refused

KIND = "document file"


@all_or_nothing()
def add_document_file(
    document: Document,
    *,
    by: User,
    upload: Content[bytes],
    language: str,
    binding: bool = False,
    registry_reference: str = "",
    reason: str = "",
    seen: int | None = None,
) -> DocumentFile:
    """Add a document's text in one language; the one that is there is replaced and stays readable.

    `binding` makes this language the one that decides; a later version of a binding text is binding too.
    `seen` is `newest_file` when the form was opened. Raises `FileRefused`, `Stale` where somebody added this
    language since, `Refused` for the same bytes, no reason, or in place of a public document's binding text.
    """
    inspected = inspect(upload)
    document = _locked(document)
    current = _current(document, language)
    _refuse_stale(current, seen)
    binding = binding or bool(current and current.binding)
    _refuse(
        _same_bytes(current, inspected.sha256),
        _binding_kept(document, language, binding, replaces=current is not None)
        or (_reason_missing(document, reason) if current else None),
        at=reverse("add_document_file", args=[document.code]),
    )
    moment = said_moment() or timezone.now()
    old = _make_room(document, current, binding, moment)
    added = DocumentFile(
        document=document,
        file=keep_file(upload, inspected, by=by),
        language=language,
        version=_next_version(document, language),
        binding=binding,
        registry_reference=registry_reference,
        added_at=moment,
    )
    return _added(added, by=by, old=old, reason=reason)


@transaction.atomic
def change_document_file(
    file: DocumentFile,
    *,
    by: User,
    revision: int,
    binding: bool,
    registry_reference: str,
    reason: str = "",
) -> DocumentFile:
    """Say of a file whether its language is the binding one, and its registry reference.

    Raises `Stale` where somebody changed it since `revision`, and `Refused` for a version that was replaced,
    where a public document has a binding text already, or gets its first one without a reason.
    """
    document = _locked(file.document)
    file = DocumentFile.objects.select_related("document", "file").get(pk=file.pk)
    if file.revision != revision:
        raise last_change(KIND, file.trail_code)
    _refuse(
        _replaced(file)
        or _binding_kept(document, file.language, binding)
        or (_reason_missing(document, reason) if binding != file.binding else None),
        at=file.change_url,
    )
    old = {"binding": file.binding, "registry_reference": file.registry_reference}
    new = {"binding": binding, "registry_reference": registry_reference}
    if old == new:
        return file
    if binding:
        old |= _unbind(document, file.language)
    file.binding, file.registry_reference = binding, registry_reference
    file.revision += 1
    file.full_clean()
    file.save()
    _write("change_document_file", file, by=by, old=old, new=new, reason=reason)
    return file


@transaction.atomic
def remove_document_file(file: DocumentFile, *, by: User, reason: str = "") -> None:
    """Take a file away from a draft, its bytes too; the version before it counts again.

    Raises `Refused` once the document is adopted: what was public stays readable.
    """
    document = _locked(file.document)
    file = DocumentFile.objects.select_related("document", "file").get(pk=file.pk)
    if document.status not in UNPUBLISHED:
        text = _("Files are removed from drafts only. Add a later version instead.")
        raise Refused([Lack(text, document.get_absolute_url())])
    told, kept = _told(file), file.file
    file.delete()
    if file.replaced_at is None:
        before = document.files.filter(language=file.language).order_by("-version").first()
        if before:
            _reinstate(before, binding=file.binding)
    let_go(kept)
    _write("remove_document_file", file, by=by, old=told, reason=reason)


def newest_file(document: Document) -> int:
    """What a form carries to notice that a file was added since it was opened."""
    return document.files.aggregate(newest=Max("pk"))["newest"] or 0


def _locked(document: Document) -> Document:
    """The document as it now stands; nobody else adopts it or adds a file until the transaction ends."""
    return Document.objects.select_for_update(no_key=True).get(pk=document.pk)


def _current(document: Document, language: str) -> DocumentFile | None:
    rows = document.files.current().select_related("file", "document")
    return rows.filter(language=language).first()


def _refuse_stale(current: DocumentFile | None, seen: int | None) -> None:
    if current and seen is not None and current.pk > seen:
        raise last_change(KIND, current.trail_code)


def _next_version(document: Document, language: str) -> int:
    rows = document.files.filter(language=language)
    return (rows.aggregate(last=Max("version"))["last"] or 0) + 1


def _added(file: DocumentFile, *, by: User, old: dict[str, Any], reason: str) -> DocumentFile:
    file.full_clean()
    file.save()
    _write("add_document_file", file, by=by, old=old, new=_told(file), reason=reason)
    return file


def _make_room(
    document: Document, current: DocumentFile | None, binding: bool, moment: datetime
) -> dict[str, Any]:
    """Let the version before become an earlier one and the binding language another; what was before."""
    old: dict[str, Any] = {}
    if current:
        old |= {"version": current.version, "sha256": current.file.sha256}
        DocumentFile.objects.filter(pk=current.pk).update(
            replaced_at=moment, revision=F("revision") + 1
        )
    return old | (_unbind(document) if binding else {})


def _unbind(document: Document, language: str = "") -> dict[str, Any]:
    """Let no language be binding; which one was, unless it is `language`."""
    bound = document.files.current().filter(binding=True).exclude(language=language)
    was = bound.values_list("language", flat=True).first()
    bound.update(binding=False, revision=F("revision") + 1)
    return {"binding_language": was} if was else {}


def _reinstate(before: DocumentFile, *, binding: bool) -> None:
    before.replaced_at, before.binding = None, binding
    before.revision += 1
    before.full_clean()
    before.save()


def _binding_kept(
    document: Document, language: str, binding: bool, *, replaces: bool = False
) -> Lack | None:
    """Why the binding text of a public document stays: it was adopted by two, and is changed by two."""
    bound = document.files.settled().first()
    if bound is None:
        return None
    same = bound.language == language
    if (same and not replaces and binding) or (not same and not binding):
        return None
    text = _(
        "The document is public: its binding text, in %(language)s, stays. Amend the document "
        "instead; the amendment has a binding text of its own."
    )
    return Lack(text % {"language": bound.get_language_display()}, "#id_binding")


def _reason_missing(document: Document, reason: str) -> Lack | None:
    if document.status in UNPUBLISHED or reason.strip():
        return None
    text = _("The document is public already: say why another text takes the place of this one.")
    return Lack(text, "#id_reason")


def _same_bytes(current: DocumentFile | None, sha256: str) -> Lack | None:
    if current is None or current.file.sha256 != sha256:
        return None
    text = _("This very file is here already: it is version %(version)s in %(language)s.")
    words = {"version": current.version, "language": current.get_language_display()}
    return Lack(text % words, "#id_upload")


def _replaced(file: DocumentFile) -> Lack | None:
    if file.replaced_at is None:
        return None
    return Lack(_("A later version has replaced this file: it stays as it was."), "")


def _refuse(*reasons: Lack | None, at: str) -> None:
    found = [Lack(each.text, f"{at}{each.url}") for each in reasons if each]
    if found:
        raise Refused(found)


def _told(file: DocumentFile) -> dict[str, Any]:
    kept: File = file.file
    return {
        "name": kept.name,
        "language": file.language,
        "version": file.version,
        "binding": file.binding,
        "registry_reference": file.registry_reference,
        "media_type": kept.media_type,
        "size": kept.size,
        "sha256": kept.sha256,
    }


def _write(verb: str, file: DocumentFile, *, by: User, **told: Any) -> None:
    """One entry of the trail. The files of a draft are part of what is read before it is adopted."""
    if file.document.status in UNPUBLISHED:
        raise_revision(file.document)
    write_entry(
        verb,
        by=by,
        record_kind=KIND,
        record_code=file.trail_code,
        part_of=file.document.code,
        **told,
    )
