"""The files of a document: one line of versions for each language, one language that is binding."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer
from portal.files.languages import Language
from portal.files.models import File
from portal.records import REGISTRY_FORM, check_registry_reference
from programmes.models.documents import UNPUBLISHED, Document


class DocumentFileQuerySet(models.QuerySet["DocumentFile"]):
    def visible_to(self, viewer: Viewer) -> DocumentFileQuerySet:
        """A file is for those who may see its document."""
        return self.filter(document__in=Document.objects.visible_to(viewer))

    def current(self) -> DocumentFileQuerySet:
        """Files that no later version has replaced."""
        return self.filter(replaced_at__isnull=True)

    def settled(self) -> DocumentFileQuerySet:
        """Binding texts of documents that are no drafts any more: these stay, in file and in language."""
        return self.current().filter(binding=True).exclude(document__status__in=UNPUBLISHED)


class DocumentFile(models.Model):
    """A document's text in one language, as a file; a later version replaces it and lets it be read.

    `version` counts from 1 in each language. `binding` says that this text decides where languages differ;
    of a version that was replaced, that it did then. A document that is no draft any more keeps its binding
    text; the database refuses to replace it.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="document_file")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    binding = models.BooleanField(_("binding"), default=False)
    registry_reference = models.CharField(
        _("registry reference"),
        max_length=40,
        blank=True,
        validators=[check_registry_reference],
    )
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[DocumentFile]] = DocumentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        ordering = ["language", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "language", "version"], name="document_file_version_once"
            ),
            models.UniqueConstraint(
                fields=["document", "language"],
                condition=Q(replaced_at__isnull=True),
                name="document_file_one_current",
            ),
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(binding=True, replaced_at__isnull=True),
                name="document_file_one_binding",
                violation_error_message=_("Another language of this document is binding."),
            ),
            models.CheckConstraint(
                condition=Q(registry_reference="") | Q(registry_reference__regex=REGISTRY_FORM),
                name="document_file_registry_form",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="document_file_version_from_1"
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

    def get_absolute_url(self) -> str:
        return self._address("download_document_file")

    @property
    def change_url(self) -> str:
        return self._address("change_document_file")

    @property
    def removal_url(self) -> str:
        return self._address("remove_document_file")

    @property
    def trail_code(self) -> str:
        """What the audit trail calls it: `AAP-2009-FR-1`."""
        return f"{self.document.code}-{self.language.upper()}-{self.version}"

    def _address(self, page: str) -> str:
        return reverse(page, args=[self.document.code, self.language, self.version])
