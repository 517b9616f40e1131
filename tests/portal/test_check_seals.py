"""Having the seals checked: by an officer or an auditor, by the clock, and from the command line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.audit.models import Entry, Seal, SealCheck
from portal.audit.sealing import digest_of, seal_everything
from portal.audit.tasks import check_seals_by_night, seal_what_came, walk_seals
from portal.audit.trail import write_entry
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db

URL = "/seals/check/"


@pytest.mark.parametrize("person", ["officer", "auditor"])
def test_a_worker_is_asked_for_a_check(
    as_person, request, person, django_capture_on_commit_callbacks
):
    who = request.getfixturevalue(person)
    with django_capture_on_commit_callbacks() as callbacks:
        response = as_person(who).post(URL)
    assert (response.status_code, response["Location"]) == (302, "/seals/#check")
    check = SealCheck.objects.get()
    assert (check.requested_by, check.finished_at) == (who.actor, None)
    assert len(callbacks) == 1
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.record_kind, entry.record_code) == (
        "check_seals",
        who.actor,
        "seal check",
        str(check.pk),
    )
    assert entry.request_id == response["X-Request-ID"]


def test_the_worker_keeps_what_it_found():
    write_entry("look", by=None, record_kind="project")
    seal_everything()
    check = SealCheck.objects.create()
    walk_seals(check.pk)
    check.refresh_from_db()
    assert (check.seals, check.rows, check.findings, check.holds) == (1, 1, [], True)


def test_it_keeps_the_first_altered_row_of_each_seal(caplog):
    write_entry("look", by=None, record_kind="project")
    seal_everything()
    position = Entry.objects.get().position
    alter("audit_entry", "UPDATE audit_entry SET reason = 'another'")
    check_seals_by_night()
    check = SealCheck.objects.get()
    assert not check.holds
    assert check.findings == [{"trouble": "altered", "seal": 1, "position": position, "table": 1}]
    assert "seals do not hold" in caplog.text


def test_a_page_that_cannot_be_read_ends_the_check_with_findings(visitor):
    write_entry("look", by=None, record_kind="project")
    last = seal_everything().last_position
    check_seals_by_night()
    assert SealCheck.objects.newest().holds
    alter("audit_sealpage", "UPDATE audit_sealpage SET leaves = substring(leaves FROM 2)")
    check_seals_by_night()
    check = SealCheck.objects.newest()
    assert check.findings == [
        {"trouble": "page", "seal": 1, "position": last},
        {"trouble": "pages", "seal": 1},
    ]
    assert "Not everything holds" in visitor.get("/seals/").content.decode()


def test_a_check_that_breaks_off_has_found_that(visitor, caplog):
    """A form without tables, in a seal whose digest was made anew, cannot be asked for."""
    write_entry("look", by=None, record_kind="project")
    seal_everything()
    write_entry("look", by=None, record_kind="project")
    forged = seal_everything()
    check_seals_by_night()
    assert SealCheck.objects.newest().holds
    forged.form = 0
    alter(
        "audit_seal",
        "UPDATE audit_seal SET form = 0, digest = %s WHERE number = 2",
        digest_of(forged),
    )
    check_seals_by_night()
    check = SealCheck.objects.newest()
    assert (check.seals, check.rows, check.holds) == (1, 1, False)
    assert check.findings == [{"trouble": "broken_off", "seal": 1}]
    page = visitor.get("/seals/").content.decode()
    assert "The check broke off before it was through, after 1 seals." in page
    assert "broke off after 1 seals" in caplog.text


def test_seals_that_an_earlier_check_counted_are_missed(visitor, auditor, as_person):
    for _ in range(2):
        write_entry("look", by=None, record_kind="project")
        seal_everything()
    check_seals_by_night()
    (earlier,) = SealCheck.objects.all()
    alter("audit_sealpage", "DELETE FROM audit_sealpage")
    alter("audit_seal", "DELETE FROM audit_seal")
    assert Seal.objects.count() == 0
    check_seals_by_night()
    check = SealCheck.objects.newest()
    assert (check.seals, check.holds) == (0, False)
    assert check.findings == [
        {"trouble": "gone", "seal": 2, "kind": "seal check", "code": str(earlier.pk)}
    ]
    public = visitor.get("/seals/").content.decode()
    assert "Seal 2 is gone: it is known from elsewhere." in public
    assert "It was named in" not in public
    shown = as_person(auditor).get("/seals/").content.decode()
    assert f"It was named in: seal check {earlier.pk}." in shown


@pytest.mark.parametrize("person", ["official"])
def test_others_are_refused(as_person, request, person):
    assert as_person(request.getfixturevalue(person)).post(URL).status_code == 403
    assert SealCheck.objects.count() == 0


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert visitor.post(URL).status_code == 302
    assert SealCheck.objects.count() == 0


def test_looking_asks_for_nothing(officer, as_person):
    assert as_person(officer).get(URL).status_code == 405


def test_twice_is_one_check(officer, auditor, as_person):
    as_person(officer).post(URL)
    assert as_person(auditor).post(URL).status_code == 302
    assert SealCheck.objects.count() == 1
    assert Entry.objects.count() == 1


def test_one_that_was_lost_is_asked_for_again(officer, as_person):
    SealCheck.objects.create()
    SealCheck.objects.update(requested_at=timezone.now() - timedelta(hours=2))
    as_person(officer).post(URL)
    assert SealCheck.objects.count() == 2


def test_a_message_that_comes_twice_changes_nothing():
    check = SealCheck.objects.create()
    walk_seals(check.pk)
    first = SealCheck.objects.get().finished_at
    write_entry("look", by=None, record_kind="project")
    seal_everything()
    walk_seals(check.pk)
    again = SealCheck.objects.get()
    assert (again.finished_at, again.seals) == (first, 0)


def test_a_message_for_a_check_that_is_gone_does_nothing():
    walk_seals(12345)
    assert SealCheck.objects.count() == 0


def test_the_hourly_task_seals_what_came():
    write_entry("look", by=None, record_kind="project")
    seal_what_came()
    seal_what_came()
    walk_seals(SealCheck.objects.create().pk)
    assert SealCheck.objects.get().seals == 1
