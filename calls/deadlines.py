"""A deadline in words: in Brussels time with its zone, in universal time, and how long is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls.models import Call, Phase
from portal.dates import BRUSSELS
from portal.wording import number, partial_date

TONES = {
    Phase.FORTHCOMING: "info",
    Phase.OPEN: "good",
    Phase.CLOSED: "neutral",
    Phase.NOT_REPORTED: "attention",
}


def phase_status(call: Call, at: datetime) -> dict[str, str]:
    """Where a call stands, as the component `status` takes it."""
    phase = call.phase(at)
    return {"label": str(phase.label), "tone": TONES[phase]}


def deadline_in_brussels(call: Call) -> str | None:
    """`13 November 2009, 16:00, Brussels time (CET, Europe/Brussels)`; without the hour where none is reported."""
    if call.deadline_at is None:
        return None
    local = call.deadline_at.astimezone(BRUSSELS)
    if call.deadline_is_day:
        return _("%(day)s, hour not reported (Europe/Brussels)") % {
            "day": partial_date(local.date())
        }
    return _("%(day)s, %(hour)s (%(zone)s, Europe/Brussels)") % {
        "day": partial_date(local.date()),
        "hour": f"{local:%H:%M}",
        "zone": local.tzname(),
    }


def deadline_in_utc(call: Call) -> str | None:
    """The same moment in universal time; None where there is no deadline or no hour."""
    if call.deadline_at is None or call.deadline_is_day:
        return None
    moment = call.deadline_at.astimezone(UTC)
    return _("%(day)s, %(hour)s UTC") % {
        "day": partial_date(moment.date()),
        "hour": f"{moment:%H:%M}",
    }


def moment_in_brussels(moment: datetime) -> str:
    """A moment of the procedure with the name of its zone."""
    local = moment.astimezone(BRUSSELS)
    return _("%(day)s, %(hour)s (%(zone)s, Europe/Brussels)") % {
        "day": partial_date(local.date()),
        "hour": f"{local:%H:%M}",
        "zone": local.tzname(),
    }


def time_left(call: Call, at: datetime) -> str | None:
    """Days and hours from a moment to the deadline, in elapsed time; None unless the call is open."""
    if call.deadline_at is None or call.phase(at) != Phase.OPEN:
        return None
    # Elapsed time is counted in UTC: a local day of 23 or 25 hours would be taken for 24.
    left = call.deadline_at.astimezone(UTC) - at.astimezone(UTC)
    hours = left // timedelta(hours=1)
    if hours < 1:
        return _("less than an hour left")
    if hours < 72:
        return ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": number(hours)}
    days, rest = divmod(hours, 24)
    return _("%(days)s days and %(hours)s hours left") % {"days": number(days), "hours": rest}
