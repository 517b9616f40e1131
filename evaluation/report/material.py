"""What a report is written from: figures, the portfolio, documents, calls, evaluations, and what sources state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from calls.models import Call
from evaluation.figures import DEFINITIONS, Reading, address, read
from evaluation.models import Evaluation
from evaluation.report.portfolio import Listed
from portal.accounts.people import VISITOR
from portal.audit.models import Seal
from portal.audit.sealing import head
from portal.countries.models import Country
from programmes.ledger import figures
from programmes.ledger.counts import CountMeasure
from programmes.ledger.figures import Cell
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf, Scope
from programmes.models import Document, DocumentLink, Programme, Region, StatedAmount, Strand

Cells = Mapping[tuple[Any, ...], Cell]


@dataclass(frozen=True)
class Answers:
    """The figures of the question, by key, and the contracted figure divided by strand and by place."""

    readings: Mapping[str, Reading]
    by_strand: Cells
    by_place: Cells


@dataclass(frozen=True)
class Papers:
    """What the public record holds on the programme beside money and projects."""

    documents: Sequence[Document]
    links: Sequence[DocumentLink]
    calls: Sequence[Call]
    stated: Sequence[StatedAmount]
    evaluations: Sequence[Evaluation]


@dataclass(frozen=True)
class Material:
    """Everything a report is written from."""

    programme: Programme
    scope: Scope
    as_of: AsOf
    strands: Sequence[Strand]
    countries: Mapping[str, str]
    regions: Mapping[str, str]
    answers: Answers
    portfolio: Sequence[Listed]
    papers: Papers
    seal: Seal | None

    def reading(self, key: str) -> Reading:
        return self.answers.readings[key]

    def address(self, measure: str, **narrower: tuple[str, ...]) -> str:
        """The address of the same question, narrowed."""
        return address(measure, replace(self.scope, **narrower), self.as_of)  # type: ignore[arg-type]


def strands_of(scope: Scope) -> list[Strand]:
    """The strands asked for, or all strands of the programme."""
    rows = Strand.objects.filter(programmes__code=scope.programme)
    return list(rows.filter(code__in=scope.strands) if scope.strands else rows)


def ask_figures(scope: Scope, as_of: AsOf) -> Answers:
    """Answer every measure for the question, and contracted amounts and projects for each strand."""
    readings = {measure: read(measure, scope, as_of) for measure in DEFINITIONS}
    for strand in strands_of(scope):
        narrower = replace(scope, strands=(strand.code,))
        for measure in (Measure.CONTRACTED, CountMeasure.PROJECTS):
            readings[f"{measure}-{strand.code}"] = read(measure, narrower, as_of)
    return Answers(
        readings=readings,
        by_strand=figures.table(Measure.CONTRACTED, scope, as_of, ["strand"]),
        by_place=figures.table(Measure.CONTRACTED, scope, as_of, ["place", "country"]),
    )


def read_papers(programme: Programme) -> Papers:
    """Published documents, calls and evaluations of a programme, whatever part of it is asked for."""
    documents = Document.objects.visible_to(VISITOR).filter(programme=programme)
    return Papers(
        documents=list(documents),
        links=list(
            DocumentLink.objects.filter(
                from_document__in=documents, to_document__in=Document.objects.visible_to(VISITOR)
            ).select_related("from_document", "to_document")
        ),
        calls=list(Call.objects.visible_to(VISITOR).filter(programme=programme)),
        stated=list(StatedAmount.objects.filter(programme=programme)),
        evaluations=list(
            Evaluation.objects.filter(document__in=documents)
            .select_related("document")
            .prefetch_related("questions", "findings", "recommendations")
        ),
    )


def put_together(
    programme: Programme,
    scope: Scope,
    as_of: AsOf,
    *,
    answers: Answers,
    portfolio: Sequence[Listed],
    papers: Papers,
) -> Material:
    """The material with the names of strands, countries and regions, and the newest seal there is."""
    return Material(
        programme=programme,
        scope=scope,
        as_of=as_of,
        strands=strands_of(scope),
        countries=dict(Country.objects.values_list("code", "name")),
        regions=dict(Region.objects.filter(programme=programme).values_list("code", "name")),
        answers=answers,
        portfolio=portfolio,
        papers=papers,
        seal=head(),
    )
