"""What is known of one project, put in words for its page."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.people import Viewer
from portal.records import Attribution
from portal.wording import money, partial_date, percent
from programmes.facts import Fact, fact, source_of, stated_headers, stated_rows
from programmes.ledger import codes
from programmes.ledger.scope import AsOf
from programmes.models import StatedAmount
from projects.listing import project_marks
from projects.models import Project, ProjectStatus, ProjectStrand
from projects.money import milestones_of, money_of, posting_headers

TONES = {
    ProjectStatus.NOT_REPORTED: "neutral",
    ProjectStatus.PREPARED: "info",
    ProjectStatus.SIGNED: "good",
    ProjectStatus.SUSPENDED: "attention",
    ProjectStatus.TERMINATED: "bad",
    ProjectStatus.CLOSED: "neutral",
}
EXPLAINED = {
    Attribution.EXPLICIT: gettext_lazy("The source names the programme."),
    Attribution.INFERRED: gettext_lazy(
        "The source speaks of money of the European Union; that it is this programme’s is inferred."
    ),
    Attribution.UNCERTAIN: gettext_lazy("The project may belong to another instrument."),
}


def project_sheet(project: Project, viewer: Viewer, as_of: AsOf) -> dict[str, Any]:
    """Everything the page of a project shows, in a constant number of queries."""
    funds = money_of(project, as_of, viewer)
    milestones = milestones_of(project, as_of)
    stated = StatedAmount.objects.filter(about=project.code)
    return {
        "project": project,
        "demonstration": project.programme.demonstration,
        "status": _status(project),
        "marks": project_marks(project),
        "meta": [text for text in (project.code, project.acronym, project.reference) if text],
        "attribution": EXPLAINED[Attribution(project.attribution)],
        "attribution_marks": [project.attribution],
        "thread": _thread(project, viewer),
        "facts": [
            *_who(project),
            *_touched(project),
            *_when(project),
            *_amounts(project),
            *_related(project, viewer),
        ],
        "figures": funds.tiles,
        "accounts": funds.accounts,
        "posting_headers": posting_headers(),
        "milestones": milestones.entries,
        "known_since": milestones.known_since,
        "source": source_of(project),
        "stated_headers": stated_headers(),
        "stated_rows": stated_rows(stated, {}),
    }


def _status(project: Project) -> dict[str, str]:
    status = ProjectStatus(project.status)
    if status == ProjectStatus.NOT_REPORTED:
        return {"label": _("Status not reported"), "tone": TONES[status]}
    return {"label": str(status.label), "tone": TONES[status]}


def _thread(project: Project, viewer: Viewer) -> list[Fact]:
    """From the project up: the call, action, work programme and programme it belongs to."""
    steps = [
        ("programme", _("Programme"), "programme_code", project.programme),
        ("work_programme", _("Work programme"), "work_programme", project.work_programme),
        ("action", _("Action"), "action", project.action),
        ("call", _("Call"), "call_code", project.call),
    ]
    thread: list[Fact] = []
    for field, term, column, record in steps:
        named = codes.describe(field, [record.code], viewer).get(record.code) if record else None
        title, url = (named.title, named.url) if named else (None, "")
        thread.append(fact(project, column, term, title, url=url))
    return thread


def _who(project: Project) -> list[Fact]:
    lead = project.lead
    partners = [
        {"text": partner.name, "url": partner.organisation.get_absolute_url()}
        if partner.organisation
        else partner.name
        for partner in project.partners.select_related("organisation")
    ]
    return [
        fact(
            project,
            "beneficiary",
            _("Lead"),
            lead.name if lead else None,
            url=lead.get_absolute_url() if lead else "",
            note=lead.get_kind_display() if lead else "",
        ),
        fact(project, "partners", _("Partners"), None, several=partners),
        fact(project, "award_type", _("How awarded"), project.get_award_type_display()),
    ]


def _when(project: Project) -> list[Fact]:
    ended = project.has_ended()
    words = {True: _("The period has ended."), False: _("The period has not ended.")}
    return [
        fact(project, "start", _("Start"), _date(project.start)),
        fact(
            project, "end", _("End"), _date(project.end), note="" if ended is None else words[ended]
        ),
    ]


def _date(text: str) -> str | None:
    return partial_date(text) if text else None


def _amounts(project: Project) -> list[Fact]:
    contribution, cost = project.eu_contribution, project.total_cost
    share = (
        _("%(share)s of the total cost") % {"share": percent(contribution / cost)}
        if (contribution is not None and cost)
        else ""
    )
    return [
        fact(
            project,
            "amount_eur",
            _("EU contribution stated"),
            None if contribution is None else money(contribution),
            note=share,
        ),
        fact(
            project,
            "total_cost_eur",
            _("Total cost stated"),
            None if cost is None else money(cost),
        ),
    ]


def _related(project: Project, viewer: Viewer) -> list[Fact]:
    """What the project follows and what follows it, where there is any."""
    near = Q(pk=project.predecessor_id) | Q(predecessor=project)
    found = Project.objects.visible_to(viewer).filter(near).order_by("code")
    before: list[dict[str, str]] = []
    after: list[dict[str, str]] = []
    for other in found:
        side = before if other.pk == project.predecessor_id else after
        side.append({"text": other.title, "url": other.get_absolute_url()})
    facts = [
        fact(project, "predecessor", _("Follows"), None, several=before),
        fact(project, "successors", _("Followed by"), None, several=after),
    ]
    return [fact for fact in facts if fact["several"]]


def _touched(project: Project) -> list[Fact]:
    """The countries and strands a project touches, with the shares that are known."""
    countries = list(project.country_tags.select_related("country"))
    strands = list(project.strand_tags.select_related("strand"))
    places = [
        _part(tag.country.name, reverse("view_country", args=[tag.country.code]), tag.share)
        for tag in countries
    ]
    themes = [_part(_strand_name(tag), tag.strand.get_absolute_url(), tag.share) for tag in strands]
    return [
        fact(
            project,
            "countries",
            _("Countries"),
            None,
            several=places,
            note=_about_shares([tag.share for tag in countries]),
        ),
        fact(project, "region_note", _("Area as stated"), project.region_note),
        fact(
            project,
            "strands",
            _("Strands"),
            None,
            several=themes,
            note=_about_shares([tag.share for tag in strands]),
        ),
    ]


def _strand_name(tag: ProjectStrand) -> str:
    return _("%(strand)s (main)") % {"strand": tag.strand.title} if tag.main else tag.strand.title


def _part(name: str, url: str, share: Decimal | None) -> dict[str, str]:
    """A name, and its share where one is known, to the last digit given."""
    if share is None:
        return {"text": name, "url": url}
    places = max(0, -int(share.normalize().as_tuple().exponent))
    return {"text": f"{name}: {percent(share / 100, places)}", "url": url}


def _about_shares(shares: Sequence[Decimal | None]) -> str:
    """What to say of several parts without shares; nothing where shares are known or there is one part."""
    if len(shares) < 2 or shares[0] is not None:
        return ""
    return _("Shares are not reported: money of this project is not divided among them.")
