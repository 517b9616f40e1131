"""Endpoints of programmes, their vocabulary and their documents."""

from programmes.api.documents import ActionViewSet, DocumentViewSet, StatedAmountViewSet
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.api.places import (
    CountryViewSet,
    EligibilityRuleViewSet,
    ProgrammeCountryViewSet,
    RegionViewSet,
)
from programmes.api.programmes import MeasureViewSet, ProgrammeViewSet, StrandViewSet, ThemeViewSet

__all__ = [
    "SOURCED",
    "ActionViewSet",
    "CodesField",
    "CountryViewSet",
    "DocumentViewSet",
    "EligibilityRuleViewSet",
    "MeasureViewSet",
    "ProgrammeCountryViewSet",
    "ProgrammeViewSet",
    "RegionViewSet",
    "StatedAmountViewSet",
    "StrandViewSet",
    "ThemeViewSet",
    "codes_of",
]
