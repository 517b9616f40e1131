"""May an action take place in a country under a programme on a day, and by which rule.

Only the question of place is answered here. Eligibility is data: each answer names the rule or the
suspension that decides, and where nothing is recorded the answer is that it is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.countries.models import Country
from portal.dates import BRUSSELS
from portal.wording import partial_date
from programmes.models import (
    EligibilityRule,
    Programme,
    ProgrammeCountry,
    Question,
    Suspension,
)


@dataclass(frozen=True)
class Answer:
    """What a programme answers for a country on a day.

    `admitted` is None where nothing is recorded. `within_several` says of a "no" that it does not hold for
    an action in several countries. `source` is where the deciding row was read; `unconfirmed` says that it
    rests on general knowledge.
    """

    admitted: bool | None
    on: date
    reason: str
    rule: EligibilityRule | None = None
    source: str = ""
    unconfirmed: bool = False
    suspended: bool = False
    within_several: bool = False

    @property
    def word(self) -> str:
        """The answer in a word or two."""
        if self.suspended:
            return _("suspended")
        if self.admitted is None:
            return _("not known")
        if self.within_several:
            return _("multi-country only")
        return _("yes") if self.admitted else _("no")

    @property
    def tone(self) -> str:
        """How the answer is coloured: see the component `status`."""
        if self.admitted is None:
            return "neutral"
        if self.within_several:
            return "attention"
        return "good" if self.admitted else "bad"


def day_asked(programme: Programme, today: date | None = None) -> date:
    """Today while the programme runs; else its first or last day, whichever is nearer."""
    today = today or timezone.now().astimezone(BRUSSELS).date()
    first, last = date(programme.period_start, 1, 1), date(programme.period_end, 12, 31)
    return min(max(today, first), last)


def answer(programme: Programme, country: Country, on: date | None = None) -> Answer:
    """The answer for one country, on `on` or the day that `day_asked` gives. Two queries."""
    return answers([programme], [country], on)[programme.code, country.code]


def answers(
    programmes: Sequence[Programme], countries: Sequence[Country], on: date | None = None
) -> dict[tuple[str, str], Answer]:
    """Answers by codes of programme and country, for every pair. Two queries, however many there are."""
    places: defaultdict[tuple[int, int], list[ProgrammeCountry]] = defaultdict(list)
    rows = ProgrammeCountry.objects.filter(
        programme__in=programmes, country__in=countries, question=Question.PLACE
    )
    for row in rows.select_related("rule"):
        places[row.programme_id, row.country_id].append(row)
    stops: defaultdict[tuple[int, int], list[Suspension]] = defaultdict(list)
    for stop in Suspension.objects.filter(programme__in=programmes, country__in=countries):
        stops[stop.programme_id, stop.country_id].append(stop)
    return {
        (programme.code, country.code): decide(
            places[programme.pk, country.pk],
            stops[programme.pk, country.pk],
            on or day_asked(programme),
        )
        for programme in programmes
        for country in countries
    }


def decide(
    places: Sequence[ProgrammeCountry], suspensions: Sequence[Suspension], on: date
) -> Answer:
    """The answer that the rows of one programme and country give on a day. A suspension goes before every rule."""
    for stop in suspensions:
        if _holds(stop.suspended_from, stop.suspended_to, on):
            return _suspended(stop, on)
    valid = [row for row in places if _holds(row.valid_from, row.valid_to, on)]
    if not valid:
        return Answer(None, on, _why_unknown(places, on))
    row = max(valid, key=lambda each: each.valid_from or date.min)
    rule = row.rule
    return Answer(
        admitted=rule.admits,
        on=on,
        reason=rule.text,
        rule=rule,
        source=rule.source or row.source,
        unconfirmed=rule.is_unconfirmed or row.is_unconfirmed,
        within_several=not rule.admits and rule.multi_country_exception,
    )


def _holds(first: date | None, last: date | None, on: date) -> bool:
    return (first or date.min) <= on <= (last or date.max)


def _suspended(stop: Suspension, on: date) -> Answer:
    reason = _("Suspended from %(first)s: %(reason)s") % {
        "first": partial_date(stop.suspended_from),
        "reason": stop.reason,
    }
    return Answer(
        admitted=False,
        on=on,
        reason=reason,
        source=stop.source,
        unconfirmed=stop.is_unconfirmed,
        suspended=True,
    )


def _why_unknown(places: Sequence[ProgrammeCountry], on: date) -> str:
    if places:
        return _("No rule is recorded for %(day)s.") % {"day": partial_date(on)}
    return _("No rule is recorded for this country.")
