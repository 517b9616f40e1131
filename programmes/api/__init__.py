"""Endpoints of programmes, their vocabulary and their documents."""

from programmes.api.coverage import CoverageView
from programmes.api.documents import (
    ActionViewSet,
    AllocationViewSet,
    DocumentViewSet,
    PassageViewSet,
    StatedAmountViewSet,
)
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.api.files import DocumentFileViewSet
from programmes.api.financing import CommitmentViewSet, FinancingDecisionViewSet
from programmes.api.places import (
    CountryViewSet,
    EligibilityRuleViewSet,
    ProgrammeCountryViewSet,
    RegionViewSet,
)
from programmes.api.programmes import MeasureViewSet, ProgrammeViewSet, StrandViewSet, ThemeViewSet
from programmes.api.versions import VersionViewSet

__all__ = [
    "SOURCED",
    "ActionViewSet",
    "AllocationViewSet",
    "CodesField",
    "CommitmentViewSet",
    "CountryViewSet",
    "CoverageView",
    "DocumentFileViewSet",
    "DocumentViewSet",
    "EligibilityRuleViewSet",
    "FinancingDecisionViewSet",
    "MeasureViewSet",
    "PassageViewSet",
    "ProgrammeCountryViewSet",
    "ProgrammeViewSet",
    "RegionViewSet",
    "StatedAmountViewSet",
    "StrandViewSet",
    "ThemeViewSet",
    "VersionViewSet",
    "codes_of",
]
