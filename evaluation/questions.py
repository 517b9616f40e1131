"""A question in words: the programme, strands, places, record and period a figure is asked of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.people import Viewer
from portal.wording import partial_date
from programmes.ledger import codes
from programmes.ledger.models import SubjectKind
from programmes.ledger.scope import ALL_PROGRAMMES, Axis, Scope
from programmes.ledger.words import ITSELF_WORDS, PlaceWord, StrandWord, regions_themselves
from programmes.models import Region

Fact = dict[str, Any]
Text = str | dict[str, str]


def question_facts(scope: Scope, viewer: Viewer) -> list[Fact]:
    """The question as terms and values, each value with its page where it has one.

    Records that the viewer may not see are named by nothing but "withheld".
    """
    facts = [_fact(_("Programme"), _programme(scope, viewer))]
    if scope.strands:
        facts.append(_fact(_("Strands"), _strands(scope, viewer)))
    if scope.has_place:
        countries = _named("country", scope.countries, viewer)
        facts.append(_fact(_("Places"), [*_regions(scope), *countries]))
    facts += [
        _fact(record_label(name), _named(name, [code], viewer))
        for name, code in scope.record_filters.items()
    ]
    return [*facts, {"term": _("Period"), "value": period_text(scope)}]


def question_text(scope: Scope, viewer: Viewer) -> str:
    """The question in one line: programme; strands; places; period."""
    return "; ".join(_fact_text(fact) for fact in question_facts(scope, viewer))


def _fact_text(fact: Fact) -> str:
    texts = [each if isinstance(each, str) else each["text"] for each in fact.get("several", [])]
    return ", ".join(texts) or str(fact["value"])


def period_text(scope: Scope) -> str:
    """The period with its axis, or that there is none and undated amounts are included."""
    if not scope.has_period:
        return _("whole programme, undated amounts included")
    words = {
        "start": partial_date(scope.start),
        "end": partial_date(scope.end),
        "axis": Axis(scope.axis).label,
    }
    if not scope.start:
        return _("until %(end)s, %(axis)s") % words
    if not scope.end:
        return _("from %(start)s, %(axis)s") % words
    return _("%(start)s to %(end)s, %(axis)s") % words


def record_label(name: str) -> str:
    """What a kind of record is called, capital first."""
    labels = {kind.value: kind.label for kind in SubjectKind} | {
        "action": _("action"),
        "lot": _("lot"),
    }
    return str(labels[name]).capitalize()


def narrowed(scope: Scope) -> bool:
    """Whether anything but programme and period narrows the question."""
    return scope.without_period() != Scope(scope.programme)


def _fact(term: str, texts: list[Text]) -> Fact:
    return {"term": term, "several": texts}


def _programme(scope: Scope, viewer: Viewer) -> list[Text]:
    if scope.programme == ALL_PROGRAMMES:
        return [_("All programmes, demonstration data left out")]
    return _named("programme", [scope.programme], viewer)


def _named(field: str, wanted: Collection[str], viewer: Viewer) -> list[Text]:
    found = codes.describe(field, wanted, viewer)
    return [
        {"text": found[code].title, "url": found[code].url} if code in found else _("withheld")
        for code in wanted
    ]


def _strands(scope: Scope, viewer: Viewer) -> list[Text]:
    """The strands by name, words as such."""
    words = [str(word.label) for word in StrandWord if word in scope.strands]
    return [*_named("strand", scope.strand_codes, viewer), *words]


def _regions(scope: Scope) -> list[Text]:
    """The regions by name, words as such."""
    themselves = regions_themselves(scope.regions)
    rows = Region.objects.filter(
        code__in=[*scope.whole_regions, *themselves], programme__code__in=scope.programmes()
    )
    names = dict(rows.values_list("code", "name"))
    return [
        *(names.get(code, code) for code in scope.whole_regions),
        *(ITSELF_WORDS % {"region": names.get(code, code)} for code in themselves),
        *(str(word.label) for word in PlaceWord if word in scope.regions),
    ]
