"""Looking after the store: what nothing refers to is taken away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

from celery import shared_task
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from portal.files.models import PLACES, File
from portal.files.store import discard_unused, let_go

# Long enough for whoever keeps a file first and the record that refers to it afterwards.
UNUSED_AFTER = timedelta(days=1)
logger = logging.getLogger(__name__)


@shared_task
def sweep_files() -> None:
    """Take away files that no record refers to any more, and bytes left by a process that was ended."""
    with transaction.atomic():
        rows = File.objects.unused().filter(uploaded_at__lt=timezone.now() - UNUSED_AFTER)
        for file in rows.select_for_update(of=("self",)):
            let_go(file)
    gone = sum(discard_unused(sha256) for sha256 in _digests_in_store())
    if gone:
        logger.warning("%s files in the store were told of by no row and were taken away", gone)


def _digests_in_store() -> Iterator[str]:
    if not default_storage.exists(PLACES):
        return
    for folder in default_storage.listdir(PLACES)[0]:
        yield from default_storage.listdir(f"{PLACES}/{folder}")[1]
