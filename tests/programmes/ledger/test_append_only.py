"""Postings, milestones, tags and audit entries refuse every change, in the database itself."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from portal.audit.trail import write_entry
from programmes.ledger.models import (
    Measure,
    Milestone,
    MilestoneKind,
    Place,
    Posting,
    SubjectKind,
    Tag,
)
from programmes.ledger.posting import PostingRefused, Touches, post, record_milestone, reverse, tag
from tests.factories.programmes import (
    CountryFactory,
    MembershipFactory,
    ProgrammeFactory,
    RegionFactory,
    StrandFactory,
)
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db

GUARDED = ["ledger_posting", "ledger_milestone", "ledger_tag", "audit_entry"]


def line(**fields) -> Posting:
    return Posting(
        **{
            "programme": "TPMA",
            "measure": Measure.CONTRACTED,
            "amount": "100.00",
            "event": "signed",
            "project": "P1",
            **fields,
        }
    )


def money(**fields) -> Posting:
    row = line(**fields)
    row.amount = Posting._meta.get_field("amount").to_python(row.amount)
    return row


@pytest.fixture
def one_of_each(officer):
    ProjectFactory(code="P1")
    StrandFactory(code="MIGDEV")
    CountryFactory(code="MA")
    post([money()], by=officer)
    record_milestone(
        MilestoneKind.RECORDED, SubjectKind.PROJECT, ["P1"], programme="TPMA", by=officer
    )
    tag(
        SubjectKind.PROJECT,
        {"P1": Touches(["MIGDEV"], ["MA"])},
        programme="TPMA",
        by=officer,
    )
    write_entry("look", by=officer, record_kind="project", record_code="P1")


@pytest.mark.parametrize("table", GUARDED)
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET position = position", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_no_row_is_ever_changed(one_of_each, table, statement):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
        assert before[0] > 0
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table))
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before


def test_the_database_sets_position_and_moment(one_of_each, officer):
    first = Posting.objects.get()
    forged = money(posted_at="2001-01-01T00:00:00Z")
    forged.position = 1
    (second,) = post([forged], by=officer)
    second.refresh_from_db()
    assert second.position > first.position
    assert second.posted_at >= first.posted_at
    assert second.by == officer.actor


def test_only_the_demonstration_may_be_posted_in_the_past(officer):
    ProgrammeFactory(code="DEMO", demonstration=True)
    (row,) = post(
        [money(programme="DEMO", project="", posted_at="2001-01-01T00:00:00Z")], by=officer
    )
    row.refresh_from_db()
    assert row.posted_at.year == 2001


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project", "NONE-SUCH"),
        ("programme", "NONE-SUCH"),
        ("strand", "NONE-SUCH"),
        ("work_programme", "NONE-SUCH"),
        ("commitment", "NONE-SUCH"),
        ("region", "NONE-SUCH"),
    ],
)
def test_a_code_that_nobody_keeps_is_refused(officer, field, value):
    ProjectFactory(code="P1")
    with pytest.raises(PostingRefused, match="NONE-SUCH"):
        post([money(), money(**{field: value})], by=officer)
    assert Posting.objects.count() == 0


def test_part_of_a_cent_is_refused(officer):
    ProjectFactory(code="P1")
    with pytest.raises(PostingRefused, match=r"0\.001"):
        post([money(amount="0.001")], by=officer)
    assert Posting.objects.count() == 0


def test_the_region_follows_from_the_programmes_map(officer):
    region = RegionFactory()
    ProjectFactory(code="P1", programme=region.programme)
    MembershipFactory(region=region, country=CountryFactory(code="MA"))
    (row,) = post([money(place=Place.COUNTRY, country="MA")], by=officer)
    assert row.region == "SOUTHERN-MEDITERRANEAN"


def test_a_reversal_takes_back_exactly_once(one_of_each, officer):
    original = Posting.objects.get()
    (taken_back,) = reverse([original], by=officer, reason="keyed twice")
    assert (taken_back.amount, taken_back.reverses_id) == (-original.amount, original.pk)
    with pytest.raises(Error), transaction.atomic():
        reverse([original], by=officer, reason="again")
    with pytest.raises(Error), transaction.atomic():
        reverse([taken_back], by=officer, reason="back again")
    assert Posting.objects.count() == 2


def test_a_reversal_lies_where_it_lay_whatever_the_map_says_now(officer):
    programme = ProgrammeFactory()
    CountryFactory(code="TN")
    (posted,) = post([money(country="TN", place=Place.COUNTRY, project="")], by=officer)
    assert posted.region == ""
    MembershipFactory(region=RegionFactory(programme=programme), country__code="TN")
    (taken_back,) = reverse([posted], by=officer, reason="keyed twice")
    assert (taken_back.country, taken_back.region) == ("TN", "")


def test_a_reversal_needs_a_reason(one_of_each, officer):
    with pytest.raises(PostingRefused, match="reason"):
        reverse(Posting.objects.all(), by=officer, reason="")


def test_a_false_reversal_is_refused_by_the_database(one_of_each):
    original = Posting.objects.get()
    with pytest.raises(Error, match="takes back exactly"), transaction.atomic():
        money(amount="-99.00", reverses=original).save()


def test_tags_are_added_and_taken_back(one_of_each, officer):
    StrandFactory(code="ASYLUM")
    fields = {"programme": "TPMA", "by": officer}
    touches = {"P1": Touches(["ASYLUM"], ["MA"])}
    tag(SubjectKind.PROJECT, touches, **fields)
    assert tag(SubjectKind.PROJECT, touches, **fields) == []
    standing = Tag.objects.filter(reverses=None, reversed_by=None)
    assert sorted(standing.values_list("key", flat=True)) == ["ASYLUM", "MA"]
    assert Tag.objects.count() == 4


def test_a_milestone_keeps_its_precision(officer):
    record_milestone(
        MilestoneKind.CONTRACT_SIGNED,
        SubjectKind.PROJECT,
        ["P1"],
        programme="TPMA",
        by=officer,
        on="2009-05",
    )
    row = Milestone.objects.get()
    assert (str(row.happened_on), row.date_precision) == ("2009-05-01", "month")
