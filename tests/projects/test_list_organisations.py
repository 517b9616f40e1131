"""The list of organisations, with what each leads and takes part in."""

from __future__ import annotations

import pytest

from tests.factories.programmes import CountryFactory
from tests.factories.projects import OrganisationFactory, PartnerFactory, ProjectFactory
from tests.pages import count_of, errors_of, links_of_rows, rows_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [link.split("/")[3] for link in links_of_rows(response, "organisations")]


def test_a_row_counts_what_the_viewer_may_see(visitor, as_person, auditor):
    iom = OrganisationFactory(
        code="IOM", name="Migration body", kind="international organisation", confidence="recalled"
    )
    OrganisationFactory(code="AAA", name="Little known", country=CountryFactory(code="MA"))
    ProjectFactory(lead=iom)
    ProjectFactory(lead=iom, restricted=True, restricted_reason="Safety")
    other = ProjectFactory()
    for name in ("IOM", "IOM Rabat"):
        PartnerFactory(project=other, name=name, organisation=iom)
    rows = rows_of(visitor.get("/projects/organisations/"), "organisations")
    assert rows == [
        ["Little known AAA", "not reported", "Morocco", "0", "0"],
        [
            "Migration body † unconfirmed IOM",
            "International organisation",
            "not reported",
            "1",
            "1",
        ],
    ]
    rows = rows_of(as_person(auditor).get("/projects/organisations/"), "organisations")
    assert [row[3:] for row in rows] == [["0", "0"], ["2", "1"]]


def test_filters(visitor):
    OrganisationFactory(code="A", name="Fédération", kind="NGO")
    OrganisationFactory(code="B", name="Ministry", country=CountryFactory(code="MA"))
    CountryFactory(code="TN")
    assert codes(visitor.get("/projects/organisations/?text=federation")) == ["A"]
    assert codes(visitor.get("/projects/organisations/?kind=NGO")) == ["A"]
    assert codes(visitor.get("/projects/organisations/?country=MA")) == ["B"]
    assert count_of(visitor.get("/projects/organisations/")) == "2 organisations"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("kind=none", "Select a valid choice. none is not one of the available choices."),
        ("country=ZZ", "There is no record with the code “ZZ” here."),
    ],
)
def test_a_wrong_filter_is_named_and_nothing_is_listed(visitor, query, message):
    OrganisationFactory()
    response = visitor.get(f"/projects/organisations/?{query}")
    assert response.status_code == 400
    assert errors_of(response) == [message]
    assert codes(response) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(visitor, django_assert_num_queries, rows):
    for _n in range(rows):
        ProjectFactory(lead=OrganisationFactory(country=CountryFactory(code="MA")))
    visitor.get("/projects/organisations/")
    with django_assert_num_queries(3):
        response = visitor.get("/projects/organisations/")
    assert len(codes(response)) == rows
