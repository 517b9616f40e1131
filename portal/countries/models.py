"""Countries: their ISO codes and names. What a programme makes of a country belongs to the programme."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    """A country or territory. `code` is its ISO 3166-1 alpha-2 code (XK, user-assigned, for Kosovo)."""

    code = models.CharField(
        _("code"), max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    iso3 = models.CharField(_("three-letter code"), max_length=3, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[A-Z]{2}$"), name="country_code_form"
            ),
        ]

    def __str__(self) -> str:
        return self.name
