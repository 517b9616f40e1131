"""A country may not take part in a programme for a time, by a decision of its own."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.countries.models import Country
from programmes.actions.setting_up.turns import hold, need_source, take_over, tell
from programmes.models import Programme, Suspension


@transaction.atomic
def add_suspension(
    programme: Programme,
    *,
    by: User,
    country: Country,
    suspended_from: date,
    reason: str,
    source: str,
    suspended_to: date | None = None,
) -> Suspension:
    """Suspend a country from a day on, to `suspended_to` where the decision says so; return the suspension.

    It goes before every rule. Raises `ValidationError` for a country that the programme does not name, or that
    is suspended at that time already.
    """
    held = hold(programme)
    need_source(source)
    if not held.countries.filter(country=country).exists():
        raise ValidationError({"country": _("The programme says nothing of this country.")})
    if suspended_to and suspended_to < suspended_from:
        raise ValidationError({"suspended_to": _("The last day is before the first.")})
    words = {"suspended_from": suspended_from, "suspended_to": suspended_to}
    suspension = Suspension(programme=held, country=country, reason=reason, source=source, **words)
    suspension.full_clean()
    suspension.save()
    new = {**words, "source": source}
    part = ("suspension", country.code)
    tell("add_suspension", held, by=by, part=part, new=new, reason=reason)
    return suspension


@transaction.atomic
def lift_suspension(suspension: Suspension, *, by: User, on: date, reason: str) -> Suspension:
    """Let a suspension hold no longer from a day on, and return it. What held until then stays.

    Raises `ValidationError` where it had not begun by then, or has ended before.
    """
    held = hold(suspension.programme)
    suspension.refresh_from_db()
    last = on - timedelta(days=1)
    if last < suspension.suspended_from:
        raise ValidationError({"on": _("The suspension had not begun by then.")})
    if suspension.suspended_to and suspension.suspended_to <= last:
        raise ValidationError({"on": _("The suspension has ended by then already.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    new = {"suspended_to": last}
    old = take_over(suspension, new)
    part = ("suspension", suspension.country.code)
    tell("lift_suspension", held, by=by, part=part, old=old, new=new, reason=reason)
    return suspension
