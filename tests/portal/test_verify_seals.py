"""`manage.py verify_seals`: prints each seal, and ends with an error that names the first altered row."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import Entry
from portal.audit.sealing import seal_everything
from portal.audit.trail import write_entry
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db


def verify() -> list[str]:
    out = StringIO()
    call_command("verify_seals", stdout=out)
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


def test_nothing_sealed_holds():
    assert verify() == ["0 rows are not sealed yet.", "Everything holds: 0 seals, 0 rows."]


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
