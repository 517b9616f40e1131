"""The words of the audit trail: what a verb, a kind of record, a field and its value are called on a page.

Each app tells them of its own verbs and records, so that the trail reads as sentences in every language
though it holds only names. What nobody named is shown by its name, without underlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from portal.wording import amount, partial_date

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LONGEST = 400  # characters of one value that a page shows

_VERBS: dict[str, StrPromise] = {}
_MODELS: dict[str, type[models.Model]] = {}


def name_verbs(words: Mapping[str, StrPromise]) -> None:
    """Say what was done when a verb was: `{"adopt_document": _("Document adopted")}`."""
    _VERBS.update(words)


def name_records(kinds: Mapping[str, type[models.Model]]) -> None:
    """Say which model a kind of record is: its names, its fields and its address come from there."""
    _MODELS.update(kinds)


def verb_words(verb: str) -> str:
    """What was done, in words."""
    return str(_VERBS[verb]) if verb in _VERBS else verb.replace("_", " ")


def named_verbs() -> dict[str, StrPromise]:
    """Every verb that an app has named, with its words."""
    return dict(_VERBS)


def named_kinds() -> dict[str, str]:
    """Every kind of record that an app has named, with its name."""
    return {kind: str(model._meta.verbose_name) for kind, model in _MODELS.items()}


def kind_words(kind: str) -> str:
    """What a kind of record is called."""
    model = _MODELS.get(kind)
    return str(model._meta.verbose_name) if model else kind.replace("_", " ")


def address_of(kind: str, code: str) -> str:
    """The page of the record of this kind with this code; empty where such records have none."""
    model = _MODELS.get(kind)
    if model is None or not code or not hasattr(model, "get_absolute_url"):
        return ""
    try:
        return str(model(code=code).get_absolute_url())  # type: ignore[attr-defined]
    except (NoReverseMatch, FieldDoesNotExist, TypeError):
        return ""


def field_words(kind: str, name: str) -> str:
    """What a field of a record is called."""
    field = _field(kind, name)
    return str(getattr(field, "verbose_name", "") or name.replace("_", " "))


def value_words(kind: str, name: str, value: Any) -> str:
    """A value as the trail holds it, in words: choices by their label, amounts grouped, dates written out."""
    text = _in_words(_field(kind, name), value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _in_words(field: Any, value: Any) -> str:
    if value in (None, "", [], {}):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(_in_words(field, each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_in_words(None, each)}" for key, each in value.items())
    return _one_in_words(field, value)


def _one_in_words(field: Any, value: Any) -> str:
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    try:
        if isinstance(field, models.DecimalField):
            return amount(field.to_python(value))
        if isinstance(field, models.DateField) and not isinstance(field, models.DateTimeField):
            return partial_date(date.fromisoformat(str(value)))
    except (ValueError, ValidationError):
        return str(value)
    return str(value)


def _field(kind: str, name: str) -> Any:
    model = _MODELS.get(kind)
    if model is None:
        return None
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
