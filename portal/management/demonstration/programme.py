"""The records that stories hang on: the programme itself, its places, documents, calls and organisations."""

from __future__ import annotations

from django.utils.translation import gettext as _

from calls.models import Call
from portal.countries.models import Country
from portal.management.demonstration.calls import add_calls
from portal.management.demonstration.cascade import Amounts, add_cascade
from portal.management.demonstration.contracts import Fate, terms
from portal.management.demonstration.evaluation import add_evaluation
from portal.management.demonstration.places import COUNTRIES, add_places
from portal.management.demonstration.plan import FIRST_YEAR, LAST_YEAR, STRANDS, Plan
from portal.management.demonstration.rows import SOURCE, Keys, organisation_rows
from programmes.models import Action, Document, Programme, Strand
from projects.models import Organisation


class VocabularyMissing(Exception):
    """The strands or countries that the demonstration needs have not been loaded. Nothing was written."""


def check_vocabulary() -> None:
    """Raise `VocabularyMissing` unless the public record with its strands and countries is loaded."""
    strands = set(STRANDS) - set(Strand.objects.values_list("code", flat=True))
    countries = set(COUNTRIES) - set(Country.objects.values_list("code", flat=True))
    if strands or countries:
        raise VocabularyMissing(
            _("Run `manage.py load_record` first: %(missing)s are missing.")
            % {"missing": ", ".join(sorted(strands | countries))}
        )


def add_programme(plan: Plan, amounts: Amounts, awarded: dict[str, int]) -> Programme:
    """Add the programme and everything of it that is not a project. `awarded` counts contracts by call code."""
    programme = Programme.objects.create(
        code=plan.code,
        name="Demonstration programme for cooperation on migration and asylum",
        short_name="Demonstration programme",
        aim="To show the whole cycle of a grant programme. Everything in it is invented.",
        legal_basis="None: invented for demonstration",
        period_start=FIRST_YEAR,
        period_end=LAST_YEAR,
        demonstration=True,
        source=SOURCE,
    )
    for strand in Strand.objects.filter(code__in=STRANDS):
        strand.programmes.add(programme)
    add_places(programme)
    add_cascade(programme, plan, amounts)
    add_evaluation(programme, plan)
    add_calls(programme, plan, amounts, awarded)
    countries = dict(Country.objects.values_list("code", "pk"))
    Organisation.objects.bulk_create(
        Organisation(**row) for row in organisation_rows(plan.code, countries)
    )
    return programme


def keys_of(programme: Programme) -> Keys:
    """The primary keys that rows of projects need."""
    documents = Document.objects.filter(programme=programme)
    actions = Action.objects.filter(work_programme__programme=programme)
    organisations = Organisation.objects.filter(code__startswith=f"{programme.code}-ORG-")
    return Keys(
        programme=programme.pk,
        work_programmes=dict(documents.values_list("code", "pk")),
        actions=dict(actions.values_list("code", "pk")),
        calls=dict(Call.objects.filter(programme=programme).values_list("code", "pk")),
        strands=dict(Strand.objects.values_list("code", "pk")),
        countries=dict(Country.objects.values_list("code", "pk")),
        organisations=dict(enumerate(organisations.order_by("pk").values_list("pk", flat=True))),
    )


def awarded_by_call(plan: Plan, count: int) -> dict[str, int]:
    """How many of `count` projects were awarded by each call."""
    awarded: dict[str, int] = {}
    for number in range(1, count + 1):
        agreed = terms(plan, number)
        if agreed.slot.call and agreed.fate != Fate.INHERITED:
            awarded[agreed.slot.call] = awarded.get(agreed.slot.call, 0) + 1
    return awarded
