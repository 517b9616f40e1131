"""Who may do what in which status: the whole table, to be read by whoever wants to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import rules
from django.apps import apps

from portal.accounts.models import User
from portal.accounts.people import VISITOR, Viewer
from portal.audit.trail import write_entry
from portal.lifecycle import open_moves
from programmes.models import Commitment, Document, Programme
from programmes.rules import HANDINGS_ON
from tests.factories.programmes import CommitmentFactory, DocumentFactory, ProgrammeFactory

pytestmark = pytest.mark.django_db

# What a cell of the tables says: the people who may.
WHO = {
    "-": set(),
    "second": {"second officer"},  # an officer who did not change the record since it was approved
    "officers": {"author", "second officer"},
    "readers": {"author", "second officer", "auditor"},
}

DOCUMENT = """
status           consult   return    adopt   amend     supersede  repeal
draft            officers  -         -       -         -          -
in_consultation  -         officers  second  -         -          -
adopted          -         -         -       officers  second     second
amended          -         -         -       officers  second     second
published        -         -         -       officers  second     second
superseded       -         -         -       -         -          -
repealed         -         -         -       -         -          -
closed           -         -         -       -         -          -
not_found        -         -         -       -         -          -
"""
COMMITMENT = """
status    book
proposed  second
booked    -
"""
PROGRAMME = """
status  open
set_up  second
open    -
"""
TABLES = {Document: DOCUMENT, Commitment: COMMITMENT, Programme: PROGRAMME}

# Verbs that change no status: who may at all. What each asks of the record stands with its own test.
OTHER_VERBS = {
    "add_document": "officers",
    "change_document": "officers",
    "discard_document": "officers",
    "add_document_file": "officers",
    "add_financing_decision": "officers",
    "change_commitment": "officers",
    "decommit_commitment": "officers",
    "carry_over_commitment": "officers",
    "add_programme": "officers",
    "change_programme": "officers",
    "set_up_programme": "readers",
}


def read(table: str) -> Mapping[str, Mapping[str, str]]:
    """A table as cells by status and move."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return {status: dict(zip(head[1:], cells, strict=True)) for status, *cells in rows}


def verb_of(model: type, move: str) -> str:
    return f"{move}_{model._meta.model_name}"  # type: ignore[attr-defined]


def cells() -> Iterator[tuple[type, str, str, str]]:
    for model, table in TABLES.items():
        for status, row in read(table).items():
            for move, who in row.items():
                yield model, status, move, who


@pytest.fixture
def people(officer, second_officer, official, auditor) -> dict[str, Viewer]:
    former = User.objects.create_user(
        email="former@example.org",
        password="correct horse battery",
        name="Fritz Former",
        role="officer",
        is_active=False,
    )
    return {
        "visitor": VISITOR,
        "official": official,
        "auditor": auditor,
        "former officer": former,
        "author": officer,
        "second officer": second_officer,
    }


def record_of(model: type, status: str, author: User) -> Document | Commitment | Programme:
    """A record in a status that its author changed since it was last approved."""
    makers = {Document: DocumentFactory, Commitment: CommitmentFactory, Programme: ProgrammeFactory}
    record = makers[model]()
    model.objects.filter(pk=record.pk).update(  # type: ignore[attr-defined]
        status=status, **({"booked_on": "2010-01-01"} if status == "booked" else {})
    )
    record.refresh_from_db()
    kind = model._meta.model_name  # type: ignore[attr-defined]
    write_entry("change", by=author, record_kind=kind, record_code=record.code)
    return record


@pytest.mark.parametrize(
    ("model", "status", "move", "who"),
    list(cells()),
    ids=lambda value: getattr(value, "__name__", value),
)
def test_who_may_make_a_move(people, model, status, move, who):
    record = record_of(model, status, people["author"])
    permission = f"programmes.{verb_of(model, move)}"
    may = {
        name
        for name, person in people.items()
        if move in open_moves(record) and rules.has_perm(permission, person, record)
    }
    assert may == WHO[who]


@pytest.mark.parametrize(("verb", "who"), OTHER_VERBS.items())
def test_who_may_do_what_moves_nothing(people, verb, who):
    may = {
        name
        for name, person in people.items()
        if rules.has_perm(f"programmes.{verb}", person, None)
    }
    assert may == WHO[who]


def test_the_tables_name_every_status_and_every_move():
    models = [
        model for model in apps.get_app_config("programmes").get_models() if hasattr(model, "MOVES")
    ]
    assert set(models) == set(TABLES)
    for model in models:
        table = read(TABLES[model])
        statuses = {value for value, _label in model._meta.get_field("status").flatchoices}
        assert set(table) == statuses, model
        for row in table.values():
            assert set(row) == set(model.MOVES), model


def test_the_tables_name_every_permission():
    moves = {verb_of(model, move) for model, _status, move, _who in cells()}
    given = {
        name.removeprefix("programmes.")
        for name in rules.permissions.permissions
        if name.startswith("programmes.")
    }
    assert given == moves | set(OTHER_VERBS)


@pytest.mark.parametrize("verb", HANDINGS_ON)
def test_handing_a_document_on_is_no_change(second_officer, verb):
    document = DocumentFactory(status="in_consultation")
    write_entry(verb, by=second_officer, record_kind="document", record_code=document.code)
    assert rules.has_perm("programmes.adopt_document", second_officer, document)


@pytest.mark.parametrize("kind", ["action", "passage", "allocation", "file"])
def test_changing_a_part_is_changing_the_whole(officer, second_officer, kind):
    document = DocumentFactory(status="in_consultation")
    write_entry("change", by=officer, record_kind=kind, record_code="X", part_of=document.code)
    assert not rules.has_perm("programmes.adopt_document", officer, document)
    assert rules.has_perm("programmes.adopt_document", second_officer, document)


def test_an_approval_sets_free_whoever_changed_the_record_before(officer, second_officer):
    document = DocumentFactory(status="adopted")
    write_entry("change", by=officer, record_kind="document", record_code=document.code)
    assert not rules.has_perm("programmes.repeal_document", officer, document)
    write_entry(
        "adopt_document", by=second_officer, record_kind="document", record_code=document.code
    )
    assert rules.has_perm("programmes.repeal_document", officer, document)
