"""What may be typed about an action of a work programme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.countries.models import Country
from portal.widgets import LongSelect
from programmes.choices import countries_of, priorities_to_serve, regions_of, strands_of
from programmes.forms.documents import code_field, long_text
from programmes.forms.financing import Revised
from programmes.forms.passages import Anchored, passage_words
from programmes.models import Action, Document, Passage, Region, Strand

SAID = [("", _("not said yet")), ("yes", _("yes")), ("no", _("no"))]
ANSWERS = {"yes": True, "no": False}
PRINCIPLES = ("democracy", "rule_of_law", "human_rights")
PLAIN = (
    "title",
    "worldwide",
    "geographical_area",
    "objectives",
    "results",
    "implementation",
    "chapter",
    "page",
    "note",
)
LINKS = ("strands", "regions", "countries", "priorities")


def answer_field(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or not said yet."""
    return forms.TypedChoiceField(
        label=label,
        choices=SAID,
        coerce=ANSWERS.get,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class PriorityField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Priorities, by their codes and first words."""

    def label_from_instance(self, passage: Any) -> str:
        return passage_words(passage)


def several(rows: Any, label: Any, **more: Any) -> forms.ModelMultipleChoiceField[Any]:
    """Some of the records offered, by code."""
    return forms.ModelMultipleChoiceField(
        rows,
        label=label,
        to_field_name="code",
        required=False,
        widget=more.pop("widget", forms.CheckboxSelectMultiple),
        **more,
    )


class ActionForm(Anchored):
    """An action with the items that the law asks of it. All but the title may follow later."""

    title = forms.CharField(
        label=_("Title"),
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "auto", "class": "portal-whole"}),
    )
    worldwide = forms.BooleanField(label=_("Worldwide"), required=False)
    regions = several(Region.objects.none(), _("Regions"))
    countries = several(
        Country.objects.none(),
        _("Countries"),
        widget=LongSelect(attrs={"size": 10}),
        help_text=_("Hold Control or Command to choose several."),
    )
    geographical_area = long_text(
        _("Geographical area in words"), rows=2, help_text=_("What the lists above cannot say.")
    )
    strands = several(
        Strand.objects.none(),
        _("Strands"),
        help_text=_("The thematic area. Money of several strands is not divided between them."),
    )
    objectives = long_text(_("Specific objectives"), rows=6)
    results = long_text(_("Anticipated results"), rows=6)
    priorities = PriorityField(
        Passage.objects.none(),
        label=_("Priorities it serves"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of the indicative programme above, and of the strategy paper above that."),
    )
    democracy = answer_field(_("Serves democratic principles"))
    rule_of_law = answer_field(_("Serves the rule of law"))
    human_rights = answer_field(_("Serves human and minority rights"))
    implementation = forms.CharField(
        label=_("Implementation"),
        max_length=200,
        required=False,
        help_text=_("Call for proposals, direct award, joint management with an organisation …"),
    )
    note = long_text(_("Note"), rows=3)
    field_order = (
        "code",
        "title",
        "worldwide",
        "regions",
        "countries",
        "geographical_area",
        "strands",
        "objectives",
        "results",
        "priorities",
        *PRINCIPLES,
        "implementation",
        "chapter",
        "page",
        "note",
    )

    def __init__(
        self, *args: Any, work_programme: Document, action: Action | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        programme = work_programme.programme
        offered = {
            "strands": strands_of(programme, action),
            "regions": regions_of(programme, action),
            "countries": countries_of(programme, action),
            "priorities": priorities_to_serve(work_programme, action),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]


class AddActionForm(ActionForm):
    code = code_field(
        max_length=60,
        required=False,
        help_text=_("Left empty: the next of this work programme. It never changes."),
    )


class ChangeActionForm(Revised, ActionForm):
    @classmethod
    def of(cls, action: Action, data: Any) -> ChangeActionForm:
        """The form as the action now fills it."""
        now = {name: getattr(action, name) for name in (*PLAIN, "revision")}
        now |= {name: [each.code for each in getattr(action, name).all()] for name in LINKS}
        words = {True: "yes", False: "no", None: ""}
        now |= {name: words[getattr(action, name)] for name in PRINCIPLES}
        return cls(data, initial=now, work_programme=action.work_programme, action=action)
