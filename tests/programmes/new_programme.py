"""A programme in the middle of being set up, as pages and actions meet it."""

from __future__ import annotations

from portal.accounts.models import User
from programmes.actions.setting_up import (
    add_programme,
    add_rule,
    add_strand,
    change_countries,
    open_programme,
)
from programmes.models import EligibilityRule, Programme
from tests.factories.programmes import CountryFactory

CODE = "MIGPACT"
SOURCE = "Regulation (EU) 2021/947, Annex II"


def begun(by: User, code: str = CODE, **fields) -> Programme:
    """A programme that nobody but officers and auditors sees."""
    given = {
        "name": "Migration partnerships",
        "short_name": "Partnerships",
        "period_start": 2021,
        "period_end": 2027,
        "legal_basis": "Regulation (EU) 2021/947",
    }
    return add_programme(by=by, code=code, **given | fields)


def place_rule(
    programme: Programme, by: User, code: str = "MIGPACT-PLACE", **fields
) -> EligibilityRule:
    given = {"text": "Actions may take place in partner countries.", "admits": True}
    return add_rule(programme, by=by, code=code, source=SOURCE, **given | fields)


def completed(by: User, code: str = CODE) -> Programme:
    """A programme that lacks nothing: a strand of its own, a rule, and Tunisia placed by it."""
    programme = begun(by, code)
    add_strand(programme, by=by, code=f"{code}-LEGAL", number=1, title="Legal pathways")
    rule = place_rule(programme, by, f"{code}-PLACE")
    change_countries(programme, [CountryFactory()], by=by, rule=rule, source=SOURCE)
    programme.refresh_from_db()
    return programme


def opened(by: User, opener: User, code: str = CODE) -> Programme:
    """The same, opened by another officer."""
    return open_programme(completed(by, code), by=opener)
