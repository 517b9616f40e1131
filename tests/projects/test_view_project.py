"""The page of a project: where it comes from, what is known, and what the ledger holds of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from programmes.ledger.models import Milestone, MilestoneKind, Posting, SubjectKind
from programmes.ledger.posting import post, record_milestone, reverse
from programmes.ledger.scope import now
from programmes.models import DocumentStatus
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
from tests.pages import facts_of, figures_of, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def line(measure: str, amount: str, **cells) -> Posting:
    return Posting(
        measure=measure,
        amount=Decimal(amount),
        programme="TPMA",
        project="P1",
        **{"event": "as stated", **cells},
    )


def test_what_no_source_reports_is_said_to_be_so(visitor):
    ProjectFactory(code="P1")
    response = visitor.get("/projects/P1/")
    assert response.status_code == 200
    assert facts_of(response) == {
        "Lead": "not reported",
        "Partners": "not reported",
        "How awarded": "not reported",
        "Countries": "not reported",
        "Area as stated": "not reported",
        "Strands": "not reported",
        "Start": "not reported",
        "End": "not reported",
        "EU contribution stated": "not reported",
        "Total cost stated": "not reported",
        "Programme": "Short TPMA",
        "Work programme": "not reported",
        "Action": "not reported",
        "Call": "not reported",
    }
    figures = figures_of(response)
    assert figures["Contracted"][0].startswith("not reported")
    assert figures["Paid"][0].startswith("not reported")
    assert figures["Still to be paid"] == (
        "not reported known only where contracted and paid are both reported",
        None,
    )
    words = text_of(tree_of(response).xpath("//main")[0])
    assert "The ledger holds no posting of this project." in words
    assert "No signature, report or closure is reported." in words


@time_machine.travel("2010-12-31 12:00 +0000")
def test_facts_and_which_of_them_are_unconfirmed(visitor):
    project = ProjectFactory(
        code="P1",
        lead=OrganisationFactory(name="UNHCR", kind="international organisation"),
        award_type="direct award",
        start="2008-05-01",
        end="2010",
        eu_contribution=Decimal("80.50"),
        total_cost=Decimal("100.00"),
        region_note="Spain and Morocco",
        recalled_fields=["award_type", "start", "beneficiary (full name)", "call_code"],
        confidence="seen",
    )
    PartnerFactory(project=project, name="IOM", organisation=OrganisationFactory(code="IOM"))
    PartnerFactory(project=project, name="A ministry")
    response = visitor.get("/projects/P1/")
    facts = facts_of(response)
    assert facts["Lead"] == "UNHCR † unconfirmed International organisation"
    assert facts["Partners"] == "IOM A ministry"
    assert facts["How awarded"] == "Direct award † unconfirmed"
    assert facts["Start"] == "1 May 2008 † unconfirmed"
    assert facts["End"] == "2010 The period has not ended."
    assert facts["EU contribution stated"] == "EUR 80.50 80.5 % of the total cost"
    assert facts["Area as stated"] == "Spain and Morocco"
    assert facts["Call"] == "not reported"
    partners = tree_of(response).xpath('//dd//a[@href="/projects/organisations/IOM/"]')
    assert [text_of(link) for link in partners] == ["IOM"]


@time_machine.travel("2011-01-01 12:00 +0000")
def test_a_period_ends_with_the_last_day_it_may_mean(visitor):
    ProjectFactory(code="P1", end="2010")
    assert facts_of(visitor.get("/projects/P1/"))["End"] == "2010 The period has ended."


def test_shares_are_shown_where_they_are_known(visitor):
    known, unknown = ProjectFactory(code="P1"), ProjectFactory(code="P2")
    asylum = StrandFactory(code="ASYLUM", number=2, title="Asylum")
    labour = StrandFactory(code="ECOMIG", number=1, title="Work")
    for project, shares in ((known, ("33.3333", "66.6667")), (unknown, (None, None))):
        ProjectStrandFactory(project=project, strand=labour, share=shares[0])
        ProjectStrandFactory(project=project, strand=asylum, share=shares[1], main=True)
    ProjectCountryFactory(project=known, country=CountryFactory(code="MA"), share="100")
    ProjectCountryFactory(project=unknown, country=CountryFactory(code="MA"))
    facts = facts_of(visitor.get("/projects/P1/"))
    assert facts["Strands"] == "Asylum (main): 66.6667 % Work: 33.3333 %"
    assert facts["Countries"] == "Morocco: 100 %"
    facts = facts_of(visitor.get("/projects/P2/"))
    assert facts["Strands"] == (
        "Asylum (main) Work "
        "Shares are not reported: money of this project is not divided among them."
    )
    assert facts["Countries"] == "Morocco"


@pytest.mark.parametrize(
    ("attribution", "words"),
    [
        ("explicit", "The source names the programme. = explicit"),
        (
            "inferred",
            (
                "The source speaks of money of the European Union; "
                "that it is this programme’s is inferred. ≈ inferred"
            ),
        ),
        ("uncertain", "The project may belong to another instrument. ? uncertain"),
    ],
)
def test_attribution_is_explained(visitor, attribution, words):
    ProjectFactory(code="P1", attribution=attribution)
    aside = tree_of(visitor.get("/projects/P1/")).xpath('//section[@id="thread"]/p')[0]
    assert text_of(aside) == words


def test_the_thread_up_shows_what_is_published(visitor, as_person, officer):
    draft = DocumentFactory(code="AAP", title="Draft programme", status=DocumentStatus.DRAFT)
    ProjectFactory(
        code="P1",
        work_programme=draft,
        action=ActionFactory(title="Draft action", work_programme=draft),
        call=CallFactory(title="The call"),
    )
    facts = facts_of(visitor.get("/projects/P1/"))
    assert (facts["Work programme"], facts["Action"]) == ("not reported", "not reported")
    assert facts["Call"] == "The call"
    facts = facts_of(as_person(officer).get("/projects/P1/"))
    assert (facts["Work programme"], facts["Action"]) == ("Draft programme", "Draft action")


def test_predecessor_and_successors(visitor):
    first = ProjectFactory(code="P1", title="First")
    second = ProjectFactory(code="P2", title="Second", predecessor=first)
    ProjectFactory(code="P3", title="Third", predecessor=second)
    ProjectFactory(
        code="P4", title="Hidden", predecessor=second, restricted=True, restricted_reason="Safety"
    )
    facts = facts_of(visitor.get("/projects/P2/"))
    assert (facts["Follows"], facts["Followed by"]) == ("First", "Third")


def test_figures_and_the_postings_they_are_summed_from(visitor):
    ProjectFactory(code="P1", programme=ProgrammeFactory(code="TPMA"))
    CountryFactory(code="MA")
    StrandFactory(code="ASYLUM", title="Asylum")
    record_milestone(MilestoneKind.RECORDED, SubjectKind.PROJECT, ["P1"], programme="TPMA", by=None)
    [contracted] = post([line("contracted", "1000.10", attribution="inferred")], by=None)
    wrong = post([line("paid", "500.00", value_date=date(2009, 5, 1))], by=None)
    [taken_back] = reverse(wrong, by=None, reason="Wrong account")
    [paid] = post(
        [
            line(
                "paid",
                "400.05",
                value_date=date(2009, 6, 1),
                date_precision="month",
                strand="ASYLUM",
                place="country",
                country="MA",
                event="Pre-financing",
            )
        ],
        by=None,
    )
    response = visitor.get("/projects/P1/")
    at = now().position
    address = "/evaluation/figures/{}/?as_of=" + f"{at}&programme=TPMA&project=P1"
    assert figures_of(response) == {
        "Contracted": (
            "EUR 1 000.10 1 of 1 reported of which attribution inferred: EUR 1 000.10",
            address.format("contracted"),
        ),
        "Paid": ("EUR 400.05 1 of 1 reported", address.format("paid")),
        "Accepted": ("not reported 0 of 1 reported", address.format("accepted")),
        "Still to be paid": ("EUR 600.05 contracted less paid", None),
    }
    assert rows_of(response, "postings-1") == [
        [
            str(contracted.position),
            "not reported",
            "as stated",
            "not split",
            "not reported",
            "1 000.10 ≈ inferred",
        ],
        ["Sum", "–", "–", "–", "–", "1 000.10"],
    ]
    wrong_at, back_at = wrong[0].position, taken_back.position
    assert rows_of(response, "postings-2") == [
        [
            str(wrong_at),
            "1 May 2009",
            f"as stated taken back by no. {back_at}",
            "not split",
            "not reported",
            "500",
        ],
        [
            str(back_at),
            "1 May 2009",
            f"as stated Wrong account; takes back no. {wrong_at}",
            "not split",
            "not reported",
            "−500",
        ],
        [str(paid.position), "June 2009", "Pre-financing", "Asylum", "Morocco", "400.05"],
        ["Sum", "–", "–", "–", "–", "400.05"],
    ]
    assert visitor.get(address.format("paid")).status_code == 200


def test_many_postings_are_cut_but_not_their_sum(visitor):
    ProjectFactory(code="P1", programme=ProgrammeFactory(code="TPMA"))
    post([line("paid", "0.01") for _n in range(201)], by=None)
    response = visitor.get("/projects/P1/")
    rows = rows_of(response, "postings-1")
    assert len(rows) == 201
    assert rows[-1] == ["Sum", "–", "–", "–", "–", "2.01"]
    assert "These are the first postings; the sum is of all." in text_of(tree_of(response))


def test_milestones_and_since_when_the_project_is_known(visitor):
    ProjectFactory(code="P1", programme=ProgrammeFactory(code="TPMA"))
    common = {"programme": "TPMA", "by": None}
    project = (SubjectKind.PROJECT, ["P1"])
    record_milestone(MilestoneKind.RECORDED, *project, **common)
    record_milestone(MilestoneKind.CONTRACT_SIGNED, *project, on="2009-05", **common)
    [closed] = record_milestone(MilestoneKind.CLOSED, *project, **common)
    Milestone.objects.create(
        subject_kind="project", subject="P1", kind="closed", programme="TPMA", reverses=closed
    )
    response = visitor.get("/projects/P1/")
    section = tree_of(response).xpath('//section[@id="milestones"]')[0]
    titles = section.xpath('.//p[@class="portal-timeline__title"]')
    whens = section.xpath('.//p[@class="portal-timeline__when"]')
    assert [text_of(title) for title in titles] == ["contract signed"]
    assert [text_of(when) for when in whens] == ["May 2009"]
    assert text_of(section.xpath("./p")[0]).startswith("Known to this portal since ")


def test_a_restricted_project_is_not_there_for_visitors_and_officials(
    visitor, as_person, officer, official, auditor
):
    ProjectFactory(
        code="P1", title="House of safety", restricted=True, restricted_reason="Victims live here"
    )
    for client in (visitor, as_person(official)):
        response = client.get("/projects/P1/")
        assert response.status_code == 404
        assert "safety" not in response.content.decode()
        assert "Victims" not in response.content.decode()
    for person in (officer, auditor):
        page = text_of(tree_of(as_person(person).get("/projects/P1/")).xpath("//main")[0])
        assert (
            "Restricted: hidden from the public, officials, exports and notices Victims live here"
        ) in page


def test_an_unknown_code_is_named_with_a_way_to_the_list(visitor):
    response = visitor.get("/projects/XYZ/")
    assert response.status_code == 404
    main = tree_of(response).xpath("//main")[0]
    assert "XYZ" in text_of(main)
    assert "/projects/" in main.xpath(".//a/@href")
    assert visitor.get("/projects/xyz/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_what_is_known(visitor, django_assert_num_queries, rows):
    programme = ProgrammeFactory(code="TPMA")
    project = ProjectFactory(code="P1", programme=programme, lead=OrganisationFactory())
    for code in ("MA", "TN", "MD")[:rows]:
        ProjectCountryFactory(project=project, country=CountryFactory(code=code))
        ProjectStrandFactory(project=project, strand=StrandFactory(code=f"S-{code}"))
        PartnerFactory(project=project, organisation=OrganisationFactory())
        ProjectFactory(predecessor=project)
        post([line("contracted", "10"), line("paid", "5", place="country", country=code)], by=None)
        record_milestone(
            MilestoneKind.TARGET_SET, SubjectKind.PROJECT, ["P1"], programme="TPMA", by=None
        )
    visitor.get("/projects/P1/")
    with django_assert_num_queries(22):
        response = visitor.get("/projects/P1/")
    assert len(rows_of(response, "postings-2")) == rows + 1
