"""Where a programme works: regions, their members over time, and which countries may take part by which rule."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.people import VISITOR, Viewer
from portal.countries.models import Country
from portal.records import CODE_FORM, CodeField, Sourced
from programmes.models.programme import Programme

Row = TypeVar("Row", bound=models.Model)


class OfProgramme(models.QuerySet[Row]):
    """Rows that say something of a programme: seen by whoever may see the programme."""

    def visible_to(self, viewer: Viewer) -> OfProgramme[Row]:
        """Rows of programmes that the viewer may see."""
        return self.filter(programme__in=Programme.objects.visible_to(viewer))

    def opened(self) -> OfProgramme[Row]:
        """Rows of programmes that are open."""
        return self.visible_to(VISITOR)


class Instrument(models.TextChoices):
    """Geographical instruments of 2007-2013 by name; a programme may name others."""

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

    objects: ClassVar[models.Manager[Region]] = OfProgramme["Region"].as_manager()

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

    objects: ClassVar[models.Manager[RegionMembership]] = OfProgramme[
        "RegionMembership"
    ].as_manager()

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


class DayRange(Func):
    """The database's range of days, both ends included; an open end has no bound."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


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

    objects: ClassVar[models.Manager[EligibilityRule]] = OfProgramme["EligibilityRule"].as_manager()

    class Meta:
        ordering = ["programme", "question", "code"]

    def __str__(self) -> str:
        return self.text


class ProgrammeCountry(Sourced):
    """What a programme makes of a country in some years: instrument, route, priority, and the rule that decides.

    A fact with its dates: another rule from a day on is another row. `question` is that of the rule, so that
    the database can promise one rule at a time for each question.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="countries")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="programmes")
    instrument = models.CharField(_("instrument"), max_length=40, blank=True)
    route = models.CharField(_("route"), max_length=10, blank=True)
    priority = models.BooleanField(
        _("region of emigration or transit towards the EU"), default=False
    )
    rule = models.ForeignKey(EligibilityRule, on_delete=models.PROTECT, related_name="countries")
    question = models.CharField(
        _("question"), max_length=20, choices=Question, default=Question.PLACE
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects: ClassVar[models.Manager[ProgrammeCountry]] = OfProgramme[
        "ProgrammeCountry"
    ].as_manager()

    class Meta:
        ordering = ["programme", "country__name"]
        constraints = [
            ExclusionConstraint(
                name="one_rule_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("country", RangeOperators.EQUAL),
                    ("question", RangeOperators.EQUAL),
                    (DayRange(F("valid_from"), F("valid_to")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The country has a rule for that time already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="programme_country_order",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} in {self.programme}"

    @property
    def instrument_name(self) -> Any:
        """The name of a known instrument, else what stands there."""
        return dict(Instrument.choices).get(self.instrument, self.instrument)


class Suspension(Sourced):
    """A dated decision that a country may not take part for a time, such as a breach of an essential element."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="suspensions")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="suspensions")
    suspended_from = models.DateField(_("from"))
    suspended_to = models.DateField(_("to"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    objects: ClassVar[models.Manager[Suspension]] = OfProgramme["Suspension"].as_manager()

    class Meta:
        ordering = ["-suspended_from"]
        constraints = [
            ExclusionConstraint(
                name="one_suspension_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("country", RangeOperators.EQUAL),
                    (DayRange(F("suspended_from"), F("suspended_to")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The country is suspended at that time already."),
            ),
            models.CheckConstraint(
                condition=Q(suspended_to__isnull=True) | Q(suspended_to__gte=F("suspended_from")),
                name="suspension_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country}: {self.reason}"
