"""An officer changes a rule: its words at any time, what it answers only while nobody relies on it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import change_rule, open_programme
from programmes.models import EligibilityRule
from tests.factories.programmes import RuleFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, SOURCE, begun, completed, opened, place_rule

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/rules/MIGPACT-PLACE/change/"
GIVEN = {
    "question": "place",
    "admits": "yes",
    "text": "Actions may take place in partner countries.",
    "source": SOURCE,
}
USED = "Countries are placed by this rule. Add another and place them by it from a day on."


def test_its_words_change_and_the_trail_says_how(officer, second_officer, as_person):
    programme = opened(officer, second_officer)
    given = GIVEN | {"text": "In neighbours.", "revision": programme.revision}
    response = as_person(officer).post(URL, given)
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    assert EligibilityRule.objects.get().text == "In neighbours."
    entry = Entry.objects.get(verb="change_rule")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "eligibility rule",
        "MIGPACT-PLACE",
        CODE,
    )
    assert entry.old == {"text": "Actions may take place in partner countries."}
    assert entry.new == {"text": "In neighbours."}


def test_only_officers_may(officer, second_officer, auditor, official, visitor, as_person):
    opened(officer, second_officer)
    for person in (auditor, official):
        assert as_person(person).post(URL, GIVEN).status_code == 403
    assert visitor.post(URL, GIVEN).status_code == 302
    assert Entry.objects.filter(verb="change_rule").count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"admits": "no"},
        {"question": "nationality"},
        {"admits": "no", "multi_country_exception": "on"},
    ],
)
def test_what_it_answers_stays_once_others_may_have_read_it(
    change, officer, second_officer, as_person
):
    programme = opened(officer, second_officer)
    response = as_person(officer).post(URL, GIVEN | change | {"revision": programme.revision})
    assert (response.status_code, set(errors_of(response))) == (400, {USED})
    assert len(errors_of(response)) == len(change)
    rule = EligibilityRule.objects.get()
    assert (rule.admits, rule.question) == (True, "place")


def test_before_that_its_answer_may_change_but_not_its_question(officer, as_person):
    programme = completed(officer)
    client = as_person(officer)
    response = client.post(URL, GIVEN | {"question": "nationality", "revision": programme.revision})
    assert (response.status_code, errors_of(response)) == (400, [USED])
    response = client.post(URL, GIVEN | {"admits": "no", "revision": programme.revision})
    assert response.status_code == 302
    assert EligibilityRule.objects.get().admits is False


def test_an_unused_one_may_change_altogether(officer, second_officer, as_person):
    programme = completed(officer)
    place_rule(programme, officer, "MIGPACT-NEW")
    programme = open_programme(programme, by=second_officer)
    url = f"/programmes/{CODE}/rules/MIGPACT-NEW/change/"
    given = GIVEN | {"question": "nationality", "admits": "no", "revision": programme.revision}
    assert as_person(officer).post(url, given).status_code == 302
    rule = EligibilityRule.objects.get(code="MIGPACT-NEW")
    assert (rule.question, rule.admits) == ("nationality", False)


def test_what_cannot_be_kept_is_refused(officer, as_person):
    programme = completed(officer)
    given = GIVEN | {"revision": programme.revision}
    client = as_person(officer)
    for wrong, said in (
        ({"source": ""}, "This field is required."),
        (
            {"question": "weather"},
            "Select a valid choice. weather is not one of the available choices.",
        ),
        (
            {"multi_country_exception": "on"},
            "Only a rule that does not admit can have this exception.",
        ),
    ):
        response = client.post(URL, given | wrong)
        assert (response.status_code, errors_of(response)) == (400, [said])
    with pytest.raises(ValidationError):
        change_rule(EligibilityRule.objects.get(), by=officer, source=" ")


def test_a_stale_change_is_refused(officer, second_officer, as_person):
    programme = completed(officer)
    place_rule(programme, second_officer, "MIGPACT-NEW")
    response = as_person(officer).post(
        URL, GIVEN | {"text": "Mine", "revision": programme.revision}
    )
    assert response.status_code == 400
    page = response.content.decode()
    assert "Sven Second changed this on " in page
    assert "Mine</textarea>" in page


def test_a_rule_of_another_programme_is_not_found(officer, as_person):
    RuleFactory()
    begun(officer)
    url = f"/programmes/{CODE}/rules/TPMA-ENPI/change/"
    assert as_person(officer).get(url).status_code == 404
