"""The list of calls: which are there, in which order, and what each row says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from calls.models import CallStatus
from tests.factories.calls import CallFactory, LotFactory
from tests.factories.programmes import (
    ActionFactory,
    DocumentFactory,
    ProgrammeFactory,
    StrandFactory,
)
from tests.pages import chips_of, count_of, errors_of, links_of_rows, rows_of, text_of, tree_of

pytestmark = pytest.mark.django_db


def codes(response) -> list[str]:
    return [link.split("/")[2] for link in links_of_rows(response, "calls")]


def test_the_latest_deadline_comes_first_and_no_deadline_last(visitor):
    CallFactory(code="OLD", deadline_at=datetime(2009, 11, 13, 12, tzinfo=UTC))
    CallFactory(code="NONE-B")
    CallFactory(code="NEW", deadline_at=datetime(2011, 12, 1, 15, tzinfo=UTC))
    CallFactory(code="NONE-A")
    response = visitor.get("/calls/")
    assert response.status_code == 200
    assert codes(response) == ["NEW", "OLD", "NONE-A", "NONE-B"]
    assert count_of(response) == "4 calls"


def test_a_row_says_what_is_known_and_what_is_not(visitor):
    call = CallFactory(
        code="CALL-2011-2012",
        title="Migration and asylum",
        reference="EuropeAid/131088/C/ACT/Multi",
        deadline_at=datetime(2011, 12, 1, 15, tzinfo=UTC),
        budget=Decimal("31000000.50"),
    )
    lot = LotFactory(call=call, number="1")
    LotFactory(call=call, number="1A", parent=lot)
    LotFactory(call=call, number="2")
    CallFactory(
        code="CALL-2009-2010",
        title="An older call",
        deadline_at=datetime(2009, 11, 13, 22, 59, 59, tzinfo=UTC),
        deadline_is_day=True,
    )
    CallFactory(code="JMDI-2008", title="Dates as stated", full_application_deadline="2009-03")
    CallFactory(code="AENEAS-2005", title="From memory", confidence="recalled")
    assert rows_of(visitor.get("/calls/"), "calls") == [
        [
            "Migration and asylum CALL-2011-2012 · EuropeAid/131088/C/ACT/Multi",
            "Closed",
            "1 December 2011, 16:00 (CET, Europe/Brussels)",
            "31 000 000.50",
            "2",
            "Short TPMA",
        ],
        [
            "An older call CALL-2009-2010",
            "Closed",
            "13 November 2009, hour not reported (Europe/Brussels)",
            "not reported",
            "not reported",
            "Short TPMA",
        ],
        [
            "From memory † unconfirmed AENEAS-2005",
            "Dates not reported",
            "not reported",
            "not reported",
            "not reported",
            "Short TPMA",
        ],
        [
            "Dates as stated JMDI-2008",
            "Dates not reported",
            "March 2009 day not reported",
            "not reported",
            "not reported",
            "Short TPMA",
        ],
    ]


def test_an_open_call_says_how_long_it_is_open(visitor):
    now = timezone.now()
    CallFactory(opens_at=now - timedelta(days=1), deadline_at=now + timedelta(hours=30, minutes=30))
    assert rows_of(visitor.get("/calls/"), "calls")[0][1] == "Open 30 hours left"


def test_drafts_are_for_officers_and_auditors(visitor, as_person, officer, official, auditor):
    CallFactory(code="DRAFT", status=CallStatus.DRAFT)
    CallFactory(code="PUBLISHED")
    assert codes(visitor.get("/calls/")) == ["PUBLISHED"]
    assert codes(as_person(official).get("/calls/")) == ["PUBLISHED"]
    assert codes(as_person(officer).get("/calls/")) == ["DRAFT", "PUBLISHED"]
    assert codes(as_person(auditor).get("/calls/")) == ["DRAFT", "PUBLISHED"]


def test_phases(visitor):
    now = timezone.now()
    day = timedelta(days=1)
    CallFactory(code="COMING", opens_at=now + day, deadline_at=now + 2 * day)
    CallFactory(code="OPEN", opens_at=now - day, deadline_at=now + day)
    CallFactory(code="CLOSED", opens_at=now - 2 * day, deadline_at=now - day)
    CallFactory(code="UNKNOWN")
    for phase, code in [
        ("forthcoming", "COMING"),
        ("open", "OPEN"),
        ("closed", "CLOSED"),
        ("not_reported", "UNKNOWN"),
    ]:
        assert codes(visitor.get(f"/calls/?phase={phase}")) == [code]


def test_words_are_found_whatever_their_accents(visitor):
    CallFactory(code="A", title="Accueil des réfugiés en Tunisie")
    CallFactory(code="B", title="Return", reference="EuropeAid/128764/C/ACT/Multi")
    assert codes(visitor.get("/calls/?text=REFUGIES+tunisie")) == ["A"]
    assert codes(visitor.get("/calls/?text=128764/C")) == ["B"]
    assert codes(visitor.get("/calls/?text=%25")) == []
    assert codes(visitor.get("/calls/?text=refugies+maroc")) == []


def test_strands_of_calls_and_of_their_lots(visitor):
    asylum, labour = StrandFactory(code="ASYLUM"), StrandFactory(code="ECOMIG")
    CallFactory(code="A").strands.add(asylum)
    LotFactory(call=CallFactory(code="B")).strands.add(asylum, labour)
    CallFactory(code="C")
    assert codes(visitor.get("/calls/?strand=ASYLUM")) == ["A", "B"]
    assert codes(visitor.get("/calls/?strand=ECOMIG")) == ["B"]
    assert codes(visitor.get("/calls/?strand=ECOMIG&strand=ASYLUM")) == ["A", "B"]


def test_years_and_programmes(visitor):
    CallFactory(code="A", published="2009-09")
    CallFactory(code="B", deadline_at=datetime(2009, 6, 1, tzinfo=UTC))
    CallFactory(code="C", published="2010", programme=ProgrammeFactory(code="AENEAS"))
    assert codes(visitor.get("/calls/?year=2009")) == ["B", "A"]
    assert codes(visitor.get("/calls/?programme=AENEAS")) == ["C"]


def test_actions_that_calls_implement(visitor, officer, as_person):
    action = ActionFactory(code="ACT-1")
    draft = ActionFactory(code="DRAFT-1", work_programme=DocumentFactory(status="draft"))
    CallFactory(code="A").actions.add(action, ActionFactory(code="ACT-2"))
    CallFactory(code="B").actions.add(draft)
    CallFactory(code="C")
    CallFactory(code="D", status="draft").actions.add(action)
    assert codes(visitor.get("/calls/?action=ACT-1")) == ["A"]
    assert codes(visitor.get("/calls/?hangs_on=action")) == ["A"]
    assert codes(visitor.get("/calls/?hangs_on=programme")) == ["B", "C"]
    client = as_person(officer)
    assert codes(client.get("/calls/?action=ACT-1")) == ["A", "D"]
    assert codes(client.get("/calls/?action=DRAFT-1")) == ["B"]
    assert codes(client.get("/calls/?hangs_on=action")) == ["A", "B", "D"]
    assert codes(client.get("/calls/?hangs_on=programme")) == ["C"]


def test_filters_in_force_can_be_taken_away(visitor):
    StrandFactory(code="ASYLUM", title="Asylum")
    StrandFactory(code="ECOMIG", title="Work")
    response = visitor.get("/calls/?strand=ASYLUM&strand=ECOMIG&phase=open")
    assert chips_of(response) == {
        "Phase: Open": "/calls/?strand=ASYLUM&strand=ECOMIG",
        "Strand: Asylum": "/calls/?strand=ECOMIG&phase=open",
        "Strand: Work": "/calls/?strand=ASYLUM&phase=open",
    }
    assert count_of(response) == "0 calls"
    assert "No call fits these filters" in text_of(tree_of(response))


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("programme=NONE", "There is no record with the code “NONE” here."),
        ("strand=NONE", "There is no record with the code “NONE” here."),
        ("action=NONE", "There is no record with the code “NONE” here."),
        ("action=DRAFT-1", "There is no record with the code “DRAFT-1” here."),
        ("hangs_on=call", "Select a valid choice. call is not one of the available choices."),
        ("phase=soon", "Select a valid choice. soon is not one of the available choices."),
        ("year=soon", "Enter a whole number."),
        ("year=1066", "Ensure this value is greater than or equal to 1990."),
        ("text=a%00b", "Null characters are not allowed."),
    ],
)
def test_a_wrong_filter_is_named_and_nothing_is_listed(visitor, query, message):
    CallFactory()
    ActionFactory(code="DRAFT-1", work_programme=DocumentFactory(status="draft"))
    response = visitor.get(f"/calls/?{query}")
    assert response.status_code == 400
    assert errors_of(response) == [message]
    assert codes(response) == []


def test_a_page_key_that_is_none_is_refused(visitor):
    assert visitor.get("/calls/?after=nonsense").status_code == 400


def test_a_long_list_is_read_page_by_page(visitor):
    for n in range(53):
        CallFactory(code=f"C-{n:02}", deadline_at=datetime(2010, 1, 1, tzinfo=UTC))
    first = visitor.get("/calls/?programme=TPMA")
    assert codes(first) == [f"C-{n:02}" for n in range(50)]
    following = tree_of(first).xpath('//a[@rel="next"]/@href')[0]
    second = visitor.get(following)
    assert codes(second) == ["C-50", "C-51", "C-52"]
    assert tree_of(second).xpath('//a[@rel="next"]') == []
    assert codes(visitor.get(tree_of(second).xpath('//a[@rel="prev"]/@href')[0])) == codes(first)
    assert count_of(second) == "53 calls"


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_do_not_grow_with_rows(visitor, django_assert_num_queries, rows):
    for _n in range(rows):
        call = CallFactory()
        LotFactory(call=call)
    visitor.get("/calls/")
    with django_assert_num_queries(4):
        response = visitor.get("/calls/")
    assert len(codes(response)) == rows


def test_demonstration_calls_are_marked(visitor):
    CallFactory(code="DEMO-1", programme=ProgrammeFactory(code="DEMO", demonstration=True))
    response = visitor.get("/calls/")
    assert rows_of(response, "calls")[0][0] == "Call DEMO-1 ◆ demonstration DEMO-1"
    legend = tree_of(response).xpath('//div[@class="portal-legend"]')[0]
    assert text_of(legend) == "◆ demonstration Made up to show the portal at work; not a fact."
