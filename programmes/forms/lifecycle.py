"""What may be typed when a document is moved: the day, the reason, the successor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.financing import Revised, day_field, reason_field
from programmes.models import IN_FORCE, Document


class ConfirmForm(forms.Form):
    """Nothing to type: sending it confirms."""


class ReasonForm(forms.Form):
    reason = reason_field(help_text=_("Kept in the history, for everybody who reads it later."))


class AdoptDocumentForm(Revised):
    """The day of adoption of what was read; a reason too, once an indicative amount would be exceeded."""

    on = day_field(_("Adopted on"), help_text=_("The day of the decision, as the document has it."))

    def anew(self, revision: int) -> AdoptDocumentForm:
        """The form for what the document says by now: what was typed is kept."""
        return AdoptDocumentForm(initial={**self.cleaned_data, "revision": revision})

    def ask_reason(self) -> None:
        """Ask why the amount is exceeded."""
        self.fields["reason"] = reason_field(
            help_text=_("Why the amount may be exceeded. Kept with the adoption and its postings.")
        )


class RepealDocumentForm(ReasonForm):
    on = day_field(_("Repealed on"))
    field_order = ("on", "reason")


class SuccessorField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A document, by its title and code."""

    def label_from_instance(self, document: Any) -> str:
        return f"{document.title} ({document.code})"


class SupersedeDocumentForm(ReasonForm):
    successor = SuccessorField(
        label=_("Superseded by"),
        queryset=Document.objects.none(),
        to_field_name="code",
        help_text=_("Documents of the same kind and programme that are in force."),
    )
    on = day_field(_("Superseded on"))
    field_order = ("successor", "on", "reason")

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = Document.objects.filter(
            programme=document.programme, kind=document.kind, status__in=IN_FORCE, amends=None
        )
        self.fields["successor"].queryset = same.exclude(pk=document.pk)  # type: ignore[attr-defined]
