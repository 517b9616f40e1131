"""Organisations and the projects they carry out."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from portal.accounts.people import Viewer, reads_everything
from portal.countries.models import Country
from portal.dates import BRUSSELS, PartialDate, PartialDateField
from portal.folding import folded_index
from portal.records import Attribution, CodeField, Sourced
from programmes.models import Action, Document, Programme, Strand

# The fields in which each is searched by a word.
WORDS_OF_ORGANISATION = ("name", "code")
WORDS_OF_PROJECT = ("title", "acronym", "reference", "code")


class OrganisationKind(models.TextChoices):
    INTERNATIONAL = "international organisation", _("International organisation")
    NGO = "NGO", _("Non-governmental organisation")
    MEMBER_STATE_BODY = "Member State body", _("Member State body")
    MEMBER_STATE_AGENCY = "Member State agency", _("Member State agency")
    ACADEMIC = "academic", _("Academic institution")
    PARTNER_COUNTRY = "partner-country body", _("Partner-country body")


class Organisation(Sourced):
    """A body that leads projects."""

    code = CodeField()
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=OrganisationKind, blank=True)
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations"
    )

    class Meta:
        ordering = ["name"]
        indexes = [folded_index("organisation_words", *WORDS_OF_ORGANISATION)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("view_organisation", args=[self.code])


class AwardType(models.TextChoices):
    CALL = "call for proposals", _("Call for proposals")
    TARGETED = "targeted project", _("Targeted project")
    DIRECT = "direct award", _("Direct award")
    DELEGATION = "delegation agreement", _("Delegation agreement")
    SUB_GRANT = "sub-grant", _("Sub-grant")


class ProjectStatus(models.TextChoices):
    """Where the contract stands, where that is known. Whether the period has ended follows from the dates."""

    NOT_REPORTED = "not_reported", _("Not reported")
    PREPARED = "prepared", _("In preparation")
    SIGNED = "signed", _("Signed")
    SUSPENDED = "suspended", _("Suspended")
    TERMINATED = "terminated", _("Terminated")
    CLOSED = "closed", _("Closed")


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, viewer: Viewer) -> ProjectQuerySet:
        """Restricted projects are for officers and auditors, and so are those in preparation."""
        if reads_everything(viewer):
            return self
        return self.filter(restricted=False).exclude(status=ProjectStatus.PREPARED)

    def touching_strands(self, codes: list[str]) -> ProjectQuerySet:
        touches = ProjectStrand.objects.filter(
            project=models.OuterRef("pk"), strand__code__in=codes
        )
        return self.filter(models.Exists(touches))

    def touching_countries(self, codes: list[str]) -> ProjectQuerySet:
        touches = ProjectCountry.objects.filter(
            project=models.OuterRef("pk"), country__code__in=codes
        )
        return self.filter(models.Exists(touches))

    def hanging_on(self, kind: str, viewer: Viewer) -> ProjectQuerySet:
        """Projects whose lowest record in the thread, as a viewer sees it, is of a kind.

        `kind` is "call", "action", "work_programme", or "programme" where nothing lower is known. The
        rule is that of `programmes.thread.anchor_of`.
        """
        actions = Action.objects.visible_to(viewer).originals()
        own = actions.filter(work_programme__programme=OuterRef("programme"))
        calls = Call.objects.visible_to(viewer).filter(
            pk=OuterRef("call"), programme=OuterRef("programme")
        )
        lowest = Case(
            When(Q(Exists(calls)) & _agrees_with_call(own), then=Value("call")),
            When(Exists(own.filter(pk=OuterRef("action"))), then=Value("action")),
            When(work_programme__isnull=False, then=Value("work_programme")),
            default=Value("programme"),
        )
        return self.alias(hangs_on=lowest).filter(hangs_on=kind)

    def in_year(self, year: int) -> ProjectQuerySet:
        """Projects whose period, as far as it is known, touches a year; those without dates are left out."""
        return self.exclude(start="", end="").filter(
            Q(start="") | Q(start__lte=f"{year}-12-31"),
            Q(end="") | Q(end__gte=f"{year}"),
        )


def _agrees_with_call(actions: models.QuerySet[Action]) -> Q:
    """That the call of a project implements its action or, where it names none, its work programme."""
    implemented = actions.filter(calls=OuterRef("call"))
    names_it = Exists(implemented.filter(pk=OuterRef("action")))
    is_of_year = Exists(implemented.filter(work_programme=OuterRef("work_programme")))
    return Q(names_it) | Q(action=None) & (Q(work_programme=None) | Q(is_of_year))


class Project(Sourced):
    """An action funded by a grant or another contract, with the places and strands it touches.

    Amounts are what the contract or the source states; the ledger holds what figures are made of.
    """

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects")
    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    work_programme = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=400)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    award_type = models.CharField(_("how awarded"), max_length=20, choices=AwardType, blank=True)
    attribution = models.CharField(_("attribution"), max_length=10, choices=Attribution)
    status = models.CharField(
        _("status"), max_length=12, choices=ProjectStatus, default=ProjectStatus.NOT_REPORTED
    )
    start = PartialDateField(_("start"))
    end = PartialDateField(_("end"))
    eu_contribution = models.DecimalField(
        _("EU contribution in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    total_cost = models.DecimalField(
        _("total cost in EUR"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    lead = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="led_projects"
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    strands = models.ManyToManyField(Strand, through="ProjectStrand", related_name="projects")
    countries = models.ManyToManyField(Country, through="ProjectCountry", related_name="projects")
    region_note = models.CharField(_("area as stated"), max_length=300, blank=True)
    restricted = models.BooleanField(_("restricted"), default=False)
    restricted_reason = models.TextField(_("reason for the restriction"), blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager[Project]] = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["programme", "code"]),
            models.Index(fields=["call", "code"]),
            models.Index(fields=["work_programme", "code"]),
            folded_index("project_words", *WORDS_OF_PROJECT),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(restricted=False) | ~Q(restricted_reason=""),
                name="restriction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(eu_contribution__isnull=True)
                | Q(total_cost__isnull=True)
                | Q(total_cost__gte=F("eu_contribution")),
                name="project_contribution_within_cost",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("view_project", args=[self.code])

    @property
    def name(self) -> str:
        """The acronym where there is one, else the title."""
        return self.acronym or self.title

    def has_ended(self, on: date | None = None) -> bool | None:
        """Whether the last day of the action is past; None where no end is reported."""
        if not self.end:
            return None
        today = on or timezone.now().astimezone(BRUSSELS).date()
        return PartialDate.parse(self.end).last < today


class ProjectStrand(models.Model):
    """A strand that a project touches. Shares are given for all its strands, adding up to 100, or for none."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="strand_tags")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, related_name="project_tags")
    main = models.BooleanField(_("main strand"), default=False)
    share = models.DecimalField(
        _("share in %"), max_digits=7, decimal_places=4, null=True, blank=True
    )

    class Meta:
        ordering = ["-main", "strand__number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "strand"], name="project_strand_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(main=True), name="one_main_strand"
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100),
                name="strand_share_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.strand)


class ProjectCountry(models.Model):
    """A country in which a project takes place. Shares are given for all, adding up to 100, or for none."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="country_tags")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="project_tags")
    share = models.DecimalField(
        _("share in %"), max_digits=7, decimal_places=4, null=True, blank=True
    )

    class Meta:
        ordering = ["country__name"]
        verbose_name_plural = _("project countries")
        constraints = [
            models.UniqueConstraint(fields=["project", "country"], name="project_country_once"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100),
                name="country_share_is_percent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.country)


class Partner(models.Model):
    """A body that takes part in a project, by the name the source gives; linked where it is one we know."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(_("name as stated"), max_length=300)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="partnerships"
    )
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="partner_once"),
        ]

    def __str__(self) -> str:
        return self.name
