"""What documents say, as records: passages, allocations, actions with their amounts, and each version adopted."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.countries.models import Country
from portal.records import Attribution, CodeField, Sourced
from programmes.models.documents import UNPUBLISHED, Document
from programmes.models.places import Region
from programmes.models.programme import Strand


class Anchored(models.Model):
    """Where in its document something stands."""

    chapter = models.CharField(_("chapter"), max_length=60, blank=True)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def anchor(self) -> str:
        """Chapter and page in words, empty where neither is reported."""
        page = _("page %(page)s") % {"page": self.page} if self.page else ""
        return ", ".join(str(part) for part in (self.chapter, page) if part)


class PassageKind(models.TextChoices):
    OBJECTIVE = "objective", _("Objective")
    PRIORITY = "priority", _("Priority")
    RESULT = "result", _("Anticipated result")


class PassageQuerySet(models.QuerySet["Passage"]):
    def visible_to(self, viewer: Viewer) -> PassageQuerySet:
        """A passage is seen by those who see its document."""
        return self if reads_everything(viewer) else self.exclude(document__status__in=UNPUBLISHED)

    def standing(self) -> PassageQuerySet:
        """Passages that no amendment has taken out."""
        return self.filter(withdrawn=False)


class Passage(Anchored, Sourced):
    """An objective, a priority or an anticipated result that a document states, for later records to point at.

    A priority may serve an objective, and either may serve a passage of the document above.
    """

    code = CodeField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="passages")
    kind = models.CharField(_("kind"), max_length=10, choices=PassageKind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.TextField(_("text"))
    serves = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="served_by",
        verbose_name=_("serves"),
    )
    withdrawn = models.BooleanField(_("taken out by an amendment"), default=False)
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )

    objects: ClassVar[models.Manager[Passage]] = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["document", "order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(serves__isnull=True) | ~Q(serves=F("id")),
                name="passage_serves_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("view_passage", args=[self.code])


class Allocation(models.Model):
    """What an indicative programme sets aside for some years: a leaf by strand or region, or what is left of both.

    Leaves never hold one another: their sum is the envelope.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="allocations")
    period_start = models.PositiveSmallIntegerField(_("first year"))
    period_end = models.PositiveSmallIntegerField(_("last year"))
    strand = models.ForeignKey(
        Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)

    class Meta:
        ordering = ["period_start", "strand__number", "region__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "period_start", "period_end", "strand", "region"],
                nulls_distinct=False,
                name="allocation_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="allocation_period_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.code} {self.period_start}-{self.period_end}: {self.amount}"


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, viewer: Viewer) -> ActionQuerySet:
        """An action is seen by those who see its work programme."""
        if reads_everything(viewer):
            return self
        return self.exclude(work_programme__status__in=UNPUBLISHED)

    def standing(self) -> ActionQuerySet:
        """Actions that no amendment has taken out."""
        return self.filter(withdrawn=False)

    def originals(self) -> ActionQuerySet:
        """Actions themselves, without what amendments propose in their own documents."""
        return self.filter(work_programme__amends=None)


class Action(Anchored, Sourced):
    """An action of an annual work programme, with what the law asks of it: areas, objectives, results, amounts.

    An action with `amends` proposes new content of another and stands in the amending document.
    """

    code = CodeField()
    work_programme = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField(_("title"), max_length=400)
    geographical_area = models.TextField(_("geographical area"), blank=True)
    worldwide = models.BooleanField(_("worldwide"), default=False)
    regions = models.ManyToManyField(
        Region, related_name="actions", blank=True, verbose_name=_("regions")
    )
    countries = models.ManyToManyField(
        Country, related_name="actions", blank=True, verbose_name=_("countries")
    )
    strands = models.ManyToManyField(Strand, related_name="actions", verbose_name=_("strands"))
    objectives = models.TextField(_("specific objectives"), blank=True)
    results = models.TextField(_("anticipated results"), blank=True)
    priorities = models.ManyToManyField(
        Passage, related_name="actions", blank=True, verbose_name=_("priorities served")
    )
    attribution = models.CharField(
        _("attribution"), max_length=10, choices=Attribution, default=Attribution.EXPLICIT
    )
    implementation = models.CharField(_("implementation"), max_length=200, blank=True)
    democracy = models.BooleanField(_("serves democratic principles"), null=True, blank=True)
    rule_of_law = models.BooleanField(_("serves the rule of law"), null=True, blank=True)
    human_rights = models.BooleanField(_("serves human and minority rights"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    withdrawn = models.BooleanField(_("taken out by an amendment"), default=False)
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Action]] = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["work_programme__code", "code"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_action", args=[self.code])


class ActionAmount(models.Model):
    """The indicative amount of an action in a budget year."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="amounts")
    budget_year = models.PositiveSmallIntegerField(_("budget year"))
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)
    conditional = models.BooleanField(_("subject to the budget of that year"), default=False)

    class Meta:
        ordering = ["budget_year"]
        constraints = [
            models.UniqueConstraint(fields=["action", "budget_year"], name="action_amount_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="action_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.action.code} {self.budget_year}: {self.amount}"


class Version(models.Model):
    """The whole content of a document as it was adopted, numbered from 1. The database keeps it unchanged."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    reason = models.TextField(_("reason"), blank=True)
    adopted = models.DateField(
        _("adopted"), null=True, blank=True, help_text=_("Empty where the day is not known.")
    )
    amendment = models.OneToOneField(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="version_made"
    )

    class Meta:
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document.code}, version {self.number}"
