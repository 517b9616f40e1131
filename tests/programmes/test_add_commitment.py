"""An officer proposes to set money of a budget year aside for an action."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from programmes.actions.financing import add_commitment, remove_commitment
from programmes.freezing import unfrozen
from programmes.models import Action, Commitment, Document
from programmes.refusals import ReasonNeeded, Refused
from tests.factories.programmes import ActionAmountFactory, ActionFactory, DocumentFactory
from tests.pages import errors_of, text_of, tree_of
from tests.programmes.financed import committed, decided, planned_action, proposed

pytestmark = pytest.mark.django_db

URL = "/programmes/decisions/FD-2010/commitments/add/"
GIVEN = {"action": "AWP-2010-1", "budget_year": "2010", "amount": "600000.50"}


@pytest.fixture
def action(db) -> Action:
    return planned_action()


def test_an_officer_proposes_it(action, officer, as_person):
    decided(action, officer)
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == "/programmes/commitments/FD-2010-C1/"
    commitment = Commitment.objects.get()
    assert (
        commitment.action,
        commitment.budget_year,
        commitment.amount,
        commitment.conditional,
        commitment.final_contracting_date,
        commitment.status,
        commitment.booked_on,
    ) == (action, 2010, Decimal("600000.50"), False, date(2011, 12, 31), "proposed", None)
    assert committed() == {}
    entry = Entry.objects.get(verb="add_commitment")
    assert (entry.actor, entry.record_kind, entry.record_code, entry.part_of) == (
        officer.actor,
        "commitment",
        "FD-2010-C1",
        "FD-2010",
    )
    assert entry.new == {
        "action": "AWP-2010-1",
        "budget_year": 2010,
        "amount": "600000.50",
        "conditional": False,
        "final_contracting_date": "2011-12-31",
    }


def test_the_form_names_the_actions_with_their_years(action, officer, as_person):
    decided(action, officer)
    ActionFactory(code="OTHER-1", title="Of another work programme")
    withdrawn = ActionFactory(code="AWP-2010-2", work_programme=action.work_programme)
    with unfrozen():
        Action.objects.filter(pk=withdrawn.pk).update(withdrawn=True)
    tree = tree_of(as_person(officer).get(URL))
    assert [text_of(each) for each in tree.xpath('//select[@name="action"]/option')] == [
        "AWP-2010-1 Mobility (2010: EUR 1 000 000; 2011: EUR 400 000)"
    ]


def test_money_that_the_work_programme_makes_conditional_is_so_here(action, officer, as_person):
    decided(action, officer)
    as_person(officer).post(URL, GIVEN | {"budget_year": "2011"})
    assert Commitment.objects.get().conditional is True


def test_others_are_refused(action, officer, official, auditor, as_person, visitor):
    decided(action, officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 404
    assert visitor.post(URL, GIVEN).status_code == 302
    assert Commitment.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (
            {"budget_year": "2012"},
            "The work programme foresees no money of 2012 for this action. It foresees: 2010, 2011.",
        ),
        ({"amount": "0"}, "Ensure this value is greater than or equal to 0.01."),
        ({"amount": "1.005"}, "Ensure that there are no more than 2 decimal places."),
        ({"amount": "NaN"}, "Enter a number."),
        (
            {"final_contracting_date": "2010-05-31"},
            "Contracting would end before the decision was made.",
        ),
        (
            {"final_contracting_date": "2012-01-01"},
            "Money of 2010 is usually contracted by 31 December 2011: say why it may take longer.",
        ),
        (
            {"action": "OTHER-1"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
    ],
)
def test_wrong_input_is_refused(action, officer, as_person, wrong, error):
    decided(action, officer)
    ActionAmountFactory(action__code="OTHER-1", budget_year=2010)
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert response.status_code == 400
    assert errors_of(response) == [error]
    assert Commitment.objects.count() == 0


def test_later_than_usual_with_a_reason(action, officer, as_person):
    decided(action, officer)
    late = GIVEN | {"final_contracting_date": "2012-06-30", "reason": "Direct award after a pilot"}
    assert as_person(officer).post(URL, late).status_code == 302
    assert Commitment.objects.get().final_contracting_date == date(2012, 6, 30)
    assert Entry.objects.get(verb="add_commitment").reason == "Direct award after a pilot"


def test_all_reasons_are_said_at_once(action, officer):
    decision = decided(action, officer)
    other = ActionFactory(work_programme=DocumentFactory(status="repealed"))
    with pytest.raises(Refused) as refusal:
        add_commitment(
            decision,
            other,
            by=officer,
            budget_year=2010,
            amount=Decimal("0.001"),
            final_contracting_date=date(2001, 1, 1),
        )
    assert [lack.url.partition("#")[2] for lack in refusal.value.lacks] == [
        "",
        "id_action",
        "id_budget_year",
        "id_amount",
        "id_final_contracting_date",
    ]
    assert Commitment.objects.count() == 0


def test_an_action_that_an_amendment_took_out_is_refused(action, officer):
    decided(action, officer)
    with unfrozen():
        Action.objects.update(withdrawn=True)
    with pytest.raises(Refused, match="took this action out"):
        proposed(action, officer)


def test_nothing_is_proposed_once_the_work_programme_has_ended(action, officer, as_person):
    decided(action, officer)
    Document.objects.filter(code="AWP-2010").update(status="superseded")
    response = as_person(officer).post(URL, GIVEN)
    assert "not in force: it is “Superseded”" in text_of(tree_of(response))
    assert Commitment.objects.count() == 0


def test_twice_is_refused(action, officer, as_person):
    decided(action, officer)
    as_person(officer).post(URL, GIVEN)
    response = as_person(officer).post(URL, GIVEN)
    assert response.status_code == 400
    text = "This decision has a commitment for this action and budget year already."
    assert text in text_of(tree_of(response))
    assert Commitment.objects.count() == 1


def test_the_code_of_a_removed_one_is_not_given_again(action, officer):
    remove_commitment(proposed(action, officer), by=officer)
    assert proposed(action, officer).code == "FD-2010-C2"


def test_a_reason_is_asked_for_by_the_action_too(action, officer):
    with pytest.raises(ReasonNeeded) as refusal:
        proposed(action, officer, final_contracting_date=date(2012, 1, 1))
    assert [excess.url for excess in refusal.value.excesses] == [f"{URL}#id_final_contracting_date"]
