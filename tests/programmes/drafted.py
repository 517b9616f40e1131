"""Drafts, as an officer has them on the desk: a programme with two strands, a region and a country, and what hangs on it."""

from __future__ import annotations

from programmes.models import Document, DocumentKind, DocumentStatus, Programme
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.programmes.cascade import indicative_programme

DRAFT = DocumentStatus.DRAFT


def the_programme() -> Programme:
    """TPMA, 2007-2013, with MIGDEV and ASYLUM, the southern Mediterranean, and Tunisia."""
    programme = ProgrammeFactory()
    StrandFactory(code="MIGDEV", number=1, title="Development", programmes=[programme])
    StrandFactory(code="ASYLUM", number=5, title="Asylum", programmes=[programme])
    RegionFactory(programme=programme)
    ProgrammeCountryFactory(programme=programme, country=CountryFactory(code="TN"))
    return programme


def another_programme() -> Programme:
    """A programme with a strand, a region and a country of its own."""
    other = ProgrammeFactory(code="OTHER")
    StrandFactory(code="FOREIGN", number=9, title="Foreign strand", programmes=[other])
    RegionFactory(programme=other, code="ELSEWHERE")
    ProgrammeCountryFactory(
        programme=other, country=CountryFactory(code="UA"), rule__code="OTHER-RULE"
    )
    return other


def draft_work_programme(code: str = "AWP-2009") -> Document:
    """An empty draft of 2009 under the indicative programme MIP, which is under the strategy paper TSP."""
    the_programme()
    above = indicative_programme(status=DocumentStatus.ADOPTED)
    return DocumentFactory(code=code, status=DRAFT, parent=above, title="Work programme 2009")


def draft_indicative_programme(code: str = "MIP-2") -> Document:
    """An empty draft of 2007-2010."""
    return DocumentFactory(
        code=code,
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        programme=the_programme(),
        status=DRAFT,
        period_start=2007,
        period_end=2010,
    )


def adopt(document: Document) -> Document:
    """The document adopted, as if somebody had done it long ago."""
    Document.objects.filter(pk=document.pk).update(status=DocumentStatus.ADOPTED)
    document.refresh_from_db()
    return document
