"""The audit trail: one entry for every verb, and never a word changed afterwards; and the seals over it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing somebody did: who, when, what, to which record, what was before and what is now.

    The database sets `position` and `at`, and refuses every change afterwards.
    `actor` is the opaque name of a person, empty where the portal itself acted. `part_of` is the code of
    the record that this one is a part of: changing an action changes its work programme. `request_id` is
    that of the request that did it, empty for a command.
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
            models.Index(fields=["actor", "position"], name="entry_by_actor"),
            models.Index(fields=["verb", "position"], name="entry_by_verb"),
            models.Index(fields=["at"], name="entry_by_moment"),
            GinIndex(OpClass(Upper("reason"), name="gin_trgm_ops"), name="entry_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.record_kind} {self.record_code}"


class Seal(models.Model):
    """A digest over every row from `first_position` to `last_position`, chained to the seal before.

    `content` is the SHA-256, in hexadecimal, of the leaves of the rows (`portal.audit.leaves`), `previous`
    the digest of the seal before, and `digest` the SHA-256 of the text of the seal, which names both
    (`portal.audit.sealing`). Never changed.
    """

    number = models.PositiveIntegerField(_("number"), primary_key=True)
    form = models.PositiveSmallIntegerField(_("form"))
    first_position = models.BigIntegerField(_("first position"))
    last_position = models.BigIntegerField(_("last position"), unique=True)
    rows = models.PositiveBigIntegerField(_("rows"))
    sealed_at = models.DateTimeField(_("sealed"))
    content = models.CharField(_("digest of the rows"), max_length=64)
    previous = models.CharField(_("digest of the seal before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_position__gte=models.F("first_position")), name="seal_has_range"
            ),
        ]

    def __str__(self) -> str:
        return str(_("seal %(number)s") % {"number": self.number})


class SealPage(models.Model):
    """The leaves of some rows of a seal, as they were when it was made: they say which row was altered.

    A page holds the rows up to position `through`, after those of the page before. Never changed.
    """

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="pages")
    through = models.BigIntegerField()
    leaves = models.BinaryField()

    class Meta:
        ordering = ["seal", "through"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "through"], name="seal_page_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seal_id}: {self.through}"


# A check that has not ended after this long was lost with its message or its worker.
LOST_AFTER = timedelta(hours=1)


class SealCheckQuerySet(models.QuerySet["SealCheck"]):
    def under_way(self) -> SealCheck | None:
        """The check that a worker was asked for and has not ended yet."""
        since = timezone.now() - LOST_AFTER
        return self.filter(finished_at=None, requested_at__gt=since).first()

    def newest(self) -> SealCheck | None:
        """The check that ended last."""
        return self.exclude(finished_at=None).order_by("-finished_at").first()


class SealCheck(models.Model):
    """A walk over every seal and every row beneath them: who asked for it, and what it found.

    `findings` holds, seal by seal, the first thing that is wrong (`portal.audit.verifying.Finding`); empty
    where everything holds, and while the walk is under way.
    """

    requested_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    requested_by = models.UUIDField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seals = models.PositiveIntegerField(_("seals checked"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("rows checked"), null=True, blank=True)
    findings = models.JSONField(default=list, blank=True)

    objects = SealCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"

    @property
    def holds(self) -> bool:
        """Every seal and every row is as it was sealed. False while the walk is under way."""
        return self.finished_at is not None and not self.findings
