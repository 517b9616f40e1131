"""The audit trail: one entry for every verb, and never a word changed afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing somebody did: who, when, what, to which record, what was before and what is now.

    The database sets `position` and `at`, and refuses every change afterwards.
    `actor` is the opaque name of a person, empty where the portal itself acted. `part_of` is the code of
    the record that this one is a part of: changing an action changes its work programme.
    """

    position = models.BigIntegerField(db_default=0, unique=True, editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.UUIDField(null=True, blank=True)
    verb = models.CharField(_("verb"), max_length=60)
    record_kind = models.CharField(_("kind of record"), max_length=40)
    record_code = models.CharField(_("code"), max_length=80, blank=True)
    part_of = models.CharField(_("part of"), max_length=80, blank=True, db_default="")
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["record_kind", "record_code", "position"]),
            models.Index(
                fields=["part_of", "position"], condition=~Q(part_of=""), name="entry_by_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.record_kind} {self.record_code}"
