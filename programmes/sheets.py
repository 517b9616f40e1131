"""Everything that the page of one programme, document, action or strand shows, each in a constant number of queries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.people import Viewer, reads_everything
from programmes import contents, facts, financing, hanging, meter, portfolio, verbs, vocabulary
from programmes.file_sheet import files_part
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import ALL_PROGRAMMES, AsOf, Scope
from programmes.models import Action, Document, Programme, ProgrammeStatus, Strand
from programmes.thread import read_documents
from programmes.tiles import count_tiles, money_tiles
from programmes.tree import columns, short_tree
from programmes.version_sheet import versions_part

Sheet = dict[str, Any]

COUNTED = (
    CountMeasure.PROJECTS,
    CountMeasure.CONTRACTS,
    CountMeasure.FINAL_REPORTS,
    CountMeasure.CALLS,
)


def programme_sheet(programme: Programme, viewer: Viewer, as_of: AsOf) -> Sheet:
    """A programme: its facts, its figures, its words, and the thread from policy framework to project."""
    scope = Scope(programme.code)
    strands = list(vocabulary.strands_with_words(programme))
    return {
        "programme": programme,
        "demonstration": programme.demonstration,
        "meta": [programme.code, f"{programme.period_start}–{programme.period_end}"],
        "status": status_of(programme),
        "actions": _ways_in(programme, viewer),
        "facts": facts.programme_facts(programme, programme.successors.visible_to(viewer)),
        "source": facts.source_of(programme),
        "figures": money_tiles(Measure.values, scope, as_of),
        "counts": count_tiles(COUNTED, scope, as_of),
        "stated_headers": facts.stated_headers(),
        "stated": hanging.stated_rows(programme.stated_amounts.all(), viewer),
        "strands": strands,
        "themes": vocabulary.themes_of(programme),
        "region_headers": vocabulary.region_headers(),
        "regions": vocabulary.region_rows(programme),
        "charts": portfolio.charts(strands, scope, as_of),
        "columns": columns(),
        "nodes": short_tree(read_documents(programme, viewer, as_of)),
        "as_of": as_of,
        "inpage": [
            ("thread", _("The thread")),
            ("stated", _("Amounts that sources state")),
            ("charts", _("Where the contracted money went")),
            ("strands", _("Strands and their measures")),
            ("regions", _("Regions")),
        ],
    }


def status_of(programme: Programme) -> dict[str, Any] | None:
    """Says that a programme is still being set up; nothing of an open one."""
    if programme.status == ProgrammeStatus.OPEN:
        return None
    return {"label": programme.get_status_display(), "tone": "attention"}


def _ways_in(programme: Programme, viewer: Viewer) -> list[tuple[str, str, str]]:
    query = urlencode({"programme": programme.code})
    setting_up = [(reverse("set_up_programme", args=[programme.code]), _("Set up"), "")]
    return [
        (reverse("view_thread", args=[programme.code]), _("The whole thread"), ""),
        (reverse("view_coverage", args=[programme.code]), _("Coverage matrix"), ""),
        *(setting_up if reads_everything(viewer) else []),
        *verbs.ways_to_add(viewer, programme),
        (f"{reverse('list_projects')}?{query}", _("Projects"), ""),
        (f"{reverse('list_calls')}?{query}", _("Calls"), ""),
        (f"{reverse('list_documents')}?{query}", _("Documents"), ""),
    ]


def document_sheet(document: Document, viewer: Viewer, as_of: AsOf) -> Sheet:
    """A document: what stands above, beneath and beside it, and the money that hangs on it."""
    return {
        "document": document,
        "demonstration": document.programme.demonstration,
        "meta": [text for text in (document.code, document.period) if text],
        "facts": [*facts.document_facts(document), *facts.note_fact(document.note)],
        "source": facts.source_of(document),
        "versions": versions_part(document, viewer),
        "files": files_part(document, viewer),
        "verbs": verbs.document_verbs(document, viewer),
        "content": contents.content_sheet(document, viewer),
        "parent": hanging.parent_of(document, viewer),
        "children": document.children.visible_to(viewer).filter(amends=None),
        "links": hanging.links_of(document, viewer),
        "action_headers": hanging.action_headers(),
        "action_rows": hanging.action_rows(document.actions.visible_to(viewer).standing()),
        "figures": hanging.figures_of(document, as_of),
        "meter": meter.shown(document, as_of),
        "financing": financing.of_work_programme(document, viewer, as_of),
        "stated_headers": facts.stated_headers(),
        "stated": hanging.stated_about(document.code, viewer),
        "projects": hanging.projects_of(
            document.projects,
            viewer,
            programme=document.programme.code,
            work_programme=document.code,
        ),
    }


def action_sheet(action: Action, viewer: Viewer, as_of: AsOf) -> Sheet:
    """An action: what the law asks of it, the calls that implement it, and the money that came of it."""
    work_programme = action.work_programme
    programme = work_programme.programme
    return {
        "action": action,
        "demonstration": programme.demonstration,
        "meta": [action.code, work_programme.code],
        "facts": facts.action_facts(action, action.priorities.visible_to(viewer)),
        "source": facts.source_of(action),
        "marks": facts.marks_of(action, action.attribution),
        "verbs": verbs.action_verbs(action, viewer),
        "amount_headers": hanging.amount_headers(),
        "amounts": hanging.amount_rows(action.amounts.all()),
        "meter": meter.shown(action, as_of),
        "commitments": financing.of_action(action, viewer, as_of),
        "calls": action.calls.visible_to(viewer),
        "figures": money_tiles(
            Measure.values[1:], Scope(programme.code, action=action.code), as_of
        ),
        "projects": hanging.projects_of(
            action.projects, viewer, programme=programme.code, action=action.code
        ),
    }


def strand_sheet(strand: Strand, as_of: AsOf) -> Sheet:
    """A strand: what it was called, its measures and themes, and its money in each real programme."""
    programmes = list(strand.programmes.opened())
    real = [programme for programme in programmes if not programme.demonstration]
    scope = Scope(ALL_PROGRAMMES, strands=(strand.code,))
    return {
        "strand": strand,
        "meta": [strand.code, _("number %(number)s") % {"number": strand.number}],
        "source": facts.source_of(strand),
        "titles": facts.title_entries(strand),
        "figures": money_tiles(Measure.values, scope, as_of),
        "counts": count_tiles(COUNTED[:3], scope, as_of),
        "headers": portfolio.strand_headers(),
        "rows": portfolio.strand_rows(strand, real, as_of),
        "made_up": [
            {**facts.as_link(programme), "marks": ["demonstration"]}
            for programme in programmes
            if programme.demonstration
        ],
        "projects_url": f"{reverse('list_projects')}?{urlencode({'strand': strand.code})}",
    }
