"""The ledger: postings of money, milestones, and tags, each row for ever.

Rows name later records by their codes, so that a work-programme page can show late money without knowing
what a project is. The database sets `position` and `posted_at`, takes rows in the order of their positions,
and refuses UPDATE, DELETE and TRUNCATE.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.dates import Precision
from portal.records import Attribution


class Measure(models.TextChoices):
    """What a posting counts. Measures stand beside each other and are never added to each other."""

    ENVELOPE = "envelope", _("Envelope")
    PLANNED = "planned", _("Planned")
    COMMITTED = "committed", _("Committed")
    CONTRACTED = "contracted", _("Contracted")
    PAID = "paid", _("Paid")
    ACCEPTED = "accepted", _("Accepted")


class Place(models.TextChoices):
    """What is known of the place of a posting; the four values are distinct."""

    COUNTRY = "country", _("one country")
    REGION = "region", _("region only")
    GLOBAL = "global", _("global")
    SEVERAL = "several", _("several countries, not split")
    NOT_REPORTED = "not_reported", _("not reported")


class SubjectKind(models.TextChoices):
    """The kinds of records that milestones and tags speak of, and that measures are reported for."""

    INDICATIVE_PROGRAMME = "indicative_programme", _("indicative programme")
    WORK_PROGRAMME = "work_programme", _("work programme")
    ACTION = "action", _("action")
    COMMITMENT = "commitment", _("commitment")
    CALL = "call", _("call")
    PROJECT = "project", _("project")


class Placed(models.Model):
    """A row with its place on the axis. The database sets both fields; `reverses` takes a row back."""

    position = models.BigIntegerField(db_default=0, unique=True, editable=False)
    posted_at = models.DateTimeField(db_default=Now(), editable=False)
    programme = models.CharField(_("programme"), max_length=60)
    reason = models.TextField(_("reason"), blank=True)
    by = models.UUIDField(_("by"), null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position"]


class Posting(Placed):
    """One signed amount of one measure.

    Empty `strand` means several or none, not split; `place` says what an empty `country` means.
    """

    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)
    value_date = models.DateField(_("value date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    budget_year = models.SmallIntegerField(_("budget year"), null=True, blank=True)
    period_start = models.SmallIntegerField(_("first year"), null=True, blank=True)
    period_end = models.SmallIntegerField(_("last year"), null=True, blank=True)
    strand = models.CharField(_("strand"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=12, choices=Place, default=Place.NOT_REPORTED)
    region = models.CharField(_("region"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    indicative_programme = models.CharField(_("indicative programme"), max_length=60, blank=True)
    work_programme = models.CharField(_("work programme"), max_length=60, blank=True)
    action = models.CharField(_("action"), max_length=60, blank=True)
    commitment = models.CharField(_("commitment"), max_length=60, blank=True)
    call = models.CharField(_("call"), max_length=60, blank=True)
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    project = models.CharField(_("project"), max_length=60, blank=True)
    event = models.CharField(_("event"), max_length=200)
    attribution = models.CharField(
        _("attribution"), max_length=10, choices=Attribution, default=Attribution.EXPLICIT
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta(Placed.Meta):
        indexes = [
            models.Index(
                fields=["programme", "measure", "position"],
                include=["amount", "strand", "country", "region", "project"],
                name="posting_by_measure",
            ),
            models.Index(
                fields=["project", "position"], condition=~Q(project=""), name="posting_by_project"
            ),
            models.Index(
                fields=["call", "position"], condition=~Q(call=""), name="posting_by_call"
            ),
            models.Index(
                fields=["work_programme", "position"],
                condition=~Q(work_programme=""),
                name="posting_by_work_programme",
            ),
            models.Index(fields=["programme", "posted_at"], name="posting_by_moment"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="posting_not_zero"),
            models.CheckConstraint(condition=Q(measure__in=Measure.values), name="posting_measure"),
            models.CheckConstraint(
                condition=Q(place=Place.COUNTRY, country__regex=r"^[A-Z]{2}$")
                | (~Q(place=Place.COUNTRY) & Q(country="")),
                name="posting_country_where_known",
            ),
            models.CheckConstraint(
                condition=~Q(place=Place.REGION) | ~Q(region=""), name="posting_region_where_known"
            ),
            models.CheckConstraint(
                condition=Q(measure=Measure.ENVELOPE, period_start__isnull=False)
                | (
                    ~Q(measure=Measure.ENVELOPE)
                    & Q(period_start__isnull=True, period_end__isnull=True)
                ),
                name="envelope_has_period",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True) | Q(period_end__gte=F("period_start")),
                name="envelope_period_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.measure} {self.amount}"


class MilestoneKind(models.TextChoices):
    RECORDED = "recorded", _("known to this portal")
    CONTRACT_SIGNED = "contract_signed", _("contract signed")
    BASELINE_SET = "baseline_set", _("baseline set")
    TARGET_SET = "target_set", _("target set")
    FINAL_REPORT_ACCEPTED = "final_report_accepted", _("final report accepted")
    EVIDENCE_ACCEPTED = "evidence_accepted", _("evidence accepted")
    CLOSED = "closed", _("contract closed")


class Milestone(Placed):
    """A dated fact that is not money, such as a signature. Counts and shares as of a position come from these."""

    subject_kind = models.CharField(_("kind of record"), max_length=24, choices=SubjectKind)
    subject = models.CharField(_("code"), max_length=60)
    kind = models.CharField(_("fact"), max_length=24, choices=MilestoneKind)
    happened_on = models.DateField(_("date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta(Placed.Meta):
        indexes = [
            models.Index(
                fields=["programme", "subject_kind", "kind", "position"],
                include=["subject"],
                name="milestone_by_kind",
            ),
            models.Index(fields=["subject", "position"], name="milestone_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"


class Dimension(models.TextChoices):
    STRAND = "strand", _("strand")
    COUNTRY = "country", _("country")


class Tag(Placed):
    """A record touches a strand or a country. Tags say what an undivided amount may belong to, as of a position."""

    subject_kind = models.CharField(_("kind of record"), max_length=24, choices=SubjectKind)
    subject = models.CharField(_("code"), max_length=60)
    dimension = models.CharField(_("dimension"), max_length=8, choices=Dimension)
    key = models.CharField(_("key"), max_length=60)
    region = models.CharField(_("region"), max_length=60, blank=True)
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta(Placed.Meta):
        indexes = [
            models.Index(
                fields=["programme", "dimension", "key", "position"],
                include=["subject"],
                name="tag_by_key",
            ),
            models.Index(fields=["subject", "position"], name="tag_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.dimension} {self.key}"
