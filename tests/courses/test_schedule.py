"""Rules such as "the second Saturday of each month": which days they mean."""

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.schedule import MOST_DAYS, Rule, Which, dates_of, days_of, months, same_place, shifted
from tests.factories import clinic_time

SATURDAY = 5
first_days = st.dates(date(2000, 1, 1), date(2150, 12, 31)).map(lambda day: day.replace(day=1))
rules = st.builds(
    lambda first, count, **rest: Rule(first=first, last=months(first, count)[-1], **rest),
    first=first_days,
    count=st.integers(1, 24),
    which=st.sampled_from(Which),
    weekday=st.integers(0, 6),
    begins=st.just(time(9)),
    ends=st.just(time(17)),
    days=st.integers(1, MOST_DAYS),
)


def rule(**changed) -> Rule:
    values = {
        "which": Which.SECOND,
        "weekday": SATURDAY,
        "first": date(2027, 1, 1),
        "last": date(2027, 12, 1),
        "begins": time(9),
        "ends": time(17),
    }
    return Rule(**(values | changed))


def test_the_second_saturdays_of_a_year_are_twelve():
    days = days_of(rule())
    assert [day.month for day in days] == list(range(1, 13))
    assert days[0] == date(2027, 1, 9)
    assert days[-1] == date(2027, 12, 11)


def test_days_to_skip_are_left_out():
    skipped = date(2027, 8, 14)
    assert skipped in days_of(rule())
    assert skipped not in days_of(rule(skip=[skipped]))
    assert len(days_of(rule(skip=[skipped]))) == 11


def test_december_goes_on_into_january():
    days = days_of(rule(first=date(2026, 12, 1), last=date(2027, 1, 1)))
    assert days == [date(2026, 12, 12), date(2027, 1, 9)]


def test_a_rule_that_ends_before_it_begins_means_nothing():
    assert days_of(rule(first=date(2027, 2, 1), last=date(2027, 1, 1))) == []


def test_the_clock_is_that_of_the_clinic():
    dates = dates_of(rule(days=2))[0]
    assert dates.starts_at == clinic_time(2027, 1, 9, 9)
    assert dates.ends_at == clinic_time(2027, 1, 10, 17)
    assert dates.last_day == date(2027, 1, 10)


@given(rules)
def test_every_day_is_the_right_weekday_at_the_right_place(made):
    days = days_of(made)
    assert days == sorted(set(days))
    for day in days:
        assert day.weekday() == made.weekday
        assert made.first <= day
        assert (day.year, day.month) <= (made.last.year, made.last.month)
        if made.which == Which.LAST:
            assert (day + timedelta(days=7)).month != day.month
        elif made.which != Which.EVERY:
            assert (day.day - 1) // 7 + 1 == made.which


@given(rules)
def test_each_month_has_one_unless_every_is_meant(made):
    found = [(day.year, day.month) for day in days_of(made)]
    if made.which == Which.EVERY:
        assert all(found.count(each) in (4, 5) for each in set(found))
    else:
        assert len(found) == len(set(found))
    wanted = {(day.year, day.month) for day in months(made.first, 24) if day <= made.last}
    assert set(found) == wanted


@given(rules, st.sets(st.integers(0, 200), max_size=5))
def test_what_is_skipped_is_missing_and_nothing_else(made, places):
    days = days_of(made)
    skip = {days[each % len(days)] for each in places}
    left = days_of(Rule(**{name: getattr(made, name) for name in made.__dataclass_fields__} | {"skip": skip}))
    assert left == [day for day in days if day not in skip]


@given(st.dates(date(2000, 1, 1), date(2150, 12, 31)))
def test_another_year_keeps_the_place_of_the_weekday(day):
    later = same_place(day, day.year + 1)
    assert (later.year, later.month, later.weekday()) == (day.year + 1, day.month, day.weekday())
    place, new = (day.day - 1) // 7, (later.day - 1) // 7
    assert new == place or (place == 4 and (later + timedelta(days=7)).month != later.month)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2150, 1, 1), timezones=st.just(UTC)), st.integers(-400, 400))  # noqa: DTZ001
def test_a_shifted_moment_has_the_same_clock(moment, days):
    before, after = timezone.localtime(moment), timezone.localtime(shifted(moment, days))
    assert before.time() == after.time()
    assert after.date() - before.date() == timedelta(days=days)
