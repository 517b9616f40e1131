"""Seals printed in reports: every check misses one that was taken away or made anew."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from evaluation.tasks import build_report
from portal.audit.heads import PublishedHead, published_heads
from portal.audit.models import Seal, SealCheck
from portal.audit.sealing import seal_everything
from portal.audit.tasks import check_seals_by_night, seal_what_came
from portal.audit.trail import write_entry
from portal.audit.verifying import verify_seals
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db


@pytest.fixture
def printed(queued_report) -> Seal:
    """The second of two seals, printed in a report."""
    seal_everything()
    write_entry("look", by=None, record_kind="project", record_code="P1")
    seal = seal_everything()
    build_report(queued_report.pk)
    queued_report.refresh_from_db()
    return seal


def cut_tail() -> None:
    """Take the newest seal and its pages away, and alter a row beneath it."""
    alter("audit_sealpage", "DELETE FROM audit_sealpage WHERE seal_id = 2")
    alter("audit_seal", "DELETE FROM audit_seal WHERE number = 2")
    alter("audit_entry", "UPDATE audit_entry SET record_code = 'P2' WHERE record_code = 'P1'")


def test_a_report_tells_which_seal_it_prints(queued_report, printed):
    assert list(published_heads()) == [
        PublishedHead(2, printed.digest, "report", queued_report.code)
    ]
    check_seals_by_night()
    assert SealCheck.objects.get().findings == []


def test_a_report_from_before_the_first_seal_tells_of_none(report):
    assert report.manifest["seal"] is None
    assert list(published_heads()) == []


def test_a_printed_seal_that_was_made_anew_is_missed(
    queued_report, printed, visitor, auditor, as_person
):
    cut_tail()
    seal_what_came()
    assert Seal.objects.get(number=2).digest != printed.digest
    assert [result.findings for result in verify_seals()] == [[], []]
    check_seals_by_night()
    assert SealCheck.objects.get().findings == [
        {"trouble": "exchanged", "seal": 2, "kind": "report", "code": queued_report.code}
    ]
    public = visitor.get("/seals/").content.decode()
    assert "Seal 2 was exchanged: another digest of it is known from elsewhere." in public
    assert queued_report.code not in public
    named = f"It was named in: report {queued_report.code}."
    assert named in as_person(auditor).get("/seals/").content.decode()
    with pytest.raises(CommandError, match=named):
        call_command("verify_seals")


def test_a_printed_seal_that_is_gone_is_missed(queued_report, printed):
    cut_tail()
    check_seals_by_night()
    check = SealCheck.objects.get()
    assert (check.seals, check.findings) == (
        1,
        [{"trouble": "gone", "seal": 2, "kind": "report", "code": queued_report.code}],
    )
    with pytest.raises(CommandError, match="Seal 2 is gone: it is known from elsewhere"):
        call_command("verify_seals")
