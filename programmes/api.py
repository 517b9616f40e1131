"""Endpoints of programmes, their vocabulary and their documents."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import ListViewSet, RecordViewSet
from portal.countries.models import Country
from programmes.filters import CountryFilter, DocumentFilter
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    EligibilityRule,
    Measure,
    Programme,
    ProgrammeCountry,
    Region,
    RegionMembership,
    StatedAmount,
    Strand,
    Theme,
)

SOURCED = ["source", "confidence", "recalled_fields"]


def codes_of(rows: QuerySet[Any], link: str, code: str = "code") -> ArraySubquery:
    """The codes of related records as one array, in order: no query per row."""
    return ArraySubquery(rows.filter(**{link: OuterRef("pk")}).order_by(code).values(code))


class CodesField(serializers.ListField):
    """An array of codes."""

    child = serializers.CharField()


class ProgrammeSerializer(serializers.ModelSerializer[Programme]):
    predecessor_code = serializers.CharField(source="predecessor.code", allow_null=True)
    strand_codes = CodesField()

    class Meta:
        model = Programme
        fields = [
            "code",
            "name",
            "short_name",
            "aim",
            "legal_basis",
            "budget_line",
            "period_start",
            "period_end",
            "predecessor_code",
            "strand_codes",
            "note",
            "demonstration",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class ProgrammeViewSet(RecordViewSet):
    """Programmes."""

    serializer_class = ProgrammeSerializer

    def get_queryset(self) -> QuerySet[Programme]:
        strands = codes_of(Strand.objects.all(), "programmes")
        return Programme.objects.annotate(strand_codes=strands)


class StrandSerializer(serializers.ModelSerializer[Strand]):
    programme_codes = CodesField()

    class Meta:
        model = Strand
        fields = ["code", "number", "title", "programme_codes", *SOURCED]


@extend_schema(tags=["vocabulary"])
class StrandViewSet(RecordViewSet):
    """Strands."""

    serializer_class = StrandSerializer

    def get_queryset(self) -> QuerySet[Strand]:
        programmes = codes_of(Programme.objects.all(), "strands")
        return Strand.objects.annotate(programme_codes=programmes)


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    strand_code = serializers.CharField(source="strand.code")

    class Meta:
        model = Measure
        fields = ["code", "strand_code", "order", "text", *SOURCED]


@extend_schema(tags=["vocabulary"])
class MeasureViewSet(RecordViewSet):
    """Measures of the strands."""

    serializer_class = MeasureSerializer
    queryset = Measure.objects.all()


class ThemeSerializer(serializers.ModelSerializer[Theme]):
    measure_codes = CodesField()

    class Meta:
        model = Theme
        fields = ["code", "title", "measure_codes", *SOURCED]


@extend_schema(tags=["vocabulary"])
class ThemeViewSet(RecordViewSet):
    """Themes across strands: names over measures, without shares."""

    serializer_class = ThemeSerializer

    def get_queryset(self) -> QuerySet[Theme]:
        return Theme.objects.annotate(measure_codes=codes_of(Measure.objects.all(), "themes"))


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
        return Region.objects.annotate(country_codes=members)


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
    queryset = EligibilityRule.objects.all()


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
    queryset = ProgrammeCountry.objects.all()
    order = ("id",)


class DocumentSerializer(serializers.ModelSerializer[Document]):
    programme_code = serializers.CharField(source="programme.code")
    parent_code = serializers.CharField(source="parent.code", allow_null=True)

    class Meta:
        model = Document
        fields = [
            "code",
            "programme_code",
            "kind",
            "title",
            "reference",
            "registry_reference",
            "adopted",
            "period_start",
            "period_end",
            "status",
            "stated_amount",
            "parent_code",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class DocumentViewSet(RecordViewSet):
    """Policy, legal, programming, evaluation and audit documents."""

    serializer_class = DocumentSerializer
    filterset_class = DocumentFilter

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.visible_to(self.request.user)


class ActionSerializer(serializers.ModelSerializer[Action]):
    work_programme_code = serializers.CharField(source="work_programme.code")
    strand_codes = CodesField()
    country_codes = CodesField()
    budget_years = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = Action
        fields = [
            "code",
            "work_programme_code",
            "title",
            "geographical_area",
            "objectives",
            "results",
            "strand_codes",
            "country_codes",
            "budget_years",
            "attribution",
            "implementation",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class ActionViewSet(RecordViewSet):
    """Actions of annual work programmes. Their amounts are figures of the measure `planned`."""

    serializer_class = ActionSerializer

    def get_queryset(self) -> QuerySet[Action]:
        return Action.objects.visible_to(self.request.user).annotate(
            strand_codes=codes_of(Strand.objects.all(), "actions"),
            country_codes=codes_of(Country.objects.all(), "actions"),
            budget_years=codes_of(ActionAmount.objects.all(), "action", "budget_year"),
        )


class StatedAmountSerializer(serializers.ModelSerializer[StatedAmount]):
    programme_code = serializers.CharField(source="programme.code", allow_null=True)

    class Meta:
        model = StatedAmount
        fields = [
            "id",
            "programme_code",
            "about",
            "period_start",
            "period_end",
            "dimension",
            "key",
            "label",
            "amount",
            "kind",
            "stated_on",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class StatedAmountViewSet(ListViewSet):
    """Amounts that sources state. They overlap and are never to be summed."""

    serializer_class = StatedAmountSerializer
    queryset = StatedAmount.objects.all()
    order = ("id",)
