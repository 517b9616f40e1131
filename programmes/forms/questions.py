"""The question that every figure answers, as a form: which programme, strand, country and years."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country
from programmes.ledger.scope import ALL_PROGRAMMES
from programmes.models import Programme, ProgrammeCountry, Strand


def _programmes() -> list[tuple[str, Any]]:
    named = list(Programme.objects.opened().values_list("code", "short_name"))
    return [*named, (ALL_PROGRAMMES, _("All programmes"))]


def _strands() -> list[tuple[str, Any]]:
    return [("", _("All strands")), *Strand.objects.opened().values_list("code", "title")]


def _countries() -> list[tuple[str, Any]]:
    """Countries of which any opened programme says something."""
    named = ProgrammeCountry.objects.opened().filter(country=OuterRef("pk"))
    rows = Country.objects.filter(Exists(named)).order_by("name")
    return [("", _("All countries")), *rows.values_list("code", "name")]


class QuestionForm(forms.Form):
    """Sent by GET to a figure's page, which reads it, says what is wrong with it, or answers.

    The fields are the parameters of a figure's address, so their names are those of `parse_question`.
    """

    programme = forms.ChoiceField(label=_("Programme"), choices=_programmes)
    strand = forms.ChoiceField(label=_("Strand"), choices=_strands, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=_countries, required=False)
    to = forms.CharField(label=_("To year"), max_length=4, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # `from` is a word of the language and cannot be written as a field of the class.
        self.fields["from"] = forms.CharField(label=_("From year"), max_length=4, required=False)
        for name in ("from", "to"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "pattern": "[0-9]{4}"}
        self.order_fields(["programme", "strand", "country", "from", "to"])
