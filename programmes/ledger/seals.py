"""Has every posting, milestone and tag sealed, and says what an altered one is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.audit.sealed import SealedTable, register
from portal.wording import money
from programmes.ledger.models import Milestone, Posting, Tag

_PLACED = ("id", "position", "posted_at", "programme", "reason", "by")


def _posting(position: int) -> str:
    row = Posting.objects.filter(position=position).first()
    if row is None:
        return ""
    on = row.project or row.call or row.action or row.work_programme or row.indicative_programme
    parts = [row.programme, row.get_measure_display(), money(row.amount, cents=True), on, row.event]
    return ", ".join(str(part) for part in parts if part)


def _milestone(position: int) -> str:
    row = Milestone.objects.filter(position=position).first()
    if row is None:
        return ""
    return (
        f"{row.programme}, {row.get_subject_kind_display()} {row.subject}, {row.get_kind_display()}"
    )


def _tag(position: int) -> str:
    row = Tag.objects.filter(position=position).first()
    if row is None:
        return ""
    subject = f"{row.get_subject_kind_display()} {row.subject}"
    return f"{row.programme}, {subject}, {row.get_dimension_display()} {row.key}"


register(
    SealedTable(
        number=2,
        table="ledger_posting",
        noun=_("posting"),
        columns={
            1: (
                *_PLACED,
                "measure",
                "amount",
                "value_date",
                "date_precision",
                "budget_year",
                "period_start",
                "period_end",
                "strand",
                "place",
                "region",
                "country",
                "indicative_programme",
                "work_programme",
                "action",
                "commitment",
                "call",
                "lot",
                "project",
                "event",
                "attribution",
                "reverses_id",
            )
        },
        describe=_posting,
    )
)
register(
    SealedTable(
        number=3,
        table="ledger_milestone",
        noun=_("milestone"),
        columns={
            1: (
                *_PLACED,
                "subject_kind",
                "subject",
                "kind",
                "happened_on",
                "date_precision",
                "reverses_id",
            )
        },
        describe=_milestone,
    )
)
register(
    SealedTable(
        number=4,
        table="ledger_tag",
        noun=_("tag"),
        columns={
            1: (
                *_PLACED,
                "subject_kind",
                "subject",
                "dimension",
                "key",
                "region",
                "reverses_id",
            )
        },
        describe=_tag,
    )
)
