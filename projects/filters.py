"""The filters of projects and organisations, the same for list pages, for machines and for exports."""

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

from calls.filters import ANY, actions_seen
from calls.models import Call
from portal.countries.models import Country
from portal.folding import contains_word, words_of
from portal.records import Attribution
from portal.widgets import LongSelect
from programmes.filters import (
    UNKNOWN,
    YearFilter,
    programmes_seen,
    strands_seen,
    viewer_of,
)
from programmes.models import Document, DocumentKind, Strand
from projects.models import (
    WORDS_OF_ORGANISATION,
    WORDS_OF_PROJECT,
    Organisation,
    OrganisationKind,
    Partner,
    Project,
    ProjectQuerySet,
    ProjectStatus,
)

HANGS_ON = [
    ("call", _("A call")),
    ("action", _("An action, but no call")),
    ("work_programme", _("A work programme, but no action")),
    ("programme", _("Nothing but its programme")),
]


def _work_programmes(request: HttpRequest | None) -> QuerySet[Document]:
    return Document.objects.visible_to(viewer_of(request)).of_kind(DocumentKind.WORK_PROGRAMME)


def _calls(request: HttpRequest | None) -> QuerySet[Call]:
    return Call.objects.visible_to(viewer_of(request))


class ProjectFilter(FilterSet):
    """Projects by words, and by what they belong to, touch, and are known as.

    A code that no record has, or none that the one who asks may see, is an error of its field.
    """

    text = CharFilter(
        label=_("Words"),
        help_text=_("In title, acronym, reference, code or lead organisation"),
        method="filter_text",
    )
    programme = ModelChoiceFilter(
        label=_("Programme"),
        empty_label=ANY,
        queryset=programmes_seen,
        to_field_name="code",
        error_messages=UNKNOWN,
    )
    strand = ModelMultipleChoiceFilter(
        label=_("Strand"),
        queryset=strands_seen,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages=UNKNOWN,
        method="filter_strand",
    )
    country = ModelMultipleChoiceFilter(
        label=_("Country"),
        help_text=_("One or several"),
        queryset=Country.objects.all(),
        to_field_name="code",
        widget=LongSelect,
        error_messages=UNKNOWN,
        method="filter_country",
    )
    year = YearFilter(
        label=_("Year"),
        help_text=_("In which the action runs, as far as dates are known"),
        min_value=1990,
        max_value=2100,
        method="filter_year",
    )
    status = ChoiceFilter(label=_("Status"), empty_label=ANY, choices=ProjectStatus.choices)
    attribution = ChoiceFilter(label=_("Attribution"), empty_label=ANY, choices=Attribution.choices)
    organisation = ModelChoiceFilter(
        label=_("Organisation"),
        help_text=_("Code of the lead or a partner"),
        queryset=Organisation.objects.all(),
        to_field_name="code",
        widget=forms.TextInput,
        error_messages=UNKNOWN,
        method="filter_organisation",
    )
    call = ModelChoiceFilter(
        label=_("Call"),
        help_text=_("Code of the call"),
        queryset=_calls,
        to_field_name="code",
        widget=forms.TextInput,
        error_messages=UNKNOWN,
    )
    work_programme = ModelChoiceFilter(
        label=_("Work programme"),
        help_text=_("Code of the document"),
        queryset=_work_programmes,
        to_field_name="code",
        widget=forms.TextInput,
        error_messages=UNKNOWN,
    )
    action = ModelChoiceFilter(
        label=_("Action"),
        help_text=_("Code of an action of a work programme"),
        queryset=actions_seen,
        to_field_name="code",
        widget=forms.TextInput,
        error_messages=UNKNOWN,
    )
    hangs_on = ChoiceFilter(
        label=_("Hangs on"),
        help_text=_(
            "The lowest record that agrees with all a project says, as the thread shows it"
        ),
        empty_label=ANY,
        choices=HANGS_ON,
        method="filter_hangs_on",
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def filter_text(self, rows: ProjectQuerySet, _name: str, text: str) -> QuerySet[Project]:
        """Projects that hold every word, each in their own words or in the name of their lead."""
        for word in words_of(text):
            # Read first, so that the database joins two indexes instead of reading every project.
            leads = Organisation.objects.filter(contains_word(word, *WORDS_OF_ORGANISATION))
            found = list(leads.values_list("pk", flat=True))
            rows = rows.filter(contains_word(word, *WORDS_OF_PROJECT) | Q(lead__in=found))
        return rows

    def filter_strand(
        self, rows: ProjectQuerySet, _name: str, strands: QuerySet[Strand]
    ) -> QuerySet[Project]:
        codes = [strand.code for strand in strands]
        return rows.touching_strands(codes) if codes else rows

    def filter_country(
        self, rows: ProjectQuerySet, _name: str, countries: QuerySet[Country]
    ) -> QuerySet[Project]:
        codes = [country.code for country in countries]
        return rows.touching_countries(codes) if codes else rows

    def filter_year(self, rows: ProjectQuerySet, _name: str, year: int) -> QuerySet[Project]:
        return rows.in_year(year)

    def filter_organisation(
        self, rows: ProjectQuerySet, _name: str, organisation: Organisation
    ) -> QuerySet[Project]:
        partners = Partner.objects.filter(project=OuterRef("pk"), organisation=organisation)
        return rows.filter(Q(lead=organisation) | Exists(partners))

    def filter_hangs_on(self, rows: ProjectQuerySet, _name: str, kind: str) -> QuerySet[Project]:
        return rows.hanging_on(kind, viewer_of(self.request))


class OrganisationFilter(FilterSet):
    """Organisations by words, kind and country."""

    text = CharFilter(label=_("Words"), help_text=_("In name or code"), method="filter_text")
    kind = ChoiceFilter(label=_("Kind"), empty_label=ANY, choices=OrganisationKind.choices)
    country = ModelChoiceFilter(
        label=_("Country"),
        empty_label=ANY,
        queryset=Country.objects.filter(
            Exists(Organisation.objects.filter(country=OuterRef("pk")))
        ),
        to_field_name="code",
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def filter_text(
        self, rows: QuerySet[Organisation], _name: str, text: str
    ) -> QuerySet[Organisation]:
        for word in words_of(text):
            rows = rows.filter(contains_word(word, *WORDS_OF_ORGANISATION))
        return rows
