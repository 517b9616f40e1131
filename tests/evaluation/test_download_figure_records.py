"""The records of a figure as CSV: every record one may see, what is withheld, and the total."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from programmes.ledger.scope import now

pytestmark = pytest.mark.django_db


def lines(client, measure: str, query: str = "programme=TPMA") -> list[list[str]]:
    response = client.get(f"/evaluation/figures/{measure}/records.csv?{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.getvalue().decode())))


def test_the_lines_add_up_to_the_total(programme, visitor):
    head, *records, total = lines(visitor, "contracted")
    assert head == ["record", "title", "address", "amount in EUR"]
    assert [line[:2] for line in records] == [
        ["P001", "Remittances"],
        ["P002", "Return"],
        ["", "withheld: 1"],
    ]
    assert sum(Decimal(line[3]) for line in records) == Decimal(total[3]) == Decimal("3400.50")
    assert total[2] == f"/evaluation/figures/contracted/?as_of={now().position}&programme=TPMA"


def test_an_auditor_gets_every_record(programme, auditor, as_person):
    _head, *records, _total = lines(as_person(auditor), "contracted")
    assert [line[0] for line in records] == ["P001", "P002", "P004"]


def test_a_text_like_a_formula_is_harmless(programme, visitor):
    _head, *records, total = lines(visitor, "projects", "programme=TPMA&strand=ASYLUM")
    assert [line[1] for line in records] == ["Return", "'=HYPERLINK asylum"]
    assert total[3] == "2"


def test_a_difference_has_no_records_of_its_own(programme, visitor):
    response = visitor.get("/evaluation/figures/outstanding/records.csv?programme=TPMA")
    assert response.status_code == 404


def test_a_wrong_question_is_refused(programme, visitor):
    assert visitor.get("/evaluation/figures/contracted/records.csv?programme=X").status_code == 400
    assert visitor.get("/evaluation/figures/x/records.csv?programme=TPMA").status_code == 404
