"""The small programme, and a place of their own for the files that tests build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from evaluation.actions.reports import request_report
from evaluation.models import Report
from evaluation.tasks import build_report
from portal.celery import app
from programmes.ledger.scope import Scope
from tests.evaluation.portfolio import lay_out_programme


@pytest.fixture
def programme(db) -> None:
    lay_out_programme()


@pytest.fixture
def queued_report(programme, file_store) -> Report:
    return request_report(by=None, scope=Scope("TPMA"))


@pytest.fixture
def report(queued_report) -> Report:
    """A report of the small programme, built by the function that the task is."""
    build_report(queued_report.pk)
    queued_report.refresh_from_db()
    return queued_report


@pytest.fixture
def celery_messages() -> Iterator[Callable[[], list[int]]]:
    """Takes what was sent to the workers out of the real queue: the reports asked for, in their order."""
    app.control.purge()

    def taken() -> list[int]:
        found = []
        with (
            app.connection_for_read() as connection,
            connection.SimpleQueue("celery") as queue,
            suppress(queue.Empty),
        ):
            while True:
                message = queue.get(block=False)
                message.ack()
                found.append(message.payload[0][0])
        return found

    yield taken
    app.control.purge()
