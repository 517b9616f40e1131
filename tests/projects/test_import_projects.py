"""Sheets of projects that contradict themselves or the programme's rules."""

from __future__ import annotations

import pytest

from portal.imports.sheets import Refusal
from programmes.ledger.models import Milestone, Posting, Tag
from projects.actions.import_projects import PROJECTS, import_projects
from projects.actions.organisations import code_of
from projects.models import Organisation, Project
from tests.factories.programmes import (
    CountryFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RuleFactory,
    StrandFactory,
)
from tests.factories.sheets import make_sheet

pytestmark = pytest.mark.django_db
ROW = {"code": "P1", "title": "A project", "programme_code": "TPMA", "attribution": "explicit"}
NO_RECORD = "There is no record with this code."


@pytest.fixture(autouse=True)
def vocabulary(db) -> None:
    programme = ProgrammeFactory(code="TPMA")
    StrandFactory(code="MIGDEV")
    StrandFactory(code="ASYLUM")
    CountryFactory(code="MA")
    CountryFactory(code="TN")
    turkey = CountryFactory(code="TR")
    rule = RuleFactory(
        programme=programme,
        code="NO",
        admits=False,
        multi_country_exception=True,
        text="Not alone.",
    )
    ProgrammeCountryFactory(programme=programme, country=turkey, rule=rule)


def load(tmp_path, *rows, **options):
    return import_projects(make_sheet(tmp_path, PROJECTS, *rows), by=None, **options)


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"programme_code": "X"}, ("programme_code", "X", NO_RECORD)),
        ({"call_code": "X"}, ("call_code", "X", NO_RECORD)),
        ({"work_programme": "X"}, ("work_programme", "X", NO_RECORD)),
        ({"action": "X"}, ("action", "X", NO_RECORD)),
        ({"predecessor": "X"}, ("predecessor", "X", NO_RECORD)),
        ({"countries": "MA;ma"}, ("countries", "ma", NO_RECORD)),
        ({"countries": "MA;MA"}, ("countries", "MA; MA", "A code is given twice.")),
        ({"strands": "MIGDEV,ASYLUM"}, ("strands", "MIGDEV,ASYLUM", NO_RECORD)),
        ({"partners": "IOM; ILO; IOM"}, ("partners", "IOM", "A partner is named twice.")),
        (
            {"start": "2009-13"},
            ("start", "2009-13", "Write a real date as YYYY, YYYY-MM or YYYY-MM-DD."),
        ),
        (
            {"amount_eur": "2", "total_cost_eur": "1"},
            ("", "", "Constraint “project_contribution_within_cost” is violated."),
        ),
        ({"code": "p 1"}, ("code", "p 1", "Use capitals, digits and hyphens, e.g. AAP-2010-2.")),
    ],
)
def test_refused(tmp_path, cells, refusal) -> None:
    report = load(tmp_path, ROW | {"code": "P0"}, ROW | {"beneficiary": "UNHCR"} | cells)
    assert report.refused == [Refusal(3, *refusal)]
    tables = (Project, Organisation, Posting, Milestone, Tag)
    assert [table.objects.count() for table in tables] == [0, 0, 0, 0, 0]


def test_the_same_code_twice(tmp_path) -> None:
    report = load(tmp_path, ROW, ROW | {"title": "Another"})
    assert report.refused == [Refusal(3, "code", "P1", "The same as in row 2.")]


def test_an_amount_is_posted_whole_with_its_attribution(tmp_path) -> None:
    cells = {"attribution": "uncertain", "strands": "MIGDEV;ASYLUM", "countries": "MA;TN"}
    load(tmp_path, ROW | cells | {"amount_eur": "1000.10"})
    posting = Posting.objects.get()
    assert (str(posting.amount), posting.attribution) == ("1000.10", "uncertain")
    assert (posting.strand, posting.place, posting.country) == ("", "several", "")
    project = Project.objects.get()
    assert list(project.strand_tags.values_list("share", "main")) == [(None, False)] * 2


def test_a_sub_grant_never_posts(tmp_path) -> None:
    report = load(tmp_path, ROW | {"award_type": "sub-grant", "amount_eur": "180000"})
    assert [each.text for each in report.warnings] == [
        "A sub-grant: its amount lies inside another contract and is not posted."
    ]
    assert (Project.objects.get().eu_contribution, Posting.objects.count()) == (180000, 0)


def test_an_award_that_turns_out_to_be_a_sub_grant_is_taken_back(tmp_path) -> None:
    load(tmp_path, ROW | {"amount_eur": "180000"})
    load(tmp_path, ROW | {"award_type": "sub-grant", "amount_eur": "180000"})
    assert list(Posting.objects.values_list("amount", flat=True)) == [180000, -180000]


def test_an_amount_that_vanishes_is_taken_back(tmp_path) -> None:
    load(tmp_path, ROW | {"amount_eur": "5"})
    load(tmp_path, ROW)
    assert list(Posting.objects.values_list("amount", flat=True)) == [5, -5]
    assert Project.objects.get().eu_contribution is None


def test_a_recalled_amount_of_a_seen_row_is_left_out(tmp_path) -> None:
    row = ROW | {"amount_eur": "5", "total_cost_eur": "6", "recalled_fields": "amount_eur"}
    load(tmp_path, row)
    project = Project.objects.get()
    assert (project.eu_contribution, project.total_cost, Posting.objects.count()) == (None, 6, 0)
    load(tmp_path, row, with_recalled=True)
    assert Posting.objects.get().event == "amount from general knowledge, not confirmed"
    load(tmp_path, row)
    assert (Project.objects.get().eu_contribution, Posting.objects.count()) == (5, 1)


def test_contradictions_and_doubts_are_warned_of(tmp_path) -> None:
    report = load(
        tmp_path,
        ROW | {"code": "A", "countries": "TR"},
        ROW | {"code": "B", "countries": "MA;TR"},
        ROW | {"code": "C", "start": "2010", "end": "2009-12"},
        ROW | {"code": "D", "start": "2010-05", "end": "2010"},
        ROW | {"code": "E", "countries": "MA", "region_note": "and Spain", "amount_eur": "1"},
        ROW | {"code": "F", "countries": "MA", "region_note": "and Spain"},
        ROW | {"code": "G", "beneficiary": "ECRE", "beneficiary_type": "NGO"},
        ROW | {"code": "H", "beneficiary": "ECRE", "beneficiary_type": "academic"},
    )
    assert [(each.label, each.text) for each in report.warnings] == [
        ("A", "TR is not admitted by rule NO: Not alone."),
        ("C", "The project ends before it begins."),
        ("E", "The amount is posted to MA, the one country named; the area is “and Spain”."),
        ("H", "Another row calls ECRE “NGO”."),
    ]


def test_organisations_are_leaders_and_partners_link_by_exact_name(tmp_path) -> None:
    load(
        tmp_path,
        ROW | {"code": "A", "beneficiary": "UNHCR", "partners": "ILO; Red Cross, Minsk; unhcr"},
        ROW | {"code": "B", "beneficiary": "ILO"},
    )
    assert set(Organisation.objects.values_list("code", flat=True)) == {"UNHCR", "ILO"}
    partners = Project.objects.get(code="A").partners.values_list("name", "organisation__code")
    assert list(partners) == [("ILO", "ILO"), ("Red Cross, Minsk", None), ("unhcr", None)]


def test_codes_of_organisations() -> None:
    assert code_of("Fundación “La Caixa” (España)", ()) == "FUNDACION-LA-CAIXA-ESPANA"
    assert code_of("IOM", ["IOM", "IOM-2"]) == "IOM-3"
    long = (
        "Ministry of Interior, Public Administration and Decentralisation of the Hellenic Republic"
    )
    assert code_of(long, ()) == "MINISTRY-OF-INTERIOR-PUBLIC-ADMINISTRATION-AND-DECENTRALISAT"
    assert code_of(long, [code_of(long, ())]).endswith("-2")
    assert code_of("Организация", ()) == "ORGANISATION"
