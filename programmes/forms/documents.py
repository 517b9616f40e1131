"""What may be typed about a document that is being drafted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.records import check_code, check_registry_reference
from programmes.choices import lies_within, parents_of
from programmes.forms.financing import Revised, amount_field, reason_field
from programmes.models import PROGRAMMING, Document, DocumentKind, Programme

LONGEST_TEXT = 20_000


def year_field(label: Any, **more: Any) -> forms.IntegerField:
    """A year, which may follow later."""
    return forms.IntegerField(label=label, min_value=1957, max_value=2100, required=False, **more)


def long_text(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    """Some paragraphs, which may follow later."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, required=False, widget=widget, **more
    )


def code_field(**more: Any) -> forms.CharField:
    """A record's address in the portal."""
    return forms.CharField(label=_("Code"), validators=[check_code], **more)


class ChooseDocumentForm(forms.Form):
    """Sent by GET: for which programme, of which kind, from which year a document is begun."""

    programme = forms.ModelChoiceField(
        Programme.objects.all(), label=_("Programme"), to_field_name="code", empty_label=None
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in PROGRAMMING]
    )
    year = year_field(_("First year it covers"))


class ParentField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The document above, with its years."""

    def label_from_instance(self, document: Any) -> str:
        return " · ".join(part for part in (document.title, document.code, document.period) if part)


class DocumentForm(forms.Form):
    """What a document says of itself. All but the title may follow later."""

    title = forms.CharField(
        label=_("Title"),
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "portal-whole"}),
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        required=False,
        help_text=_("As the document bears it: C(2009) 1234."),
    )
    registry_reference = forms.CharField(
        label=_("Registry reference"),
        max_length=40,
        required=False,
        validators=[check_registry_reference],
        help_text=_("Ares(YYYY)nnnnn, as given."),
    )
    period_start = year_field(_("First year it covers"))
    period_end = year_field(_("Last year it covers"))
    parent = ParentField(
        Document.objects.none(),
        label=_("Rests on"),
        to_field_name="code",
        required=False,
        empty_label=_("Not said yet"),
    )
    stated_amount = amount_field(required=False)
    note = long_text(_("Note"))

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        kind: str,
        parent: Document | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._offer_parents(programme, parent)
        self.fields["stated_amount"].label = _("Amount it states, in EUR")
        if kind == DocumentKind.WORK_PROGRAMME:
            self.fields["period_start"].label = _("First budget year")
            self.fields["period_end"].label = _("Last budget year")

    def _offer_parents(self, programme: Programme, known: Document | None) -> None:
        """Before anything is typed, only what the years fit; then all, and what does not fit is refused."""
        rows = parents_of(programme, self.kind, known)
        if not self.is_bound:
            years = self.initial.get("period_start"), self.initial.get("period_end")
            fitting = [
                each.pk for each in rows if each == known or lies_within(self.kind, *years, each)
            ]
            rows = rows.filter(pk__in=fitting)
        self.fields["parent"].queryset = rows  # type: ignore[attr-defined]
        if self.kind == DocumentKind.STRATEGY_PAPER:
            del self.fields["parent"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("period_start"), given.get("period_end")
        if first and last and last < first:
            self.add_error("period_end", _("The last year is before the first."))
        return given


class AddDocumentForm(DocumentForm):
    code = code_field(
        max_length=40,
        help_text=_("Its address in this portal: capitals, digits and hyphens. It never changes."),
    )
    field_order = ("code",)


class ChangeDocumentForm(Revised, DocumentForm):
    @classmethod
    def of(cls, document: Document, data: Any) -> ChangeDocumentForm:
        """The form as the document now fills it; an amendment says why it amends, too."""
        names = ("title", "reference", "registry_reference", "period_start", "period_end")
        now = {name: getattr(document, name) for name in (*names, "stated_amount", "note")}
        now |= {"revision": document.revision, "reason": document.reason}
        now |= {"parent": document.parent.code if document.parent else None}
        programme, kind = document.programme, document.kind
        form = cls(data, initial=now, programme=programme, kind=kind, parent=document.parent)
        if document.amends:
            form.fields["reason"] = reason_field(help_text=_("Why it amends."), required=False)
        return form


class DiscardDocumentForm(forms.Form):
    reason = reason_field(help_text=_("Kept in the history with everything the draft said."))
