"""What may be typed about the files of a document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.files.kinds import ENDINGS, KINDS, largest
from portal.files.languages import Language
from programmes.models import UNPUBLISHED, Document, DocumentFile

REGISTRY_HELP = _("As the registry gives it, e.g. Ares(2009)12345. Nothing is made up here.")
BINDING_HELP = _("The text that decides where languages differ. No other language is binding then.")
SETTLED_HELP = _(
    "The document is public: its binding text, in {language}, stays. Amend the document to change it."
)
REASON_HELP = _("Why another text takes the place of one that is public. Kept in the history.")


class ReasonIfPublicField(forms.CharField):
    """Why, where the document is public."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Reason"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=REASON_HELP,
        )


class DocumentFileForm(forms.Form):
    """A file, its language, and what the registry calls it. `seen` says which files were there before."""

    upload = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("Choose a language")), *Language.choices],
        help_text=_("A file that is there in this language becomes an earlier version."),
    )
    binding = forms.BooleanField(
        label=_("This is the binding text"), required=False, help_text=BINDING_HELP
    )
    registry_reference = forms.CharField(
        label=_("Registry reference"), required=False, max_length=40, help_text=REGISTRY_HELP
    )
    reason = ReasonIfPublicField()
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ", ".join(kind.label for kind in KINDS.values())
        self.fields["upload"].help_text = format_lazy(
            _("{kinds}; at most {largest}. Without password, macros or programs."),
            kinds=kinds,
            largest=largest(),
        )
        _say_what_stays(self, document)


class ChangeDocumentFileForm(forms.Form):
    """Whether a file is the binding one, and its reference. `revision` is what was changed."""

    binding = forms.BooleanField(
        label=_("This is the binding text"), required=False, help_text=BINDING_HELP
    )
    registry_reference = forms.CharField(
        label=_("Registry reference"), required=False, max_length=40, help_text=REGISTRY_HELP
    )
    reason = ReasonIfPublicField()
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, file: DocumentFile, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "binding": file.binding,
            "registry_reference": file.registry_reference,
            "revision": file.revision,
        }
        super().__init__(*args, **kwargs)
        _say_what_stays(self, file.document)
        # What stays can be read here, but not chosen away; the verb refuses it besides.
        self.fields["binding"].disabled = file in file.document.files.settled()


def _say_what_stays(form: forms.Form, document: Document) -> None:
    """A draft asks for no reason; of a public document the binding text is named, as it stays."""
    if document.status in UNPUBLISHED:
        del form.fields["reason"]
    for settled in document.files.settled():
        form.fields["binding"].help_text = format_lazy(
            SETTLED_HELP, language=settled.get_language_display()
        )
