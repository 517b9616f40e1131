"""The first pages: the question answered, in words and in figures."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures import Difference
from evaluation.report import blocks
from evaluation.report.blocks import Section
from evaluation.report.material import Material
from portal.records import Attribution
from portal.wording import money, number
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure

MONEY_KEYS = [*Measure.values, *Difference.values]
COUNT_KEYS = [
    CountMeasure.PROJECTS,
    CountMeasure.CONTRACTS,
    CountMeasure.BASELINES,
    CountMeasure.TARGETS,
    CountMeasure.FINAL_REPORTS,
    CountMeasure.CALLS,
]


def write_summary(material: Material) -> Section:
    """What the question's answer is, in a few sentences and all its figures."""
    return Section(
        key="summary",
        title=_("Summary"),
        blocks=[
            blocks.lead(_portfolio_sentence(material)),
            blocks.paragraphs(_money_sentence(material), _attribution_sentence(material)),
            *_silence(material),
            blocks.heading(_("Money")),
            blocks.figures(MONEY_KEYS),
            blocks.heading(_("Projects and calls")),
            blocks.figures(COUNT_KEYS),
        ],
    )


def _portfolio_sentence(material: Material) -> str:
    projects = material.portfolio
    leads = {project.lead_name for project in projects if project.lead_name}
    countries = {country for project in projects for country in project.countries}
    several = sum(len(project.countries) > 1 for project in projects)
    return _(
        "The portal knows %(projects)s of this question, led by %(leads)s and touching %(countries)s; "
        "%(several)s of them work in more than one country."
    ) % {
        "projects": ngettext("%(n)s project", "%(n)s projects", len(projects))
        % {"n": number(len(projects))},
        "leads": ngettext("%(n)s organisation", "%(n)s organisations", len(leads))
        % {"n": number(len(leads))},
        "countries": ngettext("%(n)s country", "%(n)s countries", len(countries))
        % {"n": number(len(countries))},
        "several": number(several),
    }


def _money_sentence(material: Material) -> str:
    contracted = material.reading(Measure.CONTRACTED)
    if contracted.value is None:
        return _("No contracted amount is reported.")
    return _(
        "A contracted amount is reported for %(reported)s of %(recorded)s projects: %(amount)s in all. "
        "What the other projects received is not reported and is not in this sum."
    ) % {
        "reported": number(contracted.reported),
        "recorded": number(contracted.recorded),
        "amount": money(contracted.value),
    }


def _attribution_sentence(material: Material) -> str:
    parts = material.reading(Measure.CONTRACTED).by_attribution
    if not parts:
        return ""
    listed = [f"{money(amount)} – {Attribution(kind).label}" for kind, amount in parts.items()]
    return _("By attribution to the programme: %(parts)s.") % {"parts": "; ".join(listed)}


def _silence(material: Material) -> list[blocks.Block]:
    """A box that names the figures for which nothing is reported."""
    silent = [
        material.reading(key).label
        for key in [*MONEY_KEYS, *COUNT_KEYS]
        if material.reading(key).value is None
    ]
    if not silent:
        return []
    text = _("Not reported at all: %(measures)s. Not reported is not zero.")
    return [
        blocks.note(
            _("What this report cannot say"), [text % {"measures": ", ".join(silent)}], gap=True
        )
    ]
