"""Everything of the demonstration programme that is not a project: what happens to it, and its keys."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from calls.models import Call
from portal.accounts.models import User
from portal.countries.models import Country
from portal.management.demonstration.amounts import amounts_for
from portal.management.demonstration.calls import call_happenings
from portal.management.demonstration.contracts import Fate, terms
from portal.management.demonstration.decisions import decision_happenings
from portal.management.demonstration.documents import paper_happenings
from portal.management.demonstration.evaluation import evaluation_happenings
from portal.management.demonstration.places import COUNTRIES
from portal.management.demonstration.plan import STRANDS, Plan
from portal.management.demonstration.rows import Keys
from portal.management.demonstration.script import Script
from portal.management.demonstration.setting_up import setting_up_happenings
from portal.management.demonstration.stories import needed_commitments
from portal.management.demonstration.timeline import Happening
from portal.management.demonstration.work_programmes import work_programme_happenings
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


def happenings(script: Script, count: int) -> Iterator[Happening]:
    """Everything of the programme that is not a project, from its beginning on; `count` projects are to come."""
    yield from setting_up_happenings(script)
    yield from paper_happenings(script)
    yield from work_programme_happenings(script)
    yield from decision_happenings(script)
    yield from evaluation_happenings(script)
    yield from call_happenings(script, awarded_by_call(script.plan, count))


def script_for(code: str, count: int, people: tuple[User, User]) -> Script:
    """The plan of a programme with this code, with amounts that cover so many projects."""
    plan = Plan(code)
    needed = needed_commitments(plan, count)
    return Script(plan, amounts_for(plan, needed), needed, people)


def keys_of(plan: Plan) -> Keys:
    """The primary keys that rows of projects need, as far as what they belong to is there."""
    programme = Programme.objects.get(code=plan.code)
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
