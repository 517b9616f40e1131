"""A change and its approval sent by one officer at the same moment: whoever changed it never approves it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from portal.audit.models import Entry
from programmes.actions.drafting import change_action
from programmes.actions.financing import add_financing_decision, change_commitment
from programmes.ledger.models import Posting
from programmes.models import Action, Document, DocumentStatus, Programme, Version
from tests.pages import text_of, tree_of
from tests.programmes.cascade import indicative_programme, work_programme
from tests.programmes.financed import planned_action, proposed
from tests.programmes.new_programme import CODE, completed, place_rule

WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
"""


def in_two_tabs(change: Callable[[], object], approve: Callable[[], object]):
    """Send the approval once the change is made but not yet kept, and let it wait for it; what it was answered."""
    answers: list[object] = []

    def send() -> None:
        answers.append(approve())
        connection.close()

    tab = threading.Thread(target=send)
    with transaction.atomic():
        change()
        tab.start()
        _until_somebody_waits()
    tab.join(timeout=60)
    (answer,) = answers
    return answer


def _until_somebody_waits() -> None:
    for _attempt in range(400):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("The approval did not wait for the change.")


def main_of(response) -> str:
    return text_of(tree_of(response).xpath("//main")[0])


def finance(document: Document, by) -> None:
    add_financing_decision(
        document,
        by=by,
        code="FD-2009",
        number="C(2009) 1",
        decided_on=date(2009, 6, 1),
        budget_line="19 02 01",
    )


def test_nobody_adopts_their_own_change(lifted_guard, second_officer, as_person):
    work_programme()
    client, action = as_person(second_officer), Action.objects.get()
    answer = in_two_tabs(
        lambda: change_action(action, by=second_officer, revision=0, results="Mine"),
        lambda: client.post(
            "/programmes/documents/AAP-2009/adopt/", {"on": "2009-05-04", "revision": "0"}
        ),
    )
    assert answer.status_code == 403
    page = main_of(answer)
    assert "Nobody approves what they changed themselves." in page
    assert "Action changed" in page
    assert Document.objects.get(code="AAP-2009").status == DocumentStatus.IN_CONSULTATION
    assert (Version.objects.count(), Posting.objects.count()) == (0, 0)
    assert not Entry.objects.filter(verb="adopt_document").exists()


@pytest.mark.parametrize("verb", ["supersede", "repeal"])
def test_nobody_ends_what_they_changed(lifted_guard, second_officer, as_person, verb):
    parent = indicative_programme(status=DocumentStatus.ADOPTED)
    document = work_programme(parent, status=DocumentStatus.ADOPTED)
    work_programme(parent, code="AAP-2010", status=DocumentStatus.ADOPTED)
    client = as_person(second_officer)
    given = {"on": "2010-01-31", "reason": "Over", "successor": "AAP-2010"}
    answer = in_two_tabs(
        lambda: finance(document, second_officer),
        lambda: client.post(f"/programmes/documents/AAP-2009/{verb}/", given),
    )
    assert answer.status_code == 403
    assert "Nobody approves what they changed themselves." in main_of(answer)
    assert Document.objects.get(code="AAP-2009").status == DocumentStatus.ADOPTED
    assert Posting.objects.count() == 0
    assert not Entry.objects.filter(verb=f"{verb}_document").exists()


def test_nobody_books_their_own_change(lifted_guard, officer, second_officer, as_person):
    commitment = proposed(planned_action(), officer)
    client, posted = as_person(second_officer), Posting.objects.count()
    answer = in_two_tabs(
        lambda: change_commitment(commitment, by=second_officer, revision=0, amount=Decimal(999)),
        lambda: client.post(
            "/programmes/commitments/FD-2010-C1/book/", {"on": "2010-07-01", "revision": "0"}
        ),
    )
    assert answer.status_code == 403
    assert "Nobody books what they proposed or changed themselves." in main_of(answer)
    commitment.refresh_from_db()
    assert (commitment.status, commitment.amount) == ("proposed", Decimal(999))
    assert Posting.objects.count() == posted
    assert not Entry.objects.filter(verb="book_commitment").exists()


def test_nobody_opens_what_they_set_up(lifted_guard, officer, second_officer, as_person):
    programme = completed(officer)
    client, revision = as_person(second_officer), programme.revision
    answer = in_two_tabs(
        lambda: place_rule(programme, second_officer, "MIGPACT-OTHER"),
        lambda: client.post(f"/programmes/{CODE}/open/", {"revision": revision}),
    )
    assert answer.status_code == 403
    page = main_of(answer)
    assert "Nobody approves what they changed themselves." in page
    assert "MIGPACT-OTHER" in page
    assert Programme.objects.get(code=CODE).is_set_up
    assert not Entry.objects.filter(verb="open_programme").exists()
