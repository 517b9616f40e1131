"""The store: bytes once for each digest, and never without a row that tells of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.files.checks import FileRefused, inspect
from portal.files.models import File
from portal.files.store import all_or_nothing, discard_unused, keep_file, let_go
from portal.files.tasks import sweep_files
from tests.factories.files import DocumentFileFactory, pdf, upload

pytestmark = pytest.mark.django_db


def keep(content: bytes, name: str = "a.pdf", by=None) -> File:
    sent = upload(content, name)
    with all_or_nothing():
        return keep_file(sent, inspect(sent), by=by)


@all_or_nothing()
def keep_and_fail(sent, meanwhile=lambda: None) -> None:
    keep_file(sent, inspect(sent), by=None)
    meanwhile()
    raise ZeroDivisionError


def stored(folder: Path) -> list[str]:
    """Where bytes lie in the store."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_lies_under_its_digest_and_its_row_tells_of_it(file_store, officer):
    content = pdf(2)
    before = timezone.now()
    file = keep(content, "Programme.pdf", by=officer)
    file.refresh_from_db()
    assert stored(file_store) == [f"documents/{file.sha256[:2]}/{file.sha256}"]
    with file.open() as kept:
        assert kept.read() == content
    assert (file.name, file.size, file.media_type, file.pages, file.uploaded_by) == (
        "Programme.pdf",
        len(content),
        "application/pdf",
        2,
        officer.actor,
    )
    assert file.uploaded_at >= before - timedelta(seconds=5)


def test_the_same_bytes_are_kept_once_and_told_of_twice(file_store):
    content = pdf()
    one, two = keep(content, "one.pdf"), keep(content, "two.pdf")
    assert one.pk != two.pk
    assert (one.name, two.name, one.sha256) == ("one.pdf", "two.pdf", two.sha256)
    assert stored(file_store) == [one.place]


def test_a_transaction_that_fails_leaves_neither_row_nor_bytes(file_store):
    sent, seen = upload(pdf()), []
    with pytest.raises(ZeroDivisionError):
        keep_and_fail(sent, lambda: seen.extend(stored(file_store)))
    assert len(seen) == 1
    assert not File.objects.exists()
    assert stored(file_store) == []


def test_what_fails_inside_a_larger_one_is_taken_away_too(file_store):
    good, bad = upload(pdf(1), "good.pdf"), upload(pdf(2), "bad.pdf")
    with all_or_nothing():
        kept = keep_file(good, inspect(good), by=None)
        with pytest.raises(ZeroDivisionError):
            keep_and_fail(bad)
    assert [file.name for file in File.objects.all()] == ["good.pdf"]
    assert stored(file_store) == [kept.place]


def test_a_failure_does_not_take_away_what_another_row_tells_of(file_store):
    content = pdf()
    kept = keep(content)
    sent = upload(content)
    with pytest.raises(ZeroDivisionError):
        keep_and_fail(sent)
    assert stored(file_store) == [kept.place]


def test_a_store_that_cannot_write_leaves_no_row(file_store):
    file_store.parent.mkdir(exist_ok=True)
    file_store.write_text("a file where the folder should be")
    with pytest.raises(OSError, match="files"):
        keep(pdf())
    assert not File.objects.exists()


def test_files_are_kept_inside_the_block_only(file_store):
    sent = upload(pdf())
    with pytest.raises(RuntimeError):
        keep_file(sent, inspect(sent), by=None)
    assert stored(file_store) == []


def test_half_a_file_left_by_a_process_that_was_ended_is_written_anew(file_store):
    content = pdf()
    sha256 = inspect(upload(content)).sha256
    left = file_store / "documents" / sha256[:2] / sha256
    left.parent.mkdir(parents=True)
    left.write_bytes(content[:100])
    keep(content)
    assert left.read_bytes() == content


def test_bytes_that_the_store_lost_come_back_with_the_next_upload(file_store):
    content = pdf()
    first = keep(content)
    (file_store / first.place).unlink()
    with pytest.raises(FileNotFoundError):
        first.open()
    keep(content)
    with first.open() as kept:
        assert kept.read() == content


def test_letting_go_takes_the_bytes_with_the_last_row(
    file_store, django_capture_on_commit_callbacks
):
    content = pdf()
    one, two = keep(content), keep(content)
    with django_capture_on_commit_callbacks(execute=True):
        let_go(one)
    assert stored(file_store) == [two.place]
    with django_capture_on_commit_callbacks(execute=True):
        let_go(two)
    assert stored(file_store) == []


def test_what_is_told_of_is_not_discarded(file_store):
    kept = keep(pdf())
    assert discard_unused(kept.sha256) is False
    assert discard_unused("0" * 64) is False
    assert stored(file_store) == [kept.place]


def test_the_database_refuses_to_change_a_row(file_store):
    file = keep(pdf())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        File.objects.filter(pk=file.pk).update(name="other.pdf")


def test_the_sweep_takes_what_nothing_refers_to(file_store, django_capture_on_commit_callbacks):
    used, unused, fresh = keep(pdf(1)), keep(pdf(2)), keep(pdf(3))
    DocumentFileFactory(file=used)
    old = timezone.now() - timedelta(days=2)
    make_older([used, unused], old)
    stray = file_store / "documents" / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"half")
    with django_capture_on_commit_callbacks(execute=True):
        sweep_files()
    assert set(File.objects.all()) == {used, fresh}
    assert stored(file_store) == sorted([used.place, fresh.place])


def make_older(files: list[File], moment) -> None:
    """Say of files that they were uploaded at another moment, with the guard lifted for that."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE files_file DISABLE TRIGGER files_file_kept")
        File.objects.filter(pk__in=[file.pk for file in files]).update(uploaded_at=moment)
        cursor.execute("ALTER TABLE files_file ENABLE TRIGGER files_file_kept")


def test_a_sweep_of_an_empty_store_does_nothing(file_store):
    sweep_files()
    assert not file_store.exists()


def test_a_content_without_a_name_is_refused():
    with pytest.raises(FileRefused):
        inspect(ContentFile(pdf()))
