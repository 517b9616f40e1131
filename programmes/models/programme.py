"""Programmes, the strands they share, measures, themes, and amounts that sources state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import Viewer, reads_everything
from portal.dates import PartialDateField
from portal.lifecycle import Move
from portal.records import CodeField, Sourced


class ProgrammeStatus(models.TextChoices):
    SET_UP = "set_up", _("Being set up")
    OPEN = "open", _("Open")


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, viewer: Viewer) -> ProgrammeQuerySet:
        """A programme that is still being set up is for officers and auditors."""
        return self if reads_everything(viewer) else self.opened()

    def opened(self) -> ProgrammeQuerySet:
        """Programmes that are no longer being set up: only of these is anything posted, asked or reported."""
        return self.exclude(status=ProgrammeStatus.SET_UP)

    def real(self) -> ProgrammeQuerySet:
        """Opened programmes that exist; the demonstration programme does not."""
        return self.opened().filter(demonstration=False)


class Programme(Sourced):
    """A grant programme: its aim, legal basis, budget line, period, and the programme it follows."""

    MOVES: ClassVar[Mapping[str, Move]] = {
        "open": Move(frozenset({ProgrammeStatus.SET_UP}), ProgrammeStatus.OPEN),
    }

    code = CodeField()
    name = models.CharField(_("name"), max_length=300)
    short_name = models.CharField(_("short name"), max_length=120)
    aim = models.TextField(_("aim"), blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    budget_line = models.CharField(_("budget line"), max_length=40, blank=True)
    period_start = models.PositiveSmallIntegerField(_("first year"))
    period_end = models.PositiveSmallIntegerField(_("last year"))
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("follows"),
    )
    note = models.TextField(_("note"), blank=True)
    demonstration = models.BooleanField(_("demonstration data"), default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=ProgrammeStatus, default=ProgrammeStatus.OPEN
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager[Programme]] = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["demonstration", "-period_start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="programme_period_order"
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("view_programme", args=[self.code])

    @property
    def is_set_up(self) -> bool:
        """It is still being set up: officers and auditors alone see it."""
        return self.status == ProgrammeStatus.SET_UP


class StrandQuerySet(models.QuerySet["Strand"]):
    def visible_to(self, viewer: Viewer) -> StrandQuerySet:
        """The strand of a programme that is still being set up, and of no other, is for officers and auditors."""
        return self if reads_everything(viewer) else self.opened()

    def opened(self) -> StrandQuerySet:
        """Strands of opened programmes, and those that no programme has yet."""
        of_it = Programme.objects.filter(strands=OuterRef("pk"))
        begun = of_it.filter(status=ProgrammeStatus.SET_UP)
        return self.filter(Exists(of_it.opened()) | ~Exists(begun))


class Strand(Sourced):
    """One of the themes that a programme's money is divided by. Programmes may share strands."""

    code = CodeField()
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    programmes = models.ManyToManyField(
        Programme, related_name="strands", verbose_name=_("programmes")
    )

    objects: ClassVar[models.Manager[Strand]] = StrandQuerySet.as_manager()

    class Meta:
        ordering = ["number", "code"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_strand", args=[self.code])


class StrandTitle(Sourced):
    """What a strand was called in a period, where that differs from its first title."""

    strand = models.ForeignKey(Strand, on_delete=models.CASCADE, related_name="titles")
    period_start = models.PositiveSmallIntegerField(_("first year"))
    period_end = models.PositiveSmallIntegerField(_("last year"))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ["period_start"]
        constraints = [
            models.UniqueConstraint(fields=["strand", "period_start"], name="strand_title_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Measure(Sourced):
    """One of the measures that a strand lists."""

    code = CodeField()
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["strand__number", "order"]
        constraints = [
            models.UniqueConstraint(fields=["strand", "order"], name="measure_order_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Theme(Sourced):
    """A subject that runs across strands: a name over measures, without shares of money."""

    code = CodeField()
    title = models.CharField(_("title"), max_length=200)
    measures = models.ManyToManyField(Measure, related_name="themes", verbose_name=_("measures"))

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class StatedAmount(Sourced):
    """An amount that a source states about a programme, document, call or project.

    Stated amounts overlap (lots inside totals, announcements beside decisions, other instruments): they
    stand beside the figures of the ledger and are never summed.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="stated_amounts", null=True, blank=True
    )
    about = models.CharField(_("about"), max_length=60, help_text=_("Code of the record meant."))
    period_start = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    period_end = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    dimension = models.CharField(_("dimension"), max_length=20)
    key = models.CharField(_("key"), max_length=40)
    label = models.CharField(_("label"), max_length=300)
    amount = models.DecimalField(_("amount in EUR"), max_digits=18, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=40)
    stated_on = PartialDateField(_("stated on"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["about", "period_start", "key", "amount"]
        constraints = [
            models.UniqueConstraint(
                fields=["about", "dimension", "key", "period_start", "period_end", "kind"],
                nulls_distinct=False,
                name="stated_amount_once",
            ),
        ]

    def __str__(self) -> str:
        return self.label
