"""Sealing while others write: nobody who is half done slips beneath a seal."""

from __future__ import annotations

import threading
import time

from django.db import connection, transaction

from portal.audit.models import Entry, Seal
from portal.audit.sealing import seal_everything
from portal.audit.trail import write_entry
from portal.audit.verifying import verify_seals


def findings() -> list:
    return [finding for result in verify_seals() for finding in result.findings]


def in_thread(work) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_seal_waits_for_who_is_half_done(lifted_guard):
    """Written before, committed after: the seal asked for in between has both rows."""
    wrote, go_on, sealed = threading.Event(), threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            write_entry("first", by=None, record_kind="project")
            wrote.set()
            assert go_on.wait(10)
            write_entry("second", by=None, record_kind="project")

    def seal() -> None:
        seal_everything()
        sealed.set()

    writer = in_thread(write_slowly)
    assert wrote.wait(10)
    sealer = in_thread(seal)
    assert not sealed.wait(0.5)
    go_on.set()
    writer.join()
    sealer.join()
    assert Seal.objects.get().rows == 2
    assert findings() == []


def test_nothing_slips_beneath_a_seal_while_many_write(lifted_guard):
    stop, faults = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            with transaction.atomic():
                write_entry("look", by=None, record_kind="project")
                time.sleep(0.002)

    def seal() -> None:
        try:
            for _ in range(12):
                seal_everything()
        except Exception as error:  # handed to the test's own thread
            faults.append(error)

    writers = [in_thread(write) for _ in range(4)]
    sealers = [in_thread(seal) for _ in range(2)]
    for each in sealers:
        each.join()
    stop.set()
    for each in writers:
        each.join()
    seal_everything()
    assert faults == []
    assert Seal.objects.count() > 3
    assert sum(seal.rows for seal in Seal.objects.all()) == Entry.objects.count() > 12
    assert findings() == []
