"""Two people who keep the same bytes at the same time."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from django.db import connection

from portal.files.checks import inspect
from portal.files.models import File
from portal.files.store import all_or_nothing, keep_file
from tests.factories.files import pdf, upload
from tests.portal.files.test_store import keep_and_fail


def test_one_who_fails_does_not_take_the_bytes_of_another(lifted_guard, file_store):
    """The first one fails, and cleans up, while the transaction of the second is still open."""
    content = pdf()
    wrote = threading.Event()

    def fail() -> None:
        with suppress(ZeroDivisionError):
            keep_and_fail(upload(content), lambda: (wrote.set(), time.sleep(0.5)))
        connection.close()

    def succeed() -> None:
        sent = upload(content)
        with all_or_nothing():
            keep_file(sent, inspect(sent), by=None)
            first.join(1.5)
        connection.close()

    first, second = threading.Thread(target=fail), threading.Thread(target=succeed)
    first.start()
    assert wrote.wait(20)
    second.start()
    first.join()
    second.join()
    (file,) = File.objects.all()
    with file.open() as kept:
        assert kept.read() == content
