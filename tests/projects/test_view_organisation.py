"""The page of an organisation: what it leads and what it takes part in."""

from __future__ import annotations

import pytest

from tests.factories.programmes import CountryFactory
from tests.factories.projects import OrganisationFactory, PartnerFactory, ProjectFactory
from tests.pages import facts_of, links_of_rows, text_of, tree_of

pytestmark = pytest.mark.django_db


def test_facts_and_gaps(visitor):
    OrganisationFactory(code="A", name="The agency", kind="NGO", country=CountryFactory(code="MA"))
    OrganisationFactory(code="B")
    response = visitor.get("/projects/organisations/A/")
    assert text_of(tree_of(response).xpath("//h1")[0]) == "The agency"
    assert facts_of(response) == {"Kind": "Non-governmental organisation", "Country": "Morocco"}
    assert facts_of(visitor.get("/projects/organisations/B/")) == {
        "Kind": "not reported",
        "Country": "not reported",
    }


def test_projects_led_and_partnered_that_the_viewer_may_see(visitor, as_person, officer):
    agency = OrganisationFactory(code="A")
    ProjectFactory(code="P1", lead=agency)
    ProjectFactory(code="P2", lead=agency, restricted=True, restricted_reason="Safety")
    PartnerFactory(project=ProjectFactory(code="P3"), organisation=agency)
    PartnerFactory(project=ProjectFactory(code="P4", status="prepared"), organisation=agency)
    response = visitor.get("/projects/organisations/A/")
    assert links_of_rows(response, "projects-led") == ["/projects/P1/"]
    assert links_of_rows(response, "projects-partnered") == ["/projects/P3/"]
    response = as_person(officer).get("/projects/organisations/A/")
    assert links_of_rows(response, "projects-led") == ["/projects/P1/", "/projects/P2/"]
    assert links_of_rows(response, "projects-partnered") == ["/projects/P3/", "/projects/P4/"]


def test_twenty_projects_are_named_and_the_rest_are_a_link_away(visitor):
    agency = OrganisationFactory(code="A")
    for n in range(21):
        ProjectFactory(code=f"P{n:02}", lead=agency)
    response = visitor.get("/projects/organisations/A/")
    assert links_of_rows(response, "projects-led") == [f"/projects/P{n:02}/" for n in range(20)]
    assert text_of(tree_of(response).xpath('//section[@id="led"]/p')[0]) == "21 projects"
    assert tree_of(response).xpath('//a[@href="/projects/?organisation=A"]') != []


def test_an_unknown_code_is_named(visitor):
    response = visitor.get("/projects/organisations/NOBODY/")
    assert response.status_code == 404
    assert "NOBODY" in text_of(tree_of(response).xpath("//main")[0])


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_projects(visitor, django_assert_num_queries, rows):
    agency = OrganisationFactory(code="A")
    for _n in range(rows):
        ProjectFactory(lead=agency)
        PartnerFactory(project=ProjectFactory(lead=OrganisationFactory()), organisation=agency)
    visitor.get("/projects/organisations/A/")
    with django_assert_num_queries(9):
        response = visitor.get("/projects/organisations/A/")
    assert len(links_of_rows(response, "projects-led")) == rows
