"""The filters of the audit trail, the same for the page and for the file."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, ModelChoiceFilter

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.audit.words import named_kinds, named_verbs
from portal.dates import BRUSSELS, end_of_brussels_day
from portal.folding import words_of

ANY = _("Any")
UNKNOWN = {"invalid_choice": _("Choose one of the list.")}


def _date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _in_order(words: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted(words.items(), key=lambda pair: str(pair[1]))


class EntryFilter(FilterSet):
    """Entries by person, verb, record, day and the words of the reason."""

    person = ModelChoiceFilter(
        label=_("Person"),
        empty_label=ANY,
        queryset=User.objects.all(),
        to_field_name="actor",
        error_messages=UNKNOWN,
        method="filter_person",
    )
    verb = ChoiceFilter(
        label=_("What was done"), empty_label=ANY, choices=lambda: _in_order(named_verbs())
    )
    kind = ChoiceFilter(
        label=_("Kind of record"),
        empty_label=ANY,
        choices=lambda: _in_order(named_kinds()),
        field_name="record_kind",
    )
    code = CharFilter(
        label=_("Code"),
        help_text=_("Of a record; its parts are found too"),
        method="filter_code",
    )
    since = DateFilter(label=_("From day"), widget=_date_input(), method="filter_since")
    until = DateFilter(label=_("To day"), widget=_date_input(), method="filter_until")
    reason = CharFilter(label=_("Words of the reason"), method="filter_reason")

    class Meta:
        model = Entry
        fields: list[str] = []

    def filter_person(self, rows: QuerySet[Entry], _name: str, person: User) -> QuerySet[Entry]:
        return rows.filter(actor=person.actor)

    def filter_code(self, rows: QuerySet[Entry], _name: str, code: str) -> QuerySet[Entry]:
        return rows.filter(Q(record_code=code.strip()) | Q(part_of=code.strip()))

    def filter_since(self, rows: QuerySet[Entry], _name: str, day: date) -> QuerySet[Entry]:
        return rows.filter(at__gte=datetime.combine(day, time.min, BRUSSELS))

    def filter_until(self, rows: QuerySet[Entry], _name: str, day: date) -> QuerySet[Entry]:
        return rows.filter(at__lte=end_of_brussels_day(day))

    def filter_reason(self, rows: QuerySet[Entry], _name: str, text: str) -> QuerySet[Entry]:
        for word in words_of(text):
            rows = rows.filter(reason__icontains=word)
        return rows
