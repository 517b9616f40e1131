"""Storing a new or changed record: checked first, and what somebody else took at the same moment said kindly."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _


def keep(record: models.Model) -> None:
    """Check a new or changed record and store it. What another transaction took first is a `ValidationError` too."""
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        record.validate_unique()
        record.validate_constraints()
        raise ValidationError(_("Somebody else stored the same a moment ago.")) from error
