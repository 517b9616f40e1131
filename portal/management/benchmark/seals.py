"""How fast the ledger is sealed, and how fast a seal is checked."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.audit.sealing import seal_everything
from portal.audit.verifying import verify_seals
from portal.management.benchmark.pages import CannotMeasure


@dataclass(frozen=True)
class SealPace:
    """Rows beneath the seal, and rows per second of making and of checking it."""

    rows: int
    sealed: float
    checked: float


def seal_and_check() -> SealPace:
    """Seal everything at once and check it. Raises `CannotMeasure` where the seal does not hold."""
    begun = time.perf_counter()
    seal = seal_everything()
    made = time.perf_counter()
    if seal is None or any(result.findings for result in verify_seals()):
        raise CannotMeasure(_("The rows could not be sealed, or the seal does not hold."))
    return SealPace(
        rows=seal.rows,
        sealed=seal.rows / (made - begun),
        checked=seal.rows / (time.perf_counter() - made),
    )
