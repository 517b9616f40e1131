"""The documents that programme the money, what links them, and the actions of work programmes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.countries.models import Country
from portal.dates import PartialDateField
from portal.records import Attribution, CodeField, Sourced
from programmes.models.programme import Programme, Strand


class DocumentKind(models.TextChoices):
    POLICY_FRAMEWORK = "policy_framework", _("Policy framework")
    COMMUNICATION = "communication", _("Communication")
    PROPOSAL = "proposal", _("Proposal for a legal act")
    REGULATION = "regulation", _("Regulation")
    STRATEGY_PAPER = "strategy_paper", _("Strategy paper")
    INDICATIVE_PROGRAMME = "indicative_programme", _("Multiannual indicative programme")
    WORK_PROGRAMME = "work_programme", _("Annual work programme")
    CONSULTATION = "consultation", _("Consultation")
    EVALUATION_REPORT = "evaluation_report", _("Evaluation report")
    AUDIT_REPORT = "audit_report", _("Audit report")


class DocumentStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_CONSULTATION = "in_consultation", _("In consultation")
    ADOPTED = "adopted", _("Adopted")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    NOT_FOUND = "not_found", _("Foreseen; report not found")


UNPUBLISHED = [DocumentStatus.DRAFT, DocumentStatus.IN_CONSULTATION]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, viewer: Viewer) -> DocumentQuerySet:
        """Drafts are for officers and auditors; everything adopted or published is for everybody."""
        return self if reads_everything(viewer) else self.exclude(status__in=UNPUBLISHED)

    def of_kind(self, kind: DocumentKind) -> DocumentQuerySet:
        return self.filter(kind=kind)


class Document(Sourced):
    """A programming, legal, policy, evaluation or audit document.

    A work programme's parent is an indicative programme, an indicative programme's a strategy paper; both
    may be unknown in the record of older programmes.
    """

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=24, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=400)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    registry_reference = models.CharField(
        _("registry reference"),
        max_length=40,
        blank=True,
        help_text=_("Ares(YYYY)nnnnn, as given."),
    )
    adopted = PartialDateField(_("adopted"))
    period_start = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    period_end = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=DocumentStatus)
    stated_amount = models.DecimalField(
        _("amount stated in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager[Document]] = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["period_start", "adopted", "code"]
        indexes = [models.Index(fields=["programme", "kind", "period_start"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gte=F("period_start")),
                name="document_period_order",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True)
                | Q(kind__in=[DocumentKind.INDICATIVE_PROGRAMME, DocumentKind.WORK_PROGRAMME]),
                name="document_parent_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_document", args=[self.code])

    @property
    def period(self) -> str:
        """The years it covers, `2007-2010` or `2009`, empty where not reported."""
        years = [year for year in (self.period_start, self.period_end) if year]
        return "–".join(str(year) for year in sorted(set(years)))


class LinkKind(models.TextChoices):
    FOLLOWS = "follows", _("follows from")
    IMPLEMENTS = "implements", _("implements")
    FEEDS = "feeds", _("feeds")
    EVALUATES = "evaluates", _("evaluates")


class DocumentLink(Sourced):
    """One document stands in a relation to another: an evaluation feeds a strategy paper, and the like."""

    from_document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_out")
    to_document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="links_in")
    kind = models.CharField(_("relation"), max_length=12, choices=LinkKind)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["from_document__code", "to_document__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_document", "to_document", "kind"], name="document_link_once"
            ),
            models.CheckConstraint(
                condition=~Q(from_document=F("to_document")), name="document_link_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_document.code} {self.kind} {self.to_document.code}"


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, viewer: Viewer) -> ActionQuerySet:
        """An action is seen by those who see its work programme."""
        if reads_everything(viewer):
            return self
        return self.exclude(work_programme__status__in=UNPUBLISHED)


class Action(Sourced):
    """An action of an annual work programme, with what the law asks of it: area, objectives, results, amounts."""

    code = CodeField()
    work_programme = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField(_("title"), max_length=400)
    geographical_area = models.TextField(_("geographical area"), blank=True)
    objectives = models.TextField(_("specific objectives"), blank=True)
    results = models.TextField(_("anticipated results"), blank=True)
    strands = models.ManyToManyField(Strand, related_name="actions", verbose_name=_("strands"))
    countries = models.ManyToManyField(
        Country, related_name="actions", blank=True, verbose_name=_("countries")
    )
    attribution = models.CharField(
        _("attribution"), max_length=10, choices=Attribution, default=Attribution.EXPLICIT
    )
    implementation = models.CharField(_("implementation"), max_length=200, blank=True)
    democracy = models.BooleanField(_("serves democratic principles"), null=True, blank=True)
    rule_of_law = models.BooleanField(_("serves the rule of law"), null=True, blank=True)
    human_rights = models.BooleanField(_("serves human and minority rights"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

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
