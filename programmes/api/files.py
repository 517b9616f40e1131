"""The endpoint of the files of documents: what they are, and where their bytes are."""

from __future__ import annotations

from django.conf import settings
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from portal.api import ListViewSet
from programmes.filters import DocumentFileFilter
from programmes.models import DocumentFile


class DocumentFileSerializer(serializers.ModelSerializer[DocumentFile]):
    document_code = serializers.CharField(source="document.code")
    name = serializers.CharField(source="file.name")
    media_type = serializers.CharField(source="file.media_type")
    size = serializers.IntegerField(source="file.size")
    pages = serializers.IntegerField(source="file.pages", allow_null=True)
    sha256 = serializers.CharField(source="file.sha256")
    current = serializers.BooleanField()
    url = serializers.URLField()

    class Meta:
        model = DocumentFile
        fields = [
            "id",
            "document_code",
            "language",
            "version",
            "current",
            "binding",
            "registry_reference",
            "name",
            "media_type",
            "size",
            "pages",
            "sha256",
            "url",
            "added_at",
            "replaced_at",
        ]


@extend_schema(tags=["programmes"])
class DocumentFileViewSet(ListViewSet):
    """Files of documents, in every language and version: size in bytes, SHA-256, and the address of the bytes."""

    serializer_class = DocumentFileSerializer
    filterset_class = DocumentFileFilter

    def get_queryset(self) -> QuerySet[DocumentFile]:
        return DocumentFile.objects.visible_to(self.request.user).annotate(
            current=Q(replaced_at__isnull=True), url=_address()
        )


def _address() -> Concat:
    """Where the bytes are: what `download_document_file` answers to, for many rows at once."""
    documents = f"{settings.PORTAL_URL}{reverse('list_documents')}"
    parts = [
        Value(documents),
        F("document__code"),
        Value("/files/"),
        F("language"),
        Value("/"),
        Cast("version", CharField()),
        Value("/"),
    ]
    return Concat(*parts, output_field=CharField())
