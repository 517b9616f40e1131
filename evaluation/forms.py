"""What may be asked of a report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country
from programmes.ledger.scope import Axis, Scope
from programmes.models import Programme, Strand


class ReportForm(forms.Form):
    """The question a report answers: a programme, and what of it."""

    programme = forms.ModelChoiceField(
        Programme.objects.opened(), to_field_name="code", label=_("Programme"), empty_label=None
    )
    strands = forms.ModelMultipleChoiceField(
        Strand.objects.opened(),
        to_field_name="code",
        required=False,
        label=_("Strands"),
        help_text=_("None means all."),
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Countries"),
        help_text=_("None means all. Hold Control or Command to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    start = forms.IntegerField(
        required=False,
        min_value=1957,
        max_value=2100,
        label=_("From year"),
        help_text=_(
            "Without years the report is about the whole programme, undated amounts included."
        ),
    )
    end = forms.IntegerField(required=False, min_value=1957, max_value=2100, label=_("To year"))
    axis = forms.ChoiceField(
        choices=Axis.choices,
        initial=Axis.BUDGET,
        label=_("Years are read"),
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        start, end = given.get("start"), given.get("end")
        if start and end and start > end:
            self.add_error("end", _("The period ends before it begins."))
        programme = given.get("programme")
        if programme and (foreign := self._foreign_strands(programme, given.get("strands"))):
            text = _("The programme does not have: %(strands)s.") % {"strands": foreign}
            self.add_error("strands", text)
        return given

    def _foreign_strands(self, programme: Programme, strands: Any) -> str:
        own = set(programme.strands.values_list("pk", flat=True))
        return ", ".join(str(strand) for strand in strands or () if strand.pk not in own)

    def scope(self) -> Scope:
        """The question as it was typed. Only of a valid form."""
        given = self.cleaned_data
        return Scope(
            programme=given["programme"].code,
            strands=tuple(sorted(strand.code for strand in given["strands"])),
            countries=tuple(sorted(country.code for country in given["countries"])),
            start=str(given["start"] or ""),
            end=str(given["end"] or ""),
            axis=Axis(given["axis"]) if given["start"] or given["end"] else Axis.BUDGET,
        )
