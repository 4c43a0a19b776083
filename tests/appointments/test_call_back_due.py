"""By when somebody calls: counted in the hours in which anybody works, the clinic's own time off left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments.availability import tidy, within
from appointments.calling.due import QUARTER, call_by, due, opened
from tests import factories
from tests.factories import NOW, TODAY, TOMORROW, at

pytestmark = pytest.mark.django_db

HOUR = 3600
DAY = timedelta(days=1)


# Arithmetic


@pytest.mark.parametrize(
    ("intervals", "asked", "hours", "expected"),
    [
        ([(10, 13)], 9, 1, 11),
        ([(10, 13)], 10, 3, 13),
        ([(10, 13)], 12, 1, 13),
        ([(10, 13), (15, 18)], 12, 2, 16),
        ([(10, 13), (15, 18)], 13, 1, 16),
        ([(10, 13), (15, 18)], 14, 3, 18),
        ([(10, 13), (34, 37)], 12, 4, 37),
        ([(10, 13)], 13, 1, None),
        ([(10, 13)], 11, 3, None),
        ([(10, 13)], 20, 1, None),
        ([], 9, 1, None),
    ],
)
def test_it_counts_open_hours_only(intervals, asked, hours, expected):
    found = due([(start * HOUR, end * HOUR) for start, end in intervals], asked * HOUR, hours * HOUR)
    assert found == (expected * HOUR if expected is not None else None)


def test_it_promises_the_next_quarter_of_an_hour_and_nothing_after_closing():
    assert due([(0, 4 * HOUR)], 60, HOUR) == HOUR + QUARTER
    assert due([(0, 4 * HOUR)], QUARTER, HOUR) == HOUR + QUARTER
    assert due([(0, HOUR + 120)], 60, HOUR) == HOUR + 120


spans = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), max_size=8).map(
    lambda rows: tidy((start * 300, (start + length) * 300) for start, length in rows)
)


@given(intervals=spans, asked=st.integers(0, 200_000), hours=st.integers(1, 72))
def test_it_leaves_at_least_the_hours_and_never_a_quarter_more(intervals, asked, hours):
    moment = due(intervals, asked, hours * HOUR)
    ahead = sum(end - start for start, end in within(intervals, asked, 10**9))
    if moment is None:
        assert ahead < hours * HOUR
        return
    open_until_then = sum(end - start for start, end in within(intervals, asked, moment))
    assert hours * HOUR <= open_until_then < hours * HOUR + QUARTER
    assert any(start < moment <= end for start, end in intervals)


@given(intervals=spans, asked=st.integers(0, 200_000), later=st.integers(0, 50_000), hours=st.integers(1, 72))
def test_it_is_never_sooner_for_those_who_ask_later(intervals, asked, later, hours):
    first, second = due(intervals, asked, hours * HOUR), due(intervals, asked + later, hours * HOUR)
    assert second is None or (first is not None and first <= second)


# Whose hours


def worker(*times: tuple[str, str], **fields):
    doctor = factories.clinician(**fields)
    for opens, closes in times:
        factories.hours(doctor, opens, closes)
    return doctor


def test_it_counts_the_hours_of_everybody_once():
    worker(("10:00", "13:00"))
    worker(("12:00", "14:00"), ("16:00", "18:00"))
    assert call_by(NOW, 5) == at(TODAY, "17:00")


def test_it_goes_on_tomorrow_when_today_is_over():
    worker(("10:00", "13:00"))
    assert call_by(at(TODAY, "12:30"), 1) == at(TOMORROW, "10:30")
    assert call_by(at(TODAY, "22:00"), 1) == at(TOMORROW, "11:00")


def test_it_leaves_out_what_the_whole_clinic_has_off():
    worker(("10:00", "13:00"))
    factories.time_off(at(TODAY, "10:00"), at(TODAY, "12:30"))
    factories.time_off(at(TOMORROW, "00:00"), at(TOMORROW + DAY, "00:00"), holiday="Gurpurab")
    assert call_by(NOW, 1) == at(TOMORROW + DAY, "10:30")


def test_a_clinicians_own_time_off_does_not_close_reception():
    doctor = worker(("10:00", "13:00"))
    factories.time_off(at(TODAY, "00:00"), at(TOMORROW, "00:00"), doctor)
    assert call_by(NOW, 1) == at(TODAY, "11:00")


@pytest.mark.parametrize("fields", [{"active": False}, {"is_sample": True}])
def test_it_counts_nobody_whom_the_public_does_not_see(settings, fields):
    settings.SHOWS_SAMPLES = False
    worker(("10:00", "13:00"), **fields)
    assert call_by(NOW, 1) is None


def test_it_counts_no_sample_hours_of_a_real_clinic(settings):
    settings.SHOWS_SAMPLES = False
    factories.hours(factories.clinician(), is_sample=True)
    assert call_by(NOW, 1) is None


def test_it_counts_hours_in_which_nobody_can_book_online():
    factories.hours(factories.clinician(), online_cap=0)
    assert call_by(NOW, 1) == at(TODAY, "11:00")


def test_it_keeps_to_hours_of_odd_weeks_and_of_some_time():
    doctor = factories.clinician()
    factories.hours(doctor, weekdays=[2], every=2, valid_from=TODAY - 7 * DAY)
    factories.hours(doctor, weekdays=[3], valid_until=TODAY)
    assert call_by(NOW, 1) == at(TODAY + 7 * DAY, "11:00")


def test_it_knows_a_day_that_ends_at_midnight():
    worker(("20:00", "00:00"))
    assert call_by(at(TODAY, "23:00"), 2) == at(TOMORROW, "21:00")
    assert call_by(at(TODAY, "23:00"), 1) == at(TOMORROW, "00:00")


@pytest.mark.parametrize(("days", "is_known"), [(60, True), (61, False)])
def test_it_looks_sixty_days_ahead(days, is_known):
    day = TODAY + days * DAY
    factories.hours(factories.clinician(), "06:00", "08:00", weekdays=[day.weekday()], valid_from=day)
    assert (call_by(NOW, 1) is not None) is is_known


def test_it_promises_nothing_where_the_hours_do_not_suffice():
    factories.hours(factories.clinician(), "10:00", "11:00", weekdays=[0])
    assert call_by(NOW, 72) is None


def test_it_promises_nothing_where_nobody_works_or_all_is_off():
    assert call_by(NOW, 1) is None
    worker(("10:00", "13:00"))
    factories.time_off(NOW - DAY, NOW + 90 * DAY)
    assert call_by(NOW, 1) is None


def test_a_second_begun_counts_as_over():
    worker(("10:00", "13:00"))
    assert call_by(at(TODAY, "10:00") + timedelta(microseconds=1), 1) == at(TODAY, "11:15")
    assert call_by(at(TODAY, "10:00"), 1) == at(TODAY, "11:00")


@pytest.mark.parametrize(
    "moment", [datetime(2027, 12, 31, 18, 29, 59, tzinfo=UTC), datetime(2028, 2, 28, 20, tzinfo=UTC)]
)
def test_it_goes_over_the_ends_of_months_and_years(moment):
    worker(("10:00", "13:00"))
    assert call_by(moment, 1) == at(date(moment.year, moment.month, moment.day) + DAY, "11:00")


def test_it_asks_twice_however_many_work(django_assert_num_queries):
    for _each in range(5):
        worker(("10:00", "13:00"), ("15:00", "18:00"))
    factories.time_off(at(TOMORROW, "10:00"), at(TOMORROW, "11:00"))
    with django_assert_num_queries(2):
        opened(NOW)
