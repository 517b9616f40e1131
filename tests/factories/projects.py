from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from portal.records import Attribution
from projects.models import Organisation, Partner, Project, ProjectCountry, ProjectStrand
from tests.factories.programmes import CountryFactory, ProgrammeFactory, StrandFactory


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    code = factory.Sequence(lambda n: f"ORG-{n}")
    name = factory.LazyAttribute(lambda o: f"Organisation {o.code}")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"P{n:03}")
    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.LazyAttribute(lambda o: f"Project {o.code}")
    attribution = Attribution.EXPLICIT


class ProjectStrandFactory(DjangoModelFactory):
    class Meta:
        model = ProjectStrand

    project = factory.SubFactory(ProjectFactory)
    strand = factory.SubFactory(StrandFactory)


class ProjectCountryFactory(DjangoModelFactory):
    class Meta:
        model = ProjectCountry

    project = factory.SubFactory(ProjectFactory)
    country = factory.SubFactory(CountryFactory)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Partner {n}")
    order = factory.Sequence(lambda n: n)
