"""Seals: what they cover, and that nothing beneath them changes unseen."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from django.db import Error, connection, transaction

from portal.audit.leaves import LEAF, STRETCH, leaves_of, read_leaves, stretches
from portal.audit.models import Entry, Seal, SealPage
from portal.audit.moments import at_moment
from portal.audit.sealed import FORM, table_of, tables
from portal.audit.sealing import NO_SEAL, digest_of, head, seal_everything, text_of, unsealed_rows
from portal.audit.trail import write_entry
from portal.audit.verifying import Finding, verify_seals
from programmes.ledger.models import Measure, Milestone, Posting, SubjectKind, Tag
from programmes.ledger.posting import Touches, tag
from tests.factories.ledger import know, post_line
from tests.factories.programmes import ProgrammeFactory, StrandFactory
from tests.portal.altering import alter

pytestmark = pytest.mark.django_db

SEALED = {
    "audit_entry": Entry,
    "ledger_posting": Posting,
    "ledger_milestone": Milestone,
    "ledger_tag": Tag,
}


def one_of_each(amount: str = "100.00") -> None:
    ProgrammeFactory()
    StrandFactory(code="MIGDEV")
    post_line(Measure.ENVELOPE, amount, period_start=2007, period_end=2013, reason="Ørsted, “x”")
    know(SubjectKind.PROJECT, f"P-{amount}")
    tag(SubjectKind.PROJECT, {f"P-{amount}": Touches(["MIGDEV"])}, programme="TPMA", by=None)
    write_entry("look", by=None, record_kind="project", new={"b": [1, None], "a": "é"})


def findings() -> list[Finding]:
    return [finding for result in verify_seals() for finding in result.findings]


def test_a_seal_covers_every_row_of_the_four_tables():
    one_of_each()
    seal = seal_everything()
    (page,) = SealPage.objects.all()
    assert [
        (leaf.position, table_of(leaf.table).table) for leaf in leaves_of(page.leaves)
    ] == sorted(
        (row.position, name) for name, model in SEALED.items() for row in model.objects.all()
    )
    assert (seal.number, seal.form, seal.rows, seal.previous) == (1, FORM, 4, NO_SEAL)
    assert (seal.first_position, seal.last_position) == (1, Entry.objects.get().position)
    assert seal.content == hashlib.sha256(page.leaves).hexdigest()
    assert seal.digest == hashlib.sha256(text_of(seal).encode()).hexdigest()


def test_a_row_is_written_down_so_that_anybody_can_do_it():
    """The digest of one row made by hand, as the description of the form says."""
    entry = write_entry("look", by=None, record_kind="project", record_code="P1", reason="é")
    entry.refresh_from_db()
    seal_everything()
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").rstrip("0").rstrip(".") + "+00"
    fields = [entry.pk, entry.position, at, None, "look", "project", "P1", "", "{}", "{}", "é", ""]
    texts = [None if value is None else str(value).encode() for value in fields]
    parts = [b"-" if text is None else b"%d:%s" % (len(text), text) for text in texts]
    row = b",".join([b"audit_entry", *parts])
    (leaf,) = leaves_of(SealPage.objects.get().leaves)
    assert leaf == (entry.position, 1, hashlib.sha256(row).digest())


def test_every_column_of_a_sealed_table_is_sealed():
    for table in tables():
        columns = {field.column for field in SEALED[table.table]._meta.concrete_fields}
        assert set(table.columns_in(FORM)) == columns, table.table
    assert {table.table for table in tables()} == set(SEALED)


def test_a_seal_continues_the_one_before():
    one_of_each()
    first = seal_everything()
    one_of_each("7.00")
    second = seal_everything()
    assert (second.number, second.previous) == (2, first.digest)
    assert second.first_position == first.last_position + 1
    assert second.rows == 4
    assert head() == second
    assert findings() == []


def test_nothing_new_is_not_sealed():
    assert seal_everything() is None
    one_of_each()
    assert unsealed_rows() == 4
    assert seal_everything().number == 1
    assert seal_everything() is None
    assert unsealed_rows() == 0
    assert Seal.objects.count() == 1


def test_rows_are_taken_in_stretches():
    """Two stretches with nothing between them: the axis may have gaps, and pages stay small."""
    one_of_each()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('ledger_position', nextval('ledger_position') + %s)", [3 * STRETCH]
        )
    one_of_each("7.00")
    seal = seal_everything()
    pages = list(SealPage.objects.order_by("through"))
    assert [len(page.leaves) // LEAF.size for page in pages] == [4, 4]
    assert seal.content == hashlib.sha256(pages[0].leaves + pages[1].leaves).hexdigest()
    assert findings() == []


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit_entry", "reason = 'another reason'"),
        ("audit_entry", "actor = gen_random_uuid()"),
        ("audit_entry", 'new = \'{"a": "é", "b": [1, 2]}\''),
        ("ledger_posting", "amount = amount + 0.01"),
        ("ledger_posting", "strand = 'ASYLUM'"),
        ("ledger_posting", "posted_at = posted_at - interval '1 microsecond'"),
        ("ledger_milestone", "happened_on = '2009-01-01'"),
        ("ledger_tag", "key = 'ASYLUM'"),
    ],
)
def test_an_altered_row_is_named(table, change):
    one_of_each()
    seal_everything()
    one_of_each("7.00")
    seal_everything()
    row = SEALED[table].objects.order_by("position").first()
    alter(table, f"UPDATE {table} SET {change} WHERE id = %s", row.pk)
    number = next(each.number for each in tables() if each.table == table)
    assert findings() == [Finding("altered", 1, row.position, number)]


def test_the_finding_says_what_the_row_is():
    one_of_each()
    seal_everything()
    posting = Posting.objects.get()
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 999 WHERE id = %s", posting.pk)
    (finding,) = findings()
    assert finding.words == f"Seal 1: posting at position {posting.position} was altered."
    assert finding.about.replace("\u00a0", " ") == "TPMA, Envelope, EUR 999.00, as stated"


@pytest.mark.parametrize("table", SEALED)
def test_a_removed_row_is_named(table):
    one_of_each()
    seal_everything()
    row = SEALED[table].objects.get()
    alter(table, f"DELETE FROM {table} WHERE id = %s", row.pk)
    number = next(each.number for each in tables() if each.table == table)
    (finding,) = findings()
    assert finding == Finding("missing", 1, row.position, number)
    assert finding.words.endswith(f"at position {row.position} is missing.")
    assert finding.about == ""


@pytest.mark.parametrize("below", [0, -5])
def test_a_row_put_in_afterwards_is_named(below):
    one_of_each()
    seal_everything()
    free = Posting.objects.get().position - 1 if below == 0 else below
    alter(
        "ledger_tag",
        "INSERT INTO ledger_tag (position, posted_at, programme, reason, subject_kind, subject,"
        " dimension, key, region) SELECT %s, posted_at, programme, '', subject_kind, subject,"
        " dimension, 'ASYLUM', '' FROM ledger_tag",
        free,
    )
    assert findings() == [Finding("inserted", 1, free, 4)]


def test_the_first_of_several_is_named():
    for amount in ("1.00", "2.00", "3.00"):
        one_of_each(amount)
    seal_everything()
    second = list(Posting.objects.order_by("position"))[1]
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9 WHERE amount > 1")
    assert findings() == [Finding("altered", 1, second.position, 2)]


def test_every_seal_is_checked_even_after_one_that_does_not_hold():
    one_of_each()
    seal_everything()
    one_of_each("7.00")
    seal_everything()
    first, second = Posting.objects.order_by("position")
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9")
    assert findings() == [
        Finding("altered", 1, first.position, 2),
        Finding("altered", 2, second.position, 2),
    ]


@pytest.mark.parametrize("change", ["rows = 3", "last_position = last_position - 1", "form = 2"])
def test_an_altered_seal_is_named(change):
    one_of_each()
    seal_everything()
    alter("audit_seal", f"UPDATE audit_seal SET {change}")
    assert findings() == [Finding("seal", 1)]


def test_a_seal_whose_digest_was_altered_breaks_the_chain():
    one_of_each()
    seal_everything()
    one_of_each("7.00")
    seal_everything()
    alter("audit_seal", "UPDATE audit_seal SET digest = %s WHERE number = 1", "f" * 64)
    assert findings() == [Finding("seal", 1), Finding("chain", 2)]


def test_a_seal_made_anew_after_altering_breaks_the_chain():
    """Who alters a row, its leaf, the content and the digest of its seal still has the next seal against them."""
    one_of_each()
    seal_everything()
    one_of_each("7.00")
    seal_everything()
    posting = Posting.objects.order_by("position").first()
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9 WHERE id = %s", posting.pk)
    forged = Seal.objects.get(number=1)
    leaves = b"".join(read_leaves(stretch, FORM) for stretch in stretches(forged))
    forged.content = hashlib.sha256(leaves).hexdigest()
    alter("audit_sealpage", "UPDATE audit_sealpage SET leaves = %s WHERE seal_id = 1", leaves)
    alter(
        "audit_seal",
        "UPDATE audit_seal SET content = %s, digest = %s WHERE number = 1",
        forged.content,
        digest_of(forged),
    )
    assert findings() == [Finding("chain", 2)]


def test_a_seal_taken_away_is_named():
    for amount in ("1.00", "2.00", "3.00"):
        one_of_each(amount)
        seal_everything()
    alter("audit_sealpage", "DELETE FROM audit_sealpage WHERE seal_id = 2")
    alter("audit_seal", "DELETE FROM audit_seal WHERE number = 2")
    assert findings() == [Finding("chain", 3)]


def test_an_altered_list_of_rows_is_named_as_such():
    one_of_each()
    seal_everything()
    alter(
        "audit_sealpage",
        "UPDATE audit_sealpage SET leaves = set_byte(leaves, 20, get_byte(leaves, 20) # 1)",
    )
    assert findings() == [Finding("pages", 1)]


CUT = "UPDATE audit_sealpage SET leaves = substring(leaves FOR octet_length(leaves) - 1)"
SWAP = (
    "UPDATE audit_sealpage SET leaves = substring(leaves FROM 42 FOR 41)"
    " || substring(leaves FOR 41) || substring(leaves FROM 83)"
)


def test_a_page_that_cannot_be_read_is_named():
    one_of_each()
    last = seal_everything().last_position
    alter("audit_sealpage", CUT)
    found = findings()
    assert found == [Finding("page", 1, last), Finding("pages", 1)]
    assert [each.words for each in found] == [
        f"Seal 1: the page of its list that goes up to position {last} cannot be read.",
        "Seal 1: the list that it keeps of its rows was altered; the rows are as they were sealed.",
    ]


def test_a_page_that_cannot_be_read_hides_no_altered_row():
    one_of_each()
    last = seal_everything().last_position
    alter("audit_sealpage", CUT)
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9")
    assert findings() == [Finding("page", 1, last), Finding("both", 1)]


def test_swapped_leaves_are_an_altered_list():
    one_of_each()
    seal_everything()
    alter("audit_sealpage", SWAP)
    assert findings() == [Finding("pages", 1)]


def test_swapped_leaves_hide_no_altered_row():
    one_of_each()
    seal_everything()
    alter("audit_sealpage", SWAP)
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9")
    assert findings() == [Finding("both", 1)]


def test_swapped_leaves_are_seen_though_the_seal_was_made_anew_for_them():
    one_of_each()
    forged = seal_everything()
    alter("audit_sealpage", SWAP)
    forged.content = hashlib.sha256(SealPage.objects.get().leaves).hexdigest()
    alter(
        "audit_seal",
        "UPDATE audit_seal SET content = %s, digest = %s",
        forged.content,
        digest_of(forged),
    )
    assert findings() == [Finding("pages", 1)]


def test_a_leaf_moved_to_the_next_page_makes_both_unreadable_and_no_row_inserted():
    """The digest over all pages does not see where one ends."""
    one_of_each()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('ledger_position', nextval('ledger_position') + %s)", [STRETCH]
        )
    one_of_each("7.00")
    seal_everything()
    first, second = SealPage.objects.order_by("through")
    moved = first.leaves[-LEAF.size :] + second.leaves
    for page, leaves in ((first, first.leaves[: -LEAF.size]), (second, moved)):
        alter(
            "audit_sealpage", "UPDATE audit_sealpage SET leaves = %s WHERE id = %s", leaves, page.pk
        )
    assert findings() == [Finding("page", 1, second.through), Finding("pages", 1)]


def test_rows_and_list_altered_together_do_not_hide_each_other():
    one_of_each()
    seal_everything()
    alter("ledger_posting", "UPDATE ledger_posting SET amount = 9")
    alter(
        "audit_sealpage",
        "UPDATE audit_sealpage SET leaves = set_byte(leaves, 20, get_byte(leaves, 20) # 1)",
    )
    assert findings() == [Finding("both", 1)]


@pytest.mark.parametrize("table", ["audit_seal", "audit_sealpage"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_a_seal_is_never_changed(table, statement):
    one_of_each()
    seal_everything()
    column = {"audit_seal": "rows", "audit_sealpage": "through"}[table]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column))
    assert (Seal.objects.count(), SealPage.objects.count()) == (1, 1)


PAST = datetime(2010, 5, 4, 12, tzinfo=UTC)


def invent_a_past() -> tuple[datetime, datetime]:
    """The moments that an entry and a posting of the demonstration say they were written at."""
    ProgrammeFactory(code="DEMO", demonstration=True)
    with at_moment(PAST):
        entry = write_entry("look", by=None, record_kind="programme", record_code="DEMO")
        post_line(Measure.ENVELOPE, "1", programme="DEMO", period_start=2007, period_end=2013)
    entry.refresh_from_db()
    return entry.at, Posting.objects.latest("position").posted_at


def test_a_past_is_believed_before_the_first_seal():
    assert invent_a_past() == (PAST, PAST)


def test_no_past_is_believed_after_it():
    write_entry("look", by=None, record_kind="programme")
    begun = seal_everything().sealed_at
    assert all(moment >= begun for moment in invent_a_past())


def test_a_real_programme_has_no_other_past_than_its_own():
    begun = datetime.now(UTC)
    ProgrammeFactory()
    with at_moment(PAST):
        post_line(Measure.ENVELOPE, "1", period_start=2007, period_end=2013)
    assert Posting.objects.get().posted_at >= begun
