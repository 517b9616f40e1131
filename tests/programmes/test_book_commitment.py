"""A second officer books a commitment: the ledger says so, and what goes above the plan needs a reason."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from portal.accounts.models import Role, User
from portal.audit.models import Entry
from portal.lifecycle import MoveRefused
from programmes.actions.financing import (
    add_commitment,
    add_financing_decision,
    book_commitment,
    change_commitment,
    change_financing_decision,
)
from programmes.actions.financing.decisions import decision_revision
from programmes.freezing import unfrozen
from programmes.ledger.models import Measure, Place, Posting
from programmes.models import Action, Commitment, Document, FinancingDecision
from programmes.refusals import FourEyes, ReasonNeeded, Refused, Stale
from tests.pages import errors_of, facts_of, rows_of, text_of, tree_of
from tests.programmes.financed import BOOKED, booked, committed, decided, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/commitments/FD-2010-C1/book/"
PAGE = "/programmes/commitments/FD-2010-C1/"


@pytest.fixture
def action(db) -> Action:
    return planned_action()


def third_officer() -> User:
    return User.objects.create_user("third@example.org", name="Tove Third", role=Role.OFFICER)


def test_a_second_officer_books_it(action, officer, second_officer, as_person):
    proposed(action, officer)
    response = as_person(second_officer).post(URL, {"on": "2010-07-01", "revision": 0})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    commitment = Commitment.objects.get()
    assert (commitment.status, commitment.booked_on, commitment.revision) == ("booked", BOOKED, 1)
    posting = Posting.objects.get(measure=Measure.COMMITTED)
    assert (
        posting.amount,
        posting.value_date,
        posting.budget_year,
        posting.programme,
        posting.indicative_programme,
        posting.work_programme,
        posting.action,
        posting.commitment,
        posting.strand,
        posting.place,
        posting.country,
        posting.event,
        posting.by,
    ) == (
        Decimal(600000),
        BOOKED,
        2010,
        "TPMA",
        "MIP",
        "AWP-2010",
        "AWP-2010-1",
        "FD-2010-C1",
        "MIGDEV",
        Place.COUNTRY,
        "MD",
        "Global commitment booked",
        second_officer.actor,
    )
    entry = Entry.objects.get(verb="book_commitment")
    assert (entry.actor, entry.record_kind, entry.record_code, entry.part_of) == (
        second_officer.actor,
        "commitment",
        "FD-2010-C1",
        "FD-2010",
    )
    assert entry.old == {"status": "proposed"}
    assert entry.new == {"status": "booked", "amount": "600000.00", "booked_on": "2010-07-01"}


def test_who_proposed_it_is_told_why_another_has_to_book_it(action, officer, as_person):
    proposed(action, officer)
    client = as_person(officer)
    for response in (client.get(URL), client.post(URL, {"on": "2010-07-01", "revision": 0})):
        assert response.status_code == 403
        text = text_of(tree_of(response))
        assert "Nobody books what they proposed or changed themselves." in text
        assert "You proposed it on" in text
        assert not tree_of(response).xpath('//form[contains(@class, "portal-form")]')
    assert committed() == {}


def test_who_changed_it_may_not_book_it_either(action, officer, second_officer, as_person):
    commitment = proposed(action, officer)
    change_commitment(commitment, by=second_officer, revision=0, amount=Decimal(5))
    response = as_person(second_officer).post(URL, {"on": "2010-07-01", "revision": 1})
    assert response.status_code == 403
    assert "You changed it on" in text_of(tree_of(response))
    assert committed() == {}


def test_who_recorded_the_decision_may_not_make_it_public(
    action, officer, second_officer, as_person
):
    decision = decided(action, officer)
    commitment = proposed(action, second_officer)
    third = third_officer()
    change_financing_decision(
        decision, by=third, revision=decision_revision(decision), note="As read"
    )
    told = {officer: "You recorded its financing decision", third: "You changed its financing"}
    for person, words in told.items():
        response = as_person(person).post(URL, {"on": "2010-07-01", "revision": 0})
        assert response.status_code == 403
        assert words in text_of(tree_of(response))
        with pytest.raises(FourEyes):
            book_commitment(commitment, by=person, on=BOOKED)
    assert committed() == {}


def test_the_desk_says_so_too(action, officer, second_officer, as_person):
    decided(action, officer)
    proposed(action, second_officer)
    waits = "Waits for another officer: you changed it"
    for person in (officer, second_officer):
        assert [row[3] for row in rows_of(as_person(person).get("/dashboard/"), "desk")] == [waits]
    third = as_person(third_officer()).get("/dashboard/")
    assert [row[3] for row in rows_of(third, "desk")] == ["Book"]


def test_a_decision_that_is_public_bars_nobody_from_booking_more_of_it(
    action, officer, second_officer, as_person
):
    booked(action, officer, second_officer)
    proposed(action, second_officer, "400000", 2011)
    assert [row[3] for row in rows_of(as_person(officer).get("/dashboard/"), "desk")] == ["Book"]
    commitment = Commitment.objects.get(code="FD-2010-C2")
    book_commitment(commitment, by=officer, on=BOOKED, freed_on=BOOKED)
    assert committed() == {2010: Decimal(600000), 2011: Decimal(400000)}


def test_a_decision_that_was_dated_anew_meanwhile_counts_as_it_stands(
    action, officer, second_officer
):
    proposed(action, officer)
    read_before = Commitment.objects.select_related("decision").get()
    decision = FinancingDecision.objects.get()
    change_financing_decision(
        decision,
        by=officer,
        revision=decision_revision(decision),
        decided_on=date(2010, 7, 2),
    )
    with pytest.raises(Refused, match="The decision was made on 2\u00a0July\u00a02010"):
        book_commitment(read_before, by=second_officer, on=BOOKED)
    assert committed() == {}


def test_others_are_refused(action, officer, official, auditor, as_person, visitor):
    proposed(action, officer)
    data = {"on": "2010-07-01", "revision": 0}
    assert as_person(auditor).post(URL, data).status_code == 403
    assert as_person(official).post(URL, data).status_code == 404
    assert visitor.post(URL, data).status_code == 302
    assert committed() == {}


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"on": ""}, "This field is required."),
        ({"on": "2010-05-31"}, "The decision was made on 1 June 2010, later."),
        ({"on": "2012-01-01"}, "Contracting ends on 31 December 2011, before it would be booked."),
        (
            {"on": str(timezone.localdate() + timedelta(days=1))},
            "is still to come.",
        ),
    ],
)
def test_a_wrong_day_is_refused(action, officer, second_officer, as_person, data, error):
    proposed(action, officer)
    response = as_person(second_officer).post(URL, {"revision": 0} | data)
    assert response.status_code == 400
    assert [text for text in errors_of(response) if error in text]
    assert committed() == {}


def test_conditional_money_waits_for_the_budget_of_its_year(
    action, officer, second_officer, as_person
):
    proposed(action, officer, "400000", 2011)
    client = as_person(second_officer)
    response = client.post(URL, {"on": "2010-12-20", "revision": 0})
    assert errors_of(response) == [
        "The money is subject to the budget of 2011: say when that was adopted."
    ]
    late = {"on": "2010-12-20", "freed_on": "2010-12-21", "revision": 0}
    assert errors_of(client.post(URL, late)) == ["The budget was adopted after the day of booking."]
    fitting = late | {"freed_on": "2010-12-15"}
    assert client.post(URL, fitting).status_code == 302
    assert Commitment.objects.get().freed_on == date(2010, 12, 15)
    assert committed() == {2011: Decimal(400000)}


def test_money_that_an_amendment_made_conditional_waits_too(
    action, officer, second_officer, as_person
):
    proposed(action, officer)
    with unfrozen():
        action.amounts.filter(budget_year=2010).update(conditional=True)
    client = as_person(second_officer)
    page = client.get(URL)
    assert facts_of(client.get(PAGE))["Condition"] == "subject to the budget of that year"
    assert tree_of(page).xpath('//input[@name="freed_on"]')
    response = client.post(URL, {"on": "2010-07-01", "revision": 0})
    assert errors_of(response) == [
        "The money is subject to the budget of 2010: say when that was adopted."
    ]
    assert committed() == {}
    given = {"on": "2010-07-01", "freed_on": "2010-06-15", "revision": 0}
    assert client.post(URL, given).status_code == 302
    commitment = Commitment.objects.get()
    assert (commitment.conditional, commitment.freed_on) == (True, date(2010, 6, 15))
    entry = Entry.objects.get(verb="book_commitment")
    assert entry.old == {"status": "proposed", "conditional": False}
    assert entry.new == {
        "status": "booked",
        "amount": "600000.00",
        "conditional": True,
        "booked_on": "2010-07-01",
        "freed_on": "2010-06-15",
    }


def test_more_than_is_indicated_needs_a_reason(action, officer, second_officer, as_person):
    proposed(action, officer, "1000000.01")
    client = as_person(second_officer)
    data = {"on": "2010-07-01", "revision": 0}
    response = client.post(URL, data)
    assert response.status_code == 400
    assert errors_of(response) == [
        (
            "The work programme indicates EUR 1 000 000 for this action in 2010. "
            "With this one EUR 1 000 000.01 would be booked: EUR 0.01 more. Say why."
        )
    ]
    assert committed() == {}
    assert client.post(URL, data | {"reason": "Prices rose."}).status_code == 302
    assert Posting.objects.get(measure=Measure.COMMITTED).reason == "Prices rose."
    assert Entry.objects.get(verb="book_commitment").reason == "Prices rose."


def test_what_is_booked_already_counts(action, officer, second_officer):
    booked(action, officer, second_officer, "1000000")
    other = proposed_by_another_decision(action, officer, "0.01")
    with pytest.raises(ReasonNeeded) as refusal:
        book_commitment(other, by=second_officer, on=BOOKED)
    assert [excess.url for excess in refusal.value.excesses] == [
        "/programmes/commitments/FD-2010-B-C1/book/#id_reason"
    ]


def proposed_by_another_decision(action: Action, by, amount: str) -> Commitment:
    decision = add_financing_decision(
        action.work_programme,
        by=by,
        code="FD-2010-B",
        number="C(2010) 5000",
        decided_on=date(2010, 6, 2),
        budget_line="19 02 01",
    )
    return add_commitment(decision, action, by=by, budget_year=2010, amount=Decimal(amount))


def test_twice_is_kind(action, officer, second_officer, as_person):
    proposed(action, officer)
    client = as_person(second_officer)
    data = {"on": "2010-07-01", "revision": 0}
    client.post(URL, data)
    response = client.post(URL, data, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Sven Second booked FD-2010-C1 on" in text_of(tree_of(response))
    assert committed() == {2010: Decimal(600000)}
    with pytest.raises(MoveRefused, match="Sven Second booked FD-2010-C1"):
        book_commitment(Commitment.objects.get(), by=second_officer, on=BOOKED)


def test_what_changed_since_it_was_read_is_not_booked(action, officer, second_officer, as_person):
    commitment = proposed(action, officer)
    change_commitment(commitment, by=officer, revision=0, amount=Decimal(999))
    response = as_person(second_officer).post(URL, {"on": "2010-07-01", "revision": 0})
    assert response.status_code == 400
    assert "Olga Officer changed this on" in text_of(tree_of(response))
    assert committed() == {}
    with pytest.raises(Stale):
        book_commitment(commitment, by=second_officer, on=BOOKED, revision=0)


def test_nothing_is_booked_under_a_work_programme_that_has_ended(action, officer, second_officer):
    commitment = proposed(action, officer)
    Document.objects.filter(code="AWP-2010").update(status="repealed")
    with pytest.raises(Refused, match="not in force: it is “Repealed”"):
        book_commitment(commitment, by=second_officer, on=BOOKED)
    assert committed() == {}


def test_a_removed_commitment_is_not_booked(action, officer, second_officer):
    commitment = proposed(action, officer)
    Commitment.objects.all().delete()
    with pytest.raises(Refused, match="Somebody removed this commitment"):
        book_commitment(commitment, by=second_officer, on=BOOKED)


def test_all_reasons_are_said_at_once(action, officer, second_officer):
    commitment = proposed(action, officer, "400000", 2011)
    Document.objects.filter(code="AWP-2010").update(status="superseded")
    with pytest.raises(Refused) as refusal:
        book_commitment(commitment, by=second_officer, on=date(2010, 5, 1))
    assert [(lack.text, lack.url) for lack in refusal.value.lacks] == [
        (
            "The work programme is not in force: it is “Superseded”.",
            "/programmes/documents/AWP-2010/",
        ),
        ("The decision was made on 1\u00a0June\u00a02010, later.", URL + "#id_on"),
        (
            "The money is subject to the budget of 2011: say when that was adopted.",
            URL + "#id_freed_on",
        ),
    ]
