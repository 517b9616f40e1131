"""What may be typed about an objective, a priority or an anticipated result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from programmes.choices import passages_to_serve
from programmes.forms.documents import LONGEST_TEXT
from programmes.forms.financing import Revised
from programmes.models import Document, Passage, PassageKind


class PassageField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A passage, by its kind, code and first words."""

    def label_from_instance(self, passage: Any) -> str:
        return passage_words(passage)


def passage_words(passage: Passage) -> str:
    """How a passage is named in a list of choices."""
    words = Truncator(passage.text).chars(90)
    return f"{passage.get_kind_display()} {passage.code}: {words}"


class Anchored(forms.Form):
    """Where in its document something stands."""

    chapter = forms.CharField(
        label=_("Chapter"),
        max_length=60,
        required=False,
        help_text=_("As the document counts it: 4.2, or Annex II."),
    )
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=32_000, required=False)


class PassageForm(Anchored):
    kind = forms.ChoiceField(label=_("Kind"), choices=PassageKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    serves = PassageField(
        Passage.objects.none(),
        label=_("Serves"),
        to_field_name="code",
        required=False,
        empty_label=_("None is named"),
        help_text=_("A passage before it in this document, or one of the documents above."),
    )
    order = forms.IntegerField(
        label=_("Place in the list"),
        min_value=1,
        max_value=9_999,
        required=False,
        help_text=_("Left empty: after the others."),
    )
    field_order = ("kind", "text", "serves", "chapter", "page", "order")

    def __init__(
        self, *args: Any, document: Document, passage: Passage | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = passages_to_serve(document, passage.serves_id if passage else None)
        if passage:
            offered = offered.exclude(pk=passage.pk)
        self.fields["serves"].queryset = offered  # type: ignore[attr-defined]


class AddPassageForm(PassageForm):
    def typed(self) -> dict[str, Any]:
        """The fields of the passage. Only of a valid form."""
        return self.cleaned_data | {"order": self.cleaned_data["order"] or 0}


class ChangePassageForm(Revised, PassageForm):
    @classmethod
    def of(cls, passage: Passage, data: Any, revision: int) -> ChangePassageForm:
        """The form as the passage now fills it."""
        now = {name: getattr(passage, name) for name in ("kind", "text", "chapter", "page")}
        now |= {"order": passage.order or None, "revision": revision}
        now |= {"serves": passage.serves.code if passage.serves else None}
        return cls(data, initial=now, document=passage.document, passage=passage)

    def typed(self) -> dict[str, Any]:
        """The fields of the passage and the revision. Only of a valid form."""
        return self.cleaned_data | {"order": self.cleaned_data["order"] or 0}
