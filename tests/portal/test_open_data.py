"""The page about the data: every address it names answers, and every list there is stands on it."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from programmes.ledger.counts import CountMeasure
from programmes.ledger.models import Measure
from tests.factories.ledger import know_project
from tests.factories.programmes import ProgrammeFactory
from tests.factories.projects import ProjectFactory
from tests.pages import text_of, tree_of

pytestmark = pytest.mark.django_db


def addresses_of(response) -> list[str]:
    return tree_of(response).xpath('//main//a[starts-with(@href, "/api/v1/")]/@href')


def lists_there_are() -> set[str]:
    """The addresses of all lists of the interface, as its routes say."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    found = {name for name in names if name.startswith("api_") and name.endswith("-list")}
    assert found
    return {f"/{get_resolver().reverse_dict[name][0][0][0]}" for name in found}


def test_every_address_answers(visitor):
    ProgrammeFactory()
    addresses = addresses_of(visitor.get("/data/"))
    assert len(addresses) == len(set(addresses)) > 30
    answered = {address: visitor.get(address).status_code for address in addresses}
    assert {address for address, status in answered.items() if status != 200} == set()


def test_every_list_and_measure_is_named(visitor):
    addresses = set(addresses_of(visitor.get("/data/")))
    assert addresses - {"/api/v1/schema/"} == lists_there_are() | {
        f"/api/v1/figures/{name}/?programme=all" for name in [*Measure.values, *CountMeasure.values]
    }


def test_it_tells_the_position_and_the_terms(visitor):
    ProjectFactory(code="P1")
    know_project("P1", contracted="1")
    text = text_of(tree_of(visitor.get("/data/")).xpath("//main")[0])
    assert "With a position, or a day as YYYY-MM-DD, the same address gives the same answer" in text
    assert "claims no rights in it and grants none" in text
    assert "Amounts that sources state overlap and must not be added up." in text
