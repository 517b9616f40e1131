"""What records of every app share: an immutable code, and where a value came from."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

CODE_FORM = r"^[A-Z0-9][A-Z0-9-]*$"
check_code = RegexValidator(CODE_FORM, _("Use capitals, digits and hyphens, e.g. AAP-2010-2."))
# A reference in the Commission's document registry. The portal never invents one.
REGISTRY_FORM = r"^Ares\((19|20)[0-9]{2}\)[0-9]{1,12}$"
check_registry_reference = RegexValidator(
    REGISTRY_FORM, _("Write it as the registry does, e.g. Ares(2009)12345.")
)


class CodeField(models.CharField):  # type: ignore[type-arg]
    """A record's address: capitals, digits and hyphens, unique, never changed once given."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("unique", True)
        kwargs.setdefault(
            "validators",
            [check_code],
        )
        kwargs.setdefault("verbose_name", _("code"))
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def db_check(self, connection: object) -> str:
        return f"\"{self.column}\" ~ '^[A-Z0-9][A-Z0-9-]*$'"


class Confidence(models.TextChoices):
    SEEN = "seen", _("read in the source named")
    RECALLED = "recalled", _("general knowledge, not confirmed")
    ENTERED = "entered", _("entered in this portal")


class Attribution(models.TextChoices):
    EXPLICIT = "explicit", _("the source names the programme")
    INFERRED = "inferred", _("the source says EU money; the programme is inferred")
    UNCERTAIN = "uncertain", _("may belong to another instrument")


class Sourced(models.Model):
    """A row that says where it comes from.

    `recalled_fields` names the columns of a row read in a source that are general knowledge all the same.
    """

    source = models.TextField(_("source"), blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=10, choices=Confidence, default=Confidence.ENTERED
    )
    recalled_fields = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("unconfirmed")
    )

    class Meta:
        abstract = True

    @property
    def is_unconfirmed(self) -> bool:
        """The whole row rests on general knowledge."""
        return self.confidence == Confidence.RECALLED

    def is_field_unconfirmed(self, field: str) -> bool:
        """This value rests on general knowledge, by itself or with its row."""
        named = (text.split(" ")[0] for text in self.recalled_fields)
        return self.is_unconfirmed or field in named or "all" in self.recalled_fields
