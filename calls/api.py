"""Endpoints of calls for proposals, their lots, and the grids of the practical guide."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from calls.filters import CallFilter
from calls.models import Call, GridSection, Lot, LotBudget
from portal.api import ListViewSet, RecordViewSet
from portal.countries.models import Country
from programmes.api import SOURCED, CodesField, codes_of
from programmes.models import Action, Region, Strand


class CallSerializer(serializers.ModelSerializer[Call]):
    programme_code = serializers.CharField(source="programme.code")
    action_codes = CodesField()
    strand_codes = CodesField()
    country_codes = CodesField()
    lot_codes = CodesField()

    class Meta:
        model = Call
        fields = [
            "code",
            "programme_code",
            "reference",
            "title",
            "summary",
            "status",
            "procedure",
            "published",
            "opens_at",
            "concept_note_deadline",
            "full_application_deadline",
            "deadline_at",
            "deadline_is_day",
            "deadline_zone",
            "budget",
            "grant_min",
            "grant_max",
            "cofinancing_max",
            "duration_note",
            "eligibility_note",
            "lots_note",
            "proposals_received",
            "proposals_awarded",
            "action_codes",
            "strand_codes",
            "country_codes",
            "lot_codes",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["calls"])
class CallViewSet(RecordViewSet):
    """Calls for proposals that are published."""

    serializer_class = CallSerializer
    filterset_class = CallFilter

    def get_queryset(self) -> QuerySet[Call]:
        return Call.objects.visible_to(self.request.user).annotate(
            action_codes=codes_of(Action.objects.all(), "calls"),
            strand_codes=codes_of(Strand.objects.all(), "calls"),
            country_codes=codes_of(Country.objects.all(), "calls"),
            lot_codes=codes_of(Lot.objects.all(), "call"),
        )


class LotSerializer(serializers.ModelSerializer[Lot]):
    call_code = serializers.CharField(source="call.code")
    parent_code = serializers.CharField(source="parent.code", allow_null=True)
    strand_codes = CodesField()
    region_codes = CodesField()
    budget_years = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        model = Lot
        fields = [
            "code",
            "call_code",
            "parent_code",
            "number",
            "title",
            "budget",
            "strand_codes",
            "region_codes",
            "budget_years",
            *SOURCED,
        ]


@extend_schema(tags=["calls"])
class LotViewSet(RecordViewSet):
    """Lots and sub-lots. A sub-lot's budget is part of its lot's."""

    serializer_class = LotSerializer

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.filter(call__in=Call.objects.visible_to(self.request.user)).annotate(
            strand_codes=codes_of(Strand.objects.all(), "lots"),
            region_codes=codes_of(Region.objects.all(), "lots"),
            budget_years=codes_of(LotBudget.objects.all(), "lot", "budget_year"),
        )


class GridSectionSerializer(serializers.ModelSerializer[GridSection]):
    class Meta:
        model = GridSection
        fields = [
            "id",
            "version",
            "stage",
            "section",
            "title",
            "max_score",
            "threshold",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["calls"])
class GridSectionViewSet(ListViewSet):
    """Grids by which proposals are assessed, by version of the practical guide."""

    serializer_class = GridSectionSerializer
    queryset = GridSection.objects.all()
    order = ("id",)
