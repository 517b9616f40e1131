"""Endpoints of figures, evaluations and reports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation.figures import DEFINITIONS, Reading, read
from evaluation.models import (
    Criterion,
    Evaluation,
    EvaluationQuestion,
    Finding,
    MonitoringRule,
    Recommendation,
    Report,
)
from portal.api import ConditionalView, ListViewSet, RecordViewSet
from portal.audit.models import Seal
from programmes.api import SOURCED
from programmes.ledger import codes, counts, figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import RECORD_FIELDS, parse_question
from programmes.ledger.selection import REPORTED_FOR
from programmes.ledger.words import ITSELF, PlaceWord, StrandWord


class PartSerializer(serializers.Serializer[Any]):
    amount = serializers.DecimalField(max_digits=18, decimal_places=2)
    records = serializers.IntegerField()
    postings = serializers.IntegerField()


class AsOfSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    moment = serializers.DateTimeField(allow_null=True)


class RecordShareSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(
        allow_null=True, help_text="Null for the line of withheld records."
    )
    amount = serializers.DecimalField(max_digits=18, decimal_places=2, allow_null=True)
    records = serializers.IntegerField()


class FigureSerializer(serializers.Serializer[Any]):
    """A figure: what was asked, the value, what stands beside it, and the records it is summed from."""

    measure = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField(help_text="EUR or records")
    address = serializers.CharField(help_text="Canonical address of the figure's page")
    as_of = AsOfSerializer()
    value = serializers.CharField(allow_null=True, help_text="Null: not reported")
    reported = serializers.IntegerField(allow_null=True)
    recorded = serializers.IntegerField(allow_null=True)
    elsewhere = serializers.IntegerField(
        help_text="Of a count, how many records also touch strands or places not asked for"
    )
    undated = serializers.IntegerField(help_text="Of a count, how many records have no date")
    parts = serializers.DictField(child=PartSerializer())
    by_attribution = serializers.DictField(child=serializers.CharField())
    records = RecordShareSerializer(many=True)


def _parameter(
    name: str, text: str, *, many: bool = False, required: bool = False
) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, required=required, many=many, explode=many or None, description=text
    )


QUESTION = [
    OpenApiParameter(
        "measure", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(DEFINITIONS), required=True
    ),
    _parameter(
        "programme", "Code of a programme, or “all” without the demonstration.", required=True
    ),
    _parameter("strand", f"Codes of strands, or {', '.join(StrandWord.values)}.", many=True),
    _parameter("country", "Codes of countries.", many=True),
    _parameter(
        "region",
        f"Codes of regions or routes, a code followed by {ITSELF}, or {', '.join(PlaceWord.values)}.",
        many=True,
    ),
    _parameter("from", "First date: YYYY, or on the event axis YYYY-MM or YYYY-MM-DD."),
    _parameter("to", "Last date, of the same form."),
    _parameter("axis", "event or budget: the date by which a period picks."),
    _parameter("as_of", "A position of the ledger, or a day as YYYY-MM-DD."),
    *[_parameter(name, f"Code of one {name.replace('_', ' ')}.") for name in RECORD_FIELDS],
]


class FigureView(ConditionalView):
    """A figure: measure, scope and as-of, with the records whose sum it is."""

    serializer_class = FigureSerializer

    @extend_schema(tags=["figures"], parameters=QUESTION, operation_id="figures_retrieve")
    def get(self, request: Request, measure: str) -> Response:
        """One figure. It has one value for everybody; records a viewer may not see are one line."""
        if measure not in DEFINITIONS:
            raise Http404(_("There is no measure “%s”.") % measure)
        scope, as_of = parse_question(dict(request.query_params.lists()))
        reading = read(measure, scope, as_of)
        return Response(
            {
                "measure": measure,
                "title": reading.label,
                "unit": "records" if measure in CountMeasure.values else "EUR",
                "address": request.build_absolute_uri(reading.address),
                "as_of": {"position": as_of.position, "moment": as_of.moment},
                "value": None if reading.value is None else str(reading.value),
                "reported": reading.reported,
                "recorded": reading.recorded,
                "elsewhere": reading.elsewhere,
                "undated": reading.undated,
                "parts": {
                    name: {
                        "amount": part.amount,
                        "records": part.records,
                        "postings": part.postings,
                    }
                    for name, part in reading.parts.items()
                },
                "by_attribution": reading.by_attribution,
                "records": _records(reading, request),
            }
        )


def _records(reading: Reading, request: Request) -> list[dict[str, Any]]:
    """What each record adds, those that the viewer may not see summed in one line without a code."""
    if reading.measure in CountMeasure.values:
        field = counts.counted_kind(reading.measure).value
        rows = list(counts.counted_records(reading.measure, reading.scope, reading.as_of))
    elif reading.measure in Measure.values:
        field = REPORTED_FOR[reading.measure].value
        rows = list(figures.by_record(reading.measure, reading.scope, reading.as_of))
    else:
        return []
    seen = codes.describe(field, [row["record"] for row in rows], request.user)
    open_to_viewer = [
        {"code": row["record"], "amount": row.get("amount"), "records": 1}
        for row in rows
        if not row["record"] or row["record"] in seen
    ]
    hidden = [row for row in rows if row["record"] and row["record"] not in seen]
    if not hidden:
        return open_to_viewer
    amounts = [row["amount"] for row in hidden if "amount" in row]
    withheld = {"code": None, "amount": sum(amounts) if amounts else None, "records": len(hidden)}
    return [*open_to_viewer, withheld]


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    class Meta:
        model = Criterion
        fields = ["code", "name", "scheme", "text", *SOURCED]


@extend_schema(tags=["evaluation"])
class CriterionViewSet(RecordViewSet):
    """Criteria of evaluation."""

    serializer_class = CriterionSerializer
    queryset = Criterion.objects.all()


class MonitoringRuleSerializer(serializers.ModelSerializer[MonitoringRule]):
    class Meta:
        model = MonitoringRule
        fields = ["code", "title", "text", *SOURCED]


@extend_schema(tags=["evaluation"])
class MonitoringRuleViewSet(RecordViewSet):
    """Rules and scales of results-oriented monitoring."""

    serializer_class = MonitoringRuleSerializer
    queryset = MonitoringRule.objects.all()


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    document_code = serializers.CharField(source="document.code")

    class Meta:
        model = Evaluation
        fields = ["code", "document_code", "title", "text", "criteria", *SOURCED]


@extend_schema(tags=["evaluation"])
class EvaluationViewSet(RecordViewSet):
    """Evaluations and audits on record."""

    serializer_class = EvaluationSerializer
    queryset = Evaluation.objects.all()


JUDGEMENT = ["code", "evaluation_code", "criterion", "title", "text", *SOURCED]


class EvaluationQuestionSerializer(serializers.ModelSerializer[EvaluationQuestion]):
    evaluation_code = serializers.CharField(source="evaluation.code")

    class Meta:
        model = EvaluationQuestion
        fields = JUDGEMENT


@extend_schema(tags=["evaluation"])
class EvaluationQuestionViewSet(RecordViewSet):
    """Questions that evaluations were asked."""

    serializer_class = EvaluationQuestionSerializer
    queryset = EvaluationQuestion.objects.all()


class FindingSerializer(serializers.ModelSerializer[Finding]):
    evaluation_code = serializers.CharField(source="evaluation.code")

    class Meta:
        model = Finding
        fields = JUDGEMENT


@extend_schema(tags=["evaluation"])
class FindingViewSet(RecordViewSet):
    """Findings of evaluations and audits."""

    serializer_class = FindingSerializer
    queryset = Finding.objects.all()


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    evaluation_code = serializers.CharField(source="evaluation.code")

    class Meta:
        model = Recommendation
        fields = JUDGEMENT


@extend_schema(tags=["evaluation"])
class RecommendationViewSet(RecordViewSet):
    """Recommendations of evaluations and audits."""

    serializer_class = RecommendationSerializer
    queryset = Recommendation.objects.all()


class ReportSerializer(serializers.ModelSerializer[Report]):
    programme_code = serializers.CharField(source="programme.code")

    class Meta:
        model = Report
        fields = [
            "code",
            "programme_code",
            "kind",
            "title",
            "question",
            "as_of_position",
            "as_of_moment",
            "status",
            "failure",
            "manifest",
            "sha256",
            "size",
            "content_digest",
            "requested_at",
            "finished_at",
        ]


@extend_schema(tags=["reports"])
class ReportViewSet(RecordViewSet):
    """Reports, for officers and auditors."""

    serializer_class = ReportSerializer

    def get_queryset(self) -> QuerySet[Report]:
        return Report.objects.visible_to(self.request.user)


class SealSerializer(serializers.ModelSerializer[Seal]):
    class Meta:
        model = Seal
        fields = [
            "number",
            "form",
            "first_position",
            "last_position",
            "rows",
            "sealed_at",
            "content",
            "previous",
            "digest",
        ]


@extend_schema(tags=["seals"])
class SealViewSet(ListViewSet):
    """Seals over ledger and audit trail, each chained to the one before."""

    serializer_class = SealSerializer
    queryset = Seal.objects.all()
    order = ("number",)
