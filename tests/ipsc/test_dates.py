"""Moments and days as the clinic's calendar and wall clock have them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ipsc.dates import clinic_day, day_in_words, end_of_day, in_words, now, short_day, start_of_day, time_of_day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 25, 18, 29, 59, 999999, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 25, 18, 30, tzinfo=UTC), date(2026, 11, 26)),
        (datetime(2028, 2, 28, 18, 30, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 12, 31, 18, 30, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_it_begins_days_at_the_clinics_midnight(moment, day):
    assert clinic_day(moment) == day


@given(day=st.dates(date(1990, 1, 1), date(2100, 12, 30)))
def test_it_takes_days_as_half_open(day):
    assert clinic_day(start_of_day(day)) == day
    assert clinic_day(end_of_day(day) - timedelta(microseconds=1)) == day
    assert clinic_day(end_of_day(day)) == day + timedelta(days=1)
    assert end_of_day(day) - start_of_day(day) == timedelta(hours=24)


def test_it_knows_the_moment_with_its_zone():
    with time_machine.travel(datetime(2026, 11, 25, 3, 30, tzinfo=UTC), tick=False):
        assert now() == datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
        assert now().tzinfo is not None


def test_it_says_days_and_moments_in_words():
    moment = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    with translation.override("en"):
        assert day_in_words(date(2026, 11, 26)) == "Thursday 26 November 2026"
        assert short_day(date(2026, 11, 26)) == "Thu 26 Nov"
        assert in_words(moment) == f"Thursday 26 November 2026, {time_of_day(moment)}"
        assert time_of_day(moment).startswith("10:30")
    with translation.override("hi"):
        assert short_day(date(2027, 3, 29)) == "सोम 29 मार्च", "nobody cuts the names of the months"


@pytest.mark.parametrize("language", ["en", "hi"])
def test_it_gives_no_two_hours_of_the_day_the_same_words(language):
    midnight = start_of_day(date(2026, 11, 26))
    with translation.override(language):
        assert len({time_of_day(midnight + timedelta(hours=hour)) for hour in range(24)}) == 24
