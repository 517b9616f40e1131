"""An officer adds a rule about who may take part in a programme."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.audit.models import Entry
from programmes.actions.setting_up import add_rule
from programmes.models import EligibilityRule
from tests.factories.programmes import RuleFactory
from tests.pages import errors_of
from tests.programmes.new_programme import CODE, SOURCE, begun

pytestmark = pytest.mark.django_db
URL = f"/programmes/{CODE}/rules/add/"
GIVEN = {
    "code": "MIGPACT-NO",
    "question": "place",
    "admits": "no",
    "multi_country_exception": "on",
    "text": "Candidate countries have their own instrument.",
    "source": SOURCE,
}


def test_it_says_who_may_and_where_that_was_read(officer, as_person):
    begun(officer)
    response = as_person(officer).post(URL, GIVEN)
    assert response["Location"] == f"/programmes/{CODE}/setup/"
    rule = EligibilityRule.objects.get()
    assert (rule.programme.code, rule.question, rule.admits, rule.multi_country_exception) == (
        CODE,
        "place",
        False,
        True,
    )
    assert (rule.source, rule.confidence) == (SOURCE, "entered")
    entry = Entry.objects.get(verb="add_rule")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "eligibility rule",
        "MIGPACT-NO",
        CODE,
    )
    assert entry.new == {
        "question": "place",
        "admits": False,
        "text": "Candidate countries have their own instrument.",
        "source": SOURCE,
        "multi_country_exception": True,
    }


def test_only_officers_may(officer, auditor, official, visitor, as_person):
    begun(officer)
    assert as_person(auditor).post(URL, GIVEN).status_code == 403
    assert as_person(official).post(URL, GIVEN).status_code == 404
    assert visitor.post(URL, GIVEN).status_code == 302
    assert EligibilityRule.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": "  "}, "This field is required."),
        ({"text": ""}, "This field is required."),
        ({"admits": "yes"}, "Only a rule that does not admit can have this exception."),
        ({"code": "TPMA-ENPI"}, "Eligibility rule with this Code already exists."),
        ({"code": "a b"}, "Use capitals, digits and hyphens, e.g. AAP-2010-2."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, officer, as_person):
    RuleFactory()
    begun(officer)
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert EligibilityRule.objects.count() == 1


def test_whoever_asks_says_where_it_was_read(officer):
    programme = begun(officer)
    with pytest.raises(ValidationError) as refused:
        add_rule(programme, by=officer, code="X", text="Words", admits=True, source=" ")
    assert refused.value.message_dict == {"source": ["Say where this was read."]}


def test_twice_is_told(officer, as_person):
    begun(officer)
    client = as_person(officer)
    assert client.post(URL, GIVEN).status_code == 302
    assert client.post(URL, GIVEN).status_code == 400
    assert EligibilityRule.objects.count() == 1
