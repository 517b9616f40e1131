"""Financing decisions under work programmes, and the global commitments they set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.lifecycle import Move
from portal.records import CodeField, Sourced, check_registry_reference
from programmes.models.content import Action
from programmes.models.documents import UNPUBLISHED, Document


class FinancingDecisionQuerySet(models.QuerySet["FinancingDecision"]):
    def visible_to(self, viewer: Viewer) -> FinancingDecisionQuerySet:
        """Everybody sees the decisions under work programmes they see, once one of their commitments is booked."""
        if reads_everything(viewer):
            return self
        booked = Commitment.objects.filter(status=CommitmentStatus.BOOKED)
        return self.exclude(work_programme__status__in=UNPUBLISHED).filter(
            pk__in=booked.values("decision")
        )


class FinancingDecision(Sourced):
    """The decision by which the Commission finances a work programme."""

    code = CodeField()
    work_programme = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="financing_decisions"
    )
    number = models.CharField(_("number"), max_length=60)
    decided_on = models.DateField(_("date"))
    budget_line = models.CharField(_("budget line"), max_length=40)
    registry_reference = models.CharField(
        _("registry reference"),
        max_length=40,
        blank=True,
        validators=[check_registry_reference],
        help_text=_("Ares(YYYY)nnnnn, as given."),
    )
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager[FinancingDecision]] = FinancingDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["decided_on", "code"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("view_financing_decision", args=[self.code])


class CommitmentStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    BOOKED = "booked", _("Booked")


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def visible_to(self, viewer: Viewer) -> CommitmentQuerySet:
        """Booked commitments are for everybody who sees their work programme."""
        if reads_everything(viewer):
            return self
        return self.filter(status=CommitmentStatus.BOOKED).exclude(
            decision__work_programme__status__in=UNPUBLISHED
        )


class Commitment(Sourced):
    """A global commitment: what a decision sets aside for an action from one budget year.

    `amount` is what was decided; what stands today is the figure `committed` of this commitment. Contracts
    may draw on it until `final_contracting_date`. Second-year money is `conditional` until `freed_on`, the
    day on which that year's budget was adopted.
    """

    MOVES: ClassVar[Mapping[str, Move]] = {
        "book": Move(frozenset({CommitmentStatus.PROPOSED}), CommitmentStatus.BOOKED),
    }

    code = CodeField()
    decision = models.ForeignKey(
        FinancingDecision, on_delete=models.PROTECT, related_name="commitments"
    )
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="commitments")
    budget_year = models.PositiveSmallIntegerField(_("budget year"))
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)
    conditional = models.BooleanField(_("subject to the budget of that year"), default=False)
    freed_on = models.DateField(_("budget of that year adopted on"), null=True, blank=True)
    final_contracting_date = models.DateField(_("final contracting date"))
    status = models.CharField(
        _("status"), max_length=10, choices=CommitmentStatus, default=CommitmentStatus.PROPOSED
    )
    booked_on = models.DateField(_("booked on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Commitment]] = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["decision", "budget_year", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "action", "budget_year"],
                name="commitment_once",
                violation_error_message=_(
                    "This decision has a commitment for this action and budget year already."
                ),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="commitment_positive"),
            models.CheckConstraint(
                condition=Q(status=CommitmentStatus.PROPOSED, booked_on__isnull=True)
                | Q(status=CommitmentStatus.BOOKED, booked_on__isnull=False),
                name="commitment_booked_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(status=CommitmentStatus.BOOKED, conditional=True, freed_on=None),
                name="commitment_conditional_money_is_freed_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}"

    def get_absolute_url(self) -> str:
        return reverse("view_commitment", args=[self.code])

    def is_conditional(self) -> bool:
        """Whether it is subject to the budget of its year: as proposed or, until it is booked, as the action now says."""
        if self.conditional or self.status == CommitmentStatus.BOOKED:
            return self.conditional
        return self.action.amounts.filter(budget_year=self.budget_year, conditional=True).exists()
