"""Uploaded files: one row for each upload, the bytes once for all uploads of the same."""

from __future__ import annotations

from typing import ClassVar

from django.core.files import File as Stored
from django.core.files.storage import default_storage
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.files.kinds import KINDS, TEXTS, label_of

_TEXT_TYPES = {KINDS[name].media_type for name in TEXTS}


class FileQuerySet(models.QuerySet["File"]):
    def unused(self) -> FileQuerySet:
        """Files that no record of any app refers to."""
        links = [relation.name for relation in File._meta.related_objects]
        return self.filter(**{f"{name}__isnull": True for name in links})


class File(models.Model):
    """A file as somebody uploaded it. The database refuses to change the row.

    `sha256` is the digest of its bytes, in hexadecimal, and the place where they are kept; `size` in bytes;
    `media_type` as its content says, whatever its sender said; `pages` where the format tells, as it tells;
    `uploaded_by` the opaque name of a person.
    """

    sha256 = models.CharField(
        "SHA-256",
        max_length=64,
        validators=[RegexValidator(r"^[0-9a-f]{64}$")],
        editable=False,
    )
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("media type"), max_length=100, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=255, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)
    uploaded_by = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[File]] = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["sha256"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_digest"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """Its kind, for people: `PDF`."""
        return label_of(self.media_type)

    @property
    def content_type(self) -> str:
        """Its media type as an answer says it, with the one encoding of texts that is accepted."""
        encoding = "; charset=utf-8" if self.media_type in _TEXT_TYPES else ""
        return f"{self.media_type}{encoding}"

    @property
    def place(self) -> str:
        """Where its bytes are kept in the store."""
        return place_of(self.sha256)

    def open(self) -> Stored[bytes]:
        """Its bytes, to be read and closed. Raises `FileNotFoundError` where the store has lost them."""
        return default_storage.open(self.place)


PLACES = "documents"


def place_of(sha256: str) -> str:
    """Where the bytes with this digest are kept in the store."""
    return f"{PLACES}/{sha256[:2]}/{sha256}"
