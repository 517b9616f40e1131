"""The list of projects: which are there, by which filters, and what each row says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projects.filters import ProjectFilter
from projects.models import Project
from tests.factories.calls import CallFactory
from tests.factories.programmes import (
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.factories.projects import (
    OrganisationFactory,
    PartnerFactory,
    ProjectCountryFactory,
    ProjectFactory,
    ProjectStrandFactory,
)
from tests.pages import chips_of, count_of, errors_of, links_of_rows, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [link.split("/")[2] for link in links_of_rows(response, "projects")]


def test_a_row_says_what_is_known_and_what_is_not(visitor):
    full = ProjectFactory(
        code="P002",
        title="Söderköping process",
        acronym="SOD",
        reference="MIGR/2004/1",
        lead=OrganisationFactory(name="Swedish Migration Board"),
        start="2004-05-01",
        end="2005-10",
        eu_contribution=Decimal("997500.25"),
        attribution="uncertain",
        recalled_fields=["amount_eur"],
    )
    for code in ("MD", "UA", "MA", "TN", "BY"):
        ProjectCountryFactory(project=full, country=CountryFactory(code=code))
    ProjectStrandFactory(project=full, strand=StrandFactory(code="A", number=1, title="Work"))
    ProjectStrandFactory(
        project=full, strand=StrandFactory(code="B", number=2, title="Asylum"), main=True
    )
    ProjectFactory(code="P001", title="Little known")
    assert rows_of(visitor.get("/projects/"), "projects") == [
        ["Little known P001", *["not reported"] * 5],
        [
            "Söderköping process ? uncertain P002 · SOD · MIGR/2004/1",
            "Swedish Migration Board",
            "Country BY, Moldova, Morocco and 2 more",
            "Asylum; Work",
            "1 May 2004 – October 2005",
            "997 500.25 † unconfirmed",
        ],
    ]


def test_half_known_periods_say_which_half(visitor):
    ProjectFactory(code="P1", start="2008")
    ProjectFactory(code="P2", end="2010-06")
    periods = [row[4] for row in rows_of(visitor.get("/projects/"), "projects")]
    assert periods == ["from 2008, end not reported", "until June 2010, start not reported"]


def test_restricted_and_prepared_projects_are_for_officers_and_auditors(
    visitor, as_person, officer, official, auditor
):
    ProjectFactory(code="P1", title="Shelter", restricted=True, restricted_reason="Safety")
    ProjectFactory(code="P2", status="prepared")
    ProjectFactory(code="P3")
    for client in (visitor, as_person(official)):
        response = client.get("/projects/")
        assert codes(response) == ["P3"]
        assert count_of(response) == "1 project"
        assert codes(client.get("/projects/?text=shelter")) == []
    for person in (officer, auditor):
        response = as_person(person).get("/projects/")
        assert codes(response) == ["P1", "P2", "P3"]
        assert rows_of(response, "projects")[0][0] == "Shelter P1 · restricted"


def test_words_are_found_in_title_acronym_reference_code_and_lead(visitor):
    lead = OrganisationFactory(name="Fédération internationale")
    ProjectFactory(code="P1", title="Accueil des réfugiés", lead=lead)
    ProjectFactory(code="P2", title="Return", acronym="REFLEX", reference="MIGR/2008/153-034")
    assert codes(visitor.get("/projects/?text=refugies")) == ["P1"]
    assert codes(visitor.get("/projects/?text=REF")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?text=153-034")) == ["P2"]
    assert codes(visitor.get("/projects/?text=p2")) == ["P2"]
    assert codes(visitor.get("/projects/?text=federation+accueil")) == ["P1"]
    assert codes(visitor.get("/projects/?text=federation+return")) == []
    assert codes(visitor.get("/projects/?text=%25")) == []
    assert codes(visitor.get("/projects/?text=_eturn")) == []


def test_strands_and_countries_touched(visitor):
    asylum, labour = StrandFactory(code="ASYLUM"), StrandFactory(code="ECOMIG")
    tunisia, morocco = CountryFactory(code="TN"), CountryFactory(code="MA")
    both, one = ProjectFactory(code="P1"), ProjectFactory(code="P2")
    ProjectFactory(code="P3")
    for strand in (asylum, labour):
        ProjectStrandFactory(project=both, strand=strand)
    for country in (tunisia, morocco):
        ProjectCountryFactory(project=both, country=country)
    ProjectStrandFactory(project=one, strand=asylum)
    ProjectCountryFactory(project=one, country=morocco)
    assert codes(visitor.get("/projects/?strand=ECOMIG")) == ["P1"]
    assert codes(visitor.get("/projects/?strand=ECOMIG&strand=ASYLUM")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?country=MA")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?country=MA&country=TN")) == ["P1", "P2"]
    response = visitor.get("/projects/?country=TN&strand=ASYLUM")
    assert codes(response) == ["P1"]
    assert count_of(response) == "1 project"


def test_years_in_which_an_action_runs(visitor):
    ProjectFactory(code="P1", start="2008-05-01", end="2010-04-30")
    ProjectFactory(code="P2", start="2009")
    ProjectFactory(code="P3", end="2009-12")
    ProjectFactory(code="P4")
    assert codes(visitor.get("/projects/?year=2007")) == ["P3"]
    assert codes(visitor.get("/projects/?year=2008")) == ["P1", "P3"]
    assert codes(visitor.get("/projects/?year=2009")) == ["P1", "P2", "P3"]
    assert codes(visitor.get("/projects/?year=2010")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?year=2011")) == ["P2"]


def test_what_a_project_belongs_to(visitor):
    organisation = OrganisationFactory(code="UNHCR")
    work_programme, call = DocumentFactory(code="AAP-2009"), CallFactory(code="CALL-1")
    ProjectFactory(code="P1", work_programme=work_programme, lead=organisation)
    ProjectFactory(code="P2", call=call, attribution="inferred", status="closed")
    PartnerFactory(project=Project.objects.get(code="P2"), organisation=organisation)
    ProjectFactory(code="P3", programme=ProgrammeFactory(code="AENEAS"))
    assert codes(visitor.get("/projects/?work_programme=AAP-2009")) == ["P1"]
    assert codes(visitor.get("/projects/?call=CALL-1")) == ["P2"]
    assert codes(visitor.get("/projects/?organisation=UNHCR")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?attribution=inferred")) == ["P2"]
    assert codes(visitor.get("/projects/?status=closed")) == ["P2"]
    assert codes(visitor.get("/projects/?programme=AENEAS")) == ["P3"]


def test_actions_and_the_lowest_record_that_a_project_hangs_on(visitor):
    year = DocumentFactory(code="AAP-2009")
    action = ActionFactory(code="ACT-1", work_programme=year)
    call = CallFactory(code="CALL-1")
    call.actions.add(action)
    ProjectFactory(code="P1", call=call, action=action, work_programme=year)
    ProjectFactory(code="P2", action=action, work_programme=year)
    ProjectFactory(code="P3", work_programme=year)
    ProjectFactory(code="P4")
    assert codes(visitor.get("/projects/?action=ACT-1")) == ["P1", "P2"]
    assert codes(visitor.get("/projects/?hangs_on=call")) == ["P1"]
    assert codes(visitor.get("/projects/?hangs_on=action")) == ["P2"]
    assert codes(visitor.get("/projects/?hangs_on=work_programme")) == ["P3"]
    response = visitor.get("/projects/?action=ACT-1&hangs_on=action")
    assert codes(response) == ["P2"]
    assert chips_of(response) == {
        f"Action: {action.title}": "/projects/?hangs_on=action",
        "Hangs on: An action, but no call": "/projects/?action=ACT-1",
    }
    assert codes(visitor.get("/projects/?hangs_on=programme")) == ["P4"]


# What a project says, what its call implements, and where it stands; each action is of the year in its name.
PLACES = [
    ("A09-1", "A09-1", "2009", "call"),
    ("A09-1", "A09-1", None, "call"),
    ("A09-1", None, "2009", "call"),
    ("A09-1", None, None, "call"),
    (None, None, None, "call"),
    ("A09-1", "A09-2", "2009", "action"),
    ("A09-1", "A10-1", None, "action"),
    (None, "A10-1", "2010", "action"),
    ("A09-1", None, "2010", "work_programme"),
    (None, None, "2010", "work_programme"),
    ("DRAFT-1", None, "2010", "work_programme"),
    ("A09-1", "DRAFT-1", "2010", "work_programme"),
    ("A09-1", "DRAFT-1", None, "programme"),
]


@pytest.mark.parametrize(("implemented", "action", "year", "kind"), PLACES)
def test_a_call_holds_only_what_agrees_with_it(visitor, implemented, action, year, kind):
    years = {name: DocumentFactory(code=f"AAP-{name}") for name in ("2009", "2010")}
    draft = DocumentFactory(code="DRAFT", status="draft")
    homes = {
        "A09-1": years["2009"],
        "A09-2": years["2009"],
        "A10-1": years["2010"],
        "DRAFT-1": draft,
    }
    actions = {code: ActionFactory(code=code, work_programme=homes[code]) for code in homes}
    call = CallFactory()
    if implemented:
        call.actions.add(actions[implemented])
    ProjectFactory(
        code="P1",
        call=call,
        action=actions.get(action),
        work_programme=years.get(year),
    )
    kinds = ["call", "action", "work_programme", "programme"]
    found = {each: codes(visitor.get(f"/projects/?hangs_on={each}")) for each in kinds}
    assert found == {each: ["P1"] if each == kind else [] for each in kinds}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("country=ZZ", "There is no record with the code “ZZ” here."),
        ("country=MA&country=ZZ", "There is no record with the code “ZZ” here."),
        ("strand=NONE", "There is no record with the code “NONE” here."),
        ("programme=NONE", "There is no record with the code “NONE” here."),
        ("call=NONE", "There is no record with the code “NONE” here."),
        ("call=HIDDEN", "There is no record with the code “HIDDEN” here."),
        ("work_programme=MIP-1", "There is no record with the code “MIP-1” here."),
        ("action=NONE", "There is no record with the code “NONE” here."),
        ("action=DRAFT-1", "There is no record with the code “DRAFT-1” here."),
        (
            "hangs_on=nothing",
            "Select a valid choice. nothing is not one of the available choices.",
        ),
        ("organisation=NONE", "There is no record with the code “NONE” here."),
        ("status=gone", "Select a valid choice. gone is not one of the available choices."),
        ("year=twenty", "Enter a whole number."),
    ],
)
def test_a_wrong_filter_is_named_and_nothing_is_listed(visitor, query, message):
    CountryFactory(code="MA")
    CallFactory(code="HIDDEN", status="draft")
    DocumentFactory(code="MIP-1", kind="indicative_programme")
    ActionFactory(code="DRAFT-1", work_programme=DocumentFactory(status="draft"))
    ProjectFactory()
    response = visitor.get(f"/projects/?{query}")
    assert response.status_code == 400
    assert errors_of(response) == [message]
    assert codes(response) == []
    assert count_of(response) == "Not counted"


@pytest.mark.parametrize("name", ["country", "strand", "call", "text", "after"])
def test_a_character_that_no_text_holds_is_refused(visitor, name):
    assert visitor.get(f"/projects/?{name}=a%00b").status_code == 400


def test_filters_in_force_can_be_taken_away(visitor):
    CountryFactory(code="MA"), CountryFactory(code="TN")
    OrganisationFactory(code="UNHCR", name="The refugee agency")
    url = "/projects/?country=MA&country=TN&organisation=UNHCR&text=a+b&year=2009"
    response = visitor.get(url)
    assert chips_of(response) == {
        "Words: a b": "/projects/?country=MA&country=TN&organisation=UNHCR&year=2009",
        "Country: Morocco": "/projects/?country=TN&organisation=UNHCR&text=a+b&year=2009",
        "Country: Tunisia": "/projects/?country=MA&organisation=UNHCR&text=a+b&year=2009",
        "Organisation: The refugee agency": "/projects/?country=MA&country=TN&text=a+b&year=2009",
        "Year: 2009": "/projects/?country=MA&country=TN&organisation=UNHCR&text=a+b",
    }
    assert "No project fits these filters" in text_of(tree_of(response))
    chosen = tree_of(response).xpath('//select[@name="country"]/option[@selected]/@value')
    assert chosen == ["MA", "TN"]


def test_a_long_list_is_read_page_by_page_with_its_filters(visitor):
    for n in range(101):
        ProjectFactory(code=f"P{n:03}", attribution="inferred")
    ProjectFactory(code="P0505")
    seen, url = [], "/projects/?attribution=inferred"
    while url:
        response = visitor.get(url)
        seen.append(codes(response))
        url = next(iter(tree_of(response).xpath('//a[@rel="next"]/@href')), None)
    assert [len(page) for page in seen] == [50, 50, 1]
    assert [code for page in seen for code in page] == [f"P{n:03}" for n in range(101)]
    back = visitor.get(tree_of(response).xpath('//a[@rel="prev"]/@href')[0])
    assert codes(back) == seen[1]
    first = visitor.get(tree_of(response).xpath('//a[@rel="first"]/@href')[0])
    assert codes(first) == seen[0]


def test_many_projects_are_counted_only_so_far(visitor):
    project = ProjectFactory(code="A")
    others = [
        Project(code=f"P{n}", programme=project.programme, title="T", attribution="explicit")
        for n in range(9_999)
    ]
    Project.objects.bulk_create(others, batch_size=500)
    assert count_of(visitor.get("/projects/")) == "10 000 projects"
    ProjectFactory(code="Z")
    assert count_of(visitor.get("/projects/")) == "more than 10 000 projects"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(visitor, django_assert_num_queries, rows):
    for _n in range(rows):
        project = ProjectFactory(lead=OrganisationFactory())
        ProjectCountryFactory(project=project)
        ProjectStrandFactory(project=project)
    visitor.get("/projects/")
    with django_assert_num_queries(7):
        response = visitor.get("/projects/")
    assert len(codes(response)) == rows


def test_the_filters_serve_machines_without_a_request():
    ProjectFactory(code="P1", status="closed")
    ProjectFactory(code="P2")
    filters = ProjectFilter({"status": "closed"}, Project.objects.all())
    assert [project.code for project in filters.qs] == ["P1"]
    assert ProjectFilter({"call": "NONE"}, Project.objects.all()).errors == {
        "call": ["There is no record with the code “NONE” here."]
    }
