"""Where a programme works: regions, their members over time, and which countries may take part by which rule."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country
from portal.records import CODE_FORM, CodeField, Sourced
from programmes.models.programme import Programme


class Instrument(models.TextChoices):
    """The geographical instrument that covers a country beside the programme."""

    ENPI = "ENPI", _("European Neighbourhood and Partnership Instrument")
    DCI = "DCI", _("Development Cooperation Instrument")
    EDF = "EDF", _("European Development Fund")
    PRE_ACCESSION = "CARDS/IPA", _("Pre-accession (CARDS, later IPA)")


class Region(Sourced):
    """A region or migratory route as one programme draws it. A route holds regions."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="regions")
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="region_once_per_programme"),
            models.CheckConstraint(condition=Q(code__regex=CODE_FORM), name="region_code_form"),
        ]

    def __str__(self) -> str:
        return self.name


class YearRange(Func):
    """The database's range of years, both ends included; an open end has no bound."""

    function = "int4range"
    template = "%(function)s(%(expressions)s, '[]')"


class RegionMembership(models.Model):
    """A country belongs to one smallest region of a programme for some years."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="memberships")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="memberships")
    year_from = models.IntegerField(_("from"), null=True, blank=True)
    year_to = models.IntegerField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["region", "country"]
        constraints = [
            ExclusionConstraint(
                name="one_region_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("country", RangeOperators.EQUAL),
                    (YearRange(F("year_from"), F("year_to")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} in {self.region}"


class Question(models.TextChoices):
    """Three questions that eligibility keeps apart."""

    PLACE = "place", _("where the action takes place")
    APPLICANT_KIND = "applicant_kind", _("what kind of body applies")
    NATIONALITY = "nationality", _("where the applicant comes from")


class EligibilityRule(Sourced):
    """A rule of a programme about who may take part, as its legal basis or a call says it."""

    code = CodeField()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rules")
    question = models.CharField(
        _("question"), max_length=20, choices=Question, default=Question.PLACE
    )
    admits = models.BooleanField(_("admits"))
    text = models.TextField(_("text"))
    multi_country_exception = models.BooleanField(
        _("does not apply within a multi-country action"), default=False
    )

    class Meta:
        ordering = ["programme", "question", "code"]

    def __str__(self) -> str:
        return self.text


class ProgrammeCountry(Sourced):
    """What a programme makes of a country in some years: instrument, route, priority, and the rule that decides."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="countries")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="programmes")
    instrument = models.CharField(_("instrument"), max_length=12, choices=Instrument, blank=True)
    route = models.CharField(_("route"), max_length=10, blank=True)
    priority = models.BooleanField(
        _("region of emigration or transit towards the EU"), default=False
    )
    rule = models.ForeignKey(EligibilityRule, on_delete=models.PROTECT, related_name="countries")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["programme", "country__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "country", "valid_from"],
                nulls_distinct=False,
                name="programme_country_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} in {self.programme}"


class Suspension(Sourced):
    """A dated decision that a country may not take part for a time, such as a breach of an essential element."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="suspensions")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="suspensions")
    suspended_from = models.DateField(_("from"))
    suspended_to = models.DateField(_("to"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    class Meta:
        ordering = ["-suspended_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_to__isnull=True) | Q(suspended_to__gte=F("suspended_from")),
                name="suspension_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.reason}"
