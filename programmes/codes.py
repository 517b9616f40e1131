"""Tells the ledger which programmes, strands, countries, documents and actions there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import models
from django.urls import reverse

from portal.accounts.people import VISITOR, Viewer
from portal.countries.models import Country
from programmes.ledger.codes import CodeHome, Named, register
from programmes.models import Action, Commitment, Document, DocumentKind, Programme, Strand


def home_of(
    rows: Callable[[Viewer | None], models.QuerySet[Any]], route: str, title: str = "title"
) -> CodeHome:
    """Where the codes of one kind of record are kept. `rows` gives those a viewer may see, or all for None."""

    def known(codes: Collection[str]) -> set[str]:
        return set(rows(None).filter(code__in=codes).values_list("code", flat=True))

    def describe(codes: Collection[str], viewer: Viewer) -> Mapping[str, Named]:
        found = rows(viewer).filter(code__in=codes).values_list("code", title)
        return {code: Named(text, reverse(route, args=[code])) for code, text in found}

    return CodeHome(known=known, describe=describe)


def _documents(kind: DocumentKind) -> Callable[[Viewer | None], models.QuerySet[Document]]:
    def rows(viewer: Viewer | None) -> models.QuerySet[Document]:
        documents = Document.objects.of_kind(kind)
        return documents if viewer is None else documents.visible_to(viewer)

    return rows


# Nothing is posted of a programme that is still being set up, and no figure is asked of it.
register(
    "programme",
    home_of(
        lambda viewer: Programme.objects.visible_to(viewer or VISITOR),
        "view_programme",
        "short_name",
    ),
)
register(
    "strand", home_of(lambda viewer: Strand.objects.visible_to(viewer or VISITOR), "view_strand")
)
register("country", home_of(lambda _viewer: Country.objects.all(), "view_country", "name"))
register(
    "action",
    home_of(
        lambda viewer: (
            Action.objects.all() if viewer is None else Action.objects.visible_to(viewer)
        ),
        "view_action",
    ),
)
register(
    "commitment",
    home_of(
        lambda viewer: (
            Commitment.objects.all() if viewer is None else Commitment.objects.visible_to(viewer)
        ),
        "view_commitment",
        "code",
    ),
)
for _kind in (DocumentKind.INDICATIVE_PROGRAMME, DocumentKind.WORK_PROGRAMME):
    register(_kind.value, home_of(_documents(_kind), "view_document"))
