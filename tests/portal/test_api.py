"""What every endpoint promises: rows by key in a constant number of queries, ETags, refusals as problem+json."""

from __future__ import annotations

from decimal import Decimal

import pytest

from calls.models import CallStatus
from portal.records import Attribution
from programmes.ledger.models import Measure, Place, Posting, SubjectKind
from programmes.ledger.posting import Touches, post, record_milestone, tag
from programmes.ledger.scope import now
from programmes.models import DocumentKind, DocumentStatus
from projects.models import ProjectStatus
from tests.factories.calls import CallFactory, LotBudgetFactory, LotFactory
from tests.factories.evaluation import ReportFactory
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    MeasureFactory,
    MembershipFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RegionFactory,
    RuleFactory,
    StrandFactory,
)
from tests.factories.projects import (
    OrganisationFactory,
    PartnerFactory,
    ProjectCountryFactory,
    ProjectFactory,
    ProjectStrandFactory,
)

pytestmark = pytest.mark.django_db

API = "/api/v1"


def test_a_project_as_it_is_known(client):
    project = ProjectFactory(
        code="P001",
        title="Local integration",
        lead=OrganisationFactory(code="UNHCR", name="UNHCR"),
        eu_contribution=Decimal("1999999.00"),
        start="2009-03",
        attribution=Attribution.INFERRED,
    )
    ProjectStrandFactory(
        project=project, strand=StrandFactory(code="ASYLUM", number=5), share=Decimal(60), main=True
    )
    ProjectStrandFactory(
        project=project, strand=StrandFactory(code="MIGDEV", number=1), share=Decimal(40)
    )
    ProjectCountryFactory(project=project, country=CountryFactory(code="MD"))
    PartnerFactory(project=project, name="Red Cross")
    row = client.get(f"{API}/projects/P001/").json()
    assert row == {
        "code": "P001",
        "programme_code": "TPMA",
        "call_code": None,
        "work_programme_code": None,
        "action_code": None,
        "predecessor_code": None,
        "reference": "",
        "title": "Local integration",
        "acronym": "",
        "summary": "",
        "lead_code": "UNHCR",
        "lead_name": "UNHCR",
        "partner_names": ["Red Cross"],
        "touches_strands": [
            {"code": "ASYLUM", "main": True, "share": 60.0},
            {"code": "MIGDEV", "main": False, "share": 40.0},
        ],
        "touches_countries": [{"code": "MD", "share": None}],
        "region_note": "",
        "award_type": "",
        "attribution": "inferred",
        "status": "not_reported",
        "start": "2009-03",
        "end": "",
        "eu_contribution": "1999999.00",
        "total_cost": None,
        "note": "",
        "source": "",
        "confidence": "entered",
        "recalled_fields": [],
    }
    assert client.get(f"{API}/projects/").json() == [row]


def one_of_everything() -> None:
    programme = ProgrammeFactory()
    strand = StrandFactory(programmes=[programme])
    MeasureFactory(strand=strand)
    country = CountryFactory()
    MembershipFactory(region=RegionFactory(), country=country)
    ProgrammeCountryFactory(country=country, rule=RuleFactory())
    action = ActionFactory()
    action.strands.add(strand)
    ActionAmountFactory(action=action)
    lot = LotFactory()
    LotBudgetFactory(lot=lot)
    project = ProjectFactory(call=lot.call, lead=OrganisationFactory())
    ProjectStrandFactory(project=project, strand=strand)
    ProjectCountryFactory(project=project, country=country)


LISTS = [
    "programmes",
    "strands",
    "measures",
    "themes",
    "countries",
    "regions",
    "rules",
    "programme-countries",
    "documents",
    "passages",
    "allocations",
    "actions",
    "financing-decisions",
    "commitments",
    "stated-amounts",
    "calls",
    "lots",
    "grids",
    "projects",
    "organisations",
    "criteria",
    "monitoring-rules",
    "evaluations",
    "evaluation-questions",
    "findings",
    "recommendations",
    "seals",
]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_answers_a_visitor_in_one_query(client, name, django_assert_num_queries):
    one_of_everything()
    with django_assert_num_queries(1):
        response = client.get(f"{API}/{name}/")
    assert response.status_code == 200
    assert isinstance(response.json(), list)


def test_reports_are_for_officers_and_auditors(client, officer, official, auditor, as_person):
    ReportFactory(code="R-1")
    answers = {
        person.email: [row["code"] for row in as_person(person).get(f"{API}/reports/").json()]
        for person in (officer, official, auditor)
    }
    assert answers == {officer.email: ["R-1"], official.email: [], auditor.email: ["R-1"]}
    assert client.get(f"{API}/reports/").json() == []
    assert client.get(f"{API}/reports/R-1/").status_code == 404


def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(client, django_assert_num_queries):
    ProjectFactory()
    with django_assert_num_queries(1):
        assert len(client.get(f"{API}/projects/").json()) == 1
    ProjectFactory.create_batch(2)
    with django_assert_num_queries(1):
        assert len(client.get(f"{API}/projects/").json()) == 3


def relations(response) -> dict[str, str]:
    parts = (part.split("; rel=") for part in response["Link"].split(", "))
    return {relation.strip('"'): target.strip("<>") for target, relation in parts}


def test_pages_are_walked_forwards_and_backwards_by_their_links(client):
    codes = [ProjectFactory(code=f"P{n}").code for n in range(7)]
    walked, address = [], f"{API}/projects/?limit=3"
    while address:
        page = client.get(address)
        walked.append([row["code"] for row in page.json()])
        last, address = address, relations(page).get("next")
    assert walked == [codes[:3], codes[3:6], codes[6:]]
    back = client.get(relations(client.get(last))["prev"])
    assert [row["code"] for row in back.json()] == codes[3:6]
    assert set(relations(back)) == {"first", "next", "prev"}
    first = client.get(relations(back)["prev"])
    assert [row["code"] for row in first.json()] == codes[:3]
    assert set(relations(first)) == {"first", "next"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=many", "limit"),
        ("strand=NONE-SUCH", "strand"),
        ("country=ZZ", "country"),
        ("year=soon", "year"),
    ],
)
def test_a_wrong_parameter_is_named(client, query, field):
    response = client.get(f"{API}/projects/?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    assert field in problem["errors"]


@pytest.mark.parametrize("key", ["x", "e30", "WzFd", "WyJhIiwiYiJd", "%00"])
def test_a_page_key_of_another_list_is_refused(client, key):
    response = client.get(f"{API}/projects/?after={key}")
    assert (response.status_code, response["Content-Type"]) in {
        (400, "application/problem+json"),
        (200, "application/json"),
    }
    assert response.status_code == 400 or key == "WzFd"


def test_an_endpoint_has_the_filters_of_its_page(client):
    for code, region in (("MA", "SOUTH"), ("MD", "EAST")):
        country = CountryFactory(code=code)
        MembershipFactory(region=RegionFactory(code=region), country=country)
    for query in ("region=SOUTH", "text=moroc"):
        rows = client.get(f"{API}/countries/?{query}").json()
        assert [row["code"] for row in rows] == ["MA"]
    assert client.get(f"{API}/countries/?region=NOWHERE").status_code == 400


def test_an_unknown_code_is_a_problem_that_names_it(client):
    response = client.get(f"{API}/projects/P999/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert "P999" in response.json()["detail"]


def test_what_has_not_changed_is_not_sent_again(client):
    project = ProjectFactory()
    address = f"{API}/projects/"
    etag = client.get(address)["ETag"]
    assert not etag.startswith("W/")
    again = client.get(address, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-match": '"other"'}).status_code == 412
    project.title = "Another title"
    project.save()
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200


def test_nothing_is_written_through_the_endpoints(client, officer, as_person):
    ProjectFactory(code="P001")
    for person in (client, as_person(officer)):
        assert person.post(f"{API}/projects/", {}).status_code in {403, 405}
        assert person.delete(f"{API}/projects/P001/").status_code in {403, 405}


def test_what_a_visitor_may_not_see_is_not_there(client, officer, auditor, official, as_person):
    ProjectFactory(code="OPEN")
    ProjectFactory(code="SHELTER", restricted=True, restricted_reason="safety")
    ProjectFactory(code="PREPARED", status=ProjectStatus.PREPARED)
    CallFactory(code="DRAFT-CALL", status=CallStatus.DRAFT)
    LotFactory(code="DRAFT-LOT", call=CallFactory(code="HIDDEN", status=CallStatus.DRAFT))
    DocumentFactory(
        code="DRAFT-MIP", kind=DocumentKind.INDICATIVE_PROGRAMME, status=DocumentStatus.DRAFT
    )
    ActionFactory(code="DRAFT-ACTION", work_programme__status=DocumentStatus.DRAFT)
    hidden = [
        ("projects", "SHELTER"),
        ("projects", "PREPARED"),
        ("calls", "DRAFT-CALL"),
        ("lots", "DRAFT-LOT"),
        ("documents", "DRAFT-MIP"),
        ("actions", "DRAFT-ACTION"),
    ]
    for person, sees in (
        (client, False),
        (as_person(official), False),
        (as_person(officer), True),
        (as_person(auditor), True),
    ):
        for kind, code in hidden:
            listed = {row["code"] for row in person.get(f"{API}/{kind}/").json()}
            assert (code in listed) is sees
            status = person.get(f"{API}/{kind}/{code}/").status_code
            assert status == (200 if sees else 404)
        assert person.get(f"{API}/projects/OPEN/").status_code == 200


@pytest.fixture
def shelter_and_school(officer):
    StrandFactory(code="MIGPROT")
    CountryFactory(code="MA")
    ProjectFactory(code="SCHOOL")
    ProjectFactory(code="SHELTER", title="A house", restricted=True, restricted_reason="safety")
    for code in ("SCHOOL", "SHELTER"):
        fields = {"programme": "TPMA", "by": officer}
        tag(SubjectKind.PROJECT, {code: Touches(["MIGPROT"], ["MA"])}, **fields)
        record_milestone("recorded", SubjectKind.PROJECT, [code], **fields)
    cells = {
        "programme": "TPMA",
        "measure": Measure.CONTRACTED,
        "event": "signed",
        "strand": "MIGPROT",
        "place": Place.COUNTRY,
        "country": "MA",
    }
    lines = [
        Posting(amount=Decimal("70.00"), project="SCHOOL", **cells),
        Posting(amount=Decimal("30.00"), project="SHELTER", **cells),
    ]
    post(lines, by=officer)


def test_a_figure_has_one_value_for_everybody(client, officer, as_person, shelter_and_school):
    address = f"{API}/figures/contracted/?programme=TPMA&strand=MIGPROT"
    public, inside = client.get(address).json(), as_person(officer).get(address).json()
    assert public["value"] == inside["value"] == "100.00"
    assert public["as_of"]["position"] == now().position
    assert (public["reported"], public["recorded"]) == (2, 2)
    assert public["records"] == [
        {"code": "SCHOOL", "amount": "70.00", "records": 1},
        {"code": None, "amount": "30.00", "records": 1},
    ]
    assert inside["records"] == [
        {"code": "SCHOOL", "amount": "70.00", "records": 1},
        {"code": "SHELTER", "amount": "30.00", "records": 1},
    ]
    assert "SHELTER" not in client.get(address).content.decode()


def test_nothing_reported_is_null(client, shelter_and_school):
    figure = client.get(f"{API}/figures/paid/?programme=TPMA").json()
    assert (figure["value"], figure["reported"], figure["recorded"]) == (None, 0, 2)


def test_a_count_says_how_many_are_elsewhere_too(client, shelter_and_school):
    figure = client.get(f"{API}/figures/projects/?programme=TPMA&country=MA").json()
    assert (figure["unit"], figure["value"], figure["elsewhere"]) == ("records", "2", 0)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("figures/contracted/", 400),
        ("figures/contracted/?programme=NONE", 400),
        ("figures/contracted/?programme=TPMA&colour=red", 400),
        ("figures/moonshine/?programme=TPMA", 404),
    ],
)
def test_a_figure_that_cannot_be_asked_is_a_problem(client, path, status):
    ProgrammeFactory(code="TPMA")
    response = client.get(f"{API}/{path}")
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
