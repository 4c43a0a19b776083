"""The end of an offer, by the clinic's clock: its hours do not run at night."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.offers import SLEEPS, WAKES, awake_from, offer_end
from tests.factories import clinic_time

NEVER = clinic_time(2099, 1, 1)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
hours = st.integers(1, 168)


@pytest.mark.parametrize(
    ("offered", "hours", "end"),
    [
        (clinic_time(2026, 11, 25, 9), 2, clinic_time(2026, 11, 25, 11)),
        (clinic_time(2026, 11, 25, 20), 1, clinic_time(2026, 11, 25, 21)),
        (clinic_time(2026, 11, 25, 20), 2, clinic_time(2026, 11, 26, 9)),
        (clinic_time(2026, 11, 25, 21), 1, clinic_time(2026, 11, 26, 9)),
        (clinic_time(2026, 11, 25, 7, 59), 1, clinic_time(2026, 11, 25, 9)),
        (clinic_time(2026, 11, 25, 23), 13, clinic_time(2026, 11, 26, 21)),
        (clinic_time(2026, 11, 25, 23), 14, clinic_time(2026, 11, 27, 9)),
    ],
)
def test_its_hours_do_not_run_from_21_to_8(offered, hours, end):
    assert offer_end(offered, hours, NEVER) == end


def test_it_never_ends_after_enrolment_closes():
    assert offer_end(clinic_time(2026, 11, 25, 9), 24, clinic_time(2026, 11, 25, 10)) == clinic_time(2026, 11, 25, 10)


@given(moments, hours)
def test_the_waking_hours_from_offer_to_end_are_as_many_as_were_given(offered, number):
    """Counted hour by hour, for an offer on the hour: what the arithmetic says, a walk along the clock says."""
    offered = offered.replace(minute=30, second=0, microsecond=0)  # the hour at the clinic
    end = offer_end(offered, number, NEVER)
    awake, moment = 0, offered
    while moment < end:
        awake += WAKES <= timezone.localtime(moment).time() < SLEEPS
        moment += timedelta(hours=1)
    assert awake == number


@given(moments, hours)
def test_it_ends_while_people_are_awake_and_a_later_offer_ends_no_sooner(offered, number):
    end = offer_end(offered, number, NEVER)
    assert WAKES < timezone.localtime(end).time() <= SLEEPS
    assert offer_end(offered + timedelta(minutes=7), number, NEVER) >= end
    assert end - offered >= timedelta(hours=number)


@given(moments)
def test_the_morning_after_is_the_next_one(moment):
    woken = awake_from(moment)
    assert timedelta(0) <= woken - moment <= timedelta(hours=11)
    assert WAKES <= timezone.localtime(woken).time() < SLEEPS
    assert awake_from(woken) == woken
