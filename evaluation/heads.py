"""Tells the seals which of them were printed in reports."""

from __future__ import annotations

from collections.abc import Iterator

from evaluation.models import Report
from portal.audit.heads import PublishedHead, register_heads


def _printed() -> Iterator[PublishedHead]:
    """The newest seal of the day on which a report was written, as its manifest holds it."""
    printed = Report.objects.filter(manifest__seal__number__isnull=False).order_by("pk")
    rows = printed.values_list("code", "manifest__seal__number", "manifest__seal__digest")
    for code, number, digest in rows.iterator():
        yield PublishedHead(number, digest or "", "report", code)


register_heads(_printed)
