"""Every verb that the portal writes into its trail has words, and so does every kind of record."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from portal.audit.words import address_of, field_words, named_kinds, named_verbs, value_words

HOUSE = ("portal", "programmes", "calls", "projects", "evaluation")


def nodes_of(pattern: str) -> list[ast.AST]:
    paths = [path for top in HOUSE for path in (Path(settings.BASE_DIR) / top).rglob(pattern)]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]


def is_action(node: ast.AST) -> bool:
    """A public function that says by whom it is done."""
    return (
        isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any(word.arg == "by" for word in node.args.kwonlyargs)
    )


def texts_in(nodes) -> set[str]:
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_verb_that_is_written_has_words():
    """A verb is written under the name of its action."""
    actions = nodes_of("actions/**/*.py") + nodes_of("actions.py")
    verbs = {node.name for node in actions if is_action(node)} & texts_in(actions)
    assert {"adopt_document", "import_projects", "check_seals", "request_report"} <= verbs
    assert verbs - set(named_verbs()) == set()


def test_every_kind_that_is_written_has_a_name():
    nodes = nodes_of("*.py")
    kinds = texts_in(
        node.value
        for node in nodes
        if (isinstance(node, ast.keyword) and node.arg == "record_kind")
        or (
            isinstance(node, ast.Assign)
            and [getattr(target, "id", "") for target in node.targets] == ["KIND"]
        )
    )
    assert {"document", "commitment", "report", "seal check"} <= kinds
    assert kinds - set(named_kinds()) == set()


@pytest.mark.parametrize("kind", named_kinds())
def test_a_record_need_not_be_there_any_more_to_be_named(kind):
    assert address_of(kind, "X-1")[-5:] in {"", "/X-1/"}
    assert field_words(kind, "code")


@pytest.mark.parametrize(
    ("kind", "code", "address"),
    [
        ("document", "AAP-1", "/programmes/documents/AAP-1/"),
        ("project", "P1", "/projects/P1/"),
        ("document", "", ""),
        ("document", "not a code", ""),
        ("seal check", "1", ""),
        ("unicorn", "U1", ""),
    ],
)
def test_a_record_is_led_to_where_it_has_a_page(kind, code, address):
    assert address_of(kind, code) == address


@pytest.mark.parametrize(
    ("kind", "name", "value", "words"),
    [
        ("document", "status", "in_consultation", "In consultation"),
        ("document", "status", "of an older portal", "of an older portal"),
        ("allocation", "amount", "1234567.50", "1\u00a0234\u00a0567.50"),
        ("allocation", "amount", "a lot", "a lot"),
        ("financing decision", "decided_on", "2009-12-01", "1\u00a0December\u00a02009"),
        ("commitment", "conditional", True, "yes"),
        ("document", "title", None, "nothing"),
        ("document", "strands", ["ASYLUM", "MIGDEV"], "ASYLUM; MIGDEV"),
        ("unicorn", "horn", {"length": 3}, "length: 3"),
        ("document", "title", "x" * 500, "x" * 400 + "…"),
    ],
)
def test_a_value_is_written_out(kind, name, value, words):
    assert value_words(kind, name, value) == words


def test_a_field_without_a_name_is_shown_without_underlines():
    assert field_words("document", "period_end") == "last year"
    assert field_words("document", "no_such_field") == "no such field"
