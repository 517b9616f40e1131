"""Two officers at once: they cannot together overdraw an action unnoticed, nor release what is contracted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from portal.lifecycle import MoveRefused
from programmes.actions.financing import (
    add_commitment,
    add_financing_decision,
    book_commitment,
    decommit_commitment,
)
from programmes.actions.locking import lock_action
from programmes.models import Action, Commitment
from programmes.refusals import ReasonNeeded, Refused
from tests.programmes.financed import (
    BOOKED,
    DECIDED,
    booked,
    committed,
    contracted,
    planned_action,
    proposed,
)


def at_once(*verbs: Callable[[], Any]) -> list[str]:
    """Do verbs in as many connections, all begun before any may go on; what each ended with."""
    ends: list[str] = []
    start = threading.Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> None:
        start.wait(timeout=20)
        try:
            verb()
            ends.append("done")
        except Exception as refusal:
            ends.append(type(refusal).__name__)
        connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ends)


def second_commitment(action: Action, by) -> Commitment:
    decision = add_financing_decision(
        action.work_programme,
        by=by,
        code="FD-B",
        number="C(2010) 2",
        decided_on=DECIDED,
        budget_line="19 02 01",
    )
    return add_commitment(decision, action, by=by, budget_year=2010, amount=Decimal(600000))


def test_the_second_to_book_sees_what_the_first_booked(lifted_guard, officer, second_officer):
    """Each alone fits into the 1 000 000 that is indicated; both together do not."""
    action = planned_action()
    one, other = proposed(action, officer), second_commitment(action, officer)
    ends = at_once(
        lambda: book_commitment(one, by=second_officer, on=BOOKED),
        lambda: book_commitment(other, by=second_officer, on=BOOKED),
    )
    assert ends == [ReasonNeeded.__name__, "done"]
    assert committed() == {2010: Decimal(600000)}
    waiting = Commitment.objects.get(status="proposed")
    book_commitment(waiting, by=second_officer, on=BOOKED, reason="Both are needed")
    assert committed() == {2010: Decimal(1200000)}


def test_one_commitment_is_booked_once(lifted_guard, officer, second_officer):
    proposed(planned_action(), officer)
    copies = [Commitment.objects.get() for _n in range(4)]
    ends = at_once(
        *(lambda c=copy: book_commitment(c, by=second_officer, on=BOOKED) for copy in copies)
    )
    assert ends == [MoveRefused.__name__] * 3 + ["done"]
    assert committed() == {2010: Decimal(600000)}


def test_together_they_never_release_what_is_contracted(lifted_guard, officer, second_officer):
    commitment = booked(planned_action(), officer, second_officer)
    contracted(commitment, "500000")
    copies = [Commitment.objects.get() for _n in range(4)]
    release = {"amount": Decimal(60000), "on": date(2012, 1, 1), "reason": "Left"}
    ends = at_once(
        *(lambda c=copy: decommit_commitment(c, by=officer, **release) for copy in copies)
    )
    assert ends == [Refused.__name__] * 3 + ["done"]
    assert committed() == {2010: Decimal(540000)}


def test_who_holds_the_lock_is_waited_for(lifted_guard, officer, second_officer):
    """A later verb, such as signing a contract, locks the action and then takes what is left of the commitment."""
    commitment = booked(planned_action(), officer, second_officer)
    holds, may_go_on = threading.Event(), threading.Event()

    def sign() -> None:
        with transaction.atomic():
            lock_action(commitment.action)
            holds.set()
            may_go_on.wait(timeout=20)
            contracted(commitment, "600000")
        connection.close()

    ends: list[str] = []

    def release() -> None:
        copy = Commitment.objects.get()
        holds.wait(timeout=20)
        try:
            decommit_commitment(
                copy, by=officer, amount=Decimal(1), on=date(2012, 1, 1), reason="Left"
            )
        except Refused as refusal:
            ends.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=sign), threading.Thread(target=release)]
    for thread in threads:
        thread.start()
    assert holds.wait(timeout=20)
    threads[1].join(timeout=1)
    assert threads[1].is_alive(), "releasing waits for the contract"
    may_go_on.set()
    for thread in threads:
        thread.join(timeout=20)
    assert ends == ["No more than EUR\u00a00 is free: contracts have taken the rest."]
    assert committed() == {2010: Decimal(600000)}
