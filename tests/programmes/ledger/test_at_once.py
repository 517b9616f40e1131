"""Two transactions that post at once, committed out of order, never change an answer already given."""

from __future__ import annotations

import threading
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from portal.dates import BRUSSELS
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.posting import post
from programmes.ledger.scope import Scope, now, on_day
from tests.conftest import GUARDED
from tests.factories.projects import ProjectFactory

SCOPE = Scope("TPMA")


def line(amount: str) -> Posting:
    return Posting(
        programme="TPMA",
        measure=Measure.CONTRACTED,
        amount=Decimal(amount),
        event="signed",
        project="P1",
    )


def total():
    as_of = now()
    return as_of, figures.value("contracted", SCOPE, as_of).total


def test_the_one_who_began_later_waits_and_no_answer_changes(lifted_guard):
    ProjectFactory(code="P1")
    posted, may_commit = threading.Event(), threading.Event()
    answers = {}

    def slow() -> None:
        with transaction.atomic():
            post([line("100.00")], by=None)
            posted.set()
            may_commit.wait(timeout=20)
        connection.close()

    def quick() -> None:
        posted.wait(timeout=20)
        with transaction.atomic():
            post([line("7.00")], by=None)
        answers["after both"] = total()
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    assert posted.wait(timeout=20)
    threads[1].join(timeout=1)
    assert threads[1].is_alive(), "the second writer waits for the first"
    as_of, answer = total()
    assert answer is None
    may_commit.set()
    for thread in threads:
        thread.join(timeout=20)
    assert figures.value("contracted", SCOPE, as_of).total is None
    newest, value = answers["after both"]
    assert value == Decimal("107.00")
    first, second = Posting.objects.order_by("position")
    assert (first.amount, second.amount) == (Decimal("100.00"), Decimal("7.00"))
    assert second.position == newest.position


def test_a_day_is_asked_for_once_its_last_posting_is_there(lifted_guard):
    """What was posted before midnight and committed after it belongs to the day before."""
    ProjectFactory(code="P1")
    posted, may_commit = threading.Event(), threading.Event()
    today = timezone.localdate(timezone=BRUSSELS)
    found = []

    def slow() -> None:
        with transaction.atomic():
            post([line("100.00")], by=None)
            posted.set()
            may_commit.wait(timeout=20)
        connection.close()

    def ask() -> None:
        found.append(on_day(today, ["TPMA"]))
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=ask)]
    threads[0].start()
    assert posted.wait(timeout=20)
    threads[1].start()
    threads[1].join(timeout=1)
    assert threads[1].is_alive(), "the question waits for who is posting"
    may_commit.set()
    for thread in threads:
        thread.join(timeout=20)
    assert [as_of.position for as_of in found] == [Posting.objects.get().position]


def test_a_transaction_that_is_undone_leaves_no_trace(lifted_guard):
    ProjectFactory(code="P1")
    post([line("7.00")], by=None)
    before = total()
    with transaction.atomic():
        post([line("100.00")], by=None)
        transaction.set_rollback(True)
    assert total() == before
    post([line("1.00")], by=None)
    assert total()[1] == Decimal("8.00")


def test_the_guard_stands_again_after_a_test_that_commits(db):
    assert Posting.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%refuse_truncate' AND tgenabled = 'O'"
        )
        assert cursor.fetchone() == (len(GUARDED),)
