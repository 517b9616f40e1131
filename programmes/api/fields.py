"""What serializers of every app share: the source of a record, and codes of related records as arrays."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from rest_framework import serializers

SOURCED = ["source", "confidence", "recalled_fields"]


def codes_of(rows: QuerySet[Any], link: str, code: str = "code") -> ArraySubquery:
    """The codes of related records as one array, in order: no query per row."""
    return ArraySubquery(rows.filter(**{link: OuterRef("pk")}).order_by(code).values(code))


class CodesField(serializers.ListField):
    """An array of codes."""

    child = serializers.CharField()
