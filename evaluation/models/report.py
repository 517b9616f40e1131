"""Reports: what was asked, where the building stands, and the rows and figures frozen when it was built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.people import Viewer, reads_everything
from portal.lifecycle import Move
from portal.records import CodeField
from programmes.models import Programme


class ReportKind(models.TextChoices):
    PROGRAMME_EVALUATION = "programme_evaluation", _("Programme evaluation report")


class ReportStatus(models.TextChoices):
    QUEUED = "queued", _("Queued")
    BUILDING = "building", _("Building")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, viewer: Viewer) -> ReportQuerySet:
        """Reports are read by officers and auditors."""
        return self if reads_everything(viewer) else self.none()


class Report(models.Model):
    """One report: a question frozen at a position of the ledger, and the file built from it.

    `request_digest` names what was asked, so that the same request twice is one report. `manifest` is what
    the file is rendered from, with the digests of the rows it rests on.
    """

    MOVES: ClassVar[Mapping[str, Move]] = {
        "build": Move(frozenset({ReportStatus.QUEUED}), ReportStatus.BUILDING),
        "finish": Move(frozenset({ReportStatus.BUILDING}), ReportStatus.READY),
        "fail": Move(frozenset({ReportStatus.BUILDING, ReportStatus.QUEUED}), ReportStatus.FAILED),
        "retry": Move(frozenset({ReportStatus.FAILED}), ReportStatus.QUEUED),
        "resume": Move(frozenset({ReportStatus.BUILDING}), ReportStatus.QUEUED),
    }

    code = CodeField()
    kind = models.CharField(_("kind"), max_length=24, choices=ReportKind)
    title = models.CharField(_("title"), max_length=300)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="reports")
    question = models.JSONField(_("question"))
    as_of_position = models.BigIntegerField(_("as of position"))
    as_of_moment = models.DateTimeField(_("as of"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    request_digest = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.QUEUED
    )
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    step_text = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(_("what went wrong"), blank=True)
    manifest = models.JSONField(_("manifest"), default=dict, blank=True)
    pdf = models.FileField(_("file"), upload_to="reports/", blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True, blank=True)
    content_digest = models.CharField(_("content digest"), max_length=64, blank=True)
    requested_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[models.Manager[Report]] = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "code"]
        indexes = [models.Index(fields=["-requested_at", "code"], name="report_by_request")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.READY) | (~Q(sha256="") & ~Q(pdf="")),
                name="ready_report_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReportStatus.FAILED) | ~Q(failure=""),
                name="failed_report_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_report", args=[self.code])


class ReportFigure(models.Model):
    """A figure as it was printed: its address, its value, and what was known about it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    measure = models.CharField(max_length=20)
    address = models.TextField(_("address"))
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_figure_once"),
        ]

    def __str__(self) -> str:
        return self.key


class ReportTable(models.Model):
    """A table as it was printed and attached: its columns, all its rows, and the digest of its CSV."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="tables")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80)
    title = models.CharField(_("title"), max_length=200)
    columns = models.JSONField()
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="report_table_once"),
        ]

    def __str__(self) -> str:
        return self.title
