"""Everything that the page of the coverage matrix shows: the choice of measure and years, and the table."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes import census, coverage
from programmes.coverage import Matrix, Years
from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from programmes.ledger.scope import AsOf
from programmes.models import Programme

LABELS = {each.value: each.label for each in (*Measure, CountMeasure.PROJECTS)}


class NotAsked(ValidationError):
    """There is no such measure or year to show; says so by parameter."""


def coverage_sheet(programme: Programme, as_of: AsOf, measure: str, years: str) -> dict[str, Any]:
    """The matrix of one measure in some years with the ways to the others. Raises `NotAsked` for what there is not.

    `measure` is `contracted` where empty; `years` as `Years.text` has it.
    """
    measure = measure or Measure.CONTRACTED.value
    if measure not in LABELS:
        raise NotAsked(
            _("There is no measure “%(measure)s” in this matrix.") % {"measure": measure}
        )
    matrix, asked, choices = read_matrix(programme, as_of, measure, years)
    return {
        "programme": programme,
        "demonstration": programme.demonstration,
        "meta": [programme.code, f"{programme.period_start}–{programme.period_end}"],
        "is_count": measure not in Measure.values,
        "measure": LABELS[measure],
        "years": _words(asked),
        "measures": [
            (_address(programme, each, _kept(asked, measure, each)), label, each == measure)
            for each, label in LABELS.items()
        ],
        "choices": [
            (_address(programme, measure, each.text), _words(each), each == asked)
            for each in choices
        ],
        "matrix": matrix,
        "as_of": as_of,
        "actions": [(reverse("view_thread", args=[programme.code]), _("The thread"), "")],
    }


def read_matrix(
    programme: Programme, as_of: AsOf, measure: str, text: str
) -> tuple[Matrix, Years, list[Years]]:
    """The matrix of a measure, the years it is for, and the years that may be asked of it.

    Raises `NotAsked` where there is no such measure, or `text` is none of its years.
    """
    if measure not in LABELS:
        words = _("There is no measure “%(measure)s” in this matrix.")
        raise NotAsked({"measure": [words % {"measure": measure}]})
    if measure == CountMeasure.PROJECTS:
        choices = [Years()]
    else:
        held = coverage.read_money(programme, as_of)
        choices = held.years(measure)
    asked = next((each for each in choices if each.text == text), None)
    if asked is None:
        words = _("Nothing is posted for the years “%(years)s”.")
        raise NotAsked({"years": [words % {"years": text}]})
    if measure == CountMeasure.PROJECTS:
        return census.project_matrix(programme, as_of), asked, choices
    return coverage.money_matrix(held, measure, asked), asked, choices


def _address(programme: Programme, measure: str, years: str) -> str:
    asked = {"measure": measure, "years": years}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{reverse('view_coverage', args=[programme.code])}?{query}"


def _kept(asked: Years, measure: str, other: str) -> str:
    """The years that may be asked of another measure as well: envelopes have spans, projects have none."""
    apart = {Measure.ENVELOPE.value, CountMeasure.PROJECTS.value}
    return "" if {measure, other} & apart else asked.text


def _words(years: Years) -> str:
    if years.undated:
        return _("Without a budget year")
    return years.text.replace("-", "–") or _("All years")
