"""A database for measuring holds what the stories tell, under everything that officers did above them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max, Sum

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.management.demonstration.copying import Progress, fill
from portal.management.demonstration.people import MEASURING
from portal.management.demonstration.plan import Plan
from portal.management.demonstration.stories import stories
from programmes.ledger import figures
from programmes.ledger.models import Measure, Milestone, Posting, Tag
from programmes.ledger.posting import reverse
from programmes.ledger.scope import Scope, now
from programmes.models import Commitment
from projects.models import Partner, Project, ProjectCountry, ProjectStrand
from tests.factories.demonstration import add_vocabulary

PROJECTS, LINES = 120, 10


@pytest.fixture(scope="module")
def done(django_db_setup, django_db_blocker) -> Progress:
    """One load for all tests of this file, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        add_vocabulary()
        yield fill(PROJECTS, LINES, lambda _progress: None)
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("done")]


def test_it_writes_what_the_stories_tell(done):
    told = list(stories(Plan("SCALE"), PROJECTS, LINES))
    postings = Posting.objects.exclude(project="")
    assert postings.count() == done.postings == sum(story.lines for story in told)
    assert Project.objects.count() == done.projects == PROJECTS
    facts = Milestone.objects.filter(subject_kind="project")
    assert facts.count() == sum(len(story.facts) for story in told)
    tags = Tag.objects.filter(subject_kind="project").count()
    assert tags == ProjectStrand.objects.count() + ProjectCountry.objects.count()
    assert tags == sum(len(story.strands) + len(story.countries) for story in told)
    assert Partner.objects.count() == sum(len(story.partners) for story in told)
    contracted = sum(
        amount
        for story in told
        for booking in story.bookings
        if booking.measure == "contracted"
        for amount in booking.parts.values()
    )
    assert figures.value("contracted", Scope("SCALE"), now()).total == contracted


def test_the_number_of_postings_is_the_one_asked_for(done):
    assert abs(done.postings - PROJECTS * LINES) < 100


def test_settled_contracts_are_paid_as_contracted():
    settled = Project.objects.filter(status="closed").values("code")

    def cells(measure: str) -> dict:
        rows = Posting.objects.filter(measure=measure, project__in=settled)
        return {
            (row["project"], row["strand"], row["country"]): row["total"]
            for row in rows.values("project", "strand", "country").annotate(total=Sum("amount"))
        }

    assert cells("paid") == cells("contracted") != {}


def test_reversals_name_what_they_take_back():
    taken_back = list(Posting.objects.exclude(reverses=None).select_related("reverses"))
    assert len(taken_back) > 0
    assert all(row.amount == -row.reverses.amount for row in taken_back)
    assert all(row.position > row.reverses.position for row in taken_back)


def test_the_next_rows_find_free_keys():
    highest = Posting.objects.aggregate(pk=Max("pk"))["pk"]
    last = Posting.objects.get(pk=highest)
    (added,) = reverse([last], by=None, reason="A test of free keys.")
    assert added.pk == highest + 1


def test_the_guard_of_the_ledger_stands():
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Posting.objects.update(amount=1)


def test_commitments_cover_what_is_contracted():
    committed, contracted = (
        figures.table(measure, Scope("SCALE"), now(), ["commitment"])
        for measure in (Measure.COMMITTED, Measure.CONTRACTED)
    )
    drawn = {code: cell.amount for (code,), cell in contracted.items() if code}
    assert len(drawn) > 20
    assert all(0 < amount <= committed[code,].amount for code, amount in drawn.items())
    assert set(drawn) <= set(Commitment.objects.values_list("code", flat=True))


def test_what_stands_above_projects_was_done_by_two_officers():
    two = set(User.objects.filter(email__in=MEASURING).values_list("actor", flat=True))
    assert len(two) == 2
    for verb in ("open_programme", "adopt_document", "book_commitment"):
        assert set(Entry.objects.filter(verb=verb).values_list("actor", flat=True)) <= two
    assert Entry.objects.filter(verb="adopt_document").count() > 10
    assert not any(user.has_usable_password() for user in User.objects.all())
    planned = figures.value(Measure.PLANNED, Scope("SCALE"), now()).total
    assert planned > Decimal(100_000_000)
