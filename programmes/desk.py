"""What lies on an officer's desk: programming that is under way, and what has to happen to it next, by whom."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.models import (
    UNPUBLISHED,
    Commitment,
    CommitmentStatus,
    Document,
    DocumentStatus,
    Programme,
    ProgrammeStatus,
)
from programmes.rules import changed_by

# A desk shows this many of each kind; the lists hold the rest.
MOST_OF_EACH = 10


def desk_headers() -> list[str]:
    return [_("Record"), _("Programme"), _("Status"), _("Next")]


def desk_rows(officer: User) -> list[list[Any]]:
    """Rows of a table: what is under way and what comes next. Six queries, however much there is."""
    documents = list(
        Document.objects.filter(status__in=UNPUBLISHED)
        .select_related("programme", "amends")
        .order_by("-status", "code")[:MOST_OF_EACH]
    )
    commitments = list(
        Commitment.objects.filter(status=CommitmentStatus.PROPOSED)
        .select_related("decision__work_programme__programme", "action")
        .order_by("code")[:MOST_OF_EACH]
    )
    programmes = list(
        Programme.objects.filter(status=ProgrammeStatus.SET_UP).order_by("code")[:MOST_OF_EACH]
    )
    drafted = changed_by(officer, Document.objects.filter(pk__in=[each.pk for each in documents]))
    proposed = changed_by(
        officer, Commitment.objects.filter(pk__in=[each.pk for each in commitments])
    )
    set_up = changed_by(officer, Programme.objects.filter(pk__in=[each.pk for each in programmes]))
    return [
        *(_document(each, each.code in drafted) for each in documents),
        *(_commitment(each, each.code in proposed) for each in commitments),
        *(_programme(each, each.code in set_up) for each in programmes),
    ]


def _document(document: Document, own: bool) -> list[Any]:
    amends = document.amends
    note = document.code
    if amends:
        note = _("%(code)s, amends %(other)s") % {"code": document.code, "other": amends.code}
    waits = document.status == DocumentStatus.IN_CONSULTATION
    return [
        {"text": document.title, "url": document.get_absolute_url(), "note": note},
        document.programme.short_name,
        {"status": {"label": document.get_status_display(), "tone": "info"}},
        _approval(_("Adopt"), "adopt_document", document.code, own) if waits else _("Complete it"),
    ]


def _commitment(commitment: Commitment, own: bool) -> list[Any]:
    work_programme = commitment.decision.work_programme
    return [
        {
            "text": commitment.action.title,
            "url": commitment.get_absolute_url(),
            "note": commitment.code,
        },
        work_programme.programme.short_name,
        {"status": {"label": commitment.get_status_display(), "tone": "info"}},
        _approval(_("Book"), "book_commitment", commitment.code, own),
    ]


def _programme(programme: Programme, own: bool) -> list[Any]:
    url = reverse("set_up_programme", args=[programme.code])
    return [
        {"text": programme.short_name, "url": url, "note": programme.code},
        programme.short_name,
        {"status": {"label": programme.get_status_display(), "tone": "info"}},
        _approval(_("Open"), "open_programme", programme.code, own),
    ]


def _approval(verb: str, route: str, code: str, own: bool) -> dict[str, str] | str:
    """The way to the approval, or why it is not this person's to give."""
    if own:
        return _("Waits for another officer: you changed it")
    return {"text": verb, "url": reverse(route, args=[code])}
