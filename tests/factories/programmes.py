from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from portal.countries.models import Country
from programmes.freezing import unfrozen
from programmes.models import (
    Action,
    ActionAmount,
    Allocation,
    Commitment,
    Document,
    DocumentKind,
    DocumentStatus,
    EligibilityRule,
    FinancingDecision,
    Measure,
    Passage,
    PassageKind,
    Programme,
    ProgrammeCountry,
    Region,
    RegionMembership,
    Strand,
)


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = Country
        django_get_or_create = ("code",)

    code = "TN"
    iso3 = factory.LazyAttribute(
        lambda o: {"TN": "TUN", "MA": "MAR", "MD": "MDA", "UA": "UKR"}.get(o.code, o.code + "X")
    )
    name = factory.LazyAttribute(
        lambda o: {"TN": "Tunisia", "MA": "Morocco", "MD": "Moldova", "UA": "Ukraine"}.get(
            o.code, f"Country {o.code}"
        )
    )


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("code",)

    code = "TPMA"
    name = factory.LazyAttribute(lambda o: f"Programme {o.code}")
    short_name = factory.LazyAttribute(lambda o: f"Short {o.code}")
    period_start = 2007
    period_end = 2013


class StrandFactory(DjangoModelFactory):
    class Meta:
        model = Strand
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = "MIGDEV"
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda o: f"Strand {o.code}")

    @factory.post_generation
    def programmes(self, create, extracted, **kwargs):
        if create and extracted:
            self.programmes.add(*extracted)


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    strand = factory.SubFactory(StrandFactory)
    order = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda o: f"{o.strand.code}-{o.order}")
    text = "A measure"


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("programme", "code")

    programme = factory.SubFactory(ProgrammeFactory)
    code = "SOUTHERN-MEDITERRANEAN"
    name = factory.LazyAttribute(lambda o: o.code.replace("-", " ").title())


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = RegionMembership

    region = factory.SubFactory(RegionFactory)
    programme = factory.SelfAttribute("region.programme")
    country = factory.SubFactory(CountryFactory)


class RuleFactory(DjangoModelFactory):
    class Meta:
        model = EligibilityRule
        django_get_or_create = ("code",)

    code = "TPMA-ENPI"
    programme = factory.SubFactory(ProgrammeFactory)
    admits = True
    text = "Countries of the neighbourhood instrument are eligible."
    source = "COM(2006) 26"


class ProgrammeCountryFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeCountry

    programme = factory.SubFactory(ProgrammeFactory)
    country = factory.SubFactory(CountryFactory)
    instrument = "ENPI"
    route = "SOUTH"
    rule = factory.SubFactory(RuleFactory)
    question = factory.SelfAttribute("rule.question")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    code = factory.Sequence(lambda n: f"AAP-{n}")
    programme = factory.SubFactory(ProgrammeFactory)
    kind = DocumentKind.WORK_PROGRAMME
    title = factory.LazyAttribute(lambda o: f"Document {o.code}")
    status = DocumentStatus.ADOPTED
    period_start = 2009
    period_end = 2009


class _AdoptedLongAgo(DjangoModelFactory):
    """Content that lies where a test wants it, in an adopted document, too."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with unfrozen():
            return super()._create(model_class, *args, **kwargs)


class ActionFactory(_AdoptedLongAgo):
    class Meta:
        model = Action

    code = factory.Sequence(lambda n: f"ACTION-{n}")
    work_programme = factory.SubFactory(DocumentFactory)
    title = factory.LazyAttribute(lambda o: f"Action {o.code}")


class ActionAmountFactory(_AdoptedLongAgo):
    class Meta:
        model = ActionAmount

    action = factory.SubFactory(ActionFactory)
    budget_year = 2009
    amount = "1000000.00"


class PassageFactory(DjangoModelFactory):
    class Meta:
        model = Passage

    document = factory.SubFactory(DocumentFactory, status=DocumentStatus.DRAFT)
    code = factory.Sequence(lambda n: f"PASSAGE-{n}")
    kind = PassageKind.PRIORITY
    text = factory.LazyAttribute(lambda o: f"Text of {o.code}")


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = Allocation

    document = factory.SubFactory(
        DocumentFactory,
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        status=DocumentStatus.DRAFT,
        period_start=2007,
        period_end=2010,
    )
    period_start = 2007
    period_end = 2010
    amount = "1000000.00"


class FinancingDecisionFactory(DjangoModelFactory):
    class Meta:
        model = FinancingDecision

    code = factory.Sequence(lambda n: f"DECISION-{n}")
    work_programme = factory.SubFactory(DocumentFactory)
    number = factory.LazyAttribute(lambda o: f"C(2009) {o.code}")
    decided_on = date(2009, 12, 1)
    budget_line = "19 02 01"


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    code = factory.Sequence(lambda n: f"COMMITMENT-{n}")
    decision = factory.SubFactory(FinancingDecisionFactory)
    action = factory.SubFactory(
        ActionFactory, work_programme=factory.SelfAttribute("..decision.work_programme")
    )
    budget_year = 2009
    amount = "1000000.00"
    final_contracting_date = date(2010, 12, 31)
