"""Endpoints of financing decisions and commitments."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import RecordViewSet
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.models import Commitment, FinancingDecision


class FinancingDecisionSerializer(serializers.ModelSerializer[FinancingDecision]):
    work_programme_code = serializers.CharField(source="work_programme.code")
    commitment_codes = CodesField()

    class Meta:
        model = FinancingDecision
        fields = [
            "code",
            "work_programme_code",
            "number",
            "decided_on",
            "budget_line",
            "registry_reference",
            "commitment_codes",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class FinancingDecisionViewSet(RecordViewSet):
    """Financing decisions of which a commitment is booked."""

    serializer_class = FinancingDecisionSerializer

    def get_queryset(self) -> QuerySet[FinancingDecision]:
        viewer = self.request.user
        seen = Commitment.objects.visible_to(viewer)
        rows = FinancingDecision.objects.visible_to(viewer)
        return rows.annotate(commitment_codes=codes_of(seen, "decision"))


class CommitmentSerializer(serializers.ModelSerializer[Commitment]):
    decision_code = serializers.CharField(source="decision.code")
    work_programme_code = serializers.CharField(source="decision.work_programme.code")
    action_code = serializers.CharField(source="action.code")

    class Meta:
        model = Commitment
        fields = [
            "code",
            "decision_code",
            "work_programme_code",
            "action_code",
            "budget_year",
            "amount",
            "conditional",
            "freed_on",
            "final_contracting_date",
            "status",
            "booked_on",
            *SOURCED,
        ]


@extend_schema(tags=["programmes"])
class CommitmentViewSet(RecordViewSet):
    """Global commitments as decided. What stands of each is its figure of the measure `committed`."""

    serializer_class = CommitmentSerializer

    def get_queryset(self) -> QuerySet[Commitment]:
        return Commitment.objects.visible_to(self.request.user)
