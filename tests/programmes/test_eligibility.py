"""May an action take place in a country: yes, no, not alone, suspended, or not known; and by which rule."""

from __future__ import annotations

from datetime import date

import pytest

from programmes.eligibility import answer, answers, day_asked
from programmes.models import Programme, Question, Suspension
from tests.factories.programmes import (
    CountryFactory,
    ProgrammeCountryFactory,
    ProgrammeFactory,
    RuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tpma():
    return ProgrammeFactory()


@pytest.fixture
def tunisia():
    return CountryFactory(code="TN")


def test_a_rule_admits_and_is_cited(tpma, tunisia):
    rule = RuleFactory(text="ENPI countries take part.", source="COM(2006) 26")
    ProgrammeCountryFactory(rule=rule, country=tunisia)
    given = answer(tpma, tunisia)
    assert (given.admitted, given.rule, given.reason, given.source, given.word) == (
        True,
        rule,
        "ENPI countries take part.",
        "COM(2006) 26",
        "yes",
    )
    assert given.unconfirmed is False


def test_a_rule_refuses_and_is_cited(tpma, tunisia):
    rule = RuleFactory(admits=False, text="Under none of the instruments.", source="COM(2006) 26")
    ProgrammeCountryFactory(rule=rule, country=tunisia)
    given = answer(tpma, tunisia)
    assert (given.admitted, given.rule, given.reason, given.word, given.within_several) == (
        False,
        rule,
        "Under none of the instruments.",
        "no",
        False,
    )


def test_a_refusal_that_does_not_hold_within_several_countries_says_so(tpma, tunisia):
    rule = RuleFactory(admits=False, multi_country_exception=True)
    ProgrammeCountryFactory(rule=rule, country=tunisia)
    given = answer(tpma, tunisia)
    assert (given.admitted, given.within_several, given.word, given.tone) == (
        False,
        True,
        "multi-country only",
        "attention",
    )


def test_an_exception_to_an_admission_is_no_restriction(tpma, tunisia):
    ProgrammeCountryFactory(rule=RuleFactory(multi_country_exception=True), country=tunisia)
    assert answer(tpma, tunisia).word == "yes"


def test_nothing_recorded_is_not_known(tpma, tunisia):
    given = answer(tpma, tunisia)
    assert (given.admitted, given.rule, given.reason, given.word) == (
        None,
        None,
        "No rule is recorded for this country.",
        "not known",
    )


def test_another_question_does_not_answer_for_the_place(tpma, tunisia):
    rule = RuleFactory(question=Question.NATIONALITY)
    ProgrammeCountryFactory(rule=rule, country=tunisia)
    assert answer(tpma, tunisia).admitted is None


def test_a_rule_holds_in_its_time_only(tpma, tunisia):
    ProgrammeCountryFactory(
        country=tunisia, valid_from=date(2008, 1, 1), valid_to=date(2009, 12, 31)
    )
    assert answer(tpma, tunisia, date(2007, 12, 31)).reason == (
        "No rule is recorded for 31\u00a0December\u00a02007."
    )
    assert answer(tpma, tunisia, date(2008, 1, 1)).admitted is True
    assert answer(tpma, tunisia, date(2009, 12, 31)).admitted is True
    assert answer(tpma, tunisia, date(2010, 1, 1)).admitted is None


def test_the_later_of_two_rules_decides(tpma, tunisia):
    no = RuleFactory(code="TPMA-NO", admits=False)
    ProgrammeCountryFactory(country=tunisia, rule=RuleFactory(), valid_to=date(2009, 12, 31))
    ProgrammeCountryFactory(country=tunisia, rule=no, valid_from=date(2010, 1, 1))
    assert answer(tpma, tunisia, date(2009, 12, 31)).admitted is True
    assert answer(tpma, tunisia, date(2010, 1, 1)).rule == no


def test_a_suspension_refuses_what_a_rule_admits(tpma, tunisia):
    ProgrammeCountryFactory(country=tunisia)
    Suspension.objects.create(
        programme=tpma,
        country=tunisia,
        suspended_from=date(2010, 6, 1),
        suspended_to=date(2011, 5, 31),
        reason="Breach of an essential element.",
        source="Council decision",
    )
    assert answer(tpma, tunisia, date(2010, 5, 31)).admitted is True
    stopped = answer(tpma, tunisia, date(2010, 6, 1))
    assert (stopped.admitted, stopped.word, stopped.source) == (
        False,
        "suspended",
        "Council decision",
    )
    assert stopped.reason == (
        "Suspended from 1\u00a0June\u00a02010: Breach of an essential element."
    )
    assert answer(tpma, tunisia, date(2011, 6, 1)).admitted is True


def test_a_suspension_without_an_end_lasts(tpma, tunisia):
    Suspension.objects.create(
        programme=tpma, country=tunisia, suspended_from=date(2010, 6, 1), reason="Breach."
    )
    assert answer(tpma, tunisia, date(2013, 12, 31)).suspended is True


def test_general_knowledge_is_marked(tpma, tunisia):
    ProgrammeCountryFactory(country=tunisia, confidence="recalled")
    assert answer(tpma, tunisia).unconfirmed is True


def test_the_day_asked_lies_in_the_programme():
    programme = Programme(period_start=2007, period_end=2013)
    assert day_asked(programme, date(2006, 5, 1)) == date(2007, 1, 1)
    assert day_asked(programme, date(2010, 5, 1)) == date(2010, 5, 1)
    assert day_asked(programme, date(2026, 5, 1)) == date(2013, 12, 31)


def test_many_answers_take_two_queries(django_assert_num_queries):
    programmes = [ProgrammeFactory(), ProgrammeFactory(code="AENEAS")]
    countries = [CountryFactory(code=code) for code in ("TN", "MA", "MD")]
    for country in countries:
        ProgrammeCountryFactory(country=country)
    with django_assert_num_queries(2):
        given = answers(programmes, countries)
    assert {pair: each.word for pair, each in given.items()} == {
        ("TPMA", "TN"): "yes",
        ("TPMA", "MA"): "yes",
        ("TPMA", "MD"): "yes",
        ("AENEAS", "TN"): "not known",
        ("AENEAS", "MA"): "not known",
        ("AENEAS", "MD"): "not known",
    }
