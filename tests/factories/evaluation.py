from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from evaluation.models import Report, ReportKind
from tests.factories.programmes import ProgrammeFactory


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    code = factory.Sequence(lambda n: f"R-{n}")
    kind = ReportKind.PROGRAMME_EVALUATION
    title = factory.LazyAttribute(lambda o: f"Report {o.code}")
    programme = factory.SubFactory(ProgrammeFactory)
    question = factory.LazyFunction(lambda: {"programme": "TPMA"})
    as_of_position = 0
    request_digest = factory.Sequence(lambda n: f"{n:064}")
