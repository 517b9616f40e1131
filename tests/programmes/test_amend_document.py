"""Amending a document in force: a draft that is its copy, and what putting it in force does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import Entry
from portal.audit.trail import write_entry
from programmes.actions.adoption import adopt_document, consult_document, repeal_document
from programmes.actions.amendment import amend_document
from programmes.ledger import figures
from programmes.ledger.models import Measure, Posting
from programmes.ledger.scope import Scope, now
from programmes.models import (
    Action,
    ActionAmount,
    Document,
    DocumentKind,
    DocumentStatus,
    Passage,
    PassageKind,
    Version,
)
from programmes.rules import has_changed_it
from tests.factories.ledger import post_line
from tests.factories.programmes import (
    ActionAmountFactory,
    ActionFactory,
    AllocationFactory,
    CountryFactory,
    DocumentFactory,
    MembershipFactory,
    PassageFactory,
    RegionFactory,
    StrandFactory,
)
from tests.pages import errors_of, figures_of, notices_of, text_of, tree_of
from tests.programmes.cascade import (
    complete_action,
    indicative_programme,
    strategy_paper,
    work_programme,
)

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/amend/"
FIRST, SECOND = date(2009, 5, 4), date(2009, 9, 1)


@pytest.fixture
def adopted(second_officer):
    """A work programme in force with one action of 400,000."""
    document = work_programme()
    return adopt_document(document, by=second_officer, on=FIRST)


def put_in_force(amendment: Document, officer, second_officer, reason: str = "") -> None:
    consult_document(amendment, by=officer)
    adopt_document(amendment, by=second_officer, on=SECOND, reason=reason)


def set_amount(amendment: Document, amount: str, year: int = 2009) -> None:
    rows = ActionAmount.objects.filter(action__work_programme=amendment, budget_year=year)
    assert rows.update(amount=Decimal(amount)) == 1


def planned(**scope: str) -> Decimal | None:
    return figures.value(Measure.PLANNED, Scope("TPMA", **scope), now()).total


def test_an_officer_opens_an_amendment(adopted, officer, as_person, visitor):
    response = as_person(officer).post(URL, {"reason": "A port was added"}, follow=True)
    assert response.redirect_chain == [("/programmes/documents/AAP-2009-A1/", 302)]
    assert notices_of(response)[0] == "AAP-2009-A1 is open: change what it amends."
    amendment = Document.objects.get(code="AAP-2009-A1")
    assert (amendment.status, amendment.amends, amendment.reason) == (
        DocumentStatus.DRAFT,
        adopted,
        "A port was added",
    )
    assert (amendment.title, amendment.parent, amendment.period_start) == (
        adopted.title,
        adopted.parent,
        2009,
    )
    copy = amendment.actions.get()
    assert (copy.code, copy.amends.code) == ("AAP-2009-A1-1", "AAP-2009-1")
    assert (copy.objectives, copy.rule_of_law) == ("Fewer people at sea", True)
    assert [each.code for each in copy.strands.all()] == ["MIGDEV"]
    assert [each.code for each in copy.countries.all()] == ["TN"]
    assert [each.code for each in copy.priorities.all()] == ["TSP-P1"]
    assert copy.amounts.get().amount == Decimal(400000)
    entry = Entry.objects.get(verb="amend_document")
    assert (entry.record_code, entry.part_of) == ("AAP-2009-A1", "AAP-2009")
    assert (entry.reason, entry.actor) == ("A port was added", officer.actor)
    assert visitor.get("/programmes/documents/AAP-2009-A1/").status_code == 404
    assert "AAP-2009-A1" not in visitor.get("/programmes/documents/AAP-2009/").content.decode()
    shown = as_person(officer).get("/programmes/documents/AAP-2009/").content.decode()
    assert "An amendment is being drafted:" in shown


def test_putting_it_in_force_posts_the_difference(adopted, officer, second_officer):
    amendment = amend_document(adopted, by=officer, reason="A port was added")
    set_amount(amendment, "500000.25")
    added = complete_action(amendment, "AAP-2009-2", "7.50")
    before = now()
    put_in_force(amendment, officer, second_officer)
    lines = Posting.objects.filter(position__gt=before.position).order_by("action")
    assert [(line.action, line.amount, line.event) for line in lines] == [
        ("AAP-2009-1", Decimal("100000.25"), "amended by AAP-2009-A1"),
        ("AAP-2009-2", Decimal("7.50"), "amended by AAP-2009-A1"),
    ]
    assert {(line.work_programme, line.reason) for line in lines} == {
        ("AAP-2009", "A port was added")
    }
    assert planned(work_programme="AAP-2009") == Decimal("500007.75")
    adopted.refresh_from_db()
    amendment.refresh_from_db()
    added.refresh_from_db()
    assert (adopted.status, adopted.adopted) == (DocumentStatus.AMENDED, "2009-05-04")
    assert (amendment.status, amendment.adopted) == (DocumentStatus.ADOPTED, "2009-09-01")
    assert amendment.actions.count() == 0
    assert added.work_programme == adopted
    first, second = Version.objects.order_by("number")
    assert (second.number, second.adopted, second.reason, second.amendment) == (
        2,
        SECOND,
        "A port was added",
        amendment,
    )
    assert [each["code"] for each in first.content["actions"]] == ["AAP-2009-1"]
    assert [each["code"] for each in second.content["actions"]] == ["AAP-2009-1", "AAP-2009-2"]
    entry = Entry.objects.filter(verb="adopt_document").latest("position")
    assert (entry.record_code, entry.part_of, entry.new["version"]) == (
        "AAP-2009-A1",
        "AAP-2009",
        2,
    )


def test_a_difference_lies_where_the_amount_lay_whatever_the_map_says_now(
    adopted, officer, second_officer
):
    region = RegionFactory(programme=adopted.programme)
    MembershipFactory(region=region, country__code="TN")
    amendment = amend_document(adopted, by=officer, reason="Less")
    set_amount(amendment, "300000.00")
    put_in_force(amendment, officer, second_officer)
    rows = Posting.objects.filter(action="AAP-2009-1").order_by("position")
    assert [(row.region, row.amount) for row in rows] == [
        ("", Decimal("400000.00")),
        ("", Decimal("-100000.00")),
    ]


def test_an_unchanged_amount_posts_nothing(adopted, officer, second_officer):
    amendment = amend_document(adopted, by=officer, reason="Words")
    amendment.actions.update(results="Twelve ports trained")
    before = now()
    put_in_force(amendment, officer, second_officer)
    assert now() == before
    action = adopted.actions.get()
    assert (action.code, action.results, action.revision) == (
        "AAP-2009-1",
        "Twelve ports trained",
        1,
    )


def test_before_the_amendment_the_figure_is_what_it_was(adopted, officer, second_officer, visitor):
    then = figures.address("planned", Scope("TPMA", work_programme="AAP-2009"), now())
    amendment = amend_document(adopted, by=officer, reason="Less")
    set_amount(amendment, "150000.00")
    put_in_force(amendment, officer, second_officer)
    today = figures.address("planned", Scope("TPMA", work_programme="AAP-2009"), now())
    assert "EUR\u00a0400\u00a0000" in visitor.get(then).content.decode()
    shown = visitor.get(today).content.decode()
    assert "EUR\u00a0150\u00a0000" in shown
    page = figures_of(visitor.get("/programmes/documents/AAP-2009/"))
    assert page["Planned"] == ("EUR 150 000 1 of 1 reported", today)


def test_money_that_moves_to_another_strand_and_place(adopted, officer, second_officer):
    amendment = amend_document(adopted, by=officer, reason="Asylum in Ukraine")
    copy = amendment.actions.get()
    copy.strands.set([StrandFactory(code="ASYLUM")])
    copy.countries.set([CountryFactory(code="UA")])
    before = now()
    put_in_force(amendment, officer, second_officer)
    lines = Posting.objects.filter(position__gt=before.position).order_by("amount")
    assert [(line.strand, line.country, line.amount) for line in lines] == [
        ("MIGDEV", "TN", Decimal(-400000)),
        ("ASYLUM", "UA", Decimal(400000)),
    ]
    cells = figures.table("planned", Scope("TPMA"), now(), ["strand", "country"])
    assert {cell: each.amount for cell, each in cells.items()} == {
        ("MIGDEV", "TN"): Decimal(0),
        ("ASYLUM", "UA"): Decimal(400000),
    }
    assert planned(work_programme="AAP-2009") == Decimal(400000)


def test_what_was_left_out_is_taken_out(adopted, officer, second_officer, visitor):
    amendment = amend_document(adopted, by=officer, reason="Dropped")
    complete_action(amendment, "AAP-2009-2", "5.00")
    amendment.actions.get(amends__isnull=False).delete()
    put_in_force(amendment, officer, second_officer)
    gone = Action.objects.get(code="AAP-2009-1")
    assert (gone.withdrawn, gone.work_programme, gone.revision) == (True, adopted, 1)
    assert figures.table("planned", Scope("TPMA"), now(), ["action"]) == {
        ("AAP-2009-1",): figures.Cell(Decimal("0.00"), 2),
        ("AAP-2009-2",): figures.Cell(Decimal("5.00"), 1),
    }
    assert visitor.get("/programmes/actions/AAP-2009-1/").status_code == 200


def test_passages_keep_their_codes_and_their_links(officer, second_officer):
    paper = strategy_paper()
    adopt_document(paper, by=second_officer, on=FIRST)
    amendment = amend_document(paper, by=officer, reason="Sharper")
    copy = amendment.passages.get(kind=PassageKind.PRIORITY)
    assert (copy.code, copy.serves.code) == ("TSP-A1-P1", "TSP-A1-O1")
    copy.text = "Sharper words"
    copy.save()
    PassageFactory(
        document=amendment, code="TSP-R1", kind=PassageKind.RESULT, serves=copy, text="Result"
    )
    put_in_force(amendment, officer, second_officer)
    kept = {each.code: each for each in paper.passages.all()}
    assert set(kept) == {"TSP-O1", "TSP-P1", "TSP-R1"}
    assert (kept["TSP-P1"].text, kept["TSP-P1"].serves) == ("Sharper words", kept["TSP-O1"])
    assert kept["TSP-R1"].serves == kept["TSP-P1"]
    assert (kept["TSP-P1"].chapter, kept["TSP-P1"].page) == ("2", 7)
    assert not Passage.objects.filter(document=amendment).exists()


def test_a_passage_left_out_stays_for_those_who_pointed_at_it(adopted, officer, second_officer):
    paper = Document.objects.get(code="TSP")
    repeal_document(adopted, by=second_officer, on=SECOND, reason="Done")
    amendment = amend_document(paper, by=officer, reason="Fewer")
    PassageFactory(document=amendment, code="TSP-P2")
    amendment.passages.get(code="TSP-A1-P1").delete()
    put_in_force(amendment, officer, second_officer)
    gone = Passage.objects.get(code="TSP-P1")
    assert gone.withdrawn
    assert list(gone.actions.all()) == [Action.objects.get(code="AAP-2009-1")]
    assert [each["code"] for each in paper.versions.get(number=2).content["passages"]] == [
        "TSP-O1",
        "TSP-P2",
    ]


def test_an_envelope_is_amended(officer, second_officer):
    document = indicative_programme()
    adopt_document(document, by=second_officer, on=FIRST)
    amendment = amend_document(document, by=officer, reason="A part for the south")
    amendment.allocations.update(amount=Decimal(700000))
    south = RegionFactory(code="SOUTH")
    AllocationFactory(document=amendment, region=south, amount=Decimal(300000))
    before = now()
    put_in_force(amendment, officer, second_officer)
    lines = Posting.objects.filter(position__gt=before.position).order_by("amount")
    assert [(line.region, line.place, line.amount) for line in lines] == [
        ("", "not_reported", Decimal(-300000)),
        ("SOUTH", "region", Decimal(300000)),
    ]
    assert sorted(document.allocations.values_list("amount", flat=True)) == [300000, 700000]
    scope = Scope("TPMA", indicative_programme="MIP")
    assert figures.value("envelope", scope, now()).total == Decimal(1000000)


def test_less_than_is_planned_needs_a_reason(adopted, officer, second_officer, as_person):
    document = adopted.parent
    post_line(
        Measure.ENVELOPE, "1000000", indicative_programme="MIP", period_start=2007, period_end=2010
    )
    amendment = amend_document(document, by=officer, reason="Cut")
    amendment.allocations.update(amount=Decimal(399999))
    consult_document(amendment, by=officer)
    client = as_person(second_officer)
    page = client.get("/programmes/documents/MIP-A1/adopt/")
    (said,) = notices_of(page)
    assert said == (
        "An indicative amount would be exceeded "
        "This is allowed for a reason, which is kept with the adoption. "
        "EUR 400 000 are planned under MIP: EUR 1 more than the EUR 399 999 it keeps."
    )


def test_less_than_is_committed_is_refused(adopted, officer, second_officer, as_person):
    post_line(
        Measure.COMMITTED,
        "300000",
        work_programme="AAP-2009",
        action="AAP-2009-1",
        budget_year=2009,
    )
    amendment = amend_document(adopted, by=officer, reason="Cut")
    set_amount(amendment, "299999.99")
    consult_document(amendment, by=officer)
    client = as_person(second_officer)
    url = "/programmes/documents/AAP-2009-A1/adopt/"
    response = client.post(url, {"on": "2009-09-01", "revision": "1"})
    assert response.status_code == 400
    links = tree_of(response).xpath('//div[@id="lacks"]//li/a')
    assert [(text_of(link), link.get("href")) for link in links] == [
        (
            "AAP-2009-1: EUR 299 999.99 in 2009 would be less than the EUR 300 000 committed.",
            "/programmes/actions/AAP-2009-A1-1/change/#id_amounts-0-amount",
        )
    ]
    set_amount(amendment, "300000.00")
    assert client.post(url, {"on": "2009-09-01", "revision": "1"}).status_code == 302


def test_taking_out_what_is_committed_is_refused(adopted, officer, second_officer, as_person):
    post_line(
        Measure.COMMITTED,
        "1",
        work_programme="AAP-2009",
        action="AAP-2009-1",
        budget_year=2009,
    )
    amendment = amend_document(adopted, by=officer, reason="Cut")
    complete_action(amendment, "AAP-2009-2", "5.00")
    amendment.actions.get(amends__isnull=False).delete()
    consult_document(amendment, by=officer)
    response = as_person(second_officer).get("/programmes/documents/AAP-2009-A1/adopt/")
    assert [text_of(link) for link in tree_of(response).xpath('//div[@id="lacks"]//li/a')] == [
        "AAP-2009-1: EUR 0 in 2009 would be less than the EUR 1 committed."
    ]


def test_an_amendment_that_changes_nothing_is_refused(adopted, officer, second_officer, as_person):
    amendment = amend_document(adopted, by=officer, reason="Nothing")
    consult_document(amendment, by=officer)
    response = as_person(second_officer).post(
        "/programmes/documents/AAP-2009-A1/adopt/", {"on": "2009-09-01", "revision": "1"}
    )
    assert [text_of(link) for link in tree_of(response).xpath('//div[@id="lacks"]//li/a')] == [
        "It changes nothing in AAP-2009."
    ]


def test_whoever_opened_it_does_not_adopt_it(adopted, officer, second_officer, as_person):
    amendment = amend_document(adopted, by=officer, reason="Words")
    amendment.actions.update(results="Twelve ports trained")
    consult_document(amendment, by=second_officer)
    response = as_person(officer).post(
        "/programmes/documents/AAP-2009-A1/adopt/", {"on": "2009-09-01", "revision": "1"}
    )
    assert response.status_code == 403
    assert "Amendment begun" in text_of(tree_of(response).xpath("//main")[0])


def test_it_is_adopted_after_what_it_amends(adopted, officer, second_officer, as_person):
    amendment = amend_document(adopted, by=officer, reason="Words")
    amendment.actions.update(results="Twelve ports trained")
    consult_document(amendment, by=officer)
    response = as_person(second_officer).post(
        "/programmes/documents/AAP-2009-A1/adopt/", {"on": "2009-05-03", "revision": "1"}
    )
    assert [text_of(link) for link in tree_of(response).xpath('//div[@id="lacks"]//li/a')] == [
        "AAP-2009 was adopted on 4 May 2009, after this day."
    ]


def test_the_page_says_which_version_it_is(adopted, officer, second_officer, visitor):
    amendment = amend_document(adopted, by=officer, reason="A port was added")
    amendment.actions.update(results="Twelve ports trained")
    put_in_force(amendment, officer, second_officer)
    tree = tree_of(visitor.get("/programmes/documents/AAP-2009/"))
    (part,) = tree.xpath('//section[@id="versions"]')
    assert text_of(part) == (
        "Versions "
        "Version 2, as amended by AAP-2009-A1 on 1 September 2009: A port was added "
        "Version 2 adopted 1 September 2009 by the amendment AAP-2009-A1 : A port was added "
        "What version 2 changed "
        "Version 1 adopted 4 May 2009"
    )
    assert part.xpath(".//a/@href") == [
        "/programmes/documents/AAP-2009/versions/2/",
        "/programmes/documents/AAP-2009-A1/",
        "/programmes/documents/AAP-2009/changes/?from=1&to=2",
        "/programmes/documents/AAP-2009/versions/1/",
    ]
    (part,) = tree_of(visitor.get("/programmes/documents/AAP-2009-A1/")).xpath(
        '//section[@id="amends"]'
    )
    assert text_of(part) == (
        "Amendment What it says stands, as version 2, in Document AAP-2009 AAP-2009 "
        "Reason: A port was added Old and new, side by side"
    )


def test_a_second_amendment_makes_version_3(adopted, officer, second_officer):
    for number, amount in ((1, "500000"), (2, "450000")):
        amendment = amend_document(adopted, by=officer, reason=f"Change {number}")
        assert amendment.code == f"AAP-2009-A{number}"
        set_amount(amendment, amount)
        put_in_force(amendment, officer, second_officer)
    assert list(Version.objects.values_list("number", "reason")) == [
        (1, ""),
        (2, "Change 1"),
        (3, "Change 2"),
    ]
    assert planned() == Decimal(450000)
    assert [line.amount for line in Posting.objects.filter(measure="planned")] == [
        400000,
        100000,
        -50000,
    ]


def test_a_document_of_the_public_record_gets_its_first_version_then(
    officer, second_officer, visitor
):
    document = work_programme(status="published", adopted="2009")
    post_line(Measure.PLANNED, "400000", work_programme="AAP-2009", action="AAP-2009-1")
    amendment = amend_document(document, by=officer, reason="Completed")
    set_amount(amendment, "500000")
    put_in_force(amendment, officer, second_officer)
    first, second = Version.objects.order_by("number")
    assert (first.adopted, first.amendment, second.adopted) == (None, None, SECOND)
    assert first.content["actions"][0]["amounts"][0]["amount"] == "400000.00"
    assert planned(action="AAP-2009-1") == Decimal(500000)
    page = visitor.get("/programmes/documents/AAP-2009/versions/1/")
    assert page.status_code == 200


def test_only_officers_may(adopted, visitor, official, auditor, as_person):
    assert visitor.post(URL, {"reason": "No"}).status_code == 302
    for person in (official, auditor):
        assert as_person(person).post(URL, {"reason": "No"}).status_code == 403
    assert not Document.objects.filter(amends__isnull=False).exists()


def test_a_reason_is_asked_for(adopted, officer, as_person):
    response = as_person(officer).post(URL, {"reason": " "})
    assert response.status_code == 400
    assert errors_of(response) == ["This field is required."]


def test_one_amendment_at_a_time(adopted, officer, second_officer, as_person):
    amend_document(adopted, by=officer, reason="First")
    response = as_person(second_officer).post(URL, {"reason": "Second"})
    assert response.status_code == 400
    (link,) = tree_of(response).xpath('//div[@id="lacks"]//li/a')
    assert text_of(link) == "AAP-2009-A1, which amends it, is being drafted."
    assert link.get("href") == "/programmes/documents/AAP-2009-A1/"
    assert Document.objects.filter(amends=adopted).count() == 1


def test_a_discarded_amendment_does_not_leave_its_code(adopted, officer):
    first = amend_document(adopted, by=officer, reason="First")
    ActionAmount.objects.filter(action__work_programme=first).delete()
    for action in first.actions.all():
        action.delete()
    first.delete()
    assert amend_document(adopted, by=officer, reason="Second").code == "AAP-2009-A2"


@pytest.mark.parametrize("status", ["draft", "in_consultation", "superseded", "repealed"])
def test_only_what_is_in_force_is_amended(officer, as_person, status):
    work_programme(status=status)
    response = as_person(officer).post(URL, {"reason": "Words"}, follow=True)
    assert notices_of(response)[0].startswith("Its status is now")
    assert not Document.objects.filter(amends__isnull=False).exists()


def test_an_amendment_is_not_amended_nor_ended(adopted, officer, second_officer, as_person):
    amendment = amend_document(adopted, by=officer, reason="Words")
    amendment.actions.update(results="Twelve ports trained")
    put_in_force(amendment, officer, second_officer)
    client = as_person(officer)
    for verb in ("amend", "repeal", "supersede"):
        response = client.post(
            f"/programmes/documents/AAP-2009-A1/{verb}/",
            {"reason": "Words", "on": "2009-10-01"},
            follow=True,
        )
        assert response.redirect_chain == [("/programmes/documents/AAP-2009/", 302)]
        assert "It is an amendment: what it says stands in AAP-2009." in notices_of(response)
    assert Document.objects.count() == 4


def test_other_kinds_are_not_amended_here(officer, as_person):
    DocumentFactory(code="AAP-2009", kind=DocumentKind.REGULATION, status=DocumentStatus.PUBLISHED)
    response = as_person(officer).post(URL, {"reason": "Words"}, follow=True)
    assert notices_of(response)[0] == (
        "Documents of this kind are not adopted, amended or ended here."
    )


def test_a_long_code_leaves_room_for_what_comes_after(officer):
    code = f"AAP-{'9' * 56}"
    document = DocumentFactory(code=code, kind=DocumentKind.WORK_PROGRAMME)
    ActionFactory(code=f"B-{'1' * 58}", work_programme=document)
    amendment = amend_document(document, by=officer, reason="Words")
    assert amendment.code == f"{code[:50]}-A1"
    assert len(amendment.actions.get().code) <= 60


def test_an_amendment_does_not_make_its_drafters_changers_of_the_whole(
    adopted, officer, second_officer
):
    amend_document(adopted, by=officer, reason="Words")
    assert not has_changed_it(officer, adopted)
    write_entry(
        "add_document_file", by=officer, record_kind="file", record_code="F", part_of="AAP-2009"
    )
    assert has_changed_it(officer, adopted)


def test_conditional_second_year_money_is_copied(officer, second_officer):
    document = work_programme(period_end=2010, status="draft")
    ActionAmountFactory(
        action=document.actions.get(), budget_year=2010, amount=Decimal(50), conditional=True
    )
    Document.objects.filter(pk=document.pk).update(status="in_consultation")
    adopt_document(document, by=second_officer, on=FIRST)
    amendment = amend_document(document, by=officer, reason="Words")
    rows = ActionAmount.objects.filter(action__work_programme=amendment)
    assert list(rows.values_list("budget_year", "amount", "conditional")) == [
        (2009, 400000, False),
        (2010, 50, True),
    ]


def test_the_page_of_an_amendment_in_force_leads_to_what_it_changed(
    adopted, officer, second_officer, visitor
):
    amendment = amend_document(adopted, by=officer, reason="Words")
    amendment.actions.update(results="Twelve ports trained")
    put_in_force(amendment, officer, second_officer)
    response = visitor.get("/programmes/documents/AAP-2009-A1/")
    assert figures_of(response) == {}
    tree = tree_of(response)
    assert tree.xpath('//table[@id="actions-table"]') == []
    assert tree.xpath('//section[@id="amends"]//a/@href') == [
        "/programmes/documents/AAP-2009/",
        "/programmes/documents/AAP-2009-A1/changes/",
    ]
    beneath = text_of(
        tree_of(visitor.get("/programmes/documents/MIP/")).xpath('//aside[@id="thread"]')[0]
    )
    assert beneath.count("Document AAP-2009") == 1
