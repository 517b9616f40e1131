"""The house keeps its own rules: one name everywhere, and every place where the next reader would look for it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import rules
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR)
HOUSE = ("portal", "programmes", "calls", "projects", "evaluation")
FORBIDDEN_NAMES = {"utils", "common", "helpers", "core", "services", "misc"}


def walk(resolver: URLResolver):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry)
        else:
            yield entry


def own_pages() -> list[URLPattern]:
    """Routes whose view is a function of ours: the pages."""
    return [
        entry
        for entry in walk(get_resolver())
        if entry.callback.__module__.split(".")[0] in HOUSE and not hasattr(entry.callback, "cls")
    ]


def app_of(entry: URLPattern) -> str:
    return entry.callback.__module__.split(".")[0]


def source_of(entry: URLPattern) -> str:
    path = ROOT / (entry.callback.__module__.replace(".", "/") + ".py")
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == entry.callback.__name__:
            return ast.unparse(node)
    raise AssertionError(f"{entry.name} is not a function in {path}")


def test_there_are_pages():
    assert len(own_pages()) > 15


@pytest.mark.parametrize("entry", own_pages(), ids=lambda entry: entry.name)
def test_a_route_is_called_like_its_view(entry):
    assert entry.name == entry.callback.__name__


@pytest.mark.parametrize("entry", own_pages(), ids=lambda entry: entry.name)
def test_a_page_has_its_template(entry):
    source = source_of(entry)
    if "render" not in source:
        return  # answers with a file, a part of another page's template or a redirect
    named = set(re.findall(r"'([a-z_]+/[a-z_/]+\.html)'", source))
    for template in named:
        assert (ROOT / "templates" / template).exists(), template
    own = f"{app_of(entry)}/{entry.name}.html"
    assert own in named or any(Path(t).name.startswith("_") for t in named) or not named, own


@pytest.mark.parametrize("entry", own_pages(), ids=lambda entry: entry.name)
def test_a_page_has_its_test_file(entry):
    assert (ROOT / "tests" / app_of(entry) / f"test_{entry.name}.py").exists()


@pytest.mark.parametrize(
    "entry",
    [entry for entry in own_pages() if entry.name.startswith("list_")],
    ids=lambda entry: entry.name,
)
def test_a_list_pins_its_queries(entry):
    text = (ROOT / "tests" / app_of(entry) / f"test_{entry.name}.py").read_text()
    assert "num_queries" in text


def models_with_moves():
    return [model for model in apps.get_models() if hasattr(model, "MOVES")]


@pytest.mark.parametrize("model", models_with_moves(), ids=lambda model: model.__name__)
def test_every_move_starts_and_ends_at_a_status_there_is(model):
    known = {value for value, _label in model._meta.get_field("status").flatchoices}
    for name, step in model.MOVES.items():
        assert step.sources <= known, name
        assert step.target in known, name


@pytest.mark.parametrize("model", models_with_moves(), ids=lambda model: model.__name__)
def test_every_move_has_a_rule_and_an_action_or_is_made_by_the_workers(model):
    """What people move, an action of that name moves and a permission guards; the rest, tasks do alone."""
    app = model._meta.app_config.name
    actions, made_by_workers = functions_in(ROOT / app / "actions"), moves_made_by_workers(app)
    for name in model.MOVES:
        verb = f"{name}_{model._meta.model_name}"
        by_people = (verb in actions, rules.perm_exists(f"{app}.{verb}"))
        if name in made_by_workers:
            assert by_people == (False, False), f"{verb} is made by the workers and by people"
        else:
            assert by_people == (True, True), f"{verb} lacks an action or a permission"


def functions_in(folder: Path) -> set[str]:
    return {
        node.name
        for path in folder.rglob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }


def moves_made_by_workers(app: str) -> set[str]:
    """The moves that an app's tasks, and the modules at its top that only tasks call, make by name."""
    return {
        node.args[1].value
        for path in (ROOT / app).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "move"
        and isinstance(node.args[1], ast.Constant)
    }


def test_every_permission_has_one_predicate():
    names = [name for name in rules.permissions.permissions if not name.startswith("rules.")]
    assert names
    for name in names:
        app, verb = name.split(".")
        assert app in HOUSE
        assert re.fullmatch(r"[a-z]+_[a-z_]+", verb), name


def python_files() -> list[Path]:
    return [
        path
        for top in HOUSE
        for path in (ROOT / top).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_nothing_has_a_name_that_says_nothing():
    for path in python_files():
        assert path.stem not in FORBIDDEN_NAMES, path
        assert path.parent.name not in FORBIDDEN_NAMES, path


def test_rooms_are_small_enough_to_live_in():
    too_big = {
        str(path.relative_to(ROOT)): lines
        for path in python_files()
        if (lines := path.read_text().count("\n")) > 400
    }
    assert too_big == {}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > 40:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = length
    assert long == {}


def test_no_page_has_a_style_or_a_script_of_its_own():
    """The content security policy would silence them; so would a reader without scripts."""
    found = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    for path in (ROOT / "templates").rglob("*.html"):
        if "pdf" in path.parts:
            continue
        match = found.search(path.read_text())
        assert match is None, f"{path}: {match and match.group()}"


def test_styles_know_no_left_and_right():
    """Pages turn round for right-to-left readers; only logical properties turn with them."""
    sided = re.compile(
        r"(margin|padding|border)-(left|right)|text-align:\s*(left|right)|^\s*(left|right)\s*:",
        re.MULTILINE,
    )
    match = sided.search((ROOT / "static" / "css" / "portal.css").read_text())
    assert match is None, match and match.group()


def test_the_summing_of_money_has_one_home():
    summing = re.compile(r"Sum\(\s*[\"'](amount|contribution)")
    homes = {
        str(path.relative_to(ROOT)) for path in python_files() if summing.search(path.read_text())
    }
    assert homes == {"programmes/ledger/figures.py"}
