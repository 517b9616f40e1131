"""Words for values: exact, unbroken, and never rounder than the truth."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.dates import PartialDate
from portal.wording import (
    MARKS,
    amount,
    any_cents,
    moment,
    money,
    number,
    partial_date,
    percent,
)

EUROS = st.decimals(min_value=-(10**13), max_value=10**13, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal(0), "0"),
        (Decimal(999), "999"),
        (Decimal("1000.00"), "1\u00a0000"),
        (Decimal("1234567.5"), "1\u00a0234\u00a0567.50"),
        (Decimal(-1200), "\u22121\u00a0200"),
        (Decimal("-0.01"), "\u22120.01"),
        (Decimal("1E+6"), "1\u00a0000\u00a0000"),
        (5, "5"),
        (None, "not reported"),
    ],
)
def test_amount_shows_cents_only_where_there_are_some(value, shown):
    assert amount(value) == shown


def test_amount_shows_cents_where_the_column_has_some():
    column = [Decimal("1.50"), Decimal(2), None]
    assert any_cents(column) is True
    assert [amount(value, cents=True) for value in column] == ["1.50", "2.00", "not reported"]
    assert any_cents([Decimal("2.00"), None]) is False


@given(EUROS)
def test_amount_reads_back_to_the_cent(value):
    shown = amount(value).replace("\u00a0", "").replace("\u2212", "-")
    assert Decimal(shown) == value


def test_money_names_its_currency():
    assert money(Decimal(84000000)) == "EUR\u00a084\u00a0000\u00a0000"
    assert money(None) == "not reported"


def test_french_has_a_decimal_comma():
    with translation.override("fr"):
        assert amount(Decimal("1234.5")) == "1\u00a0234,50"


def test_arabic_keeps_the_minus_sign_on_the_left():
    with translation.override("ar"):
        assert amount(Decimal(-1234)) == "\u200e\u22121\u00a0234"


def test_number_groups_digits():
    assert number(1234567) == "1\u00a0234\u00a0567"
    assert number(None) == "not reported"


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Decimal("0.326"), "32.6\u00a0%"),
        (Fraction(1, 3), "33.3\u00a0%"),
        (Decimal("0.5"), "50\u00a0%"),
        (Decimal("0.9999"), ">99.9\u00a0%"),
        (Decimal("0.0001"), "<0.1\u00a0%"),
        (0, "0\u00a0%"),
        (1, "100\u00a0%"),
        (Decimal("1.25"), "125\u00a0%"),
        (None, "not reported"),
    ],
)
def test_percent(share, shown):
    assert percent(share) == shown


@given(st.fractions(min_value=0, max_value=1))
def test_percent_says_all_only_of_all_and_none_only_of_none(share):
    shown = percent(share)
    assert (shown == "100\u00a0%") == (share == 1)
    assert (shown == "0\u00a0%") == (share == 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2009", "2009"),
        ("2009-05", "May\u00a02009"),
        ("2009-05-04", "4\u00a0May\u00a02009"),
        (PartialDate.parse("2009-05"), "May\u00a02009"),
        (date(2009, 5, 4), "4\u00a0May\u00a02009"),
        ("", "not reported"),
        (None, "not reported"),
    ],
)
def test_partial_date_is_as_precise_as_its_source(value, shown):
    assert partial_date(value) == shown


def test_partial_date_takes_the_precision_of_a_posting():
    assert partial_date(date(2009, 1, 1), "year") == "2009"
    assert partial_date(date(2009, 5, 1), "month") == "May\u00a02009"


def test_moment_is_brussels_time_across_the_clock_change():
    before = datetime(2010, 3, 28, 0, 59, tzinfo=UTC)
    after = datetime(2010, 3, 28, 1, 0, tzinfo=UTC)
    assert moment(before) == "28\u00a0March\u00a02010, 01:59 (Brussels time)"
    assert moment(after) == "28\u00a0March\u00a02010, 03:00 (Brussels time)"


def test_every_mark_has_its_own_symbol_and_word():
    symbols = [mark.symbol for mark in MARKS.values()]
    words = [str(mark.label) for mark in MARKS.values()]
    assert sorted(set(symbols)) == sorted(symbols)
    assert words == list(MARKS)
