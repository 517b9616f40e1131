"""Sheets of programmes, documents, links, actions and countries that contradict what is kept."""

from __future__ import annotations

from datetime import date

import pytest

from portal.countries.models import Country
from portal.imports.reports import FileReport, Outcome
from portal.imports.sheets import Refusal
from programmes.actions.adoption import adopt_document, consult_document, repeal_document
from programmes.actions.amendment import amend_document
from programmes.actions.import_amounts import ALLOCATIONS, import_allocations
from programmes.actions.import_documents import (
    ACTIONS,
    DOCUMENTS,
    LINKS,
    import_actions,
    import_document_links,
    import_documents,
)
from programmes.actions.import_places import COUNTRIES, RULES, import_countries
from programmes.actions.import_vocabulary import (
    PROGRAMMES,
    STRANDS,
    import_programmes,
    import_strands,
)
from programmes.freezing import unfrozen
from programmes.ledger.models import Milestone, Posting
from programmes.models import (
    Action,
    ActionAmount,
    Allocation,
    Document,
    DocumentLink,
    Programme,
    StatedAmount,
    Strand,
    Version,
)
from tests.factories.programmes import ProgrammeFactory, StrandFactory
from tests.factories.sheets import make_sheet

pytestmark = pytest.mark.django_db

PROGRAMME = {"name": "A programme", "short_name": "A", "period_start": "2007", "period_end": "2013"}
PAPER = {"title": "A document", "status": "adopted", "programme_code": "TPMA"}
NO_RECORD = "There is no record with this code."


@pytest.fixture
def programme(db) -> Programme:
    return ProgrammeFactory(code="TPMA")


@pytest.fixture
def documents(programme, tmp_path) -> None:
    sheet = make_sheet(
        tmp_path,
        DOCUMENTS,
        PAPER | {"code": "TSP", "type": "thematic strategy paper"},
        PAPER | {"code": "MIP", "type": "multiannual indicative programme", "parent": "TSP"},
        PAPER
        | {"code": "AAP", "type": "annual work programme", "parent": "MIP"}
        | {"period_start": "2010", "period_end": "2010"},
    )
    assert import_documents(sheet, by=None).refused == []


def test_a_period_that_ends_before_it_begins(tmp_path) -> None:
    row = PROGRAMME | {"code": "A", "period_end": "2006"}
    report = import_programmes(make_sheet(tmp_path, PROGRAMMES, row), by=None)
    assert [(each.row, each.reason) for each in report.refused] == [
        (2, "Constraint “programme_period_order” is violated.")
    ]
    assert Programme.objects.count() == 0


def test_an_unknown_predecessor(tmp_path) -> None:
    row = PROGRAMME | {"code": "A", "predecessor": "NONE"}
    report = import_programmes(make_sheet(tmp_path, PROGRAMMES, row), by=None)
    assert report.refused == [Refusal(2, "predecessor", "NONE", NO_RECORD)]


def test_strands_stay_with_a_demonstration_programme(programme, tmp_path) -> None:
    row = {"code": "ASYLUM", "number": "5", "title": "Asylum", "programmes": "TPMA"}
    sheet = make_sheet(tmp_path, STRANDS, row)
    import_strands(sheet, by=None)
    demonstration = ProgrammeFactory(code="DEMO", demonstration=True)
    strand = Strand.objects.get(code="ASYLUM")
    strand.programmes.add(demonstration)
    report = import_strands(sheet, by=None)
    assert [row.label for row in report.of(Outcome.LEFT_ALONE)] == ["ASYLUM"]
    assert set(strand.programmes.values_list("code", flat=True)) == {"TPMA", "DEMO"}


def test_documents_know_their_parents_and_the_ledger_knows_them(documents) -> None:
    assert Document.objects.get(code="AAP").parent.parent.code == "TSP"
    known = Milestone.objects.values_list("subject_kind", "subject")
    assert set(known) == {("indicative_programme", "MIP"), ("work_programme", "AAP")}


def test_a_parent_of_the_wrong_kind_is_refused_by_the_database(documents, tmp_path) -> None:
    row = PAPER | {"code": "AAP-2", "type": "annual work programme", "parent": "TSP"}
    report = import_documents(make_sheet(tmp_path, DOCUMENTS, row), by=None)
    assert report.refused == [
        Refusal(
            2,
            "",
            "AAP-2",
            "a document of kind work_programme cannot hang on one of kind strategy_paper",
        )
    ]
    assert not Document.objects.filter(code="AAP-2").exists()


def test_words_and_dates_that_are_none(programme, tmp_path) -> None:
    row = PAPER | {"code": "X", "type": "leaflet", "status": "lost", "adopted": "June 2007"}
    report = import_documents(make_sheet(tmp_path, DOCUMENTS, row), by=None)
    assert [(each.column, each.value) for each in report.refused] == [
        ("type", "leaflet"),
        ("adopted", "June 2007"),
        ("status", "lost"),
    ]
    assert report.refused[2].reason == "Write one of: adopted, published, closed, report not found."


def test_a_report_that_was_not_found(programme, tmp_path) -> None:
    row = PAPER | {"code": "MTR", "type": "evaluation report", "status": "report not found"}
    import_documents(make_sheet(tmp_path, DOCUMENTS, row), by=None)
    assert Document.objects.get(code="MTR").status == "not_found"


def test_a_link_to_itself_and_to_nothing(documents, tmp_path) -> None:
    sheet = make_sheet(
        tmp_path,
        LINKS,
        {"from_code": "TSP", "kind": "follows", "to_code": "MIP"},
        {"from_code": "TSP", "kind": "follows", "to_code": "TSP"},
        {"from_code": "TSP", "kind": "feeds", "to_code": "NONE"},
    )
    report = import_document_links(sheet, by=None)
    assert [(each.row, each.column) for each in report.refused] == [(3, ""), (4, "to_code")]
    assert DocumentLink.objects.count() == 0


def test_an_action_outside_its_year(documents, tmp_path) -> None:
    row = {"code": "ACT", "work_programme": "AAP", "title": "An action", "attribution": "explicit"}
    sheet = make_sheet(tmp_path, ACTIONS, row | {"budget_year": "2011", "amount_eur": "5"})
    report = import_actions(sheet, by=None)
    assert report.refused == [
        Refusal(2, "budget_year", "2011", "The budget year lies outside the work programme.")
    ]
    assert (Action.objects.count(), Posting.objects.count()) == (0, 0)


def test_an_action_whose_amount_changes(documents, tmp_path) -> None:
    row = {"code": "ACT", "work_programme": "AAP", "title": "An action", "attribution": "explicit"}
    row |= {"budget_year": "2010", "amount_eur": "5"}
    import_actions(make_sheet(tmp_path, ACTIONS, row), by=None)
    report = import_actions(make_sheet(tmp_path, ACTIONS, row | {"amount_eur": "7"}), by=None)
    assert (len(report.of(Outcome.CHANGED)), report.appended) == (1, 2)
    rows = Posting.objects.values_list("measure", "amount", "budget_year", "place")
    assert list(rows) == [
        ("planned", 5, 2010, "not_reported"),
        ("planned", -5, 2010, "not_reported"),
        ("planned", 7, 2010, "not_reported"),
    ]


@pytest.fixture
def loaded(programme, tmp_path) -> list[tuple]:
    """A cascade of the public record with an action and two envelopes: each sheet with the verb that loads it."""
    paper = PAPER | {"code": "TSP", "type": "thematic strategy paper"}
    plan = PAPER | {"code": "MIP", "type": "multiannual indicative programme", "parent": "TSP"}
    work = PAPER | {"code": "AAP", "type": "annual work programme", "parent": "MIP"}
    years = {"period_start": "2007", "period_end": "2010"}
    year = {"period_start": "2010", "period_end": "2010"}
    action = {"code": "ACT", "work_programme": "AAP", "title": "An action", "budget_year": "2010"}
    stated = {"programme_code": "TPMA", "dimension": "total", "key": "TOTAL", "label": "All"}
    sheets = [
        (import_documents, make_sheet(tmp_path, DOCUMENTS, paper, plan | years, work | year)),
        (
            import_actions,
            make_sheet(tmp_path, ACTIONS, action | {"amount_eur": "5", "attribution": "explicit"}),
        ),
        (
            import_allocations,
            make_sheet(
                tmp_path,
                ALLOCATIONS,
                stated | years | {"document": "MIP", "amount_eur": "70", "kind": "indicative"},
                stated | year | {"document": "AAP", "amount_eur": "9", "kind": "identified"},
            ),
        ),
    ]
    assert [report.refused for report in load_again(sheets)] == [[], [], []]
    return sheets


def load_again(sheets: list[tuple]) -> list[FileReport]:
    return [verb(sheet, by=None) for verb, sheet in sheets]


def everything() -> list[list[dict]]:
    models = (Document, Action, ActionAmount, StatedAmount, Allocation, Posting, Milestone, Version)
    return [list(model.objects.order_by("pk").values()) for model in models]


def counts_of(reports: list[FileReport], outcome: Outcome) -> list[int]:
    return [len(report.of(outcome)) for report in reports]


def amend(code: str, by, second, title: str) -> None:
    """Complete what the record says of a document by an amendment, under another title, and adopt it."""
    amendment = amend_document(Document.objects.get(code=code), by=by, reason="Completed")
    Document.objects.filter(pk=amendment.pk).update(title=title)
    amendment.refresh_from_db()
    if amendment.kind == "indicative_programme":
        amendment.allocations.create(period_start=2007, period_end=2010, amount=80)
    for action in amendment.actions.all():
        complete(action)
    consult_document(amendment, by=by)
    adopt_document(amendment, by=second, on=date(2011, 1, 3))


def complete(action: Action) -> None:
    said = dict.fromkeys(("worldwide", "democracy", "rule_of_law", "human_rights"), True)
    Action.objects.filter(pk=action.pk).update(objectives="Aims", results="Results", **said)
    action.strands.add(StrandFactory())
    action.amounts.update(amount=6)


def test_loading_twice_changes_nothing(loaded) -> None:
    before = everything()
    assert counts_of(load_again(loaded), Outcome.LEFT_ALONE) == [3, 1, 2]
    assert everything() == before


def test_the_money_of_an_action_hangs_on_the_indicative_programme(loaded) -> None:
    line = Posting.objects.get(measure="planned")
    assert (line.indicative_programme, line.work_programme, line.action) == ("MIP", "AAP", "ACT")


def test_what_was_amended_is_not_overwritten(loaded, officer, second_officer) -> None:
    amend("MIP", officer, second_officer, "As amended")
    amend("AAP", officer, second_officer, "As amended, too")
    assert sum(line.amount for line in Posting.objects.filter(measure="planned")) == 6
    before = everything()
    reports = load_again(loaded)
    assert counts_of(reports, Outcome.LEFT_OUT) == [2, 1, 2]
    assert [report.appended for report in reports] == [0, 0, 0]
    assert everything() == before


@pytest.mark.parametrize(
    "status", ["draft", "in_consultation", "amended", "superseded", "repealed"]
)
def test_what_was_ended_or_is_drafted_here_is_not_overwritten(loaded, status) -> None:
    with unfrozen():
        Document.objects.filter(code="AAP").update(status=status, title="Another title")
    before = everything()
    reports = load_again(loaded)
    assert counts_of(reports, Outcome.LEFT_OUT) == [1, 1, 1]
    assert counts_of(reports, Outcome.LEFT_ALONE) == [2, 0, 1]
    assert everything() == before


def test_what_was_taken_back_is_not_posted_anew(loaded, officer) -> None:
    repeal_document(
        Document.objects.get(code="AAP"), by=officer, on=date(2011, 1, 3), reason="Done"
    )
    repeal_document(
        Document.objects.get(code="MIP"), by=officer, on=date(2011, 1, 3), reason="Done"
    )
    assert [line.amount for line in Posting.objects.order_by("position")] == [5, 70, -5, -70]
    before = everything()
    assert [report.appended for report in load_again(loaded)] == [0, 0, 0]
    assert everything() == before


def test_a_country_for_which_no_rule_answers(programme, tmp_path) -> None:
    ProgrammeFactory(code="AENEAS")
    rules = make_sheet(
        tmp_path,
        RULES,
        {"code": "R", "programme_code": "TPMA", "question": "applicant_kind", "admits": "yes"}
        | {"multi_country_exception": "no", "text": "Anybody may apply."},
    )
    row = {"iso2": "MA", "iso3": "MAR", "name_en": "Morocco", "region": "North", "route": "SOUTH"}
    row |= {
        "instrument": "ENPI",
        "priority": "yes",
        "eligible_tpma": "yes",
        "eligible_aeneas": "no",
    }
    from_rules = make_sheet(tmp_path, COUNTRIES, row)
    programme.rules.create(
        code="R", admits=True, text="Anybody may apply.", question="applicant_kind"
    )
    report = import_countries(from_rules, rules, by=None)
    assert report.refused == [
        Refusal(2, "eligible_tpma", "yes", "No rule of TPMA gives this answer for “ENPI”.")
    ]
    assert Country.objects.count() == 0
