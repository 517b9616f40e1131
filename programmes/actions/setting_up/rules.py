"""The rules by which countries and applicants may take part in a programme, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from programmes.actions.setting_up.turns import (
    add,
    differences,
    hold,
    is_used,
    need_source,
    take_over,
    tell,
)
from programmes.models import EligibilityRule, Programme, Question


@transaction.atomic
def add_rule(
    programme: Programme,
    *,
    by: User,
    code: str,
    text: str,
    admits: bool,
    source: str,
    question: str = Question.PLACE,
    multi_country_exception: bool = False,
) -> EligibilityRule:
    """Give a programme a rule about who may take part, and return it.

    `source` says where the rule was read. Raises `ValidationError`, by field, for what cannot be kept.
    """
    held = hold(programme)
    need_source(source)
    _check_exception(admits, multi_country_exception)
    words = {"question": question, "admits": admits, "text": text, "source": source}
    words["multi_country_exception"] = multi_country_exception
    rule = add(EligibilityRule(programme=held, code=code, **words))
    tell("add_rule", held, by=by, part=("eligibility rule", code), new=words)
    return rule


@transaction.atomic
def change_rule(
    rule: EligibilityRule, *, by: User, revision: int | None = None, **fields: Any
) -> EligibilityRule:
    """Change the words of a rule, its source, or what it says, and return it.

    What it says of countries that were already placed by it in an open programme stays: another answer is
    another rule. Raises `ValidationError` for that, and `Stale` where somebody changed the programme since
    `revision`.
    """
    held = hold(rule.programme, revision)
    changes = differences(rule, fields)
    need_source(changes.get("source", rule.source))
    _check_exception(
        changes.get("admits", rule.admits),
        changes.get("multi_country_exception", rule.multi_country_exception),
    )
    _check_used(held, rule, changes)
    if changes:
        old = take_over(rule, changes)
        part = ("eligibility rule", rule.code)
        tell("change_rule", held, by=by, part=part, old=old, new=changes)
    return rule


@transaction.atomic
def remove_rule(rule: EligibilityRule, *, by: User) -> None:
    """Take a rule out of its programme. Raises `ValidationError` where any country is placed by it."""
    held = hold(rule.programme)
    if is_used(rule):
        raise ValidationError(_("Countries are placed by this rule: it stays."))
    old = {"question": rule.question, "admits": rule.admits, "text": rule.text}
    rule.delete()
    tell("remove_rule", held, by=by, part=("eligibility rule", rule.code), old=old)


def _check_exception(admits: bool, exception: bool) -> None:
    if admits and exception:
        text = _("Only a rule that does not admit can have this exception.")
        raise ValidationError({"multi_country_exception": text})


def _check_used(programme: Programme, rule: EligibilityRule, changes: Mapping[str, Any]) -> None:
    """What a used rule asks never changes; what it answers, not once others may have read it."""
    settled = {"question"} if programme.is_set_up else {"question", "admits"}
    if not programme.is_set_up:
        settled.add("multi_country_exception")
    touched = settled & changes.keys()
    if touched and is_used(rule):
        text = _(
            "Countries are placed by this rule. Add another and place them by it from a day on."
        )
        raise ValidationError(dict.fromkeys(touched, text))
