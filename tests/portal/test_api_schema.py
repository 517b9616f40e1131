"""The endpoints keep to their own schema, whatever is asked of them."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from portal.wsgi import application
from tests.factories.calls import CallFactory
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.factories.projects import (
    OrganisationFactory,
    ProjectCountryFactory,
    ProjectFactory,
    ProjectStrandFactory,
)

schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)


@pytest.fixture
def connection_stays(db):
    """In-process requests share the test's connection, so none of them may close it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def some_rows(connection_stays):
    programme = ProgrammeFactory()
    project = ProjectFactory(code="P001", lead=OrganisationFactory(), call=CallFactory())
    ProjectStrandFactory(project=project, strand=StrandFactory(programmes=[programme]))
    ProjectCountryFactory(project=project, country=CountryFactory())
    DocumentFactory()


@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_fits_the_schema(case: Case, some_rows):
    # A page key is opaque: text that is no key of ours is refused, whatever the schema can say of it.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
