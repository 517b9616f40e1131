"""Endpoints of projects and organisations."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import RecordViewSet
from programmes.api import SOURCED
from projects.filters import OrganisationFilter, ProjectFilter
from projects.models import Organisation, Partner, Project, ProjectCountry, ProjectStrand


class StrandTagSerializer(serializers.Serializer[ProjectStrand]):
    code = serializers.CharField()
    main = serializers.BooleanField()
    share = serializers.DecimalField(max_digits=7, decimal_places=4, allow_null=True)


class CountryTagSerializer(serializers.Serializer[ProjectCountry]):
    code = serializers.CharField()
    share = serializers.DecimalField(max_digits=7, decimal_places=4, allow_null=True)


class ProjectSerializer(serializers.ModelSerializer[Project]):
    programme_code = serializers.CharField(source="programme.code")
    call_code = serializers.CharField(source="call.code", allow_null=True)
    work_programme_code = serializers.CharField(source="work_programme.code", allow_null=True)
    action_code = serializers.CharField(source="action.code", allow_null=True)
    predecessor_code = serializers.CharField(source="predecessor.code", allow_null=True)
    lead_code = serializers.CharField(source="lead.code", allow_null=True)
    lead_name = serializers.CharField(source="lead.name", allow_null=True)
    partner_names = serializers.ListField(child=serializers.CharField())
    touches_strands = StrandTagSerializer(many=True)
    touches_countries = CountryTagSerializer(many=True)

    class Meta:
        model = Project
        fields = [
            "code",
            "programme_code",
            "call_code",
            "work_programme_code",
            "action_code",
            "predecessor_code",
            "reference",
            "title",
            "acronym",
            "summary",
            "lead_code",
            "lead_name",
            "partner_names",
            "touches_strands",
            "touches_countries",
            "region_note",
            "award_type",
            "attribution",
            "status",
            "start",
            "end",
            "eu_contribution",
            "total_cost",
            "note",
            *SOURCED,
        ]


@extend_schema(tags=["projects"])
class ProjectViewSet(RecordViewSet):
    """Projects. Shares of strands and countries add up to 100 or are absent; none are invented."""

    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter

    def get_queryset(self) -> QuerySet[Project]:
        own = {"project": OuterRef("pk")}
        partners = Partner.objects.filter(**own).order_by("order").values("name")
        strands = ProjectStrand.objects.filter(**own).order_by("-main", "strand__number")
        countries = ProjectCountry.objects.filter(**own).order_by("country__code")
        return Project.objects.visible_to(self.request.user).annotate(
            partner_names=ArraySubquery(partners),
            touches_strands=ArraySubquery(
                strands.values(tag=JSONObject(code="strand__code", main="main", share="share"))
            ),
            touches_countries=ArraySubquery(
                countries.values(tag=JSONObject(code="country__code", share="share"))
            ),
        )


class OrganisationSerializer(serializers.ModelSerializer[Organisation]):
    country_code = serializers.CharField(source="country.code", allow_null=True)

    class Meta:
        model = Organisation
        fields = ["code", "name", "kind", "country_code", *SOURCED]


@extend_schema(tags=["projects"])
class OrganisationViewSet(RecordViewSet):
    """Organisations that lead projects."""

    serializer_class = OrganisationSerializer
    filterset_class = OrganisationFilter
    queryset = Organisation.objects.all()
