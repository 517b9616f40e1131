"""Adopting a document: by a second officer, complete, its amounts in the ledger, its content kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from portal.audit.models import Entry
from portal.audit.trail import write_entry
from programmes.actions.adoption import adopt_document
from programmes.actions.drafting import change_action
from programmes.actions.files import (
    add_document_file,
    change_document_file,
    remove_document_file,
)
from programmes.actions.moving import today
from programmes.freezing import unfrozen
from programmes.ledger import figures
from programmes.ledger.models import Measure, Milestone, Posting, SubjectKind, Tag
from programmes.ledger.scope import Scope, now
from programmes.lines import AmountLine
from programmes.models import Action, DocumentStatus, Passage, Version
from programmes.refusals import FourEyes, Stale
from programmes.rules import has_changed_it
from tests.factories.files import pdf, upload
from tests.factories.ledger import post_line
from tests.factories.programmes import (
    ActionFactory,
    AllocationFactory,
    DocumentFactory,
    StrandFactory,
)
from tests.pages import errors_of, facts_of, notices_of, text_of, tree_of
from tests.programmes.cascade import (
    CONSULTED,
    DRAFT,
    complete_action,
    indicative_programme,
    strategy_paper,
    work_programme,
)

pytestmark = pytest.mark.django_db

URL = "/programmes/documents/AAP-2009/adopt/"
DAY = {"on": "2009-05-04", "revision": "0"}


@pytest.fixture
def consulted(officer):
    """A complete work programme that one officer changed and sent into consultation."""
    document = work_programme()
    write_entry("add_document", by=officer, record_kind="document", record_code="AAP-2009")
    return document


def envelope(*amounts: str) -> None:
    """Set an envelope for the indicative programme of the cascade."""
    for amount in amounts:
        post_line(
            Measure.ENVELOPE, amount, indicative_programme="MIP", period_start=2007, period_end=2010
        )


def test_a_second_officer_adopts_it(consulted, second_officer, as_person, visitor):
    client = as_person(second_officer)
    page = client.get(URL)
    assert page.status_code == 200
    assert facts_of(page) == {
        "Years covered": "2009",
        "Rests on": "Document MIP",
        "Actions": "1",
        "Indicative amounts": "EUR 400 000",
    }
    response = client.post(URL, DAY, follow=True)
    assert response.redirect_chain == [("/programmes/documents/AAP-2009/", 302)]
    assert notices_of(response) == ["AAP-2009 is adopted."]
    consulted.refresh_from_db()
    assert (consulted.status, consulted.adopted) == (DocumentStatus.ADOPTED, "2009-05-04")
    entry = Entry.objects.get(verb="adopt_document")
    assert (entry.record_code, entry.actor) == ("AAP-2009", second_officer.actor)
    assert entry.old == {"status": "in_consultation"}
    assert entry.new == {"status": "adopted", "adopted": "2009-05-04", "version": 1}
    shown = visitor.get("/programmes/documents/AAP-2009/")
    assert "Version 1, as it was adopted" in shown.content.decode()


def test_its_amounts_are_planned(consulted, second_officer):
    complete_action(consulted, "AAP-2009-2", "0.50")
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    first, second = Posting.objects.order_by("action")
    assert (first.measure, first.amount, first.budget_year) == ("planned", Decimal(400000), 2009)
    assert (first.indicative_programme, first.work_programme) == ("MIP", "AAP-2009")
    assert (first.action, first.strand, first.country) == ("AAP-2009-1", "MIGDEV", "TN")
    assert (first.event, first.by, first.value_date) == ("adopted", second_officer.actor, None)
    assert (second.action, second.amount) == ("AAP-2009-2", Decimal("0.50"))
    milestone = Milestone.objects.get()
    assert (milestone.subject_kind, milestone.subject) == (SubjectKind.WORK_PROGRAMME, "AAP-2009")
    assert (milestone.kind, milestone.happened_on) == ("recorded", date(2009, 5, 4))
    assert set(Tag.objects.values_list("subject", "dimension", "key")) == {
        ("AAP-2009-1", "strand", "MIGDEV"),
        ("AAP-2009-1", "country", "TN"),
        ("AAP-2009-2", "strand", "MIGDEV"),
        ("AAP-2009-2", "country", "TN"),
    }
    scope = Scope("TPMA", indicative_programme="MIP")
    assert figures.value(Measure.PLANNED, scope, now()).total == Decimal("400000.50")


def test_an_indicative_programme_sets_its_envelope(second_officer, as_person):
    document = indicative_programme(stated_amount=Decimal(1500000))
    leaf = AllocationFactory(
        document=document,
        period_start=2008,
        period_end=2008,
        strand=StrandFactory(code="ASYLUM"),
        amount=Decimal(500000),
    )
    response = as_person(second_officer).post("/programmes/documents/MIP/adopt/", DAY)
    assert response.status_code == 302
    rest, part = Posting.objects.order_by("-amount")
    assert (rest.measure, rest.amount) == ("envelope", Decimal(1000000))
    assert (rest.period_start, rest.period_end, rest.budget_year) == (2007, 2010, None)
    assert (rest.indicative_programme, rest.strand, rest.place) == ("MIP", "", "not_reported")
    assert (part.period_start, part.period_end, part.budget_year) == (2008, 2008, 2008)
    assert (part.strand, part.amount) == ("ASYLUM", leaf.amount)
    assert Milestone.objects.get().subject == "MIP"


def test_a_strategy_paper_posts_nothing(second_officer, as_person):
    strategy_paper()
    assert (
        as_person(second_officer).post("/programmes/documents/TSP/adopt/", DAY).status_code == 302
    )
    assert Version.objects.get().content["passages"][0]["code"] == "TSP-O1"
    assert (Posting.objects.count(), Milestone.objects.count(), Tag.objects.count()) == (0, 0, 0)


def test_its_whole_content_is_kept(consulted, second_officer):
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    version = Version.objects.get()
    assert (version.number, version.adopted, version.reason) == (1, date(2009, 5, 4), "")
    assert version.amendment is None
    content = version.content
    assert (content["title"], content["parent"]) == ("Document AAP-2009", "MIP")
    (action,) = content["actions"]
    assert action["objectives"] == "Fewer people at sea"
    assert (action["strands"], action["countries"]) == (["MIGDEV"], ["TN"])
    assert action["priorities"] == ["TSP-P1"]
    assert action["amounts"] == [{"budget_year": 2009, "amount": "400000.00", "conditional": False}]


def test_what_was_adopted_is_frozen(consulted, second_officer):
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    action = Action.objects.get()
    draft = ActionFactory(work_programme=DocumentFactory(status=DRAFT))
    for change in (
        lambda: Action.objects.filter(pk=action.pk).update(results="Other"),
        lambda: Action.objects.create(code="SLIPPED-IN", work_programme=consulted, title="Boats"),
        lambda: Action.objects.filter(pk=draft.pk).update(work_programme=consulted),
        lambda: action.amounts.update(amount=1),
        lambda: action.amounts.create(budget_year=2010, amount=1),
        lambda: empty("programmes_version"),
        lambda: Version.objects.update(reason="Other"),
        lambda: Passage.objects.update(text="Other"),
    ):
        with pytest.raises(Error, match="adopted"), transaction.atomic():
            change()


def empty(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_door_within_a_door_leaves_the_outer_one_open(consulted, second_officer):
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    action = Action.objects.get()
    with unfrozen():
        with unfrozen():
            action.amounts.update(amount=1)
        action.amounts.update(amount=2)
    with pytest.raises(Error), transaction.atomic():
        action.amounts.update(amount=3)
    assert action.amounts.get().amount == 2


def test_whoever_changed_it_is_told_what_bars_them(consulted, officer, as_person):
    write_entry(
        "add_action",
        by=officer,
        record_kind="action",
        record_code="AAP-2009-1",
        part_of="AAP-2009",
    )
    client = as_person(officer)
    for response in (client.get(URL), client.post(URL, DAY)):
        assert response.status_code == 403
        page = text_of(tree_of(response).xpath("//main")[0])
        assert "Nobody approves what they changed themselves." in page
        assert "Document drafted" in page
        assert "Action added" in page
        assert "AAP-2009-1" in page
    consulted.refresh_from_db()
    assert consulted.status == CONSULTED
    page = client.get("/programmes/documents/AAP-2009/").content.decode()
    assert "You changed it, so another officer has to adopt it." in page


def test_others_may_not(consulted, visitor, official, auditor, as_person):
    assert visitor.post(URL, DAY).url == f"/accounts/login/?next={URL}"
    assert as_person(official).post(URL, DAY).status_code == 404
    assert as_person(auditor).post(URL, DAY).status_code == 403
    consulted.refresh_from_db()
    assert consulted.status == CONSULTED
    assert Posting.objects.count() == 0


def test_every_reason_is_given_at_once_with_its_field(consulted, second_officer, as_person):
    action = Action.objects.get()
    action.objectives, action.results, action.democracy = "", " ", None
    action.save()
    action.strands.clear()
    client = as_person(second_officer)
    for response in (client.get(URL), client.post(URL, DAY)):
        links = tree_of(response).xpath('//div[@id="lacks"]//li/a')
        assert [(text_of(link), link.get("href")) for link in links] == [
            (
                "AAP-2009-1: its thematic area is missing: name a strand.",
                "/programmes/actions/AAP-2009-1/change/#id_strands",
            ),
            (
                "AAP-2009-1: its specific objectives are missing.",
                "/programmes/actions/AAP-2009-1/change/#id_objectives",
            ),
            (
                "AAP-2009-1: its anticipated results are missing.",
                "/programmes/actions/AAP-2009-1/change/#id_results",
            ),
            (
                "AAP-2009-1: it does not say whether it serves democratic principles.",
                "/programmes/actions/AAP-2009-1/change/#id_democracy",
            ),
        ]
    assert client.post(URL, DAY).status_code == 400
    consulted.refresh_from_db()
    assert consulted.status == CONSULTED
    assert (Posting.objects.count(), Version.objects.count()) == (0, 0)
    assert not Entry.objects.filter(verb="adopt_document").exists()


def test_the_fields_that_a_refusal_names_are_there(consulted, second_officer, as_person):
    action = Action.objects.get()
    action.objectives, action.results = "", ""
    action.democracy = action.rule_of_law = action.human_rights = None
    action.save()
    for related in (action.strands, action.countries, action.priorities):
        related.clear()
    action.amounts.all().delete()
    client = as_person(second_officer)
    urls = tree_of(client.get(URL)).xpath('//div[@id="lacks"]//li/a/@href')
    assert len(urls) == 9
    page = tree_of(client.get("/programmes/actions/AAP-2009-1/change/"))
    for url in urls:
        assert page.xpath(f'//*[@id="{url.partition("#")[2]}"]'), url


def test_the_day_is_neither_to_come_nor_before_what_it_rests_on(
    consulted, second_officer, as_person
):
    parent = consulted.parent
    type(parent).objects.filter(pk=parent.pk).update(adopted="2009-06")
    client = as_person(second_officer)
    future = (today() + timedelta(days=2)).isoformat()
    for day, said in (
        (future, "The day lies in the future."),
        ("2009-05-31", "MIP, on which it rests, was adopted on June 2009, after this day."),
    ):
        response = client.post(URL, {**DAY, "on": day})
        assert response.status_code == 400
        links = tree_of(response).xpath('//div[@id="lacks"]//li/a')
        assert [(text_of(link), link.get("href")) for link in links] == [(said, "#id_on")]
    assert client.post(URL, {**DAY, "on": "2009-06-01"}).status_code == 302


@pytest.mark.parametrize(
    ("day", "said"), [("", "This field is required."), ("yesterday", "Enter a valid date.")]
)
def test_what_is_no_day_is_refused(consulted, second_officer, as_person, day, said):
    response = as_person(second_officer).post(URL, {**DAY, "on": day})
    assert response.status_code == 400
    assert errors_of(response) == [said]


def revision_in(response) -> list[str]:
    return tree_of(response).xpath('//main//input[@name="revision"]/@value')


def test_what_changed_since_it_was_read_is_read_again(
    consulted, officer, second_officer, as_person
):
    envelope("300000")
    client = as_person(second_officer)
    assert revision_in(client.get(URL)) == ["0"]
    lines = [AmountLine(2009, Decimal("350000.00"))]
    change_action(Action.objects.get(), by=officer, revision=0, amounts=lines)
    response = client.post(URL, {**DAY, "reason": "More arrivals"})
    assert response.status_code == 409
    changed = text_of(tree_of(response).xpath('//section[@id="changed"]')[0])
    assert "Olga Officer changed it on" in changed
    assert "Action changed" in changed
    assert "Document drafted" not in changed
    assert facts_of(response)["Indicative amounts"] == "EUR 350 000"
    assert "EUR 50 000 more than its EUR 300 000" in text_of(tree_of(response))
    assert revision_in(response) == ["1"]
    typed = tree_of(response).xpath('//input[@name="on"]/@value')
    assert (typed, text_of(tree_of(response).xpath("//textarea")[0])) == (
        ["2009-05-04"],
        "More arrivals",
    )
    assert (Version.objects.count(), Entry.objects.filter(verb="adopt_document").count()) == (0, 0)
    again = client.post(URL, {**DAY, "reason": "More arrivals", "revision": "1"})
    assert again.status_code == 302
    assert Posting.objects.get(measure="planned").amount == Decimal(350000)


def test_a_file_added_since_is_read_first(
    consulted, officer, second_officer, as_person, file_store
):
    add_document_file(consulted, by=officer, upload=upload(pdf()), language="en")
    client = as_person(second_officer)
    response = client.post(URL, DAY)
    assert response.status_code == 409
    changed = text_of(tree_of(response).xpath('//section[@id="changed"]')[0])
    assert "AAP-2009-EN-1" in changed
    with pytest.raises(Stale) as refusal:
        adopt_document(consulted, by=second_officer, on=date(2009, 5, 4), revision=0)
    assert refusal.value.who == "Olga Officer"
    assert client.post(URL, {**DAY, "revision": "1"}).status_code == 302


def test_every_change_of_a_file_is_a_change_of_the_draft(consulted, officer, file_store):
    def revision() -> int:
        consulted.refresh_from_db()
        return consulted.revision

    file = add_document_file(consulted, by=officer, upload=upload(pdf()), language="en")
    assert revision() == 1
    words = {"binding": False, "registry_reference": "Ares(2009)12345"}
    file = change_document_file(file, by=officer, revision=0, **words)
    assert revision() == 2
    change_document_file(file, by=officer, revision=1, **words)
    assert revision() == 2
    remove_document_file(file, by=officer)
    assert revision() == 3


def test_a_file_of_an_adopted_document_is_no_change_of_what_it_says(
    consulted, officer, second_officer, file_store
):
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    add_document_file(consulted, by=officer, upload=upload(pdf()), language="en")
    consulted.refresh_from_db()
    assert consulted.revision == 1


def test_a_page_that_does_not_say_what_was_read_adopts_nothing(
    consulted, second_officer, as_person
):
    client = as_person(second_officer)
    assert client.post(URL, {"on": "2009-05-04"}).status_code == 400
    assert client.post(URL, {**DAY, "revision": "99"}).status_code == 409
    assert Version.objects.count() == 0


def test_the_action_refuses_whoever_changed_it(consulted, officer):
    with pytest.raises(FourEyes) as refusal:
        adopt_document(consulted, by=officer, on=date(2009, 5, 4))
    assert refusal.value.record == consulted
    consulted.refresh_from_db()
    assert (consulted.status, Version.objects.count()) == (CONSULTED, 0)


def test_more_than_the_envelope_needs_a_reason(consulted, second_officer, as_person):
    envelope("300000", "50000")
    client = as_person(second_officer)
    said = (
        "An indicative amount would be exceeded "
        "This is allowed for a reason, which is kept with the adoption. "
        "EUR 400 000 would be planned under MIP: EUR 50 000 more than its EUR 350 000."
    )
    assert notices_of(client.get(URL)) == [said]
    response = client.post(URL, DAY)
    assert response.status_code == 400
    assert errors_of(response) == ["This field is required."]
    assert Version.objects.count() == 0
    assert client.post(URL, {**DAY, "reason": "More arrivals"}).status_code == 302
    assert Entry.objects.get(verb="adopt_document").reason == "More arrivals"
    assert Posting.objects.get(measure="planned").reason == "More arrivals"


def test_the_whole_envelope_needs_none(consulted, second_officer, as_person):
    envelope("400000")
    assert as_person(second_officer).post(URL, DAY).status_code == 302


def test_twice_is_told_kindly(consulted, second_officer, as_person, django_user_model):
    third = django_user_model.objects.create_user(
        email="third@example.org", password="correct horse battery", name="Tom", role="officer"
    )
    as_person(second_officer).post(URL, DAY)
    response = as_person(third).post(URL, DAY, follow=True)
    assert notices_of(response)[0].startswith("Sven Second adopted AAP-2009 on ")
    assert notices_of(response)[0].endswith("Its status is now “Adopted”.")
    assert (Version.objects.count(), Posting.objects.count()) == (1, 1)


def test_a_draft_is_consulted_on_first(second_officer, as_person):
    work_programme(status=DRAFT)
    response = as_person(second_officer).post(URL, DAY, follow=True)
    assert notices_of(response)[0] == "Its status is now “Draft”."
    assert Version.objects.count() == 0


def test_after_adoption_those_who_drafted_may_approve_again(consulted, officer, second_officer):
    assert has_changed_it(officer, consulted)
    adopt_document(consulted, by=second_officer, on=date(2009, 5, 4))
    assert not has_changed_it(officer, consulted)
    assert has_changed_it(second_officer, consulted) is False


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_one_action_as_for_three(
    second_officer, as_person, django_assert_num_queries, count
):
    document = DocumentFactory(code="AAP-2009", status=DRAFT)
    for number in range(count):
        complete_action(document, f"AAP-2009-{number}")
    type(document).objects.update(status=CONSULTED)
    client = as_person(second_officer)
    with django_assert_num_queries(20):
        assert client.get(URL).status_code == 200
