"""Building a report step by step: ask, read, write, freeze, draw, store.

Frozen rows and manifest are stored in one transaction, file and status in another, each only while this
build still holds the report: `attempts` is the number of the build, and a later build has a higher one.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from evaluation.figures import MONEY, Reading
from evaluation.manifest import build_manifest
from evaluation.models import Report, ReportFigure, ReportStatus, ReportTable
from evaluation.report.blocks import Section
from evaluation.report.drawing import FrozenTable, Tables, render_report
from evaluation.report.material import Material, ask_figures, put_together, read_papers
from evaluation.report.portfolio import read_portfolio
from evaluation.report.writing import write_report
from portal.lifecycle import move
from portal.pdf import content_digest, versions
from programmes.ledger.scope import AsOf, Scope, parse_question

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

STEPS: Sequence[StrPromise] = (
    _("Answering the figures"),
    _("Reading the portfolio"),
    _("Reading documents, calls and evaluations"),
    _("Writing and freezing the tables"),
    _("Drawing charts and pages"),
    _("Storing the file"),
)
BEAT_SECONDS = 10


class Superseded(Exception):
    """Another build has taken the report over; what this one made is dropped."""


def build(report: Report) -> None:
    """Build the report that this process has claimed and make it ready.

    Raises `Superseded` where another build has taken over, and `ReportsUnavailable` or `Unprintable` where
    the file cannot be drawn.
    """
    with override(report.language):
        used = versions()
        material = _gather(report)
        _begin(report, 4)
        sections = write_report(material)
        _freeze(report, material, sections, used)
        # Drawn from what was stored, as it will be when it is drawn again.
        report.refresh_from_db(fields=["manifest"])
        _begin(report, 5)
        with _beating(report):
            pdf = rebuild(report)
        _begin(report, 6)
        _finish(report, pdf)


def rebuild(report: Report) -> bytes:
    """The file of a report from its manifest and frozen rows: the same bytes for the same versions."""
    return render_report(report.manifest, frozen_tables(report))


def frozen_tables(report: Report) -> Tables:
    """The tables of a report as they were frozen, by key."""
    rows = ReportTable.objects.filter(report=report).values_list("key", "columns", "rows")
    return {key: FrozenTable(columns, frozen) for key, columns, frozen in rows}


def question_of(report: Report) -> tuple[Scope, AsOf]:
    """The question as it was asked, at the position it was asked at."""
    params: dict[str, list[str]] = {"as_of": [str(report.as_of_position)]}
    for name, value in report.question["params"]:
        params.setdefault(name, []).append(value)
    return parse_question(params)


def _gather(report: Report) -> Material:
    scope, as_of = question_of(report)
    _begin(report, 1)
    answers = ask_figures(scope, as_of)
    _begin(report, 2)
    portfolio = read_portfolio(scope, as_of)
    _begin(report, 3)
    papers = read_papers(report.programme)
    return put_together(
        report.programme, scope, as_of, answers=answers, portfolio=portfolio, papers=papers
    )


def _held(report: Report) -> Any:
    return Report.objects.filter(
        pk=report.pk, status=ReportStatus.BUILDING, attempts=report.attempts
    )


def _begin(report: Report, step: int) -> None:
    """Say which step has begun, or stop where the report is no longer ours."""
    if not _held(report).update(step=step, heartbeat_at=timezone.now()):
        raise Superseded


@contextmanager
def _beating(report: Report) -> Iterator[None]:
    """Show a sign of life every few seconds while one long step runs."""
    ended = threading.Event()

    def beat() -> None:
        try:
            while not ended.wait(BEAT_SECONDS):
                _held(report).update(heartbeat_at=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@transaction.atomic
def _freeze(
    report: Report, material: Material, sections: Sequence[Section], used: Mapping[str, str]
) -> None:
    if _held(report).select_for_update().first() is None:
        raise Superseded
    readings = material.answers.readings
    report.manifest = build_manifest(report, material, sections, used)
    digests = {entry["key"]: entry["sha256"] for entry in report.manifest["tables"]}
    report.figures.all().delete()
    report.tables.all().delete()
    ReportFigure.objects.bulk_create(_figure_rows(report, readings))
    ReportTable.objects.bulk_create(_table_rows(report, sections, digests))
    _held(report).update(manifest=report.manifest)


def _figure_rows(report: Report, readings: Mapping[str, Reading]) -> list[ReportFigure]:
    facts = {figure["key"]: figure for figure in report.manifest["figures"]}
    return [
        ReportFigure(
            report=report,
            order=order,
            key=key,
            measure=reading.measure,
            address=reading.address,
            amount=Decimal(reading.value)
            if reading.kind == MONEY and reading.value is not None
            else None,
            facts=facts[key],
        )
        for order, (key, reading) in enumerate(readings.items(), 1)
    ]


def _table_rows(
    report: Report, sections: Sequence[Section], digests: Mapping[str, str]
) -> list[ReportTable]:
    tables = [table for section in sections for table in section.tables]
    return [
        ReportTable(
            report=report,
            order=order,
            key=table.key,
            title=table.title,
            columns=table.frozen_columns(),
            rows=table.frozen_rows(),
            sha256=digests[table.key],
        )
        for order, table in enumerate(tables, 1)
    ]


def _finish(report: Report, pdf: bytes) -> None:
    """Keep the file and make the report ready, if it is still ours."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    name = _stored(f"reports/{report.code}-{sha256[:12]}.pdf", pdf)
    with transaction.atomic():
        if _held(report).select_for_update().first() is None:
            raise Superseded
        move(
            report,
            "finish",
            pdf=name,
            sha256=sha256,
            size=len(pdf),
            content_digest=content_digest(pdf),
            step=len(STEPS),
            finished_at=timezone.now(),
        )


def _stored(name: str, pdf: bytes) -> str:
    """The name is that of the content, so a file left by a build that was killed is written again, whole."""
    if default_storage.exists(name):
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(pdf))
