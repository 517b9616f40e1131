"""The demonstration programme: made once, the same everywhere, whole, and apart from what is real."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Sum

from calls.models import Call, CallStatus, LotBudget, Phase
from evaluation.models import Evaluation, Finding, Recommendation
from portal.accounts.models import Role, User
from portal.accounts.people import VISITOR
from portal.audit.models import Entry
from portal.management.demonstration.people import PEOPLE
from programmes.ledger import counts, figures
from programmes.ledger.models import Measure, Milestone, MilestoneKind, Place, Posting, Tag
from programmes.ledger.scope import Scope, now, on_day
from programmes.models import (
    Action,
    ActionAmount,
    Allocation,
    Commitment,
    Document,
    DocumentLink,
    FinancingDecision,
    LinkKind,
    Passage,
    Programme,
    Strand,
    Version,
)
from projects.models import Partner, Project, ProjectCountry, ProjectStatus, ProjectStrand

# Keys, positions and what differs from person to person each time.
VOLATILE = {"id", "position", "password", "actor", "joined_at", "last_login", "by"}
KEPT = [
    *(Programme, Document, DocumentLink, Passage, Allocation, Action, ActionAmount, Version),
    *(FinancingDecision, Commitment, Call, LotBudget, Evaluation, Finding),
    *(Project, ProjectStrand, ProjectCountry, Partner, Posting, Milestone, Tag, User),
]


def names(model) -> list[str]:
    """The columns of a model that say something: keys of other rows are followed to their codes or left out."""
    columns = []
    for field in model._meta.concrete_fields:
        if field.name in VOLATILE:
            continue
        if not field.is_relation:
            columns.append(field.name)
        elif any(f.name == "code" for f in field.related_model._meta.concrete_fields):
            columns.append(f"{field.name}__code")
    return columns


def digest() -> str:
    rows = {
        model.__name__: sorted(
            json.dumps(row, cls=DjangoJSONEncoder)
            for row in model.objects.values_list(*names(model))
        )
        for model in KEPT
    }
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def test_projects_stand_in_every_status():
    found = {
        status: Project.objects.filter(status=status).count() for status in ProjectStatus.values
    }
    assert found == {
        "not_reported": 2,
        "prepared": 4,
        "signed": 12,
        "suspended": 2,
        "terminated": 4,
        "closed": 26,
    }


def test_people_sign_in_with_the_passwords_that_are_shown():
    people = {user.email: user for user in User.objects.all()}
    assert [people[person.email].role for person in PEOPLE] == [
        Role.OFFICER,
        Role.OFFICER,
        Role.OFFICIAL,
        Role.OFFICIAL,
        Role.AUDITOR,
    ]
    assert all(people[person.email].check_password(person.password) for person in PEOPLE)
    assert people["malika@example.org"].country.code == "MA"
    assert people["mihai@example.org"].country.code == "MD"


def test_a_second_run_changes_nothing():
    before, position, entries = digest(), now().position, Entry.objects.count()
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert out.getvalue() == "Demonstration programme: already there, nothing changed.\n"
    assert (digest(), now().position, Entry.objects.count()) == (before, position, entries)


def test_one_audit_entry_tells_of_the_batch():
    entry = Entry.objects.get(verb="seed_demo")
    assert (entry.record_kind, entry.record_code, entry.actor) == ("programme", "DEMO", None)
    rows = Posting.objects.count() + Milestone.objects.count() + Tag.objects.count()
    assert entry.new == {"projects": 50, "ledger_rows": rows}


def cells(measure: str, statuses: list[str]) -> dict[tuple[str, str, str], Decimal]:
    codes = Project.objects.filter(status__in=statuses).values("code")
    rows = Posting.objects.filter(measure=measure, project__in=codes)
    return {
        (row["project"], row["strand"], row["country"]): row["total"]
        for row in rows.values("project", "strand", "country").annotate(total=Sum("amount"))
    }


def test_a_settled_contract_is_paid_and_accepted_as_contracted_in_every_cell():
    settled = [ProjectStatus.CLOSED, ProjectStatus.TERMINATED]
    contracted = cells(Measure.CONTRACTED, settled)
    assert len({project for project, _strand, _country in contracted}) == 30
    assert cells(Measure.PAID, settled) == contracted
    assert cells(Measure.ACCEPTED, settled) == contracted


def test_a_running_contract_is_divided_as_its_shares_say():
    project = Project.objects.filter(status="signed", country_tags__share=55).order_by("code")[0]
    contracted = cells(Measure.CONTRACTED, ["signed"])
    own = {cell: amount for cell, amount in contracted.items() if cell[0] == project.code}
    shares = {
        (project.code, strand.strand.code, country.country.code): strand.share * country.share / 100
        for strand in project.strand_tags.all()
        for country in project.country_tags.all()
    }
    whole = sum(own.values())
    assert own.keys() == shares.keys()
    assert all(abs(own[cell] - whole * shares[cell] / 100) < Decimal("0.01") for cell in own)


def test_shares_add_up_to_a_hundred_or_are_absent():
    for model in (ProjectStrand, ProjectCountry):
        sums = set(
            model.objects.values("project").annotate(s=Sum("share")).values_list("s", flat=True)
        )
        assert sums == {Decimal(100), None}
    without = set(
        ProjectStrand.objects.filter(share=None).values_list("project__status", flat=True)
    )
    assert without == {ProjectStatus.NOT_REPORTED}


def test_an_inherited_amount_is_undated_and_not_divided():
    (posting,) = Posting.objects.filter(place=Place.SEVERAL)
    assert (posting.value_date, posting.budget_year, posting.strand) == (None, None, "")
    assert posting.attribution == "inferred"


def test_commitments_cover_contracts_at_every_position():
    committed: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    contracted: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    rows = Posting.objects.filter(measure__in=["committed", "contracted"]).exclude(action="")
    for row in rows.order_by("position"):
        (committed if row.measure == "committed" else contracted)[row.action, row.budget_year] += (
            row.amount
        )
        key = row.action, row.budget_year
        assert contracted[key] <= committed[key]
    assert len(contracted) > 20


def test_the_whole_life_of_money_is_there():
    events = set(Posting.objects.filter(amount__lt=0).values_list("measure", "event"))
    assert {
        ("committed", "Decommitted"),
        ("committed", "Carried over to 2023"),
        ("planned", "repealed"),
        ("contracted", "Addendum signed"),
        ("contracted", "Decommitment at closure"),
        ("paid", "Recovery of what was not spent"),
        ("accepted", "Correction after verification"),
    } <= events
    rising = Posting.objects.filter(event="Addendum signed", amount__gt=0)
    assert rising.exists()
    taken_back = Posting.objects.exclude(reverses=None)
    assert set(taken_back.values_list("reason", "measure")) == {
        ("The amount of another request was keyed.", "paid")
    }
    assert all(row.amount == -row.reverses.amount for row in taken_back.select_related("reverses"))


def test_every_kind_of_milestone_is_reached_and_not_by_all():
    totals = {
        measure: counts.count(measure, Scope("DEMO"), now()).total
        for measure in counts.CountMeasure.values
    }
    assert totals["projects"] == 50
    assert totals["contracts"] == 44
    assert totals["calls"] == 9
    for measure in ("baselines", "targets", "final_reports", "evidence"):
        assert 0 < totals[measure] < totals["contracts"]
    closed = set(
        Milestone.objects.filter(kind=MilestoneKind.CLOSED).values_list("subject", flat=True)
    )
    assert closed == set(Project.objects.filter(status="closed").values_list("code", flat=True))


def test_positions_and_moments_rise_together():
    rows = sorted(
        row
        for model in (Posting, Milestone, Tag)
        for row in model.objects.filter(programme="DEMO").values_list("position", "posted_at")
    )
    moments = [moment for _position, moment in rows]
    assert moments == sorted(moments)
    assert moments[-1] < datetime(2025, 8, 1, tzinfo=UTC)


def test_an_earlier_day_answers_with_what_was_posted_by_then():
    as_of = on_day(date(2020, 12, 31), ["DEMO"])
    early = figures.value(Measure.CONTRACTED, Scope("DEMO"), as_of)
    rows = Posting.objects.filter(measure="contracted", posted_at__lt="2021-01-01T00:00+01:00")
    assert early.total == rows.aggregate(total=Sum("amount"))["total"]
    assert 0 < early.reported < 45


def test_nothing_of_it_is_in_figures_over_all_programmes():
    everything = Scope("all")
    assert [figures.value(measure, everything, now()).total for measure in Measure.values] == [
        None
    ] * len(Measure.values)
    assert [counts.count(each, everything, now()).total for each in counts.CountMeasure.values] == [
        0
    ] * len(counts.CountMeasure.values)


def test_one_call_is_open_for_years_and_one_is_to_come():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    published = Call.objects.filter(status=CallStatus.PUBLISHED)
    assert {call.code: call.phase(moment) for call in published} == {
        "DEMO-CALL-2025": Phase.OPEN,
        "DEMO-CALL-2030": Phase.FORTHCOMING,
    }
    assert set(Call.objects.values_list("status", flat=True)) == set(CallStatus.values)
    assert LotBudget.objects.filter(lot__call__code="DEMO-CALL-2018", conditional=True).count() == 3


def test_awarded_calls_count_their_contracts():
    for call in Call.objects.filter(status=CallStatus.AWARDED):
        assert call.proposals_awarded == call.projects.count() > 0


def test_the_shelter_is_withheld_from_visitors():
    (shelter,) = Project.objects.filter(restricted=True)
    assert shelter.restricted_reason != ""
    assert [row.strand.code for row in shelter.strand_tags.all()] == ["MIGPROT"]
    assert not Project.objects.visible_to(VISITOR).filter(pk=shelter.pk).exists()
    assert Posting.objects.filter(project=shelter.code).exists()


def test_the_evaluation_feeds_the_next_strategy_paper_recommendation_by_recommendation():
    link = DocumentLink.objects.get(kind=LinkKind.FEEDS)
    assert link.from_document.evaluation.code == "DEMO-EVALUATION-2022"
    assert link.to_document.code == "DEMO-SP-2023-2031"
    recommendations = Recommendation.objects.order_by("code")
    assert [line.split(":")[0] for line in link.note.splitlines()] == [
        f"Recommendation {number}, {recommendation.title}"
        for number, recommendation in enumerate(recommendations, start=1)
    ]


def test_both_officials_find_projects_of_their_country():
    found = {
        code: Project.objects.visible_to(VISITOR).touching_countries([code]).count()
        for code in ("MA", "MD")
    }
    assert min(found.values()) >= 5


def test_outside_the_embedded_run_it_is_refused(settings):
    settings.EMBEDDED = settings.DEBUG = False
    with pytest.raises(CommandError, match="for `make run` only"):
        call_command("seed_demo")


def test_without_the_record_it_says_what_to_run(settings):
    settings.EMBEDDED = True
    with transaction.atomic():
        Strand.objects.filter(code="ASYLUM").update(code="OTHER")
        with pytest.raises(CommandError) as refused:
            call_command("seed_demo")
        transaction.set_rollback(True)
    assert str(refused.value) == "Run `manage.py load_record` first: ASYLUM are missing."


STORIES = """
import django; django.setup()
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.stories import stories
print(list(stories(Plan("DEMO"), 200)))
"""


def test_stories_are_the_same_in_every_process():
    told = [
        subprocess.run(
            [sys.executable, "-c", STORIES],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 100_000
