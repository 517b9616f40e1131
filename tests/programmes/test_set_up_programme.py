"""A second programme in the browser: what is there, what is missing, and the whole way from nothing to figures."""

from __future__ import annotations

from datetime import date

import pytest

from portal.audit.models import Entry
from programmes.actions.setting_up import (
    add_region,
    add_suspension,
    change_programme,
    change_strand,
)
from programmes.eligibility import answer
from programmes.ledger.models import Measure
from programmes.ledger.posting import PostingRefused
from programmes.models import Programme, Strand
from tests.factories.ledger import post_line
from tests.factories.programmes import CountryFactory, ProgrammeFactory, StrandFactory
from tests.pages import figures_of, notices_of, rows_of, text_of, tree_of
from tests.programmes.new_programme import CODE, SOURCE, begun, completed, opened

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/setup/"


def links_in_notices(response) -> list[tuple[str, str]]:
    found = tree_of(response).xpath('//div[contains(@class, "ecl-notification")]//li/a')
    return [(text_of(each), each.get("href")) for each in found]


def test_everything_that_is_missing_is_listed_with_its_place(officer, as_person):
    begun(officer, legal_basis="")
    response = as_person(officer).get(URL)
    assert links_in_notices(response) == [
        ("It has no legal basis.", f"/programmes/{CODE}/change/#id_legal_basis"),
        ("It has no strand.", f"/programmes/{CODE}/strands/"),
        ("It has no rule about where actions take place.", f"/programmes/{CODE}/rules/add/"),
        (
            "It names no country where actions may or may not take place.",
            f"/programmes/{CODE}/countries/",
        ),
    ]


def test_what_is_there_is_shown_part_by_part(officer, as_person):
    programme = completed(officer)
    add_region(programme, by=officer, code="SOUTH", name="Southern route")
    add_suspension(
        programme,
        by=officer,
        country=CountryFactory(),
        suspended_from=date(2022, 3, 1),
        reason="Breach of an essential element",
        source="Council decision",
    )
    response = as_person(officer).get(URL)
    assert rows_of(response, "strands-table") == [
        ["Legal pathways MIGPACT-LEGAL", "1", "0", "no other"]
    ]
    assert rows_of(response, "rules-table") == [
        [
            "MIGPACT-PLACE",
            "where the action takes place",
            "may take part",
            "Actions may take place in partner countries.",
            "1",
        ]
    ]
    assert rows_of(response, "countries-table") == [
        [
            "Tunisia TN",
            "MIGPACT-PLACE where the action takes place",
            "the beginning",
            "open",
            SOURCE,
        ]
    ]
    assert rows_of(response, "suspensions-table") == [
        [
            "Tunisia",
            "1 March 2022",
            "open",
            "Breach of an essential element",
            "Council decision",
            "Lift",
        ]
    ]
    assert "An officer who changed nothing of it can open it." in notices_of(response)[0]


def test_an_officer_who_changed_nothing_is_led_to_open_it(officer, second_officer, as_person):
    completed(officer)
    ways = tree_of(as_person(second_officer).get(URL)).xpath("//main//a/@href")
    assert f"/programmes/{CODE}/open/" in ways
    assert f"/programmes/{CODE}/open/" not in tree_of(as_person(officer).get(URL)).xpath(
        "//a/@href"
    )


def test_an_auditor_reads_it_and_is_shown_nothing_to_change(officer, auditor, as_person):
    completed(officer)
    response = as_person(auditor).get(URL)
    assert response.status_code == 200
    addresses = tree_of(response).xpath("//main//a/@href")
    assert [each for each in addresses if "/change/" in each or "/add/" in each] == []
    assert as_person(auditor).get(f"/programmes/{CODE}/change/").status_code == 403


def test_nobody_else_learns_that_it_is_there(officer, official, visitor, as_person):
    completed(officer)
    assert as_person(official).get(URL).status_code == 404
    assert visitor.get(URL)["Location"].startswith("/accounts/login/")


def test_an_official_may_not_see_how_an_open_one_was_set_up(
    officer, second_officer, official, as_person
):
    opened(officer, second_officer)
    assert as_person(official).get(URL).status_code == 403


@pytest.fixture
def hidden(officer) -> Programme:
    """One that is being set up and follows an open one, with words of its own that could be told."""
    open_one = ProgrammeFactory()
    StrandFactory(programmes=[open_one])
    programme = change_programme(completed(officer), by=officer, predecessor=open_one)
    strand = programme.strands.get()
    told = {"number": 1, "title": strand.title, "measures": ["Secret measure"]}
    change_strand(programme, strand, by=officer, **told)
    add_region(programme, by=officer, code="SECRET-ROUTE", name="Secret route")
    return programme


SECRETS = (
    CODE,
    "Partnerships",
    "Legal pathways",
    "Secret measure",
    "SECRET-ROUTE",
    "Secret route",
)
HIDING = [
    "/",
    "/programmes/",
    "/programmes/TPMA/",
    "/programmes/documents/",
    "/calls/",
    "/projects/",
    "/countries/",
    "/countries/TN/",
    "/api/v1/programmes/",
    "/api/v1/strands/",
    "/api/v1/measures/",
    "/api/v1/regions/",
    "/api/v1/rules/",
    "/api/v1/programme-countries/",
]


@pytest.mark.parametrize("address", HIDING)
def test_no_public_page_or_endpoint_names_it(address, hidden, visitor):
    response = visitor.get(address)
    assert response.status_code == 200
    said = response.content.decode()
    assert [word for word in SECRETS if word in said] == []


def test_an_official_is_not_told_of_it_either(hidden, official, officer, as_person):
    said = as_person(official).get("/dashboard/").content.decode()
    assert [word for word in SECRETS if word in said] == []
    assert CODE in as_person(officer).get("/dashboard/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        f"/programmes/{CODE}/",
        f"/programmes/{CODE}/thread/",
        f"/programmes/{CODE}/coverage/",
        f"/programmes/strands/{CODE}-LEGAL/",
        f"/countries/TN/?programme={CODE}",
        f"/api/v1/programmes/{CODE}/",
        f"/api/v1/strands/{CODE}-LEGAL/",
        f"/api/v1/rules/{CODE}-PLACE/",
    ],
)
def test_its_own_addresses_are_unknown_to_others(address, hidden, official, visitor, as_person):
    for client in (visitor, as_person(official)):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        f"programme={CODE}",
        f"programme=all&strand={CODE}-LEGAL",
        "programme=all&region=SECRET-ROUTE",
    ],
)
def test_no_figure_is_asked_of_it_by_anybody(query, hidden, officer, visitor, as_person):
    for client in (visitor, as_person(officer)):
        assert client.get(f"/evaluation/figures/contracted/?{query}").status_code == 400
        assert client.get(f"/api/v1/figures/contracted/?{query}").status_code == 400


@pytest.mark.parametrize(
    "place", ["/projects/", "/calls/", "/programmes/documents/", "/countries/"]
)
def test_lists_do_not_filter_by_it_for_others(place, hidden, officer, visitor, as_person):
    assert visitor.get(f"{place}?programme={CODE}").status_code == 400
    assert as_person(officer).get(f"{place}?programme={CODE}").status_code == 200


def test_nothing_can_be_posted_of_it(hidden):
    with pytest.raises(PostingRefused):
        post_line(Measure.CONTRACTED, "5.00", programme=CODE)


def test_no_report_is_asked_of_it(hidden, officer, as_person):
    given = {"programme": CODE, "axis": "budget"}
    assert as_person(officer).post("/evaluation/reports/add/", given).status_code == 400


def test_its_setting_up_and_its_page_are_there_for_officers(hidden, officer, as_person):
    client = as_person(officer)
    page = client.get(f"/programmes/{CODE}/")
    assert "Officers and auditors alone see it." in notices_of(page)[0]
    assert figures_of(page) == {}
    assert rows_of(client.get("/programmes/"), "programmes")[0] == [
        "Partnerships MIGPACT",
        "2021–2027",
        "Short TPMA",
        "being set up",
        "being set up",
        "being set up",
    ]


def test_the_whole_way_from_nothing_to_figures(officer, second_officer, visitor, as_person):
    """Set up by one officer and opened by another, with nothing but the browser."""
    for code, iso3, name in (("TN", "TUN", "Tunisia"), ("MA", "MAR", "Morocco")):
        CountryFactory(code=code, iso3=iso3, name=name)
    shared = StrandFactory(programmes=[ProgrammeFactory()])
    first, second = as_person(officer), as_person(second_officer)
    steps = [
        (
            "/programmes/add/",
            {
                "code": CODE,
                "name": "Migration partnerships with neighbours",
                "short_name": "Partnerships",
                "period_start": "2021",
                "period_end": "2027",
                "predecessor": "TPMA",
            },
        ),
        (
            f"/programmes/{CODE}/change/",
            {
                "name": "Migration partnerships with neighbours",
                "short_name": "Partnerships",
                "period_start": "2021",
                "period_end": "2027",
                "predecessor": "TPMA",
                "legal_basis": "Regulation (EU) 2021/947",
                "revision": "1",
            },
        ),
        (f"/programmes/{CODE}/strands/", {"strands": [shared.code], "revision": "2"}),
        (
            f"/programmes/{CODE}/strands/add/",
            {
                "code": "LEGAL",
                "number": "99",
                "title": "Legal pathways",
                "measures": "Talent partnerships\nVisa facilitation",
            },
        ),
        (
            f"/programmes/{CODE}/regions/",
            {"code": "SOUTH", "name": "Southern route", "members": ""},
        ),
        (
            f"/programmes/{CODE}/regions/",
            {
                "code": "MAGHREB",
                "name": "Maghreb",
                "parent": "SOUTH",
                "members": "TN\nMA 2021-2023",
            },
        ),
        (
            f"/programmes/{CODE}/rules/add/",
            {
                "code": f"{CODE}-PLACE",
                "question": "place",
                "admits": "yes",
                "text": "Neighbourhood countries.",
                "source": SOURCE,
            },
        ),
        (
            f"/programmes/{CODE}/countries/",
            {
                "rule": f"{CODE}-PLACE",
                "countries": ["TN"],
                "codes": "MA",
                "valid_from": "2021-01-01",
                "instrument": "NDICI",
                "route": "SOUTH",
                "source": SOURCE,
            },
        ),
    ]
    for address, given in steps:
        response = first.post(address, given)
        assert response.status_code == 302, (address, response.content.decode())
    assert Programme.objects.real().filter(code=CODE).count() == 0
    assert first.get(f"/programmes/{CODE}/open/").status_code == 403
    revision = Programme.objects.get(code=CODE).revision
    response = second.post(f"/programmes/{CODE}/open/", {"revision": revision})
    assert response["Location"] == f"/programmes/{CODE}/"
    verbs = list(Entry.objects.order_by("position").values_list("verb", flat=True))
    assert verbs == [
        "add_programme",
        "change_programme",
        "change_strands",
        "add_strand",
        "add_region",
        "add_region",
        "add_rule",
        "change_countries",
        "open_programme",
    ]
    known_by_everything(visitor)


def known_by_everything(visitor) -> None:
    """Lists, strand pages, country pages, eligibility, filters, figures and endpoints know the new programme."""
    programme = Programme.objects.get(code=CODE)
    tunisia = CountryFactory()
    assert answer(programme, tunisia, date(2022, 1, 1)).reason == "Neighbourhood countries."
    assert rows_of(visitor.get("/programmes/"), "programmes")[0][:3] == [
        "Partnerships MIGPACT",
        "2021–2027",
        "Short TPMA",
    ]
    page = visitor.get(f"/programmes/{CODE}/")
    assert rows_of(page, "regions-table") == [["Maghreb", "Southern route", "2"]]
    assert "Visa facilitation" in page.content.decode()
    strand = visitor.get("/programmes/strands/LEGAL/")
    assert "Partnerships" in strand.content.decode()
    countries = visitor.get(f"/countries/?programme={CODE}&region=SOUTH&instrument=NDICI")
    assert [row[0] for row in rows_of(countries, "countries")] == ["Morocco MA", "Tunisia TN"]
    sheet = visitor.get(f"/countries/TN/?programme={CODE}").content.decode()
    assert "Neighbourhood countries." in sheet
    for place in ("/projects/", "/calls/", "/programmes/documents/"):
        assert visitor.get(f"{place}?programme={CODE}").status_code == 200
    assert f'value="{CODE}"' in visitor.get("/").content.decode()
    post_line(Measure.CONTRACTED, "12.50", programme=CODE, strand="LEGAL", country="TN")
    figure = visitor.get(
        "/api/v1/figures/contracted/",
        {"programme": CODE, "strand": "LEGAL", "region": "MAGHREB"},
        follow=True,
    )
    assert figure.json()["value"] == "12.50"
    strands = visitor.get("/api/v1/programmes/MIGPACT/").json()["strand_codes"]
    assert strands == ["LEGAL", "MIGDEV"]
    assert Strand.objects.get(code="LEGAL").measures.get(order=2).code == "LEGAL-2"
