"""Drafting, by the actions themselves: what is stored and told, what is refused, and that nobody overwrites anybody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions import drafting
from programmes.actions.drafting import AllocationLine, AmountLine
from programmes.freezing import unfrozen
from programmes.ledger.models import Milestone, Posting
from programmes.models import Action, Allocation, Document, Passage, Region, Strand
from programmes.refusals import Refused, Stale
from programmes.rules import has_changed_it
from tests.factories.calls import CallFactory, LotBudgetFactory
from tests.factories.programmes import (
    ActionFactory,
    CountryFactory,
    DocumentFactory,
    PassageFactory,
    ProgrammeFactory,
)
from tests.programmes.cascade import indicative_programme, strategy_paper
from tests.programmes.drafted import (
    DRAFT,
    adopt,
    another_programme,
    draft_indicative_programme,
    draft_work_programme,
    the_programme,
)

pytestmark = pytest.mark.django_db

MILLION = Decimal("1000000.00")


def told() -> list[tuple[str, str, str, str]]:
    return list(Entry.objects.values_list("verb", "record_kind", "record_code", "part_of"))


def test_a_whole_cascade_is_drafted_and_nothing_is_posted(officer, second_officer):
    programme = the_programme()
    paper = drafting.add_document(
        by=officer, programme=programme, kind="strategy_paper", code="TSP-1", title="Strategy"
    )
    objective = drafting.add_passage(paper, by=officer, kind="objective", text="Fewer deaths")
    priority = drafting.add_passage(
        paper, by=officer, kind="priority", text="Rescue", serves=objective, chapter="2", page=7
    )
    plan = drafting.add_document(
        by=officer,
        programme=programme,
        kind="indicative_programme",
        code="MIP-1",
        title="Indicative programme",
        parent=paper,
        period_start=2007,
        period_end=2010,
    )
    strand = Strand.objects.get(code="ASYLUM")
    drafting.set_allocations(plan, [AllocationLine(2007, 2010, strand, None, MILLION)], by=officer)
    work = drafting.add_document(
        by=officer,
        programme=programme,
        kind="work_programme",
        code="AWP-1",
        title="Work programme",
        parent=plan,
        period_start=2009,
        period_end=2009,
    )
    action = drafting.add_action(
        work,
        by=officer,
        title="Boats",
        strands=[strand],
        regions=Region.objects.all(),
        priorities=[priority],
        amounts=[AmountLine(2009, MILLION), AmountLine(2010, Decimal(5), conditional=True)],
        human_rights=True,
    )
    assert [objective.code, priority.code, action.code] == ["TSP-1-O1", "TSP-1-P1", "AWP-1-1"]
    assert (objective.order, priority.order, priority.anchor) == (1, 2, "2, page 7")
    assert list(action.amounts.values_list("budget_year", "amount", "conditional")) == [
        (2009, MILLION, False),
        (2010, Decimal("5.00"), True),
    ]
    assert (paper.status, paper.revision, plan.revision, work.revision) == (DRAFT, 2, 1, 1)
    assert told() == [
        ("add_document", "document", "TSP-1", ""),
        ("add_passage", "passage", "TSP-1-O1", "TSP-1"),
        ("add_passage", "passage", "TSP-1-P1", "TSP-1"),
        ("add_document", "document", "MIP-1", ""),
        ("set_allocations", "allocation", "MIP-1", "MIP-1"),
        ("add_document", "document", "AWP-1", ""),
        ("add_action", "action", "AWP-1-1", "AWP-1"),
    ]
    new = Entry.objects.get(verb="add_action").new
    assert new["strands"] == ["ASYLUM"]
    assert new["priorities"] == ["TSP-1-P1"]
    assert new["amounts"][1] == {"budget_year": 2010, "amount": "5.00", "conditional": True}
    assert not Posting.objects.exists()
    assert not Milestone.objects.exists()
    for document in (paper, plan, work):
        assert has_changed_it(officer, document)
        assert not has_changed_it(second_officer, document)


def test_every_change_raises_the_revision_and_is_told_once(officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    drafting.change_action(action, by=officer, revision=0, title="Ships", amounts=[])
    assert (action.revision, Action.objects.get().title) == (1, "Ships")
    entry = Entry.objects.get(verb="change_action")
    assert (entry.old, entry.new) == ({"title": "Boats"}, {"title": "Ships"})
    drafting.change_action(action, by=officer, revision=1, title="Ships")
    assert Entry.objects.filter(verb="change_action").count() == 1
    work.refresh_from_db()
    assert work.revision == 2


def test_what_is_not_named_stays(officer):
    work = draft_work_programme()
    strand = Strand.objects.get(code="MIGDEV")
    action = drafting.add_action(
        work, by=officer, title="Boats", strands=[strand], amounts=[AmountLine(2009, MILLION)]
    )
    drafting.change_action(action, by=officer, revision=0, results="Ten boats")
    assert list(action.strands.all()) == [strand]
    assert action.amounts.get().amount == MILLION


def test_amounts_that_change_are_told_old_and_new(officer):
    work = draft_work_programme()
    action = drafting.add_action(
        work, by=officer, title="Boats", amounts=[AmountLine(2009, MILLION)]
    )
    drafting.change_action(
        action, by=officer, revision=0, amounts=[AmountLine(2009, Decimal(2000000))]
    )
    entry = Entry.objects.get(verb="change_action")
    line = {"budget_year": 2009, "conditional": False}
    assert entry.old == {"amounts": [line | {"amount": "1000000.00"}]}
    assert entry.new == {"amounts": [line | {"amount": "2000000.00"}]}


def test_a_stale_change_names_who_came_first(officer, second_officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    drafting.change_action(action, by=second_officer, revision=0, title="Ships")
    with pytest.raises(Stale) as refusal:
        drafting.change_action(action, by=officer, revision=0, title="Rafts")
    assert refusal.value.who == "Sven Second"
    assert Action.objects.get().title == "Ships"


def test_a_document_is_stale_once_a_part_of_it_changed(officer, second_officer):
    work = draft_work_programme()
    drafting.add_action(work, by=second_officer, title="Boats")
    with pytest.raises(Stale) as refusal:
        drafting.change_document(work, by=officer, revision=0, title="New title")
    assert refusal.value.who == "Sven Second"


def test_allocations_and_passages_are_stale_by_their_own_history(officer, second_officer):
    plan = draft_indicative_programme()
    passage = drafting.add_passage(plan, by=officer, kind="priority", text="Rescue")
    opened = drafting.passage_revision(passage), drafting.allocations_revision(plan)
    drafting.change_passage(passage, by=second_officer, revision=opened[0], text="Save")
    lines = [AllocationLine(2007, 2010, None, None, MILLION)]
    drafting.set_allocations(plan, lines, by=second_officer, revision=opened[1])
    for late in (
        lambda: drafting.change_passage(passage, by=officer, revision=opened[0], text="Help"),
        lambda: drafting.set_allocations(plan, [], by=officer, revision=opened[1]),
    ):
        with pytest.raises(Stale) as refusal:
            late()
        assert refusal.value.who == "Sven Second"
    assert (Passage.objects.get().text, Allocation.objects.count()) == ("Save", 1)


def test_what_is_adopted_is_frozen(officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    passage = drafting.add_passage(work, by=officer, kind="result", text="Ten boats")
    adopt(work)
    for verb in (
        lambda: drafting.change_document(work, by=officer, revision=work.revision, title="X"),
        lambda: drafting.discard_document(work, by=officer, reason="No longer needed"),
        lambda: drafting.add_action(work, by=officer, title="Ships"),
        lambda: drafting.change_action(action, by=officer, revision=0, title="Ships"),
        lambda: drafting.remove_action(action, by=officer),
        lambda: drafting.add_passage(work, by=officer, kind="result", text="Y"),
        lambda: drafting.change_passage(passage, by=officer, text="Z"),
        lambda: drafting.remove_passage(passage, by=officer),
    ):
        with pytest.raises(Refused) as refusal:
            verb()
        assert [lack.text for lack in refusal.value.lacks] == [
            "AWP-2009 is adopted: its content is frozen. An amendment changes it."
        ]
    assert Entry.objects.count() == 2


def test_a_number_is_never_given_twice(officer):
    work = draft_work_programme()
    first = drafting.add_action(work, by=officer, title="Boats")
    second = drafting.add_action(work, by=officer, title="Ships")
    drafting.remove_action(second, by=officer)
    third = drafting.add_action(work, by=officer, title="Rafts")
    assert [first.code, third.code] == ["AWP-2009-1", "AWP-2009-3"]


def test_what_an_amendment_adds_is_numbered_after_what_it_amends(officer):
    work = draft_work_programme()
    drafting.add_action(work, by=officer, title="Boats")
    adopt(work)
    amendment = DocumentFactory(
        code="AWP-2009-A1", status=DRAFT, parent=work.parent, amends=work, reason="More"
    )
    assert drafting.add_action(amendment, by=officer, title="Ships").code == "AWP-2009-2"


@pytest.mark.parametrize(
    ("fields", "field", "text"),
    [
        ({"kind": "regulation"}, "kind", "Documents of this kind are not drafted here."),
        ({"code": "A" * 41}, "code", "At most 40 characters: the codes of its parts begin"),
        ({"code": "small"}, "code", "Use capitals, digits and hyphens"),
        ({"title": ""}, "title", "This field cannot be blank."),
        ({"registry_reference": "Ares 12"}, "registry_reference", "Write it as the registry does"),
        ({"period_start": 2010, "period_end": 2009}, "__all__", "document_period_order"),
    ],
)
def test_what_could_never_be_adopted_is_refused(officer, fields, field, text):
    given = {"kind": "work_programme", "code": "AWP-1", "title": "Work programme"} | fields
    with pytest.raises(ValidationError) as refusal:
        drafting.add_document(by=officer, programme=the_programme(), **given)
    assert text in " ".join(refusal.value.message_dict[field])
    assert not Document.objects.exists()
    assert not Entry.objects.exists()


def test_a_parent_is_of_the_right_kind_programme_status_and_years(officer):
    programme = the_programme()
    plan = indicative_programme(status="adopted")
    given = {"by": officer, "programme": programme, "kind": "work_programme", "title": "W"}
    foreign = indicative_programme(
        strategy_paper(code="FTSP", programme=ProgrammeFactory(code="OTHER")),
        code="FMIP",
        programme=ProgrammeFactory(code="OTHER"),
    )
    repealed = indicative_programme(plan.parent, code="OLD", status="repealed")
    for number, (parent, text) in enumerate(
        [
            (plan.parent, "TSP is not a document that it may rest on."),
            (foreign, "FMIP is not a document that it may rest on."),
            (repealed, "OLD is not a document that it may rest on."),
            (plan, "Its years do not lie within those of MIP: 2007–2010."),
        ]
    ):
        with pytest.raises(ValidationError) as refusal:
            drafting.add_document(code=f"A{number}", parent=parent, period_start=2011, **given)
        assert refusal.value.message_dict == {"parent": [text]}
    # Carrying it out may go on after the indicative programme has ended.
    late = drafting.add_document(
        code="LATE", parent=plan, period_start=2010, period_end=2011, **given
    )
    assert late.parent == plan


def test_a_new_parent_is_refused_while_actions_serve_the_former(officer):
    work = draft_work_programme()
    other = indicative_programme(
        strategy_paper(code="TSP-2", status="adopted"), code="MIP-9", status="adopted"
    )
    former = Passage.objects.get(code="TSP-P1")
    drafting.add_action(work, by=officer, title="Boats", priorities=[former])
    with pytest.raises(ValidationError) as refusal:
        drafting.change_document(work, by=officer, revision=work.revision, parent=other)
    assert refusal.value.message_dict == {
        "parent": ["Parts of it still serve passages of the former document: TSP-P1."]
    }


def test_nothing_of_another_programme_is_linked(officer):
    work = draft_work_programme()
    other = another_programme()
    foreign = PassageFactory(document=DocumentFactory(programme=other, status=DRAFT), code="F-P1")
    with pytest.raises(ValidationError) as refusal:
        drafting.add_action(
            work,
            by=officer,
            title="Boats",
            strands=Strand.objects.filter(code="FOREIGN"),
            regions=Region.objects.filter(code="ELSEWHERE"),
            countries=[CountryFactory(code="UA")],
            priorities=[foreign],
        )
    assert refusal.value.message_dict == {
        "strands": ["Not to be chosen for this work programme: Foreign strand."],
        "regions": ["Not to be chosen for this work programme: Elsewhere."],
        "countries": ["Not to be chosen for this work programme: Ukraine."],
        "priorities": ["Not to be chosen for this work programme: Text of F-P1."],
    }
    assert not Action.objects.exists()


def test_a_country_that_an_action_names_already_stays(officer):
    """The record names countries of which its programme says nothing."""
    work = draft_work_programme()
    action = ActionFactory(work_programme=work)
    action.countries.add(CountryFactory(code="UA"))
    countries = [CountryFactory(code="UA"), CountryFactory(code="TN")]
    drafting.change_action(action, by=officer, revision=0, countries=countries)
    assert set(action.countries.all()) == set(countries)


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        ([AmountLine(2009, Decimal(0))], ["2009: the amount is more than 0."]),
        ([AmountLine(2009, Decimal("0.005"))], ["no more than 2 decimal places."]),
        (
            [AmountLine(2009, MILLION), AmountLine(2009, MILLION)],
            ["2009: one line for each budget year."],
        ),
    ],
)
def test_amounts_that_are_none_are_refused(officer, lines, texts):
    work = draft_work_programme()
    with pytest.raises(ValidationError) as refusal:
        drafting.add_action(work, by=officer, title="Boats", amounts=lines)
    found = refusal.value.message_dict["amounts"]
    assert len(found) == len(texts)
    assert all(text in each for text, each in zip(texts, found, strict=True))


def test_every_wrong_allocation_is_named(officer):
    plan = draft_indicative_programme()
    another_programme()
    foreign = Strand.objects.get(code="FOREIGN")
    with pytest.raises(ValidationError) as refusal:
        drafting.set_allocations(
            plan,
            [
                AllocationLine(2010, 2007, None, None, MILLION),
                AllocationLine(2007, 2010, foreign, None, MILLION),
                AllocationLine(2007, 2010, None, None, Decimal(-1)),
                AllocationLine(2007, 2010, None, None, MILLION),
            ],
            by=officer,
        )
    assert refusal.value.messages == [
        "Line 1: The last year is before the first.",
        "Line 2: The programme has no such strand or region.",
        "Line 3: The amount is more than 0.",
        "Line 4: There is a line for the same years, strand and region already.",
    ]
    assert not Allocation.objects.exists()


def test_a_passage_serves_one_before_it_or_above_it(officer):
    plan = draft_indicative_programme()
    Document.objects.filter(pk=plan.pk).update(parent=strategy_paper(status="adopted"))
    plan.refresh_from_db()
    above = Passage.objects.get(code="TSP-P1")
    objective = drafting.add_passage(plan, by=officer, kind="objective", text="O", serves=above)
    priority = drafting.add_passage(plan, by=officer, kind="priority", text="P", serves=objective)
    result = drafting.add_passage(plan, by=officer, kind="result", text="R", serves=priority)
    foreign = PassageFactory(code="F-P1")
    for passage, serves, text in (
        (objective, priority, "Within a document a priority serves an objective, and a result"),
        (priority, result, "Within a document a priority serves an objective, and a result"),
        (priority, priority, "Within a document a priority serves an objective, and a result"),
        (priority, foreign, "F-P1 is no passage of this document or of those above it."),
    ):
        with pytest.raises(ValidationError) as refusal:
            drafting.change_passage(passage, by=officer, serves=serves)
        assert refusal.value.message_dict["serves"][0].startswith(text)
    with pytest.raises(ValidationError) as refusal:
        drafting.change_passage(objective, by=officer, kind="result", serves=None)
    assert refusal.value.message_dict == {
        "kind": ["Other passages serve it, and could not serve one of this kind."]
    }


def test_what_something_hangs_on_is_not_removed(officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    action.calls.add(CallFactory(title="The call"))
    with pytest.raises(Refused) as refusal:
        drafting.remove_action(action, by=officer)
    assert [lack.text for lack in refusal.value.lacks] == ["The call hangs on it."]
    objective = drafting.add_passage(work, by=officer, kind="objective", text="O")
    drafting.add_passage(work, by=officer, kind="result", text="R", serves=objective)
    with pytest.raises(Refused) as refusal:
        drafting.remove_passage(objective, by=officer)
    assert [lack.text for lack in refusal.value.lacks] == ["AWP-2009-R1 serves it."]
    assert (Action.objects.count(), Passage.objects.filter(document=work).count()) == (1, 2)


def test_a_discarded_draft_leaves_its_history(officer):
    work = draft_work_programme()
    objective = drafting.add_passage(work, by=officer, kind="objective", text="O")
    drafting.add_passage(work, by=officer, kind="result", text="R", serves=objective)
    drafting.add_action(work, by=officer, title="Boats", amounts=[AmountLine(2009, MILLION)])
    drafting.discard_document(work, by=officer, reason="A special measure takes its place")
    assert not Document.objects.filter(code="AWP-2009").exists()
    assert not Action.objects.exists()
    entry = Entry.objects.get(verb="discard_document")
    assert entry.reason == "A special measure takes its place"
    assert entry.old["actions"][0]["amounts"][0]["amount"] == "1000000.00"
    with pytest.raises(ValidationError) as refusal:
        drafting.add_document(
            by=officer, programme=work.programme, kind=work.kind, code="AWP-2009", title="W"
        )
    assert refusal.value.message_dict == {
        "code": ["A draft with this code was discarded; its history is kept under it."]
    }


def test_a_draft_with_an_action_that_a_lot_names_is_not_discarded(officer):
    work = draft_work_programme()
    action = drafting.add_action(work, by=officer, title="Boats")
    LotBudgetFactory(action=action)
    with pytest.raises(Refused) as refusal:
        drafting.discard_document(work, by=officer, reason="Superfluous")
    assert [lack.url for lack in refusal.value.lacks] == ["/programmes/documents/AWP-2009/"]
    action.lot_budgets.all().delete()
    action.calls.add(CallFactory(code="THE-CALL"))
    with pytest.raises(Refused) as refusal:
        drafting.discard_document(work, by=officer, reason="Superfluous")
    assert [lack.url for lack in refusal.value.lacks] == ["/calls/THE-CALL/"]
    assert Action.objects.filter(pk=action.pk).exists()


@pytest.mark.parametrize(
    "verb",
    [
        lambda work, action, by: drafting.change_document(work, by=by, revision=0, title="Later"),
        lambda work, action, by: drafting.discard_document(work, by=by, reason="Again"),
        lambda work, action, by: drafting.add_action(work, by=by, title="Later"),
        lambda work, action, by: drafting.change_action(action, by=by, revision=0, title="Later"),
        lambda work, action, by: drafting.remove_action(action, by=by),
        lambda work, action, by: drafting.add_passage(work, by=by, kind="result", text="Later"),
    ],
)
def test_a_draft_discarded_meanwhile_is_gone(officer, second_officer, verb):
    work = draft_work_programme()
    drafting.add_action(work, by=officer, title="Boats")
    held = Document.objects.get(pk=work.pk)
    action = Action.objects.select_related("work_programme__programme").get()
    drafting.discard_document(work, by=second_officer, reason="Superfluous")
    with pytest.raises(Refused) as refusal:
        verb(held, action, officer)
    assert [(lack.text, lack.url) for lack in refusal.value.lacks] == [
        ("AWP-2009 was discarded meanwhile.", "/programmes/TPMA/")
    ]
    assert Entry.objects.latest("position").verb == "discard_document"


def test_what_others_rest_on_is_not_discarded(officer):
    work = draft_work_programme()
    above = work.parent
    with unfrozen():
        Document.objects.filter(pk=above.pk).update(status=DRAFT)
    with pytest.raises(Refused) as refusal:
        drafting.discard_document(above, by=officer, reason="Superfluous")
    assert [lack.url for lack in refusal.value.lacks] == ["/programmes/documents/AWP-2009/"]
    assert Document.objects.filter(pk=above.pk).exists()
    with pytest.raises(ValidationError):
        drafting.discard_document(work, by=officer, reason=" ")
