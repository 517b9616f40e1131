"""An officer places many countries at once by a rule; what was said of earlier days stays."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from portal.audit.models import Entry
from programmes.actions.setting_up import add_suspension, change_countries
from programmes.eligibility import answer
from programmes.models import ProgrammeCountry, Question
from tests.factories.programmes import (
    CountryFactory,
    ProgrammeCountryFactory,
    RuleFactory,
)
from tests.pages import errors_of, notices_of, rows_of
from tests.programmes.new_programme import CODE, SOURCE, begun, opened, place_rule

URL = f"/programmes/{CODE}/countries/"
GIVEN = {"rule": "MIGPACT-PLACE", "valid_from": "2021-01-01", "source": SOURCE}


@pytest.fixture
def programme(officer):
    programme = begun(officer)
    place_rule(programme, officer)
    for code in ("TN", "MA", "MD", "UA"):
        CountryFactory(code=code)
    return programme


def facts() -> list[tuple]:
    rows = ProgrammeCountry.objects.order_by("country__code", "valid_from")
    return list(rows.values_list("country__code", "rule__code", "valid_from", "valid_to"))


@pytest.mark.django_db
def test_ticked_and_pasted_countries_are_placed_together(programme, officer, as_person):
    given = GIVEN | {
        "countries": ["TN", "MA"],
        "codes": "md, UA\r\nTN",
        "instrument": "NDICI",
        "route": "SOUTH",
        "priority": "on",
    }
    client = as_person(officer)
    response = client.post(URL, given)
    assert response["Location"] == URL
    first = date(2021, 1, 1)
    assert facts() == [(code, "MIGPACT-PLACE", first, None) for code in ("MA", "MD", "TN", "UA")]
    row = ProgrammeCountry.objects.get(country__code="MD")
    assert (row.instrument, row.route, row.priority, row.source, row.question) == (
        "NDICI",
        "SOUTH",
        True,
        SOURCE,
        "place",
    )
    entry = Entry.objects.get(verb="change_countries")
    assert (entry.record_kind, entry.record_code, entry.part_of) == (
        "eligibility rule",
        "MIGPACT-PLACE",
        CODE,
    )
    assert entry.new["countries"] == ["MA", "MD", "TN", "UA"]
    assert entry.new["valid_from"] == "2021-01-01"
    assert len(rows_of(client.get(URL), "countries")) == 4


@pytest.mark.django_db
def test_another_rule_from_a_day_on_ends_the_earlier_and_changes_no_earlier_answer(
    programme, officer, as_person
):
    tunisia = CountryFactory()
    client = as_person(officer)
    client.post(URL, GIVEN | {"countries": ["TN", "MA"]})
    asked = [date(2021, 1, 1), date(2023, 6, 30), date(2023, 7, 1), date(2027, 12, 31)]
    before = [answer(programme, tunisia, day) for day in asked]
    place_rule(programme, officer, "MIGPACT-NO", admits=False, text="Not any more.")
    given = GIVEN | {"rule": "MIGPACT-NO", "valid_from": "2023-07-01", "countries": ["TN"]}
    assert client.post(URL, given).status_code == 302
    assert facts() == [
        ("MA", "MIGPACT-PLACE", date(2021, 1, 1), None),
        ("TN", "MIGPACT-PLACE", date(2021, 1, 1), date(2023, 6, 30)),
        ("TN", "MIGPACT-NO", date(2023, 7, 1), None),
    ]
    after = [answer(programme, tunisia, day) for day in asked]
    assert after[:2] == before[:2]
    assert [each.admitted for each in after] == [True, True, False, False]
    assert after[2].reason == "Not any more."
    entry = Entry.objects.filter(verb="change_countries").last()
    assert entry.old == {"ended": {"TN": {"rule": "MIGPACT-PLACE", "valid_to": None}}}


@pytest.mark.django_db
def test_only_officers_may(auditor, official, officer, second_officer, visitor, as_person):
    opened(officer, second_officer)
    for person in (auditor, official):
        assert as_person(person).post(URL, GIVEN | {"codes": "MA"}).status_code == 403
    assert visitor.post(URL, GIVEN | {"codes": "MA"}).status_code == 302
    assert len(facts()) == 1


@pytest.mark.django_db
def test_each_code_that_none_has_is_named_with_its_line(programme, officer, as_person):
    response = as_person(officer).post(URL, GIVEN | {"codes": "TN\nXX, MA\n\nTunisia"})
    said = (
        "Line 2: there is no country with the code “XX”. "
        "Line 4: there is no country with the code “TUNISIA”."
    )
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert "XX, MA" in response.content.decode()
    assert facts() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("again", "said"),
    [
        ({}, "Tunisia is placed by this rule already, from 1 January 2021."),
        (
            {"valid_from": "2023-01-01"},
            "Tunisia is placed by this rule already, from 1 January 2021.",
        ),
        (
            {"rule": "MIGPACT-NO"},
            "Tunisia has the rule MIGPACT-PLACE for that time, from 1 January 2021.",
        ),
        (
            {"rule": "MIGPACT-NO", "valid_from": ""},
            "Tunisia has the rule MIGPACT-PLACE for that time, from 1 January 2021.",
        ),
        (
            {"rule": "MIGPACT-NO", "valid_from": "2020-01-01", "valid_to": "2021-01-01"},
            "Tunisia has the rule MIGPACT-PLACE for that time, from 1 January 2021.",
        ),
        (
            {"rule": "MIGPACT-NO", "valid_from": "2022-01-01", "valid_to": "2022-12-31"},
            (
                "Tunisia has the rule MIGPACT-PLACE beyond the last day, from 1 January 2021. "
                "Leave the last day empty."
            ),
        ),
    ],
)
def test_a_country_has_one_rule_at_a_time_and_all_are_placed_or_none(
    again, said, programme, officer, as_person
):
    place_rule(programme, officer, "MIGPACT-NO", admits=False)
    client = as_person(officer)
    client.post(URL, GIVEN | {"countries": ["TN"]})
    response = client.post(URL, GIVEN | {"countries": ["TN", "MA"]} | again)
    assert response.status_code == 400
    assert errors_of(response) == [said]
    assert facts() == [("TN", "MIGPACT-PLACE", date(2021, 1, 1), None)]
    assert Entry.objects.filter(verb="change_countries").count() == 1


@pytest.mark.django_db
def test_the_years_beside_are_free(programme, officer, as_person):
    place_rule(programme, officer, "MIGPACT-NO", admits=False)
    client = as_person(officer)
    client.post(URL, GIVEN | {"countries": ["TN"]})
    given = GIVEN | {"rule": "MIGPACT-NO", "valid_from": "", "valid_to": "2020-12-31"}
    assert client.post(URL, given | {"countries": ["TN"]}).status_code == 302
    assert len(facts()) == 2


@pytest.mark.django_db
def test_the_three_questions_stay_apart(programme, officer, as_person):
    place_rule(programme, officer, "MIGPACT-NAT", question="nationality", admits=False)
    client = as_person(officer)
    for rule in ("MIGPACT-PLACE", "MIGPACT-NAT"):
        assert client.post(URL, GIVEN | {"rule": rule, "countries": ["TN"]}).status_code == 302
    assert answer(programme, CountryFactory(), date(2022, 1, 1)).admitted is True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "Choose at least one country."),
        ({"countries": ["TN"], "source": ""}, "This field is required."),
        ({"countries": ["TN"], "valid_to": "2020-12-31"}, "The last day is before the first."),
        (
            {"countries": ["TN"], "rule": "TPMA-ENPI"},
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        ({"countries": ["TN"], "valid_from": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_kept_is_refused(wrong, said, programme, officer, as_person):
    RuleFactory()
    response = as_person(officer).post(URL, GIVEN | wrong)
    assert (response.status_code, errors_of(response)) == (400, [said])
    assert facts() == []


@pytest.mark.django_db
def test_without_a_rule_one_is_led_to_add_it(officer, as_person):
    begun(officer)
    response = as_person(officer).get(URL)
    said = (
        "Countries are placed by a rule of the programme: add one first "
        "It has no rule about where actions take place."
    )
    assert notices_of(response) == [said]


@pytest.mark.django_db
def test_a_rule_of_another_programme_is_refused_whoever_asks(programme, officer):
    with pytest.raises(ValidationError) as refused:
        change_countries(
            programme, [CountryFactory()], by=officer, rule=RuleFactory(), source=SOURCE
        )
    assert refused.value.message_dict == {"rule": ["This rule belongs to another programme."]}


@pytest.mark.django_db
def test_a_suspended_country_stays_suspended_whatever_rule_it_gets(programme, officer, as_person):
    client = as_person(officer)
    client.post(URL, GIVEN | {"countries": ["TN"]})
    tunisia = CountryFactory()
    add_suspension(
        programme,
        by=officer,
        country=tunisia,
        suspended_from=date(2022, 1, 1),
        reason="Breach of an essential element",
        source="Council decision",
    )
    place_rule(programme, officer, "MIGPACT-NEW")
    given = GIVEN | {"rule": "MIGPACT-NEW", "valid_from": "2022-06-01", "countries": ["TN"]}
    assert client.post(URL, given).status_code == 302
    assert answer(programme, tunisia, date(2022, 7, 1)).suspended is True
    assert answer(programme, tunisia, date(2021, 7, 1)).admitted is True


@pytest.mark.django_db
def test_the_database_promises_it_too(programme):
    rule = programme.rules.get()
    first = {"programme": programme, "country": CountryFactory(), "rule": rule}
    ProgrammeCountryFactory(**first, valid_to=date(2022, 12, 31))
    ProgrammeCountryFactory(**first, valid_from=date(2023, 1, 1))
    for more in ({"valid_from": date(2022, 12, 31), "valid_to": date(2022, 12, 31)}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgrammeCountryFactory(**first, **more)
    ProgrammeCountryFactory(**first, question=Question.NATIONALITY)


def test_two_officers_at_once_place_a_country_once(lifted_guard, officer, second_officer):
    programme = begun(officer)
    rules = [place_rule(programme, officer, code) for code in ("MIGPACT-A", "MIGPACT-B")]
    tunisia, ready, ends = CountryFactory(), threading.Barrier(2), []

    def work(person, rule) -> None:
        ready.wait(timeout=10)
        try:
            change_countries(
                programme,
                [tunisia],
                by=person,
                rule=rule,
                source=SOURCE,
                valid_from=date(2021, 1, 1),
            )
            ends.append("placed")
        except ValidationError as error:
            ends.append(sorted(error.message_dict))
        finally:
            connection.close()

    pairs = zip((officer, second_officer), rules, strict=True)
    threads = [threading.Thread(target=work, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(ends, key=str) == [["countries"], "placed"]
    assert ProgrammeCountry.objects.count() == 1
