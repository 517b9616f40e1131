"""Strategy papers and indicative programmes: drafted by one officer, adopted by the other, one of them superseded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from portal.accounts.models import User
from portal.management.demonstration.amounts import leaves_of
from portal.management.demonstration.money import moment_after
from portal.management.demonstration.papers import Said, paper_passages, programme_passages
from portal.management.demonstration.plan import FIRST_YEAR, LAST_YEAR, PERIODS, Plan
from portal.management.demonstration.rows import SOURCE
from portal.management.demonstration.script import Script
from portal.management.demonstration.timeline import Happening
from programmes.actions.adoption import adopt_document, consult_document, supersede_document
from programmes.actions.drafting import add_document, add_passage, set_allocations
from programmes.lines import AllocationLine
from programmes.models import (
    Document,
    DocumentKind,
    DocumentLink,
    DocumentStatus,
    LinkKind,
    Passage,
    PassageKind,
    Programme,
    Strand,
)

KINDS = {"O": PassageKind.OBJECTIVE, "P": PassageKind.PRIORITY, "R": PassageKind.RESULT}
INTERIM_ADOPTED = date(2017, 7, 12)


def adopted_on(first: int) -> date:
    """When the papers of a period are adopted: in November before it begins."""
    return date(first - 1, 11, 20)


def paper_happenings(script: Script) -> Iterator[Happening]:
    """The policy framework, the interim paper, and both papers of each period with what they say."""
    yield Happening(moment_after(date(2017, 6, 1), 0), partial(_add_framework, script.plan))
    yield from _interim(script)
    for first, last in PERIODS:
        yield from _strategy_paper(script, first, last)
        yield from _indicative_programme(script, first, last)
    superseded = moment_after(adopted_on(FIRST_YEAR), 3)
    yield Happening(superseded, partial(_supersede_interim, script))


def _add_framework(plan: Plan) -> None:
    """Policy frameworks are not drafted here: a published one is recorded."""
    Document.objects.create(
        code=framework_of(plan),
        programme=Programme.objects.get(code=plan.code),
        kind=DocumentKind.POLICY_FRAMEWORK,
        title=f"Demonstration policy framework {FIRST_YEAR}-{LAST_YEAR}",
        adopted="2017-06",
        period_start=FIRST_YEAR,
        period_end=LAST_YEAR,
        status=DocumentStatus.PUBLISHED,
        source=SOURCE,
    )


def framework_of(plan: Plan) -> str:
    """The code of the policy framework that the strategy papers follow from."""
    return f"{plan.code}-FRAMEWORK"


def link(start: str, end: str, kind: LinkKind, note: str = "") -> None:
    """Record how one document, by code, stands to another."""
    documents = {row.code: row for row in Document.objects.filter(code__in=(start, end))}
    DocumentLink.objects.create(
        from_document=documents[start],
        to_document=documents[end],
        kind=kind,
        note=note,
        source=SOURCE,
    )


def _interim(script: Script) -> Iterator[Happening]:
    """A short paper that stands for four months, until the first whole one is adopted."""
    code, writer = script.plan.interim_paper, script.writer(FIRST_YEAR)
    begin = partial(
        draft,
        script.plan,
        writer,
        code,
        kind=DocumentKind.STRATEGY_PAPER,
        title="Demonstration strategy paper, interim",
        years=(FIRST_YEAR, FIRST_YEAR),
    )
    yield Happening(moment_after(date(2017, 6, 12), 0), begin)
    said = dict(paper_passages(FIRST_YEAR))
    passages = {suffix: said[suffix] for suffix in ("O3", "P5")}
    say = partial(_say, writer, code, "", list(passages.items()))
    yield Happening(moment_after(date(2017, 6, 14), 0), say)
    yield from adoption(code, writer, script.approver(FIRST_YEAR), INTERIM_ADOPTED)


def _strategy_paper(script: Script, first: int, last: int) -> Iterator[Happening]:
    plan, writer = script.plan, script.writer(first)
    code = plan.strategy_paper(first)
    begin = partial(
        draft,
        plan,
        writer,
        code,
        kind=DocumentKind.STRATEGY_PAPER,
        title=f"Demonstration strategy paper {first}-{last}",
        years=(first, last),
    )
    yield Happening(moment_after(date(first - 1, 9, 4), 0), begin)
    say = partial(_say, writer, code, "", list(paper_passages(first)))
    yield Happening(moment_after(date(first - 1, 9, 8), 0), say)
    before = plan.strategy_paper(FIRST_YEAR) if first > FIRST_YEAR else framework_of(plan)
    follow = partial(link, code, before, LinkKind.FOLLOWS)
    yield Happening(moment_after(date(first - 1, 9, 8), 1), follow)
    yield from adoption(code, writer, script.approver(first), adopted_on(first))


def _indicative_programme(script: Script, first: int, last: int) -> Iterator[Happening]:
    plan, writer = script.plan, script.writer(first)
    code, paper = plan.indicative_programme(first), plan.strategy_paper(first)
    leaves = leaves_of(plan, script.amounts, first, last)
    begin = partial(
        draft,
        plan,
        writer,
        code,
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        title=f"Demonstration indicative programme {first}-{last}",
        years=(first, last),
        parent=paper,
        stated_amount=sum(leaves.values()),
    )
    yield Happening(moment_after(date(first - 1, 9, 18), 0), begin)
    say = partial(_say, writer, code, paper, list(programme_passages(first)))
    yield Happening(moment_after(date(first - 1, 9, 22), 0), say)
    allocate = partial(_allocate, writer, code, first, last, leaves)
    yield Happening(moment_after(date(first - 1, 9, 25), 0), allocate)
    yield from adoption(code, writer, script.approver(first), adopted_on(first), number=1)


def _supersede_interim(script: Script) -> None:
    supersede_document(
        Document.objects.get(code=script.plan.interim_paper),
        by=script.approver(FIRST_YEAR),
        successor=Document.objects.get(code=script.plan.strategy_paper(FIRST_YEAR)),
        on=adopted_on(FIRST_YEAR),
        reason="It was to stand only until the whole paper was adopted.",
    )


def adoption(
    code: str, writer: User, approver: User, on: date, number: int = 0
) -> Iterator[Happening]:
    """A draft is put up for consultation by who wrote it and adopted three weeks later by the other officer."""
    asked = moment_after(on - timedelta(days=22), number)
    yield Happening(asked, partial(consult, code, writer))
    yield Happening(moment_after(on, number), partial(_adopt, code, approver, on))


def consult(code: str, by: User) -> None:
    """Put a draft, by code, up for consultation."""
    consult_document(Document.objects.get(code=code), by=by)


def _adopt(code: str, by: User, on: date) -> None:
    adopt_document(Document.objects.get(code=code), by=by, on=on)


def draft(
    plan: Plan,
    by: User,
    code: str,
    *,
    kind: DocumentKind,
    title: str,
    years: tuple[int, int],
    parent: str = "",
    **fields: object,
) -> None:
    """Begin a draft for some years, both included; `parent` is the code of the document it rests on."""
    add_document(
        by=by,
        programme=Programme.objects.get(code=plan.code),
        kind=kind,
        code=code,
        title=title,
        period_start=years[0],
        period_end=years[1],
        parent=Document.objects.get(code=parent) if parent else None,
        note=f"{SOURCE}.",
        **fields,
    )


def _say(by: User, code: str, above: str, said: Sequence[tuple[str, Said]]) -> None:
    """Write passages into a draft; `above` is the code of the document above, where there is one."""
    document = Document.objects.get(code=code)
    for order, (suffix, passage) in enumerate(said, start=1):
        served = f"{above if passage.above else code}-{passage.serves}"
        add_passage(
            document,
            by=by,
            kind=KINDS[suffix[0]],
            text=passage.text,
            code=f"{code}-{suffix}",
            order=order,
            chapter=passage.chapter,
            page=passage.page,
            serves=Passage.objects.get(code=served) if passage.serves else None,
        )


def _allocate(by: User, code: str, first: int, last: int, leaves: Mapping[str, Decimal]) -> None:
    strands = {strand.code: strand for strand in Strand.objects.all()}
    lines = [
        AllocationLine(first, last, strands.get(strand), None, amount)
        for strand, amount in leaves.items()
    ]
    set_allocations(Document.objects.get(code=code), lines, by=by)
