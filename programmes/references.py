"""The form of a reference in the Commission's document registry."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_FORM = re.compile(r"Ares\([12][0-9]{3}\)[0-9]{1,12}")


def check_registry_reference(text: str) -> None:
    """Refuse what the registry never gives. Nothing at all is allowed: the portal invents no reference."""
    if text and not _FORM.fullmatch(text):
        raise ValidationError(
            _("Write the reference as the registry gives it: Ares(2011)123456."), code="invalid"
        )
