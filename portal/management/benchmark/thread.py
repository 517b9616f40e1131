"""The thread of one large programme: a database's worth of rows for it, its page timed, its queries counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from calls.models import Call, CallStatus
from portal.management.benchmark.pages import CannotMeasure, median_time, read_raw
from portal.records import Attribution
from programmes.ledger.models import Measure, Posting
from programmes.models import (
    Action,
    Commitment,
    CommitmentStatus,
    Document,
    DocumentKind,
    DocumentStatus,
    FinancingDecision,
    Passage,
    PassageKind,
    Programme,
    ProgrammeStatus,
    Strand,
)
from projects.models import Project

CODE = "THREAD"
ADDRESS = f"/programmes/{CODE}/thread/"
# The thread is promised for these numbers, and for so many projects.
WORK_PROGRAMMES, ACTIONS, CALLS, PRIORITIES, PROJECTS = 7, 200, 50, 8, 10_000
FIRST_YEAR = 2007
PAYMENTS, CLEARINGS = 5, 3
BATCH = 5_000
GRANT = Decimal(300_000)


@dataclass(frozen=True)
class ThreadCost:
    """What the page of the thread took: milliseconds (median), times a raw query beside it, and queries."""

    milliseconds: float
    ratio: float
    queries: int


def measure_thread() -> ThreadCost:
    """Time the page of the thread that `fill_thread` wrote. Raises `CannotMeasure` where it does not answer."""
    _take_stock()
    client = Client(headers={"host": "localhost"})
    read = partial(client.get, ADDRESS, secure=True)
    # The first page of a process compiles templates; it is not what is counted.
    read()
    with CaptureQueriesContext(connection) as captured:
        response = read()
    queries = len(captured)
    if response.status_code != 200 or f"{CODE}-{ACTIONS}-C" not in response.content.decode():
        raise CannotMeasure(_("%s does not show the thread.") % ADDRESS)
    raw = median_time(partial(read_raw, Programme.objects.get(code=CODE).pk))
    taken = median_time(read)
    return ThreadCost(taken, taken / raw, queries)


def _take_stock() -> None:
    """Let the database know what was loaded, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@transaction.atomic
def fill_thread(projects: int) -> None:
    """Write one programme with all that hangs on it, and the postings of every action and project."""
    programme = Programme.objects.create(
        code=CODE,
        name="A programme made for measuring",
        short_name="Made for measuring",
        period_start=FIRST_YEAR,
        period_end=FIRST_YEAR + WORK_PROGRAMMES - 1,
        status=ProgrammeStatus.SET_UP,
    )
    programme.strands.set(Strand.objects.all())
    actions = _write_documents(programme)
    commitments = _write_commitments(actions)
    calls = _write_calls(programme, actions)
    written = _write_projects(programme, actions, calls, projects)
    _post_all(commitments, written)
    programme.documents.update(status=DocumentStatus.ADOPTED)
    Programme.objects.filter(code=CODE).update(status=ProgrammeStatus.OPEN)


def _write_documents(programme: Programme) -> list[Action]:
    paper = _document(programme, DocumentKind.STRATEGY_PAPER, "SP")
    plan = _document(programme, DocumentKind.INDICATIVE_PROGRAMME, "MIP", paper)
    priorities = [_priority(plan, number) for number in range(1, PRIORITIES + 1)]
    years = [
        _document(programme, DocumentKind.WORK_PROGRAMME, f"AWP-{number + 1}", plan)
        for number in range(WORK_PROGRAMMES)
    ]
    actions = Action.objects.bulk_create(
        Action(
            code=f"{CODE}-{number}",
            work_programme=years[number % WORK_PROGRAMMES],
            title=f"Action {number}",
        )
        for number in range(1, ACTIONS + 1)
    )
    served = Action.priorities.through
    served.objects.bulk_create(
        served(action_id=action.pk, passage_id=priorities[place % PRIORITIES].pk)
        for place, action in enumerate(actions)
    )
    return actions


def _document(
    programme: Programme, kind: DocumentKind, name: str, parent: Document | None = None
) -> Document:
    return Document.objects.create(
        code=f"{CODE}-{name}",
        programme=programme,
        kind=kind,
        title=f"Document {name}",
        status=DocumentStatus.DRAFT,
        parent=parent,
    )


def _priority(plan: Document, number: int) -> Passage:
    return Passage.objects.create(
        code=f"{plan.code}-P{number}",
        document=plan,
        kind=PassageKind.PRIORITY,
        order=number,
        text=f"Priority {number}",
    )


def _write_commitments(actions: list[Action]) -> list[Commitment]:
    """One booked commitment for each action."""
    decisions = {
        year.pk: FinancingDecision.objects.create(
            code=f"{year.code}-D",
            work_programme=year,
            number=year.code,
            decided_on=date(FIRST_YEAR, 6, 1),
            budget_line="19 02 01",
        )
        for year in {action.work_programme for action in actions}
    }
    return Commitment.objects.bulk_create(
        Commitment(
            code=f"{action.code}-C",
            decision=decisions[action.work_programme_id],
            action=action,
            budget_year=FIRST_YEAR,
            amount=100 * GRANT,
            final_contracting_date=date(FIRST_YEAR + 1, 12, 31),
            status=CommitmentStatus.BOOKED,
            booked_on=date(FIRST_YEAR, 7, 1),
        )
        for action in actions
    )


def _write_calls(programme: Programme, actions: list[Action]) -> list[Call]:
    """Calls, each for the first actions in turn."""
    calls = Call.objects.bulk_create(
        Call(
            code=f"{CODE}-CALL-{number}",
            programme=programme,
            title=f"Call {number}",
            status=CallStatus.PUBLISHED,
        )
        for number in range(1, CALLS + 1)
    )
    implemented = Call.actions.through
    implemented.objects.bulk_create(
        implemented(call_id=call.pk, action_id=action.pk)
        for call, action in zip(calls, actions, strict=False)
    )
    return calls


def _write_projects(
    programme: Programme, actions: list[Action], calls: list[Call], count: int
) -> list[Project]:
    """Projects of each action in turn, awarded by its call where it has one."""
    call_of = dict(zip((action.pk for action in actions), calls, strict=False))
    return Project.objects.bulk_create(
        (
            Project(
                code=f"{CODE}-P{number:05}",
                programme=programme,
                action=action,
                call=call_of.get(action.pk),
                work_programme=action.work_programme,
                title=f"Project {number}",
                attribution=Attribution.EXPLICIT,
            )
            for number, action in ((each, actions[each % ACTIONS]) for each in range(count))
        ),
        batch_size=BATCH,
    )


def _post_all(commitments: list[Commitment], projects: list[Project]) -> None:
    """What was set aside for each action, and ten postings for each project."""
    strands = list(Strand.objects.values_list("code", flat=True))
    above = {each.action_id: _cells(each) for each in commitments}
    lines = [
        Posting(
            measure=measure,
            amount=each.amount,
            strand=[*strands, ""][place % (len(strands) + 1)],
            **above[each.action_id],
        )
        for place, each in enumerate(commitments)
        for measure in (Measure.PLANNED, Measure.COMMITTED)
    ]
    for place, project in enumerate(projects):
        cells = {**above[project.action_id or 0], "call": project.call.code if project.call else ""}
        lines += [
            Posting(
                measure=measure,
                amount=part,
                project=project.code,
                strand=strands[place % len(strands)],
                **cells,
            )
            for measure, part in _parts()
        ]
    Posting.objects.bulk_create(lines, batch_size=BATCH)


def _parts() -> Iterator[tuple[Measure, Decimal]]:
    yield from [(Measure.CONTRACTED, GRANT / 2)] * 2
    yield from [(Measure.PAID, GRANT / PAYMENTS)] * PAYMENTS
    yield from [(Measure.ACCEPTED, GRANT / CLEARINGS)] * CLEARINGS


def _cells(commitment: Commitment) -> dict[str, str | int]:
    action = commitment.action
    return {
        "programme": CODE,
        "indicative_programme": f"{CODE}-MIP",
        "work_programme": action.work_programme.code,
        "action": action.code,
        "commitment": commitment.code,
        "budget_year": FIRST_YEAR,
        "event": "made for measuring",
    }
