"""A programme small enough to add up in one's head.

project  strands         countries  contracted  attribution
P001     MIGDEV          MA           1 000.50  explicit
P002     MIGDEV, ASYLUM  MA, MD       2 000.00  inferred, not divided
P003     ASYLUM          MD                  -
P004     MIGDEV          MA             400.00  explicit, restricted
                                      --------
                                      3 400.50
"""

from __future__ import annotations

from decimal import Decimal

from evaluation.models import Evaluation, Finding, Recommendation
from programmes.ledger.models import Measure, MilestoneKind, Place, Posting, SubjectKind
from programmes.ledger.posting import Touches, post, record_milestone, tag
from programmes.models import DocumentKind, StatedAmount
from projects.models import OrganisationKind, ProjectStatus
from tests.factories.calls import CallFactory
from tests.factories.programmes import (
    CountryFactory,
    DocumentFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import OrganisationFactory, ProjectFactory

SHELTER = "Shelter for victims of trafficking"


def contracted(project: str, amount: str, **cells) -> Posting:
    return Posting(
        measure=Measure.CONTRACTED,
        programme="TPMA",
        project=project,
        amount=Decimal(amount),
        event="amount stated",
        **cells,
    )


def lay_out_programme() -> None:
    """Make the programme of the table above, with an envelope, a call, a stated amount and an audit."""
    programme = ProgrammeFactory(name="Thematic programme")
    migdev = StrandFactory(code="MIGDEV", number=1, title="Migration and development")
    asylum = StrandFactory(code="ASYLUM", number=2, title="Asylum")
    programme.strands.add(migdev, asylum)
    CountryFactory(code="MA")
    CountryFactory(code="MD")
    RegionFactory(code="SOUTH", name="Southern route")
    _projects()
    _papers(programme)
    _amounts()


def _projects() -> None:
    unhcr = OrganisationFactory(name="UNHCR", kind=OrganisationKind.INTERNATIONAL)
    call = CallFactory(code="CALL-1", title="The one call")
    ProjectFactory(code="P001", title="Remittances", lead=unhcr, call=call, start="2009-03")
    ProjectFactory(code="P002", title="Return", lead=unhcr, attribution="inferred", start="2010")
    ProjectFactory(code="P003", title="=HYPERLINK asylum")
    ProjectFactory(
        code="P004",
        title=SHELTER,
        restricted=True,
        restricted_reason="Must not be found",
        status=ProjectStatus.SIGNED,
    )


def _papers(programme) -> None:
    DocumentFactory(
        code="MIP-2007-2010",
        kind=DocumentKind.INDICATIVE_PROGRAMME,
        title="First indicative programme",
        period_start=2007,
        period_end=2010,
    )
    audit = DocumentFactory(code="ECA-1", kind=DocumentKind.AUDIT_REPORT, title="Audit report")
    DocumentFactory(
        code="EVAL-2",
        kind=DocumentKind.EVALUATION_REPORT,
        title="Lost evaluation",
        status="not_found",
    )
    evaluation = Evaluation.objects.create(
        code="ECA-1", document=audit, title="Audit report", source="Court of Auditors"
    )
    Finding.objects.create(
        code="F1",
        evaluation=evaluation,
        title="Vague",
        text="Objectives were vague.",
        criterion="relevance",
    )
    Recommendation.objects.create(
        code="R1", evaluation=evaluation, title="Measure", text="Set measurable objectives."
    )
    StatedAmount.objects.create(
        programme=programme,
        about="ECA-1",
        period_start=2007,
        period_end=2013,
        dimension="total",
        key="EXT",
        label="Part for which precise data exist",
        amount=Decimal("304000000.00"),
        kind="contracted",
        source="Press",
        confidence="seen",
    )


TAGS = {
    "P001": (["MIGDEV"], ["MA"]),
    "P002": (["MIGDEV", "ASYLUM"], ["MA", "MD"]),
    "P003": (["ASYLUM"], ["MD"]),
    "P004": (["MIGDEV"], ["MA"]),
}


def _amounts() -> None:
    known = {
        SubjectKind.PROJECT: list(TAGS),
        SubjectKind.CALL: ["CALL-1"],
        SubjectKind.INDICATIVE_PROGRAMME: ["MIP-2007-2010"],
    }
    for kind, codes in known.items():
        record_milestone(MilestoneKind.RECORDED, kind, codes, programme="TPMA", by=None)
    for code, (strands, countries) in TAGS.items():
        tag(
            SubjectKind.PROJECT,
            {code: Touches(strands, countries)},
            programme="TPMA",
            by=None,
        )
    alone = {"strand": "MIGDEV", "place": Place.COUNTRY, "country": "MA"}
    post(
        [
            contracted("P001", "1000.50", **alone),
            contracted("P002", "2000.00", place=Place.SEVERAL, attribution="inferred"),
            contracted("P004", "400.00", **alone),
            Posting(
                measure=Measure.ENVELOPE,
                programme="TPMA",
                indicative_programme="MIP-2007-2010",
                amount=Decimal("205000000.00"),
                period_start=2007,
                period_end=2010,
                event="indicative amount",
            ),
        ],
        by=None,
    )
