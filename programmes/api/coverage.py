"""The endpoint of the coverage matrix: one measure of a programme by region and strand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import ConditionalView
from programmes.coverage import Cell, Matrix
from programmes.coverage_sheet import LABELS, NotAsked, read_matrix
from programmes.ledger.counts import counted_kind
from programmes.ledger.models import Measure
from programmes.ledger.scope import ALL_PROGRAMMES, AsOf, parse_question
from programmes.ledger.selection import REPORTED_FOR
from programmes.models import Programme

NAMES = ("programme", "measure", "years", "as_of")


class PositionSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    moment = serializers.DateTimeField(allow_null=True)


class CoverageCellSerializer(serializers.Serializer[Any]):
    region = serializers.CharField(help_text="As a figure's question has it; empty for a total")
    strand = serializers.CharField(help_text="As a figure's question has it; empty for a total")
    value = serializers.CharField(allow_null=True, help_text="Null: not reported")
    records = serializers.IntegerField(
        allow_null=True,
        help_text="How many records an amount is summed from, each once; null of a count and where nothing is reported",
    )
    elsewhere = serializers.IntegerField(
        help_text="How many of the records, or of those counted, are in other cells, rows or columns too"
    )
    note = serializers.CharField(help_text="The records, and how many are elsewhere, in words")
    gap = serializers.CharField(help_text="What was set aside there with nothing contracted")
    address = serializers.CharField(help_text="The figure it is, empty where it has no value")


class CoverageSerializer(serializers.Serializer[Any]):
    """A matrix: its cells region by region, each region's total, each strand's total, and the total of all."""

    programme = serializers.CharField()
    measure = serializers.CharField()
    unit = serializers.CharField(help_text="EUR or records")
    record_kind = serializers.CharField(help_text="The kind of the records: project, for example")
    years = serializers.CharField()
    as_of = PositionSerializer()
    cells = CoverageCellSerializer(many=True)


def _text(name: str, words: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, required=required, description=words)


class CoverageView(ConditionalView):
    """Which regions and strands a measure of a programme covers."""

    serializer_class = CoverageSerializer

    @extend_schema(
        tags=["figures"],
        operation_id="coverage_retrieve",
        parameters=[
            _text("programme", "Code of a programme.", required=True),
            _text("measure", f"One of {', '.join(LABELS)}; contracted where it is not given."),
            _text("years", "YYYY, of an envelope YYYY-YYYY, or undated; all where not given."),
            _text("as_of", "A position of the ledger, or a day as YYYY-MM-DD."),
        ],
    )
    def get(self, request: Request) -> Response:
        """Every cell with its figure; amounts add up to the totals, counts say how many are elsewhere too."""
        asked = dict(request.query_params.lists())
        programme, as_of = _question(asked)
        measure, years = (asked.get(name, [""])[0] for name in ("measure", "years"))
        measure = measure or Measure.CONTRACTED.value
        matrix, found, _choices = read_matrix(programme, as_of, measure, years)
        return Response(
            {
                "programme": programme.code,
                "measure": measure,
                "unit": "EUR" if measure in Measure.values else "records",
                "record_kind": REPORTED_FOR.get(measure) or counted_kind(measure),
                "years": found.text,
                "as_of": {"position": as_of.position, "moment": as_of.moment},
                "cells": list(_cells(matrix, request)),
            }
        )


def _question(asked: Mapping[str, Sequence[str]]) -> tuple[Programme, AsOf]:
    """The programme and the moment asked for; refuses what a matrix has no place for."""
    faults = {name: [_("This is not a parameter of a matrix.")] for name in asked.keys() - {*NAMES}}
    faults |= {
        name: [_("Give this parameter once.")] for name in NAMES if len(asked.get(name, ())) > 1
    }
    if asked.get("programme") == [ALL_PROGRAMMES]:
        faults["programme"] = [_("A matrix is of one programme.")]
    if faults:
        raise NotAsked(faults)
    kept = {name: asked[name] for name in ("programme", "as_of") if name in asked}
    scope, as_of = parse_question(kept)
    return Programme.objects.get(code=scope.programme), as_of


def _cells(matrix: Matrix, request: Request) -> Iterator[dict[str, Any]]:
    strands = [column.key for column in matrix.columns]
    for row in matrix.rows:
        for strand, cell in zip([*strands, ""], [*row.cells, row.total], strict=True):
            yield _cell(row.heading.key, strand, cell, request)
    for strand, cell in zip([*strands, ""], [*matrix.totals, matrix.total], strict=True):
        yield _cell("", strand, cell, request)


def _cell(region: str, strand: str, cell: Cell, request: Request) -> dict[str, Any]:
    return {
        "region": region,
        "strand": strand,
        "value": None if cell.value is None else str(cell.value),
        "records": cell.records,
        "elsewhere": cell.elsewhere,
        "note": cell.note,
        "gap": cell.gap,
        "address": request.build_absolute_uri(cell.url) if cell.url else "",
    }
