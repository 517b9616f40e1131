"""The programme, the documents that programme it, and its calls."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from calls.models import Call
from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from evaluation.report.tables import Column, Row, Table, link_cell, money_cell
from portal.records import Confidence, Sourced
from portal.wording import partial_date
from programmes.models import Document, DocumentStatus


def write_programme(material: Material) -> Section:
    """What the programme is for, its documents in the order of their years, and what links them."""
    documents, links = _documents(material), _links(material)
    missing = [
        f"{document.title} ({document.code})"
        for document in material.papers.documents
        if document.status == DocumentStatus.NOT_FOUND
    ]
    return Section(
        key="programme",
        title=_("The programme and its documents"),
        blocks=[
            blocks.paragraphs(
                _("What the record says of the programme, and of the papers that steer it.")
            ),
            blocks.facts(_facts(material)),
            blocks.table(documents),
            *([blocks.note(_("Foreseen, but not found"), missing, gap=True)] if missing else []),
            *([blocks.table(links)] if links.rows else []),
        ],
        tables=[documents, links] if links.rows else [documents],
    )


def _facts(material: Material) -> list[tuple[str, str | None]]:
    programme = material.programme
    follows = programme.predecessor.short_name if programme.predecessor else None
    return [
        (_("Programme"), programme.name),
        (_("Aim"), programme.aim or None),
        (_("Legal basis"), programme.legal_basis or None),
        (_("Budget line"), programme.budget_line or None),
        (_("Period"), f"{programme.period_start}–{programme.period_end}"),
        (_("Follows"), follows),
        (_("Source"), programme.source or None),
    ]


def reliability(record: Sourced) -> str:
    """How a record is known: read in its source, wholly or in part general knowledge, or entered here."""
    if record.is_unconfirmed:
        return _("unconfirmed")
    if record.recalled_fields:
        return _("in part unconfirmed: %(fields)s") % {"fields": ", ".join(record.recalled_fields)}
    if record.confidence == Confidence.SEEN:
        return _("read in its source")
    return str(record.get_confidence_display())


def _documents(material: Material) -> Table:
    columns = [
        Column(_("Document"), "link"),
        Column(_("Kind")),
        Column(_("Years")),
        Column(_("Adopted")),
        Column(_("Status")),
        Column(_("Amount stated (EUR)"), "money"),
        Column(_("How it is known")),
    ]
    return Table(
        key="documents",
        title=_("Documents of the programme"),
        columns=columns,
        rows=[_document_row(document) for document in material.papers.documents],
        note=_("Amounts stated in documents overlap and are not summed."),
        dense=True,
    )


def _document_row(document: Document) -> Row:
    return Row(
        [
            link_cell(
                document.title, document.get_absolute_url(), document.reference or document.code
            ),
            str(document.get_kind_display()),
            document.period or None,
            partial_date(document.adopted) if document.adopted else None,
            str(document.get_status_display()),
            money_cell(document.stated_amount),
            reliability(document),
        ]
    )


def _links(material: Material) -> Table:
    rows = [
        Row(
            [
                link_cell(
                    link.from_document.title,
                    link.from_document.get_absolute_url(),
                    link.from_document.code,
                ),
                str(link.get_kind_display()),
                link_cell(
                    link.to_document.title,
                    link.to_document.get_absolute_url(),
                    link.to_document.code,
                ),
                link.note or None,
            ]
        )
        for link in material.papers.links
    ]
    columns = [
        Column(_("Document"), "link"),
        Column(_("Relation")),
        Column(_("To"), "link"),
        Column(_("Note")),
    ]
    return Table(
        key="document-links",
        title=_("How the documents hang together"),
        columns=columns,
        rows=rows,
        dense=True,
    )


def write_calls(material: Material) -> Section:
    """The programme's calls for proposals, and how many projects of this question each led to."""
    calls = _calls(material)
    unknown = sum(project.call_code is None for project in material.portfolio)
    return Section(
        key="calls",
        title=_("Calls for proposals"),
        blocks=[
            blocks.paragraphs(
                _(
                    "For %(unknown)s of %(all)s projects the record does not say under which call they were "
                    "selected, or whether they were awarded without one."
                )
                % {"unknown": unknown, "all": len(material.portfolio)}
            ),
            blocks.table(calls),
        ],
        tables=[calls],
    )


def _calls(material: Material) -> Table:
    funded = Counter(project.call_code for project in material.portfolio)
    columns = [
        Column(_("Call"), "link"),
        Column(_("Published")),
        Column(_("Deadline")),
        Column(_("Budget stated (EUR)"), "money"),
        Column(_("Received"), "count"),
        Column(_("Awarded"), "count"),
        Column(_("Projects known"), "count"),
        Column(_("How it is known")),
    ]
    return Table(
        key="calls",
        title=_("Calls of the programme"),
        columns=columns,
        rows=[_call_row(call, funded[call.code]) for call in material.papers.calls],
        dense=True,
    )


def _call_row(call: Call, funded: int) -> Row:
    deadline = call.concept_note_deadline or call.full_application_deadline
    return Row(
        [
            link_cell(call.title, call.get_absolute_url(), call.reference or call.code),
            partial_date(call.published) if call.published else None,
            partial_date(deadline) if deadline else None,
            money_cell(call.budget),
            call.proposals_received,
            call.proposals_awarded,
            funded,
            reliability(call),
        ]
    )
