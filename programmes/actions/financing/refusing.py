"""What stands in the way of a financing verb, gathered before anything is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal.wording import partial_date
from programmes.actions.moving import today
from programmes.completeness import Lack
from programmes.ledger.splitting import CENT
from programmes.models import IN_FORCE, Document, DocumentKind
from programmes.refusals import Refused


def refuse(lacks: Iterable[Lack | None]) -> None:
    """Raise `Refused` with every lack there is."""
    found = [lack for lack in lacks if lack]
    if found:
        raise Refused(found)


def not_in_force(work_programme: Document, url: str) -> Lack | None:
    """Money is decided under the work programme that is in force, not under a draft or an amendment of it."""
    if work_programme.kind != DocumentKind.WORK_PROGRAMME:
        return Lack(_("Only an annual work programme is financed by a decision."), url)
    if work_programme.amends:
        return Lack(_("This is an amendment: decide under the work programme it amends."), url)
    if work_programme.status not in IN_FORCE:
        text = _("The work programme is not in force: it is “%(status)s”.")
        return Lack(text % {"status": work_programme.get_status_display()}, url)
    return None


def in_future(day: date, url: str) -> Lack | None:
    if day <= today():
        return None
    return Lack(_("%(day)s is still to come.") % {"day": partial_date(day)}, url)


def not_money(amount: Decimal, url: str) -> Lack | None:
    if amount > 0 and amount == amount.quantize(CENT):
        return None
    return Lack(_("The amount is more than 0 and has whole cents."), url)


def changed_values(
    record: models.Model, fields: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set fields of a record; return what was and what is, for those that differ."""
    old = {
        name: getattr(record, name)
        for name, value in fields.items()
        if getattr(record, name) != value
    }
    for name in old:
        setattr(record, name, fields[name])
    return _as_json(old), _as_json({name: fields[name] for name in old})


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """A value as the audit trail keeps it: amounts and dates as text."""
    return str(value) if isinstance(value, (Decimal, date)) else value
