"""What may be typed about a programme that is being set up: itself and its strands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.records import check_code
from programmes.forms.financing import Revised
from programmes.models import Programme, Strand
from programmes.readiness import AFTER_OPENING


def code_field(example: str) -> forms.CharField:
    """The code of a new record: its address for ever."""
    return forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[check_code],
        help_text=_("Its address in this portal, e.g. %s. It never changes.") % example,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "characters"}),
    )


def source_field(**more: Any) -> forms.CharField:
    """Where a fact was read."""
    return forms.CharField(
        label=_("Source"),
        max_length=1_000,
        help_text=_("Where this was read: document, article, page or address."),
        **more,
    )


def text_field(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}), **more
    )


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1957, max_value=2100)


class ProgrammeForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=300)
    short_name = forms.CharField(label=_("Short name"), max_length=120)
    aim = text_field(_("Aim"), required=False)
    period_start = _year(_("First year"))
    period_end = _year(_("Last year"))
    legal_basis = forms.CharField(
        label=_("Legal basis"),
        max_length=300,
        required=False,
        help_text=_("It may come later, but a programme without one cannot be opened."),
    )
    budget_line = forms.CharField(label=_("Budget line"), max_length=40, required=False)
    predecessor = forms.ModelChoiceField(
        Programme.objects.opened(), to_field_name="code", label=_("Follows"), required=False
    )
    note = text_field(_("Note"), required=False)
    source = source_field(required=False)


class AddProgrammeForm(ProgrammeForm):
    code = code_field("NDICI-MIG")
    field_order = ("code",)


class ChangeProgrammeForm(ProgrammeForm, Revised):
    @classmethod
    def of(cls, programme: Programme, data: Any) -> ChangeProgrammeForm:
        """The form as the programme now fills it, without what cannot change any more."""
        now = {name: getattr(programme, name) for name in ProgrammeForm.base_fields}
        before = programme.predecessor
        now |= {"predecessor": before and before.code, "revision": programme.revision}
        form = cls(data, initial=now)
        if not programme.is_set_up:
            for name in ProgrammeForm.base_fields.keys() - AFTER_OPENING:
                del form.fields[name]
        return form


class OpenProgrammeForm(Revised):
    """A second officer's word."""


class StrandsForm(Revised):
    """Which strands a programme has."""

    strands = forms.ModelMultipleChoiceField(
        Strand.objects.all(),
        to_field_name="code",
        required=False,
        label=_("Strands"),
        help_text=_("Programmes may share strands: then their figures can be compared."),
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def of(cls, programme: Programme, data: Any) -> StrandsForm:
        """The form with the strands that the programme has now."""
        chosen = list(programme.strands.values_list("code", flat=True))
        return cls(data, initial={"strands": chosen, "revision": programme.revision})


class StrandForm(forms.Form):
    number = forms.IntegerField(
        label=_("Number"), min_value=1, max_value=99, help_text=_("Its place in the programme.")
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    measures = forms.CharField(
        label=_("Measures"),
        required=False,
        max_length=20_000,
        help_text=_("The measures that the strand lists, one a line."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = source_field(required=False)

    def clean_measures(self) -> list[str]:
        """The measures as texts, in order."""
        lines = (line.strip() for line in self.cleaned_data["measures"].splitlines())
        return [line for line in lines if line]


class AddStrandForm(StrandForm):
    code = code_field("LEGMIG")
    field_order = ("code",)


class ChangeStrandForm(StrandForm, Revised):
    @classmethod
    def of(cls, programme: Programme, strand: Strand, data: Any) -> ChangeStrandForm:
        """The form as the strand now fills it."""
        measures = strand.measures.order_by("order").values_list("text", flat=True)
        now = {
            "number": strand.number,
            "title": strand.title,
            "measures": "\n".join(measures),
            "source": strand.source,
            "revision": programme.revision,
        }
        return cls(data, initial=now)
