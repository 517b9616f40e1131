"""Calls for proposals, their lots, and the grids by which proposals are assessed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.countries.models import Country
from portal.dates import PartialDateField
from portal.folding import folded_index
from portal.records import CodeField, Sourced
from programmes.models import Action, Programme, Region, Strand


class Procedure(models.TextChoices):
    OPEN = "open", _("Open")
    RESTRICTED = "restricted", _("Restricted")


class CallStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    SUSPENDED = "suspended", _("Suspended")
    CANCELLED = "cancelled", _("Cancelled")
    AWARDED = "awarded", _("Awarded")


class Phase(models.TextChoices):
    """Where a published call stands at a moment. Computed from its dates, never stored."""

    FORTHCOMING = "forthcoming", _("Forthcoming")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    NOT_REPORTED = "not_reported", _("Dates not reported")


# The fields in which a call is searched by a word.
WORDS_OF_CALL = ("title", "reference", "code")

# Calls without a deadline come last in a list that begins with the latest deadline.
SORT_DEADLINE = Coalesce(F("deadline_at"), Value(datetime(1970, 1, 1, tzinfo=UTC)))


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, viewer: Viewer) -> CallQuerySet:
        return self if reads_everything(viewer) else self.exclude(status=CallStatus.DRAFT)

    def with_sort_deadline(self) -> CallQuerySet:
        """Adds `sort_deadline`, by which lists are ordered and paged."""
        return self.annotate(sort_deadline=SORT_DEADLINE)

    def hanging_on(self, kind: str, viewer: Viewer) -> CallQuerySet:
        """Calls that stand on an `action` in the thread as a viewer sees it, or on nothing but their `programme`."""
        actions = Action.objects.visible_to(viewer).originals()
        implemented = Exists(
            actions.filter(calls=OuterRef("pk"), work_programme__programme=OuterRef("programme"))
        )
        return self.filter(implemented if kind == "action" else ~implemented)

    def in_phase(self, phase: str, at: datetime | None = None) -> CallQuerySet:
        """Calls that stand in one phase at a moment (now, where none is given)."""
        at = at or timezone.now()
        opened = Q(opens_at__lte=at)
        conditions = {
            Phase.FORTHCOMING: Q(opens_at__gt=at),
            Phase.OPEN: opened & Q(deadline_at__gt=at),
            Phase.CLOSED: Q(deadline_at__lte=at),
            Phase.NOT_REPORTED: Q(deadline_at__isnull=True) & (Q(opens_at__isnull=True) | opened),
        }
        return self.filter(conditions[Phase(phase)])


class Call(Sourced):
    """A call for proposals.

    `opens_at` and `deadline_at` are the moments from which and until which applicants may act: the first
    deadline of the procedure. A date without an hour counts to the end of that day in Brussels and says so
    by its `..._is_day`. `published` keeps what the source says, as precise as the source.
    """

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="calls")
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=400)
    summary = models.TextField(_("summary"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CallStatus, default=CallStatus.DRAFT
    )
    procedure = models.CharField(_("procedure"), max_length=10, choices=Procedure, blank=True)
    published = PartialDateField(_("published"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    concept_note_deadline = PartialDateField(_("concept note by"))
    full_application_deadline = PartialDateField(_("full application by"))
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    deadline_is_day = models.BooleanField(_("hour not reported"), default=False)
    deadline_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Brussels")
    budget = models.DecimalField(
        _("budget in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    grant_min = models.DecimalField(
        _("smallest grant in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    grant_max = models.DecimalField(
        _("largest grant in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    cofinancing_max = models.DecimalField(
        _("largest EU share in %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    duration_note = models.TextField(_("duration"), blank=True)
    eligibility_note = models.TextField(_("who may apply"), blank=True)
    lots_note = models.TextField(_("lots as stated"), blank=True)
    proposals_received = models.PositiveIntegerField(_("proposals received"), null=True, blank=True)
    proposals_awarded = models.PositiveIntegerField(_("proposals awarded"), null=True, blank=True)
    actions = models.ManyToManyField(
        Action, related_name="calls", blank=True, verbose_name=_("actions implemented")
    )
    strands = models.ManyToManyField(
        Strand, related_name="calls", blank=True, verbose_name=_("strands")
    )
    countries = models.ManyToManyField(
        Country, related_name="calls", blank=True, verbose_name=_("countries")
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager[Call]] = CallQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(SORT_DEADLINE.desc(), "code", name="call_by_deadline"),
            folded_index("call_words", *WORDS_OF_CALL),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(deadline_at__isnull=True)
                | Q(deadline_at__gt=F("opens_at")),
                name="call_deadline_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(grant_min__isnull=True)
                | Q(grant_max__isnull=True)
                | Q(grant_max__gte=F("grant_min")),
                name="call_grant_limits_order",
            ),
            models.CheckConstraint(
                condition=Q(cofinancing_max__isnull=True)
                | Q(cofinancing_max__gt=0, cofinancing_max__lte=100),
                name="call_cofinancing_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_call", args=[self.code])

    def phase(self, at: datetime | None = None) -> Phase:
        """Where the call stands at a moment (now, where none is given)."""
        at = at or timezone.now()
        if self.opens_at and self.opens_at > at:
            return Phase.FORTHCOMING
        if self.deadline_at is None:
            return Phase.NOT_REPORTED
        return Phase.CLOSED if self.deadline_at <= at else Phase.OPEN


class Lot(Sourced):
    """A lot or sub-lot of a call: what it is for, where, and how much of which budget year."""

    code = CodeField()
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="lots")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="sub_lots"
    )
    number = models.CharField(_("number"), max_length=10)
    title = models.CharField(_("title"), max_length=300)
    strands = models.ManyToManyField(
        Strand, related_name="lots", blank=True, verbose_name=_("strands")
    )
    regions = models.ManyToManyField(
        Region, related_name="lots", blank=True, verbose_name=_("regions")
    )
    budget = models.DecimalField(
        _("budget in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["call__code", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="lot_number_once_per_call"),
        ]

    def __str__(self) -> str:
        return self.title


class LotBudget(models.Model):
    """What a lot takes from a budget year, and the action that funds it. It is a budget, not a posting."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="budgets")
    budget_year = models.PositiveSmallIntegerField(_("budget year"))
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)
    conditional = models.BooleanField(_("subject to the budget of that year"), default=False)
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="lot_budgets"
    )

    class Meta:
        ordering = ["budget_year"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "budget_year"], name="lot_budget_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="lot_budget_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.lot.code} {self.budget_year}: {self.amount}"


class GridSection(Sourced):
    """A section of a grid by which proposals are assessed, in one version of the practical guide."""

    version = models.CharField(_("version"), max_length=40)
    stage = models.CharField(_("stage"), max_length=40)
    section = models.CharField(_("section"), max_length=10)
    title = models.CharField(_("title"), max_length=300)
    max_score = models.PositiveSmallIntegerField(_("largest score"))
    threshold = models.PositiveSmallIntegerField(_("threshold"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["version", "stage", "section"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "stage", "section"], name="grid_section_once"
            ),
            models.CheckConstraint(
                condition=Q(threshold__isnull=True) | Q(threshold__lte=F("max_score")),
                name="grid_threshold_within_maximum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.stage}, {self.section}: {self.title}"
