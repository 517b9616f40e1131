"""The records of what stands beside a figure."""

from __future__ import annotations

import pytest

from programmes.ledger.scope import now
from tests.pages import rows_of

pytestmark = pytest.mark.django_db


def url(part: str, query: str = "programme=TPMA", measure: str = "contracted") -> str:
    return f"/evaluation/figures/{measure}/{part}/?as_of={now().position}&{query}"


def test_the_part_that_is_not_divided_opens_its_records(programme, visitor):
    response = visitor.get(url("share_unknown", "programme=TPMA&strand=MIGDEV"))
    assert response.status_code == 200
    assert rows_of(response, "records-table") == [
        ["Return P002", "EUR 2 000", "1 posting"],
        ["Total", "EUR 2 000", "–"],
    ]


def test_records_without_an_amount_are_listed(programme, visitor):
    response = visitor.get(url("not_reported"))
    assert rows_of(response, "records-table") == [["=HYPERLINK asylum P003", "not reported"]]


def test_a_part_that_is_empty_has_no_records(programme, visitor):
    response = visitor.get(url("undated"))
    assert response.status_code == 200
    assert rows_of(response, "records-table") == [["Total", "EUR 0", "–"]]


@pytest.mark.parametrize(
    ("measure", "part"),
    [
        ("contracted", "inside"),
        ("contracted", "x"),
        ("projects", "undated"),
        ("outstanding", "undated"),
        ("x", "undated"),
    ],
)
def test_an_unknown_part_is_not_found(programme, visitor, measure, part):
    assert visitor.get(url(part, measure=measure)).status_code == 404


def test_a_wrong_parameter_is_named(programme, visitor):
    response = visitor.get("/evaluation/figures/contracted/undated/?programme=TPMA&x=1")
    assert response.status_code == 400
    assert "x: This is not a parameter of a figure." in response.content.decode()


def test_another_form_is_sent_to_the_address_of_the_part(programme, visitor):
    response = visitor.get("/evaluation/figures/contracted/undated/?programme=TPMA")
    assert response["Location"] == url("undated")
