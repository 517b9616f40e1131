"""Sealing and checking, by the clock and when somebody asks. Safe to run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from portal.audit.models import SealCheck
from portal.audit.sealing import seal_everything
from portal.audit.verifying import Finding, Trouble, compare_heads, verify_seals

logger = logging.getLogger(__name__)


@shared_task
def seal_what_came() -> None:
    """Seal every row that came since the newest seal."""
    seal = seal_everything()
    if seal:
        logger.info("seal %s: %s rows, %s", seal.number, seal.rows, seal.digest)


@shared_task
def walk_seals(check_id: int) -> None:
    """Do a check that was asked for and keep what it found. One that is finished is not done again.

    A check that breaks off ends too, and does not hold: nobody may take the result before it for the newest.
    """
    check = SealCheck.objects.filter(pk=check_id, finished_at=None).first()
    if check is None:
        return
    seals, rows, found = 0, 0, list[Finding]()
    try:
        for result in verify_seals():
            seals, rows = seals + 1, rows + result.seal.rows
            found += result.findings
        found += compare_heads()
    except Exception:
        logger.exception("the check of the seals broke off after %s seals", seals)
        found.append(Finding(Trouble.BROKEN_OFF, seals))
    findings = [finding.as_json() for finding in found]
    if findings:
        logger.error("seals do not hold: %s", findings)
    SealCheck.objects.filter(pk=check_id, finished_at=None).update(
        finished_at=timezone.now(), seals=seals, rows=rows, findings=findings
    )


@shared_task
def check_seals_by_night() -> None:
    """Have every seal checked, without anybody asking."""
    walk_seals(SealCheck.objects.create().pk)
