"""Which country takes part in a programme by which rule, from one day to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.countries.models import Country
from portal.wording import partial_date
from programmes.actions.setting_up.turns import hold, need_source, tell
from programmes.models import EligibilityRule, Programme, ProgrammeCountry


@dataclass(frozen=True)
class _Placing:
    """What is to be said of each country."""

    rule: EligibilityRule
    first: date | None
    last: date | None
    words: dict[str, Any]

    def says_no_more_than(self, row: ProgrammeCountry) -> bool:
        same = all(getattr(row, name) == self.words[name] for name in _TOLD)
        return row.rule_id == self.rule.pk and same

    def overlaps(self, row: ProgrammeCountry) -> bool:
        starts = max(row.valid_from or date.min, self.first or date.min)
        return starts <= min(row.valid_to or date.max, self.last or date.max)


# Beside the rule, what a row says that its reader would miss.
_TOLD = ("instrument", "route", "priority")


@transaction.atomic
def change_countries(
    programme: Programme,
    countries: Collection[Country],
    *,
    by: User,
    rule: EligibilityRule,
    source: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    instrument: str = "",
    route: str = "",
    priority: bool = False,
    note: str = "",
) -> list[ProgrammeCountry]:
    """Place countries by a rule from `valid_from` to `valid_to`, both days included; return the new rows.

    A row that held until then ends the day before: what was said of earlier days stays. `source` says where
    it was read. All countries or none: raises `ValidationError` with a reason for each that cannot be placed.
    """
    held = hold(programme)
    need_source(source)
    words = {"instrument": instrument, "route": route, "priority": priority}
    words |= {"source": source, "note": note}
    placing = _Placing(rule, valid_from, valid_to, words)
    _check_placing(held, countries, placing)
    ended = _end_earlier(_rows_of(held, countries, rule.question), placing)
    rows = [_place(held, country, placing) for country in countries]
    new: dict[str, Any] = {"countries": sorted(country.code for country in countries)}
    new |= {"valid_from": valid_from, "valid_to": valid_to, **words}
    part = ("eligibility rule", rule.code)
    tell("change_countries", held, by=by, part=part, old={"ended": ended}, new=new)
    return rows


@transaction.atomic
def remove_countries(
    programme: Programme, countries: Collection[Country], *, by: User, question: str
) -> Programme:
    """Forget what a programme that is being set up says of countries under one question; return it.

    Raises `ValidationError` once the programme is open: then a country is placed by another rule instead.
    """
    held = hold(programme)
    if not held.is_set_up:
        text = _("The programme is open. Place the countries by another rule from a day on.")
        raise ValidationError(text)
    rows = held.countries.filter(country__in=countries, question=question)
    old = sorted(rows.values_list("country__code", "rule__code"))
    if old:
        rows.delete()
        said = {"question": question, "countries": [list(pair) for pair in old]}
        tell("remove_countries", held, by=by, old=said)
    return held


def _check_placing(programme: Programme, countries: Collection[Country], placing: _Placing) -> None:
    if placing.rule.programme_id != programme.pk:
        raise ValidationError({"rule": _("This rule belongs to another programme.")})
    if not countries:
        raise ValidationError({"countries": _("Choose at least one country.")})
    if placing.first and placing.last and placing.first > placing.last:
        raise ValidationError({"valid_to": _("The last day is before the first.")})
    placed = _rows_of(programme, countries, placing.rule.question)
    errors = [why for country in countries if (why := _why_not(country, placed, placing))]
    if errors:
        raise ValidationError({"countries": errors})


def _rows_of(
    programme: Programme, countries: Collection[Country], question: str
) -> dict[int, list[ProgrammeCountry]]:
    """What the programme says of each country under a question, by key of the country."""
    rows = programme.countries.filter(country__in=countries, question=question)
    found: defaultdict[int, list[ProgrammeCountry]] = defaultdict(list)
    for row in rows.select_related("rule", "country"):
        found[row.country_id].append(row)
    return found


def _why_not(
    country: Country, placed: dict[int, list[ProgrammeCountry]], placing: _Placing
) -> str | None:
    """Why a country cannot be placed: it may only follow on one row that begins earlier and does not outlast it."""
    for row in filter(placing.overlaps, placed.get(country.pk, ())):
        texts = {"country": country, "rule": row.rule.code, "when": _since(row)}
        if placing.says_no_more_than(row):
            return _("%(country)s is placed by this rule already, %(when)s.") % texts
        if placing.first is None or (row.valid_from or date.min) >= placing.first:
            return _("%(country)s has the rule %(rule)s for that time, %(when)s.") % texts
        if placing.last and (row.valid_to or date.max) > placing.last:
            text = _(
                "%(country)s has the rule %(rule)s beyond the last day, %(when)s. Leave the last day empty."
            )
            return text % texts
    return None


def _since(row: ProgrammeCountry) -> str:
    if row.valid_from is None:
        return _("from the beginning")
    return _("from %(day)s") % {"day": partial_date(row.valid_from)}


def _end_earlier(
    placed: dict[int, list[ProgrammeCountry]], placing: _Placing
) -> dict[str, dict[str, str | None]]:
    """End the rows that the new ones follow on; return them by code of the country as the trail keeps them."""
    ended: dict[str, dict[str, str | None]] = {}
    for row in (row for rows in placed.values() for row in rows if placing.overlaps(row)):
        assert placing.first is not None  # nothing begins before the beginning
        before = row.valid_to.isoformat() if row.valid_to else None
        ended[row.country.code] = {"rule": row.rule.code, "valid_to": before}
        row.valid_to = placing.first - timedelta(days=1)
        row.full_clean()
        row.save(update_fields=["valid_to"])
    return ended


def _place(programme: Programme, country: Country, placing: _Placing) -> ProgrammeCountry:
    row = ProgrammeCountry(
        programme=programme,
        country=country,
        rule=placing.rule,
        question=placing.rule.question,
        valid_from=placing.first,
        valid_to=placing.last,
        **placing.words,
    )
    row.full_clean()
    row.save()
    return row
