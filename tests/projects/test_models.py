"""What the database promises of projects, and which of them a person may see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from portal.accounts.people import VISITOR
from projects.models import Project
from tests.factories.programmes import CountryFactory, StrandFactory
from tests.factories.projects import ProjectCountryFactory, ProjectFactory, ProjectStrandFactory

pytestmark = pytest.mark.django_db


def commit(change, *values):
    """Do a change and let the database check now what it would check when the transaction ends."""
    result = change(*values)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return result


def with_strands(*shares: str | None) -> Project:
    project = ProjectFactory()
    for n, share in enumerate(shares):
        ProjectStrandFactory(project=project, strand=StrandFactory(code=f"S{n}"), share=share)
    return project


def with_countries(*shares: str | None) -> Project:
    project = ProjectFactory()
    for code, share in zip(("MA", "TN", "MD"), shares, strict=False):
        ProjectCountryFactory(project=project, country=CountryFactory(code=code), share=share)
    return project


@pytest.mark.parametrize("tagged", [with_strands, with_countries])
@pytest.mark.parametrize(
    "shares", [(), (None,), (None, None), ("100",), ("60", "40"), ("33.3333", "33.3333", "33.3334")]
)
def test_shares_that_add_up_or_are_absent_are_kept(tagged, shares):
    commit(tagged, *shares)


@pytest.mark.parametrize("tagged", [with_strands, with_countries])
@pytest.mark.parametrize("shares", [("99.9999",), ("60", "40.0001"), ("60", None), ("50", "40")])
def test_shares_that_do_not_add_up_are_refused(tagged, shares):
    with pytest.raises(IntegrityError, match="add up to 100 or are absent"), transaction.atomic():
        commit(tagged, *shares)


@pytest.mark.parametrize(
    ("tagged", "tags"), [(with_strands, "strand_tags"), (with_countries, "country_tags")]
)
def test_taking_one_share_away_is_refused(tagged, tags):
    project = commit(tagged, "60", "40")
    with pytest.raises(IntegrityError, match="add up to 100 or are absent"), transaction.atomic():
        commit(getattr(project, tags).first().delete)


@pytest.mark.parametrize("share", ["0", "-1", "100.0001"])
def test_a_share_is_a_percentage(share):
    with pytest.raises(IntegrityError, match="strand_share_is_percent"), transaction.atomic():
        with_strands(share)


def test_a_project_has_one_main_strand():
    project = with_strands(None, None)
    project.strand_tags.filter(strand__code="S0").update(main=True)
    with pytest.raises(IntegrityError, match="one_main_strand"), transaction.atomic():
        project.strand_tags.filter(strand__code="S1").update(main=True)


def test_a_restriction_has_a_reason():
    with pytest.raises(IntegrityError, match="restriction_has_reason"), transaction.atomic():
        ProjectFactory(restricted=True)


def test_the_contribution_lies_within_the_cost():
    ProjectFactory(eu_contribution=Decimal(10), total_cost=Decimal(10))
    with pytest.raises(IntegrityError, match="within_cost"), transaction.atomic():
        ProjectFactory(eu_contribution=Decimal("10.01"), total_cost=Decimal(10))


def test_who_sees_which_projects(officer, official, auditor):
    ProjectFactory(code="OPEN")
    ProjectFactory(code="PREPARED", status="prepared")
    ProjectFactory(code="SHELTER", restricted=True, restricted_reason="Safety")
    everything = ["OPEN", "PREPARED", "SHELTER"]
    expected = {VISITOR: ["OPEN"], official: ["OPEN"], officer: everything, auditor: everything}
    for viewer, codes in expected.items():
        seen = Project.objects.visible_to(viewer).order_by("code")
        assert [project.code for project in seen] == codes


def test_an_officer_who_left_sees_what_the_public_sees(officer):
    ProjectFactory(restricted=True, restricted_reason="Safety")
    officer.is_active = False
    assert list(Project.objects.visible_to(officer)) == []


def test_a_project_that_touches_several_is_found_once():
    project = with_countries(None, None, None)
    assert list(Project.objects.touching_countries(["MA", "TN", "MD"])) == [project]


@pytest.mark.parametrize(
    ("end", "on", "ended"),
    [
        ("", date(2011, 1, 1), None),
        ("2010", date(2010, 12, 31), False),
        ("2010", date(2011, 1, 1), True),
        ("2010-06", date(2010, 6, 30), False),
        ("2010-06-15", date(2010, 6, 16), True),
    ],
)
def test_whether_the_period_has_ended(end, on, ended):
    assert Project(end=end).has_ended(on) is ended
