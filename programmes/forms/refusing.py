"""What an action refused, put beside the fields of the form that asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lifecycle import MoveRefused
from programmes.completeness import Excess, Lack
from programmes.refusals import ReasonNeeded, Refused, Stale

Result = TypeVar("Result")


def carried_out(form: forms.Form, verb: Callable[[], Result]) -> Result | None:
    """Do what a valid form asks; None where it is refused: then the form says every reason, what was typed stays."""
    try:
        return verb()
    except Refused as refusal:
        _put(form, refusal.lacks)
    except ReasonNeeded as refusal:
        _put(form, refusal.excesses)
    except ValidationError as error:
        _put_invalid(form, error)
    except MoveRefused as error:
        form.add_error(None, str(error))
    except Stale as stale:
        form.add_error(None, _changed_meanwhile(stale))
    return None


def _put(form: forms.Form, reasons: list[Lack] | list[Excess]) -> None:
    """Each reason at the field its address names, or above the form where that is elsewhere."""
    for reason in reasons:
        field = reason.url.partition("#id_")[2]
        form.add_error(field if field in form.fields else None, reason.text)


def _put_invalid(form: forms.Form, error: ValidationError) -> None:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, texts in by_field.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)


def _changed_meanwhile(stale: Stale) -> str:
    text = _(
        "%(who)s changed this on %(when)s, after you opened it. What you typed is kept here and was not stored: "
        "open the record anew, compare, and send it from there."
    )
    return text % {"who": stale.who or _("Somebody"), "when": stale.when}
