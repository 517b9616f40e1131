"""Officers who act at the same moment: one succeeds, the other is told; an envelope is not overrun unnoticed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db import connection

from portal.audit.models import Entry
from portal.lifecycle import MoveRefused
from programmes.actions.adoption import (
    adopt_document,
    consult_document,
    repeal_document,
    supersede_document,
)
from programmes.actions.amendment import amend_document
from programmes.ledger.models import Measure, Posting
from programmes.models import Document, DocumentStatus, Version
from programmes.refusals import ReasonNeeded, Refused
from tests.factories.ledger import post_line
from tests.programmes.cascade import indicative_programme, work_programme

DAY = date(2009, 5, 4)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Start all of them at the same moment, each with a connection of its own; what each gave or raised."""
    start = threading.Barrier(len(verbs))
    outcomes: list[object] = [None] * len(verbs)

    def run(place: int, verb: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            outcomes[place] = verb()
        except Exception as error:  # what it was is what the test asks
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return outcomes


def own(code: str) -> Document:
    """A document as one officer's page has read it."""
    return Document.objects.get(code=code)


def split(outcomes: list[object]) -> tuple[list[object], list[Exception]]:
    """Those that succeeded, and what the others were told."""
    refused = [each for each in outcomes if isinstance(each, Exception)]
    return [each for each in outcomes if not isinstance(each, Exception)], refused


def test_two_officers_adopt_one_document(lifted_guard, officer, second_officer):
    work_programme()
    outcomes = at_once(
        lambda: adopt_document(own("AAP-2009"), by=officer, on=DAY),
        lambda: adopt_document(own("AAP-2009"), by=second_officer, on=DAY),
    )
    done, refused = split(outcomes)
    assert len(done) == 1
    (told,) = refused
    assert isinstance(told, MoveRefused)
    winner = Entry.objects.get(verb="adopt_document").actor
    name = officer.name if winner == officer.actor else second_officer.name
    assert str(told).startswith(f"{name} adopted AAP-2009 on ")
    assert (Version.objects.count(), Posting.objects.count()) == (1, 1)


def test_two_work_programmes_do_not_overrun_one_envelope_unnoticed(lifted_guard, officer):
    parent = indicative_programme(status=DocumentStatus.ADOPTED)
    post_line(
        Measure.ENVELOPE, "600000", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    work_programme(parent, code="AAP-2009")
    work_programme(parent, code="AAP-2010")
    outcomes = at_once(
        lambda: adopt_document(own("AAP-2009"), by=officer, on=DAY),
        lambda: adopt_document(own("AAP-2010"), by=officer, on=DAY),
    )
    done, refused = split(outcomes)
    assert len(done) == 1
    (asked,) = refused
    assert isinstance(asked, ReasonNeeded)
    assert str(asked) == (
        "EUR\u00a0800\u00a0000 would be planned under MIP: "
        "EUR\u00a0200\u00a0000 more than its EUR\u00a0600\u00a0000."
    )
    planned = Posting.objects.filter(measure=Measure.PLANNED)
    assert [line.amount for line in planned] == [Decimal(400000)]


def test_two_officers_open_one_amendment(lifted_guard, officer, second_officer):
    work_programme(status=DocumentStatus.ADOPTED)
    outcomes = at_once(
        lambda: amend_document(own("AAP-2009"), by=officer, reason="One"),
        lambda: amend_document(own("AAP-2009"), by=second_officer, reason="Two"),
    )
    done, refused = split(outcomes)
    assert [amendment.code for amendment in done] == ["AAP-2009-A1"]
    (told,) = refused
    assert isinstance(told, Refused)
    assert [lack.text for lack in told.lacks] == ["AAP-2009-A1, which amends it, is being drafted."]


def test_a_parent_is_not_repealed_while_its_child_is_adopted(lifted_guard, officer, second_officer):
    work_programme()
    outcomes = at_once(
        lambda: adopt_document(own("AAP-2009"), by=officer, on=DAY),
        lambda: repeal_document(own("MIP"), by=second_officer, on=DAY, reason="Over"),
    )
    done, refused = split(outcomes)
    assert len(done) == 1
    (told,) = refused
    assert isinstance(told, Refused)
    child, parent = own("AAP-2009"), own("MIP")
    assert (child.status, parent.status) in {
        (DocumentStatus.ADOPTED, DocumentStatus.ADOPTED),
        (DocumentStatus.IN_CONSULTATION, DocumentStatus.REPEALED),
    }


def test_two_documents_do_not_supersede_each_other(lifted_guard, officer, second_officer):
    parent = indicative_programme(status=DocumentStatus.ADOPTED)
    for code in ("AAP-2009", "AAP-2010"):
        adopt_document(work_programme(parent, code=code), by=officer, on=DAY)

    def supersede(code: str, other: str) -> Document:
        return supersede_document(
            own(code), by=second_officer, successor=own(other), on=DAY, reason="Anew"
        )

    outcomes = at_once(
        lambda: supersede("AAP-2009", "AAP-2010"), lambda: supersede("AAP-2010", "AAP-2009")
    )
    done, refused = split(outcomes)
    assert len(done) == 1
    assert isinstance(refused[0], Refused)
    statuses = sorted([own("AAP-2009").status, own("AAP-2010").status])
    assert statuses == [DocumentStatus.ADOPTED, DocumentStatus.SUPERSEDED]


def test_one_document_sent_into_consultation_twice(lifted_guard, officer, second_officer):
    work_programme(status=DocumentStatus.DRAFT)
    outcomes = at_once(
        lambda: consult_document(own("AAP-2009"), by=officer),
        lambda: consult_document(own("AAP-2009"), by=second_officer),
    )
    done, refused = split(outcomes)
    assert (len(done), [type(each) for each in refused]) == (1, [MoveRefused])
    assert Entry.objects.filter(verb="consult_document").count() == 1
