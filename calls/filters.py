"""The filters of calls, the same for the list page and for machines."""

from __future__ import annotations

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelChoiceFilter,
    ModelMultipleChoiceFilter,
)

from calls.models import WORDS_OF_CALL, Call, CallQuerySet, Lot, Phase
from portal.folding import contains_word, words_of
from programmes.filters import UNKNOWN, YearFilter, programmes_seen, strands_seen, viewer_of
from programmes.models import Action, Strand

ANY = _("Any")


def actions_seen(request: HttpRequest | None) -> QuerySet[Action]:
    """The actions that may be chosen: those that the one who asks may see."""
    return Action.objects.visible_to(viewer_of(request))


class CallFilter(FilterSet):
    """Calls by words, programme, phase, strand, year, and the actions they implement."""

    text = CharFilter(
        label=_("Words"), help_text=_("In title, reference or code"), method="filter_text"
    )
    programme = ModelChoiceFilter(
        label=_("Programme"),
        empty_label=ANY,
        queryset=programmes_seen,
        to_field_name="code",
        error_messages=UNKNOWN,
    )
    phase = ChoiceFilter(
        label=_("Phase"), empty_label=ANY, choices=Phase.choices, method="filter_phase"
    )
    strand = ModelMultipleChoiceFilter(
        label=_("Strand"),
        queryset=strands_seen,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNKNOWN,
        method="filter_strand",
    )
    year = YearFilter(
        label=_("Year"),
        help_text=_("Published, opened or closed in that year"),
        min_value=1990,
        max_value=2100,
        method="filter_year",
    )
    action = ModelChoiceFilter(
        field_name="actions",
        label=_("Action"),
        help_text=_("Code of an action that the call implements"),
        queryset=actions_seen,
        to_field_name="code",
        widget=forms.TextInput,
        error_messages=UNKNOWN,
    )
    hangs_on = ChoiceFilter(
        label=_("Hangs on"),
        help_text=_("In the thread of its programme"),
        empty_label=ANY,
        choices=[("action", _("An action")), ("programme", _("Nothing but its programme"))],
        method="filter_hangs_on",
    )

    class Meta:
        model = Call
        fields: list[str] = []

    def filter_text(self, rows: CallQuerySet, _name: str, text: str) -> QuerySet[Call]:
        for word in words_of(text):
            rows = rows.filter(contains_word(word, *WORDS_OF_CALL))
        return rows

    def filter_phase(self, rows: CallQuerySet, _name: str, phase: str) -> QuerySet[Call]:
        return rows.in_phase(phase)

    def filter_strand(
        self, rows: CallQuerySet, _name: str, strands: QuerySet[Strand]
    ) -> QuerySet[Call]:
        """Calls that name a strand themselves or for one of their lots."""
        chosen = [strand.pk for strand in strands]
        if not chosen:
            return rows
        named = Call.strands.through.objects.filter(call=OuterRef("pk"), strand__in=chosen)
        lots = Lot.objects.filter(call=OuterRef("pk"), strands__in=chosen)
        return rows.filter(Exists(named) | Exists(lots))

    def filter_year(self, rows: CallQuerySet, _name: str, year: int) -> QuerySet[Call]:
        return rows.filter(
            Q(published__startswith=f"{year}") | Q(opens_at__year=year) | Q(deadline_at__year=year)
        )

    def filter_hangs_on(self, rows: CallQuerySet, _name: str, kind: str) -> QuerySet[Call]:
        return rows.hanging_on(kind, viewer_of(self.request))
