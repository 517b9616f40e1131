"""The endpoint of versions: what each document said when it was adopted."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import ListViewSet
from programmes.filters import VersionFilter
from programmes.models import Document, Version


class VersionSerializer(serializers.ModelSerializer[Version]):
    document_code = serializers.CharField(source="document.code")
    amendment_code = serializers.CharField(source="amendment.code", allow_null=True)

    class Meta:
        model = Version
        fields = ["document_code", "number", "adopted", "reason", "amendment_code", "content"]


@extend_schema(tags=["programmes"])
class VersionViewSet(ListViewSet):
    """Versions of programming documents: the whole content of each as it was adopted, for ever."""

    serializer_class = VersionSerializer
    filterset_class = VersionFilter
    order: ClassVar[tuple[str, ...]] = ("document_code", "number")

    def get_queryset(self) -> QuerySet[Version]:
        seen = Document.objects.visible_to(self.request.user)
        return Version.objects.filter(document__in=seen)
