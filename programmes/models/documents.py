"""The documents that programme the money, their moves, and what links them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.dates import PartialDateField
from portal.lifecycle import Move
from portal.records import CodeField, Sourced, check_registry_reference
from programmes.models.programme import Programme


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
    AMENDED = "amended", _("Adopted, as amended")
    SUPERSEDED = "superseded", _("Superseded")
    REPEALED = "repealed", _("Repealed")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    NOT_FOUND = "not_found", _("Foreseen; report not found")


# Documents of these kinds are drafted, adopted and amended here.
PROGRAMMING = [
    DocumentKind.STRATEGY_PAPER,
    DocumentKind.INDICATIVE_PROGRAMME,
    DocumentKind.WORK_PROGRAMME,
]
UNPUBLISHED = [DocumentStatus.DRAFT, DocumentStatus.IN_CONSULTATION]
# Statuses that a document has only after something was done to it here.
LED_HERE = [
    *UNPUBLISHED,
    DocumentStatus.AMENDED,
    DocumentStatus.SUPERSEDED,
    DocumentStatus.REPEALED,
]
IN_FORCE = frozenset({DocumentStatus.ADOPTED, DocumentStatus.AMENDED, DocumentStatus.PUBLISHED})


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, viewer: Viewer) -> DocumentQuerySet:
        """Drafts are for officers and auditors; everything adopted or published is for everybody."""
        return self if reads_everything(viewer) else self.exclude(status__in=UNPUBLISHED)

    def of_kind(self, kind: DocumentKind) -> DocumentQuerySet:
        return self.filter(kind=kind)

    def led_here(self) -> DocumentQuerySet:
        """Documents drafted, adopted, amended or ended here: sheets no longer say what they say."""
        return self.filter(Q(versions__isnull=False) | Q(status__in=LED_HERE)).distinct()


class Document(Sourced):
    """A programming, legal, policy, evaluation or audit document.

    A work programme's parent is an indicative programme, an indicative programme's a strategy paper; both
    may be unknown in the record of older programmes. A document with `amends` proposes a new version of
    another: once adopted, its content has become the other's.
    """

    MOVES: ClassVar[Mapping[str, Move]] = {
        "consult": Move(frozenset({DocumentStatus.DRAFT}), DocumentStatus.IN_CONSULTATION),
        "return": Move(frozenset({DocumentStatus.IN_CONSULTATION}), DocumentStatus.DRAFT),
        "adopt": Move(frozenset({DocumentStatus.IN_CONSULTATION}), DocumentStatus.ADOPTED),
        "amend": Move(IN_FORCE, DocumentStatus.AMENDED),
        "supersede": Move(IN_FORCE, DocumentStatus.SUPERSEDED),
        "repeal": Move(IN_FORCE, DocumentStatus.REPEALED),
    }

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=24, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=400)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    registry_reference = models.CharField(
        _("registry reference"),
        max_length=40,
        blank=True,
        validators=[check_registry_reference],
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
    amends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )
    ended = PartialDateField(_("superseded or repealed"))
    reason = models.TextField(
        _("reason"), blank=True, help_text=_("Why it amends, or why it was ended.")
    )
    revision = models.PositiveIntegerField(default=0, editable=False)
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
            models.CheckConstraint(
                condition=Q(amends__isnull=True) | (Q(kind__in=PROGRAMMING) & ~Q(amends=F("id"))),
                name="document_amends_programming",
            ),
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(status__in=UNPUBLISHED),
                name="document_one_open_amendment",
                violation_error_message=_(
                    "An amendment of this document is being drafted already."
                ),
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
