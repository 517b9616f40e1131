"""The filters of documents and of countries, the same for list pages, for machines and for exports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import (
    CharFilter,
    ChoiceFilter,
    FilterSet,
    ModelChoiceFilter,
    NumberFilter,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from portal.accounts.people import VISITOR, Viewer
from portal.countries.models import Country
from portal.files.languages import Language
from portal.folding import contains_word, words_of
from programmes.models import (
    Document,
    DocumentFile,
    DocumentKind,
    DocumentQuerySet,
    DocumentStatus,
    Instrument,
    OfProgramme,
    Programme,
    ProgrammeCountry,
    Region,
    RegionMembership,
    Strand,
    Version,
)

UNKNOWN = {"invalid_choice": _("There is no record with the code “%(value)s” here.")}
WORDS_OF_DOCUMENT = ("title", "reference", "code")


def viewer_of(request: HttpRequest | None) -> Viewer:
    """Who asks; a visitor where filters are read outside a request."""
    return request.user if request else VISITOR


def programmes_seen(request: HttpRequest | None) -> QuerySet[Programme]:
    """The programmes that may be chosen: those that the one who asks may see."""
    return Programme.objects.visible_to(viewer_of(request))


def strands_seen(request: HttpRequest | None) -> QuerySet[Strand]:
    """The strands that may be chosen: those that the one who asks may see."""
    return Strand.objects.visible_to(viewer_of(request))


class YearFilter(NumberFilter):
    """A whole year."""

    field_class = forms.IntegerField

    def get_max_validator(self) -> None:
        """The field itself says which years there are."""


class DocumentFilter(FilterSet):
    """Documents by words, programme, kind, status, year, and what the record does not say of them."""

    text = CharFilter(
        label=_("Words"), help_text=_("In title, reference or code"), method="filter_text"
    )
    programme = ModelChoiceFilter(
        label=_("Programme"),
        queryset=programmes_seen,
        to_field_name="code",
        error_messages=UNKNOWN,
    )
    kind = ChoiceFilter(label=_("Kind"), choices=DocumentKind.choices)
    status = ChoiceFilter(label=_("Status"), choices=DocumentStatus.choices)
    year = YearFilter(
        label=_("Year"),
        help_text=_("Adopted in that year, or covering it"),
        min_value=1990,
        max_value=2100,
        method="filter_year",
    )
    missing = ChoiceFilter(
        label=_("Not reported"),
        choices=[("amount", _("Amount")), ("adopted", _("Date of adoption"))],
        method="filter_missing",
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def filter_text(self, rows: DocumentQuerySet, _name: str, text: str) -> QuerySet[Document]:
        for word in words_of(text):
            rows = rows.filter(contains_word(word, *WORDS_OF_DOCUMENT))
        return rows

    def filter_year(self, rows: DocumentQuerySet, _name: str, year: int) -> QuerySet[Document]:
        """Documents adopted in a year or covering it; one that names a single year covers that one."""
        covers = Q(period_start__lte=year, period_end__gte=year)
        return rows.filter(covers | Q(adopted__startswith=f"{year}"))

    def filter_missing(self, rows: DocumentQuerySet, _name: str, what: str) -> QuerySet[Document]:
        conditions = {"amount": Q(stated_amount__isnull=True), "adopted": Q(adopted="")}
        return rows.filter(conditions[what])


class DocumentFileFilter(FilterSet):
    """Files of documents by the document's code, by language, and whether they count."""

    document = CharFilter(label=_("Document"), field_name="document__code")
    language = ChoiceFilter(label=_("Language"), choices=Language.choices)
    current = ChoiceFilter(
        label=_("Later version"),
        choices=[("yes", _("Not replaced")), ("no", _("Replaced"))],
        method="filter_current",
    )

    class Meta:
        model = DocumentFile
        fields: list[str] = []

    def filter_current(
        self, rows: QuerySet[DocumentFile], _name: str, answer: str
    ) -> QuerySet[DocumentFile]:
        return rows.filter(replaced_at__isnull=answer == "yes")


def documents_seen(request: HttpRequest | None) -> QuerySet[Document]:
    """The documents that whoever asks may choose among."""
    return Document.objects.visible_to(viewer_of(request))


class VersionFilter(FilterSet):
    """Versions of one document."""

    document = ModelChoiceFilter(
        label=_("Document"),
        queryset=documents_seen,
        to_field_name="code",
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Version
        fields: list[str] = []


def _regions() -> list[tuple[str, str]]:
    """Every region and route by code, named once however many opened programmes draw it."""
    rows = Region.objects.opened().order_by("name").values_list("code", "name")
    return list(dict(rows).items())


def _instruments() -> list[tuple[str, Any]]:
    """The instruments of 2007-2013, and those that an opened programme names beside them."""
    named = ProgrammeCountry.objects.opened().exclude(instrument__in=["", *Instrument.values])
    others = named.order_by("instrument").values_list("instrument", flat=True).distinct()
    return [*Instrument.choices, *((text, text) for text in others)]


class CountryFilter(FilterSet):
    """Countries by name, and by what a programme (the one chosen, else any) makes of them."""

    text = CharFilter(label=_("Name or code"), method="filter_text")
    programme = ModelChoiceFilter(
        label=_("Programme"),
        queryset=programmes_seen,
        to_field_name="code",
        error_messages=UNKNOWN,
        method="filter_programme",
    )
    # Which regions there are is data: the schema of the endpoint says text, and asks no database.
    region = extend_schema_field(OpenApiTypes.STR)(
        ChoiceFilter(label=_("Region or route"), choices=_regions, method="filter_region")
    )
    instrument = extend_schema_field(OpenApiTypes.STR)(
        ChoiceFilter(label=_("Instrument"), choices=_instruments, method="filter_instrument")
    )
    priority = ChoiceFilter(
        label=_("Priority"),
        choices=[("yes", _("Emigration or transit towards the EU"))],
        method="filter_priority",
    )

    class Meta:
        model = Country
        fields: list[str] = []

    def filter_text(self, rows: QuerySet[Country], _name: str, text: str) -> QuerySet[Country]:
        for word in words_of(text):
            rows = rows.filter(contains_word(word, "name", "code"))
        return rows

    def filter_programme(
        self, rows: QuerySet[Country], _name: str, programme: Programme
    ) -> QuerySet[Country]:
        named = ProgrammeCountry.objects.filter(country=OuterRef("pk"), programme=programme)
        member = RegionMembership.objects.filter(country=OuterRef("pk"), programme=programme)
        return rows.filter(Exists(named) | Exists(member))

    def filter_region(self, rows: QuerySet[Country], _name: str, code: str) -> QuerySet[Country]:
        """Members of a region at any time; a route stands for its regions."""
        within = Q(region__code=code) | Q(region__parent__code=code)
        return rows.filter(Exists(self._of_programme(RegionMembership.objects.filter(within))))

    def filter_instrument(
        self, rows: QuerySet[Country], _name: str, instrument: str
    ) -> QuerySet[Country]:
        covered = ProgrammeCountry.objects.filter(instrument=instrument)
        return rows.filter(Exists(self._of_programme(covered)))

    def filter_priority(self, rows: QuerySet[Country], _name: str, _yes: str) -> QuerySet[Country]:
        first = ProgrammeCountry.objects.filter(priority=True)
        return rows.filter(Exists(self._of_programme(first)))

    def _of_programme(self, rows: OfProgramme[Any]) -> OfProgramme[Any]:
        """Rows about a country, by the programme chosen where one is, else by every opened one."""
        programme = self.form.cleaned_data.get("programme")
        rows = rows.filter(country=OuterRef("pk"))
        return rows.filter(programme=programme) if programme else rows.opened()
