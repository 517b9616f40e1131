"""Endpoints of documents, their actions, and amounts that sources state."""

from __future__ import annotations

from django.db.models import Case, F, QuerySet, When
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import ListViewSet, RecordViewSet
from portal.countries.models import Country
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.filters import DocumentFilter
from programmes.models import (
    Action,
    ActionAmount,
    Allocation,
    Document,
    Passage,
    StatedAmount,
    Strand,
)


class DocumentSerializer(serializers.ModelSerializer[Document]):
    programme_code = serializers.CharField(source="programme.code")
    parent_code = serializers.CharField(allow_null=True)

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
        seen = Document.objects.visible_to(self.request.user)
        parent = Case(When(parent__in=seen, then=F("parent__code")))
        return seen.annotate(parent_code=parent)


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


class PassageSerializer(serializers.ModelSerializer[Passage]):
    document_code = serializers.CharField(source="document.code")
    serves_code = serializers.CharField(allow_null=True)

    class Meta:
        model = Passage
        fields = [
            "code",
            "document_code",
            "kind",
            "order",
            "text",
            "chapter",
            "page",
            "serves_code",
            "withdrawn",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class PassageViewSet(RecordViewSet):
    """Objectives, priorities and anticipated results that documents state, with where they stand."""

    serializer_class = PassageSerializer

    def get_queryset(self) -> QuerySet[Passage]:
        named = Document.objects.visible_to(self.request.user)
        serves = Case(When(serves__document__in=named, then=F("serves__code")))
        return Passage.objects.visible_to(self.request.user).annotate(serves_code=serves)


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    document_code = serializers.CharField(source="document.code")
    strand_code = serializers.CharField(source="strand.code", allow_null=True)
    region_code = serializers.CharField(source="region.code", allow_null=True)

    class Meta:
        model = Allocation
        fields = [
            "id",
            "document_code",
            "period_start",
            "period_end",
            "strand_code",
            "region_code",
            "amount",
        ]


@extend_schema(tags=["programmes"])
class AllocationViewSet(ListViewSet):
    """What indicative programmes set aside, at their leaves. As figures they are the measure `envelope`."""

    serializer_class = AllocationSerializer
    order = ("id",)

    def get_queryset(self) -> QuerySet[Allocation]:
        seen = Document.objects.visible_to(self.request.user)
        return Allocation.objects.filter(document__in=seen)


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
