"""Actions of a draft work programme, with what the law asks of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.countries.models import Country
from programmes.actions.drafting.drafts import (
    as_told,
    lock_draft,
    next_code,
    raise_revision,
    set_values,
    tell,
)
from programmes.actions.keeping import keep
from programmes.actions.revisions import last_change
from programmes.choices import countries_of, priorities_to_serve, regions_of, strands_of
from programmes.completeness import Lack
from programmes.lines import AmountLine
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    Passage,
    Region,
    Strand,
)
from programmes.refusals import Refused

KIND = "action"
FIELDS = (
    "title",
    "geographical_area",
    "worldwide",
    "objectives",
    "results",
    "democracy",
    "rule_of_law",
    "human_rights",
    "implementation",
    "chapter",
    "page",
    "note",
)
LINKS = ("strands", "regions", "countries", "priorities")
Chosen: TypeAlias = dict[str, list[Any]]


@transaction.atomic
def add_action(
    work_programme: Document,
    *,
    by: User,
    title: str,
    code: str = "",
    strands: Iterable[Strand] = (),
    regions: Iterable[Region] = (),
    countries: Iterable[Country] = (),
    priorities: Iterable[Passage] = (),
    amounts: Sequence[AmountLine] = (),
    **fields: Any,
) -> Action:
    """Add an action to a draft work programme. All but its title may follow later.

    `fields` are any of `FIELDS`. Without a code it gets the next of its work programme. Raises `Refused`
    where the work programme is a draft no longer, `ValidationError` by field.
    """
    locked = lock_draft(work_programme)
    if locked.kind != DocumentKind.WORK_PROGRAMME:
        raise ValidationError(_("Only an annual work programme holds actions."))
    code = code or next_action_code(locked)
    action = Action(work_programme=locked, code=code, title=title, **fields)
    links = {"strands": strands, "regions": regions, "countries": countries}
    chosen = _checked(action, {**links, "priorities": priorities})
    rows = _amount_rows(action, amounts)
    keep(action)
    _put(action, chosen, rows)
    raise_revision(locked, work_programme)
    new = {name: as_told(getattr(action, name)) for name in FIELDS}
    tell("add_action", KIND, code, of=locked.code, by=by, new=new | _told_parts(chosen, rows))
    return action


@transaction.atomic
def change_action(action: Action, *, by: User, revision: int, **fields: Any) -> Action:
    """Change an action of a draft: any of `FIELDS`, `LINKS` and `amounts`; what is not named stays.

    Raises `Stale` where it was changed since `revision`, `Refused`, `ValidationError` by field.
    """
    locked = lock_draft_action(action)
    if action.revision != revision:
        raise last_change(KIND, action.code)
    amounts = fields.pop("amounts", None)
    chosen = _checked(action, {name: fields.pop(name) for name in LINKS if name in fields})
    rows = None if amounts is None else _amount_rows(action, amounts)
    before = _told_parts(_links_of(action, chosen), None if rows is None else action.amounts.all())
    after = _told_parts(chosen, rows)
    old, new = set_values(action, fields)
    differing = [name for name in after if before[name] != after[name]]
    if old or differing:
        action.revision += 1
        keep(action)
        _put(action, chosen, rows)
        raise_revision(locked)
        old |= {name: before[name] for name in differing}
        new |= {name: after[name] for name in differing}
        tell("change_action", KIND, action.code, of=locked.code, by=by, old=old, new=new)
    return action


@transaction.atomic
def remove_action(action: Action, *, by: User) -> Document:
    """Take an action out of a draft, and return the draft; an amendment takes it out of the document it amends.

    Raises `Refused` while calls, projects or other records point at it, naming each.
    """
    locked = lock_draft_action(action)
    old = {name: as_told(getattr(action, name)) for name in FIELDS}
    old |= _told_parts(_links_of(action, LINKS), action.amounts.all())
    _refuse_hanging(action, [*action.calls.all(), *action.projects.all()])
    try:
        action.delete()
    except ProtectedError as error:
        _refuse_hanging(action, error.protected_objects)
    raise_revision(locked)
    tell("remove_action", KIND, action.code, of=locked.code, by=by, old=old)
    return locked


def next_action_code(work_programme: Document) -> str:
    """The code that the next action of a work programme gets."""
    return next_code(work_programme, Action.objects.all(), "", "add_action")


def lock_draft_action(action: Action) -> Document:
    """Lock the draft of an action and bring the action up to date. Raises `Refused` where it was removed."""
    locked = lock_draft(action.work_programme)
    try:
        action.refresh_from_db()
    except Action.DoesNotExist as error:
        text = _("Somebody removed this action a moment ago.")
        raise Refused([Lack(text, locked.get_absolute_url())]) from error
    action.work_programme = locked
    return locked


def _refuse_hanging(action: Action, records: Iterable[Any]) -> None:
    """Raise `Refused` where there is anything that points at the action, each record once."""
    text, url = _("%(record)s hangs on it."), action.get_absolute_url()
    named = sorted({str(each) for each in records})
    if named:
        raise Refused([Lack(text % {"record": name}, url) for name in named])


def _checked(action: Action, links: Mapping[str, Iterable[Any]]) -> Chosen:
    """The records to link, each one that the action may name. Raises `ValidationError` by field."""
    work_programme = action.work_programme
    programme, known = work_programme.programme, action if action.pk else None
    offered = {
        "strands": strands_of(programme, known),
        "regions": regions_of(programme, known),
        "countries": countries_of(programme, known),
        "priorities": priorities_to_serve(work_programme, known),
    }
    chosen = {name: list(records) for name, records in links.items()}
    errors = {}
    for name, records in chosen.items():
        allowed = set(offered[name]) if records else set()
        foreign = ", ".join(str(each) for each in records if each not in allowed)
        if foreign:
            text = _("Not to be chosen for this work programme: %(names)s.")
            errors[name] = text % {"names": foreign}
    if errors:
        raise ValidationError(errors)
    return chosen


def _amount_rows(action: Action, amounts: Iterable[AmountLine]) -> list[ActionAmount]:
    """The rows of these lines, by year. Raises a `ValidationError` with everything that is wrong with them."""
    errors, rows = [], {}
    for line in amounts:
        row = ActionAmount(action=action, **vars(line))
        try:
            row.clean_fields(exclude=["action"])
        except ValidationError as error:
            errors += error.messages
        if line.amount <= 0:
            errors.append(_("%(year)s: the amount is more than 0.") % {"year": line.budget_year})
        if line.budget_year in rows:
            text = _("%(year)s: one line for each budget year.")
            errors.append(text % {"year": line.budget_year})
        rows[line.budget_year] = row
    if errors:
        raise ValidationError({"amounts": errors})
    return [rows[year] for year in sorted(rows)]


def _put(action: Action, chosen: Chosen, rows: Sequence[ActionAmount] | None) -> None:
    for name, records in chosen.items():
        getattr(action, name).set(records)
    if rows is not None:
        action.amounts.all().delete()
        ActionAmount.objects.bulk_create(rows)


def _links_of(action: Action, names: Iterable[str]) -> Chosen:
    return {name: list(getattr(action, name).all()) for name in names}


def _told_parts(chosen: Chosen, rows: Iterable[ActionAmount] | None) -> dict[str, Any]:
    told: dict[str, Any] = {name: sorted(as_told(each)) for name, each in chosen.items()}
    if rows is not None:
        lines = [AmountLine(row.budget_year, row.amount, row.conditional) for row in rows]
        told["amounts"] = as_told(lines)
    return told
