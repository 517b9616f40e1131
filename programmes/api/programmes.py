"""Endpoints of programmes, their strands, measures and themes."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import RecordViewSet
from programmes.api.fields import SOURCED, CodesField, codes_of
from programmes.models import (
    Measure,
    Programme,
    Strand,
    Theme,
)


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
        return Programme.objects.visible_to(self.request.user).annotate(strand_codes=strands)


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
        viewer = self.request.user
        programmes = codes_of(Programme.objects.visible_to(viewer), "strands")
        return Strand.objects.visible_to(viewer).annotate(programme_codes=programmes)


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    strand_code = serializers.CharField(source="strand.code")

    class Meta:
        model = Measure
        fields = ["code", "strand_code", "order", "text", *SOURCED]


@extend_schema(tags=["vocabulary"])
class MeasureViewSet(RecordViewSet):
    """Measures of the strands."""

    serializer_class = MeasureSerializer

    def get_queryset(self) -> QuerySet[Measure]:
        return Measure.objects.filter(strand__in=Strand.objects.visible_to(self.request.user))


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
