"""Criteria, monitoring rules, evaluations, and the questions, findings and recommendations they hold."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.records import CodeField, Sourced
from programmes.models import Document


class Criterion(Sourced):
    """A criterion by which programmes and projects are evaluated."""

    code = CodeField()
    name = models.CharField(_("name"), max_length=60)
    scheme = models.CharField(_("scheme"), max_length=120)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class MonitoringRule(Sourced):
    """A rule or scale of results-oriented monitoring, as it stood at its time."""

    code = CodeField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Evaluation(Sourced):
    """An evaluation or audit of a programme: the document it is known by, and its criteria.

    An audit report whose findings are recorded has an evaluation here too: it judges the programme.
    """

    code = CodeField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="evaluation")
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    criteria = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("criteria")
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class Judgement(Sourced):
    """A numbered text of an evaluation under one criterion."""

    code = CodeField()
    criterion = models.CharField(_("criterion"), max_length=60, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))

    class Meta:
        abstract = True
        ordering = ["evaluation__code", "pk"]

    def __str__(self) -> str:
        return self.title


class EvaluationQuestion(Judgement):
    """What the evaluators were asked."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="questions")


class Finding(Judgement):
    """What they found."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")


class Recommendation(Judgement):
    """What they recommend."""

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="recommendations"
    )
