"""`manage.py verify_seals`: prints each seal, and ends with an error that names the first altered row."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import Entry, SealCheck
from portal.audit.sealing import seal_everything
from portal.audit.tasks import check_seals_by_night
from portal.audit.trail import write_entry
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("verify_seals", *arguments, stdout=out)
    return out.getvalue().splitlines()


def sealed():
    write_entry("look", by=None, record_kind="project", record_code="P1")
    return seal_everything()


def test_each_seal_is_printed():
    first, second = sealed(), sealed()
    write_entry("look", by=None, record_kind="project")
    start, end = second.first_position, second.last_position
    assert verify() == [
        f"Seal 1, positions 1 to {first.last_position}, 1 rows, {first.digest}: holds",
        f"Seal 2, positions {start} to {end}, 1 rows, {second.digest}: holds",
        "1 rows are not sealed yet.",
        "Everything holds: 2 seals, 2 rows.",
    ]


def test_nothing_sealed_is_said():
    assert verify() == ["0 rows are not sealed yet.", "Nothing is sealed yet."]


def cut_tail(number: int) -> None:
    """Take away the seal and its pages, as somebody who owns the database could."""
    alter("audit_sealpage", "DELETE FROM audit_sealpage WHERE seal_id = %s", number)
    alter("audit_seal", "DELETE FROM audit_seal WHERE number = %s", number)


def test_seals_that_a_check_counted_do_not_vanish():
    sealed()
    check_seals_by_night()
    counted = f"It was named in: seal check {SealCheck.objects.get().pk}."
    cut_tail(1)
    with pytest.raises(CommandError) as refused:
        verify()
    assert str(refused.value) == f"Seal 1 is gone: it is known from elsewhere. {counted}"


def test_a_seal_that_was_kept_is_compared():
    first, second = sealed(), sealed()
    heads = [f"--head={seal.number}:{seal.digest.upper()}" for seal in (first, second)]
    assert verify(*heads)[-1] == "Everything holds: 2 seals, 2 rows."


def test_a_kept_seal_that_was_made_anew_after_altering_is_missed():
    sealed()
    kept = sealed()
    cut_tail(2)
    entry = Entry.objects.latest("position")
    alter("audit_entry", "UPDATE audit_entry SET record_code = 'P2' WHERE id = %s", entry.pk)
    assert seal_everything().number == 2
    assert verify()[-1] == "Everything holds: 2 seals, 2 rows."
    with pytest.raises(CommandError) as refused:
        verify("--head", f"2:{kept.digest}")
    assert str(refused.value) == (
        "Seal 2 was exchanged: another digest of it is known from elsewhere."
    )


def test_a_kept_seal_that_is_gone_is_missed_even_where_none_is_left():
    kept = sealed()
    cut_tail(1)
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_seals", "--head", f"1:{kept.digest}", stdout=out)
    what = "Seal 1 is gone: it is known from elsewhere."
    assert str(refused.value) == what
    assert out.getvalue().splitlines() == [what, "1 rows are not sealed yet."]


@pytest.mark.parametrize(
    "head", ["1", "1:abc", "one:" + "a" * 64, "1:" + "g" * 64, "-1:" + "a" * 64]
)
def test_what_names_no_seal_is_refused(head):
    with pytest.raises(CommandError, match="the 64 characters of its digest"):
        verify(f"--head={head}")


def test_the_first_altered_row_is_named():
    sealed()
    last = sealed().last_position
    entry = Entry.objects.latest("position")
    alter("audit_entry", "UPDATE audit_entry SET record_code = 'P2' WHERE id = %s", entry.pk)
    what = f"Seal 2: audit entry at position {last} was altered. It says now: look: project P2."
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_seals", stdout=out)
    assert (str(refused.value), refused.value.returncode) == (what, 1)
    first, second, _later = out.getvalue().splitlines()
    assert first.endswith(": holds")
    assert second.endswith(f": {what}")
