"""Deadlines in words, right across a clock change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.deadlines import deadline_in_brussels, deadline_in_utc, phase_status, time_left
from calls.models import Call
from portal.dates import BRUSSELS

NOON_AFTER_CHANGE = datetime(2010, 3, 28, 12, 0, tzinfo=BRUSSELS)


def words(text: str | None) -> str | None:
    return text and text.replace("\u00a0", " ")


def test_a_deadline_names_its_day_hour_and_zone():
    call = Call(deadline_at=datetime(2011, 12, 1, 15, 0, tzinfo=UTC))
    assert words(deadline_in_brussels(call)) == "1 December 2011, 16:00 (CET, Europe/Brussels)"
    assert words(deadline_in_utc(call)) == "1 December 2011, 15:00 UTC"


def test_summer_time_is_named():
    call = Call(deadline_at=datetime(2011, 7, 1, 14, 0, tzinfo=UTC))
    assert words(deadline_in_brussels(call)) == "1 July 2011, 16:00 (CEST, Europe/Brussels)"


def test_a_deadline_without_hour_shows_none():
    call = Call(deadline_at=datetime(2009, 11, 13, 22, 59, 59, tzinfo=UTC), deadline_is_day=True)
    assert words(deadline_in_brussels(call)) == (
        "13 November 2009, hour not reported (Europe/Brussels)"
    )
    assert deadline_in_utc(call) is None


def test_no_deadline_is_nothing():
    assert deadline_in_brussels(Call()) is None
    assert deadline_in_utc(Call()) is None


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (timedelta(minutes=59), "less than an hour left"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(hours=71, minutes=59), "71 hours left"),
        (timedelta(hours=72), "3 days and 0 hours left"),
        (timedelta(days=10, hours=4), "10 days and 4 hours left"),
    ],
)
def test_time_left(before, text):
    deadline = datetime(2030, 1, 31, 12, tzinfo=UTC)
    call = Call(opens_at=datetime(2029, 1, 1, tzinfo=UTC), deadline_at=deadline)
    assert words(time_left(call, deadline - before)) == text


def test_the_day_on_which_clocks_change_has_23_hours():
    call = Call(opens_at=datetime(2010, 1, 1, tzinfo=UTC), deadline_at=NOON_AFTER_CHANGE)
    assert time_left(call, datetime(2010, 3, 27, 12, 0, tzinfo=BRUSSELS)) == "23 hours left"


@given(st.integers(0, 26 * 365 * 24 * 60), st.integers(1, 71))
def test_hours_left_are_elapsed_hours(minutes, hours):
    deadline = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    deadline = deadline.astimezone(BRUSSELS)
    at = (deadline.astimezone(UTC) - timedelta(hours=hours)).astimezone(BRUSSELS)
    call = Call(opens_at=at - timedelta(days=9), deadline_at=deadline)
    assert time_left(call, at) == ("1 hour left" if hours == 1 else f"{hours} hours left")


def test_nothing_is_left_unless_the_call_is_open():
    opens, deadline = datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC)
    call = Call(opens_at=opens, deadline_at=deadline)
    assert time_left(call, opens - timedelta(seconds=1)) is None
    assert time_left(call, deadline) is None
    assert phase_status(call, opens - timedelta(seconds=1)) == {
        "label": "Forthcoming",
        "tone": "info",
    }
    assert phase_status(call, opens) == {"label": "Open", "tone": "good"}
    assert phase_status(call, deadline) == {"label": "Closed", "tone": "neutral"}
