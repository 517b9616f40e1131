"""Programmes, their vocabulary of strands and places, and the documents that programme the money."""

from programmes.models.documents import (
    Action,
    ActionAmount,
    ActionQuerySet,
    Document,
    DocumentKind,
    DocumentLink,
    DocumentQuerySet,
    DocumentStatus,
    LinkKind,
)
from programmes.models.places import (
    EligibilityRule,
    Instrument,
    ProgrammeCountry,
    Question,
    Region,
    RegionMembership,
    Suspension,
)
from programmes.models.programme import (
    Measure,
    Programme,
    ProgrammeQuerySet,
    StatedAmount,
    Strand,
    StrandTitle,
    Theme,
)

__all__ = [
    "Action",
    "ActionAmount",
    "ActionQuerySet",
    "Document",
    "DocumentKind",
    "DocumentLink",
    "DocumentQuerySet",
    "DocumentStatus",
    "EligibilityRule",
    "Instrument",
    "LinkKind",
    "Measure",
    "Programme",
    "ProgrammeCountry",
    "ProgrammeQuerySet",
    "Question",
    "Region",
    "RegionMembership",
    "StatedAmount",
    "Strand",
    "StrandTitle",
    "Suspension",
    "Theme",
]
