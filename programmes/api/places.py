"""Endpoints of countries, regions and eligibility."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import ListViewSet, RecordViewSet
from portal.countries.models import Country
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.filters import CountryFilter
from programmes.models import (
    EligibilityRule,
    ProgrammeCountry,
    Region,
    RegionMembership,
)


class CountrySerializer(serializers.ModelSerializer[Country]):
    class Meta:
        model = Country
        fields = ["code", "iso3", "name"]


@extend_schema(tags=["places"])
class CountryViewSet(RecordViewSet):
    """Countries, by ISO 3166-1 alpha-2 code."""

    serializer_class = CountrySerializer
    filterset_class = CountryFilter
    queryset = Country.objects.all()


class RegionSerializer(serializers.ModelSerializer[Region]):
    programme_code = serializers.CharField(source="programme.code")
    parent_code = serializers.CharField(source="parent.code", allow_null=True)
    country_codes = CodesField()

    class Meta:
        model = Region
        fields = ["id", "code", "programme_code", "name", "parent_code", "country_codes", *SOURCED]


@extend_schema(tags=["places"])
class RegionViewSet(ListViewSet):
    """Regions and routes as each programme draws them."""

    serializer_class = RegionSerializer
    order = ("id",)

    def get_queryset(self) -> QuerySet[Region]:
        members = codes_of(RegionMembership.objects.all(), "region", "country__code")
        seen = Region.objects.visible_to(self.request.user)
        return seen.annotate(country_codes=members)


class EligibilityRuleSerializer(serializers.ModelSerializer[EligibilityRule]):
    programme_code = serializers.CharField(source="programme.code")

    class Meta:
        model = EligibilityRule
        fields = [
            "code",
            "programme_code",
            "question",
            "admits",
            "text",
            "multi_country_exception",
            *SOURCED,
        ]


@extend_schema(tags=["places"])
class EligibilityRuleViewSet(RecordViewSet):
    """Rules about who may take part."""

    serializer_class = EligibilityRuleSerializer

    def get_queryset(self) -> QuerySet[EligibilityRule]:
        return EligibilityRule.objects.visible_to(self.request.user)


class ProgrammeCountrySerializer(serializers.ModelSerializer[ProgrammeCountry]):
    programme_code = serializers.CharField(source="programme.code")
    country_code = serializers.CharField(source="country.code")
    rule_code = serializers.CharField(source="rule.code")
    eligible = serializers.BooleanField(source="rule.admits")

    class Meta:
        model = ProgrammeCountry
        fields = [
            "id",
            "programme_code",
            "country_code",
            "instrument",
            "route",
            "priority",
            "question",
            "eligible",
            "rule_code",
            "valid_from",
            "valid_to",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["places"])
class ProgrammeCountryViewSet(ListViewSet):
    """What each programme makes of each country, and the rule that decides."""

    serializer_class = ProgrammeCountrySerializer
    order = ("id",)

    def get_queryset(self) -> QuerySet[ProgrammeCountry]:
        return ProgrammeCountry.objects.visible_to(self.request.user)
