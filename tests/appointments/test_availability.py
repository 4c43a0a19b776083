"""Rule B3: the interval arithmetic says what a model says that walks every minute."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from appointments.availability import (
    Hours,
    Wanted,
    full_intervals,
    opening_intervals,
    starts_on_offer,
    subtract,
    tidy,
    within,
)
from tests.appointments import naive
from tests.appointments.naive import DAY, epoch, minute, minutes

KOLKATA = ZoneInfo("Asia/Kolkata")
WIDE = 130

thorough = settings(max_examples=300, deadline=None)
costly = settings(max_examples=200, deadline=None)

# Small numbers meet often: intervals overlap, touch, lie inside each other, and are empty now and then.
points = st.integers(0, 60)
intervals = st.lists(st.tuples(points, st.integers(-2, 40)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=8)
filled = st.lists(st.tuples(points, st.integers(1, 40)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=5)

# Days around which calendars go wrong: a leap day, a February without one, and the end of a year of 53 weeks.
ANCHORS = [date(2028, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2027, 1, 1), date(2026, 11, 25)]
days = st.builds(lambda anchor, away: anchor + timedelta(days=away), st.sampled_from(ANCHORS), st.integers(-20, 20))
clocks = st.one_of(st.integers(0, 47).map(lambda half: half * 30), st.integers(0, DAY - 1))


def clock(minute: int) -> time:
    return time(minute % DAY // 60, minute % 60)


@st.composite
def hours(draw) -> Hours:
    """Hours that the database would take: they end after they begin, and rarer ones have a first day."""
    opens, closes = draw(st.tuples(clocks, clocks | st.just(DAY)).map(sorted).filter(lambda pair: pair[0] < pair[1]))
    every = draw(st.sampled_from([1, 1, 1, 2, 3, 52]))
    valid_from = draw(days if every > 1 else st.none() | days)
    valid_until = draw(st.none() | days)
    if valid_from and valid_until and valid_until < valid_from:
        valid_from, valid_until = valid_until, valid_from
    cap = draw(st.sampled_from([None, None, None, 0, 1, 2]))
    return Hours(draw(st.integers(0, 6)), clock(opens), clock(closes), valid_from, valid_until, every, cap)


@st.composite
def weeks(draw) -> list[Hours]:
    """The hours of one clinician: some odd ones, and one clock on most weekdays, perhaps round it: days that touch."""
    usual = draw(hours())
    usual = replace(
        usual,
        opens=draw(st.sampled_from([usual.opens, time(0)])),
        closes=draw(st.sampled_from([usual.closes, time(0)])),
        valid_from=draw(st.sampled_from([usual.valid_from, None])),
        valid_until=draw(st.sampled_from([usual.valid_until, None])),
        online_cap=draw(st.sampled_from([None, None, 1])),
    )
    if usual.valid_from is None:
        usual = replace(usual, every=1)
    odd = draw(st.lists(hours(), max_size=3))
    return odd + [replace(usual, weekday=weekday) for weekday in draw(st.sampled_from([range(7), range(6), (0, 2, 6)]))]


def scaled(spans, unit):
    return [(start * unit, end * unit) for start, end in spans]


def flat(rows):
    return [start for row in rows for start in row]


# Intervals


@thorough
@given(intervals)
def test_it_tidies_to_the_same_points_sorted_and_apart(spans):
    tidied = tidy(spans)

    assert minutes(tidied) == minutes(spans)
    assert all(start < end for start, end in tidied)
    assert all(left[1] < right[0] for left, right in pairwise(tidied))


@thorough
@given(intervals, intervals)
def test_it_subtracts_point_by_point(spans, taken):
    left = list(subtract(tidy(spans), tidy(taken)))

    assert minutes(left) == minutes(spans) - minutes(taken)
    assert left == tidy(left)


@thorough
@given(intervals, st.integers(-5, WIDE), st.integers(-5, WIDE))
def test_it_cuts_out_a_window_point_by_point(spans, start, end):
    cut = list(within(tidy(spans), start, end))

    assert minutes(cut) == minutes(spans) & set(range(start, end))
    assert cut == tidy(cut)


# Recurring hours


@thorough
@given(hours(), days)
@example(Hours(1, time(9), time(13), valid_from=date(2028, 2, 29), valid_until=date(2028, 2, 29)), date(2028, 2, 29))
@example(Hours(4, time(9), time(13), valid_from=date(2026, 12, 25), every=2), date(2027, 1, 1))
@example(Hours(4, time(9), time(13), valid_from=date(2026, 12, 25), every=2), date(2027, 1, 8))
def test_it_knows_on_which_days_hours_fall(each, day):
    assert each.fall_on(day) == naive.applies(each, day)


def test_it_counts_every_second_week_from_the_week_of_the_first_day():
    # Wednesday to begin with, the hours are on Mondays: the first Monday is in week three, not five days later.
    mondays = Hours(0, time(9), time(13), valid_from=date(2026, 11, 25), every=2)

    fall = [day for day in (date(2026, 11, 23) + timedelta(days=away) for away in range(42)) if mondays.fall_on(day)]

    assert fall == [date(2026, 12, 7), date(2026, 12, 21)]


@costly
@given(weeks(), days, st.integers(0, 15))
def test_it_opens_each_occurrence_once_from_the_first_to_the_last_day(all_hours, first, length):
    last = first + timedelta(days=length)

    found = opening_intervals(all_hours, first, last, KOLKATA)

    expected = Counter()
    for away in range(length + 1):
        day = first + timedelta(days=away)
        for each in all_hours:
            if naive.applies(each, day):
                begins, ends = naive.span_of(each, day)
                expected[each, (epoch(begins), epoch(ends))] += 1
    assert Counter(found) == expected


def test_it_opens_hours_until_midnight_to_the_end_of_the_day_also_on_a_leap_day():
    evening = Hours(1, time(20), time(0))

    [(_, (begin, end))] = opening_intervals([evening], date(2028, 2, 29), date(2028, 2, 29), KOLKATA)

    assert begin == epoch(minute(date(2028, 2, 29), time(20)))
    assert end == epoch(minute(date(2028, 3, 1)))


# Caps


@thorough
@given(st.lists(st.tuples(hours(), points, st.integers(1, 40)), max_size=5), st.lists(st.integers(0, WIDE), max_size=8))
def test_it_finds_the_hours_whose_cap_is_reached(drawn, online):
    occurrences = [(each, (start, start + length)) for each, start, length in drawn]

    expected = [
        (start, end)
        for each, (start, end) in occurrences
        if each.online_cap is not None and len([one for one in online if one in range(start, end)]) >= each.online_cap
    ]
    assert full_intervals(occurrences, iter(online)) == expected


def test_it_counts_a_visit_to_the_hours_in_which_it_begins():
    capped = Hours(0, time(9), time(13), online_cap=1)
    occurrences = [(capped, (0, 100)), (capped, (100, 200)), (capped, (200, 300))]

    assert full_intervals(occurrences, [100, 299]) == [(100, 200), (200, 300)]


def test_it_is_always_full_with_a_cap_of_none_at_all():
    assert full_intervals([(Hours(0, time(9), time(13), online_cap=0), (0, 100))], []) == [(0, 100)]


# Starts


@st.composite
def wishes(draw) -> Wanted:
    return Wanted(
        duration=draw(st.integers(1, 25)),
        buffer=draw(st.integers(0, 10)),
        step=draw(st.integers(1, 25)),
        earliest=draw(st.integers(-5, 40)),
        latest=draw(st.integers(20, WIDE)),
    )


@thorough
@given(filled, intervals, filled, filled, wishes(), st.sampled_from([1, 60]))
def test_it_offers_what_a_walk_over_every_minute_offers(opened, off, occupied, capped, wanted, unit):
    rows = starts_on_offer(
        scaled(opened, unit),
        scaled(off, unit),
        scaled(occupied, unit),
        Wanted(*(getattr(wanted, name) * unit for name in ("duration", "buffer", "step", "earliest", "latest"))),
        scaled(capped, unit),
    )

    open_minutes, away, busy, full = minutes(opened), minutes(off), minutes(occupied), minutes(capped)
    expected = {
        start
        for begin, end in opened
        for start in range(begin, end, wanted.step)
        if wanted.earliest <= start < wanted.latest
        and start not in full
        and set(range(start, start + wanted.duration)) <= open_minutes - away
        and not set(range(start, start + wanted.duration + wanted.buffer)) & busy
    }
    assert set(flat(rows)) == {start * unit for start in expected}
    assert all(rows), "no row is empty"
    assert all(list(row) == sorted(row) for row in rows)
    if len(minutes(opened)) == sum(end - start for start, end in opened):
        assert flat(rows) == sorted(flat(rows)), "hours that do not overlap give starts in order, each once"


@thorough
@given(filled, filled, st.tuples(points, st.integers(1, 40)), wishes())
def test_it_never_moves_a_start_because_another_was_booked(opened, occupied, booking, wanted):
    booked = (booking[0], booking[0] + booking[1])

    before = set(flat(starts_on_offer(opened, [], occupied, wanted)))
    after = set(flat(starts_on_offer(opened, [], [*occupied, booked], wanted)))

    lead = wanted.duration + wanted.buffer
    assert after == {start for start in before if start + lead <= booked[0] or start >= booked[1]}


def test_it_lets_the_buffer_run_past_the_hours_and_into_time_off_but_not_the_visit():
    wanted = Wanted(duration=30, buffer=15, step=15, earliest=0, latest=1000)

    assert flat(starts_on_offer([(0, 60)], [], [], wanted)) == [0, 15, 30]
    assert flat(starts_on_offer([(0, 60)], [(45, 60)], [], wanted)) == [0, 15]
    assert flat(starts_on_offer([(0, 60)], [], [(60, 90)], wanted)) == [0, 15]


def test_it_lets_a_visit_run_from_one_stretch_of_hours_into_the_next_one_that_touches():
    wanted = Wanted(duration=30, buffer=0, step=20, earliest=0, latest=1000)

    assert flat(starts_on_offer([(50, 100), (0, 50)], [], [], wanted)) == [0, 20, 40, 50, 70]


def test_it_offers_the_first_moment_of_the_notice_and_not_the_first_after_the_end():
    wanted = Wanted(duration=10, buffer=0, step=10, earliest=20, latest=50)

    assert flat(starts_on_offer([(0, 100)], [], [], wanted)) == [20, 30, 40]


# All of it, over days


@costly
@given(
    weeks(),
    days,
    st.lists(st.tuples(st.integers(-DAY, 6 * DAY), st.integers(1, DAY)), max_size=2),
    st.lists(st.tuples(st.integers(-600, 6 * DAY), st.integers(1, 240)), max_size=8),
    st.lists(st.integers(0, 4 * DAY), max_size=5),
    st.tuples(st.integers(5, 90) | st.integers(5, 480), st.sampled_from([0, 10, 45, 240]), st.integers(5, 480)),
    st.tuples(st.integers(0, 2 * DAY), st.integers(1, 4)),
)
@example(  # Round the clock, with a step that does not divide the day: each day's grid begins at its own midnight.
    [Hours(weekday, time(0), time(0)) for weekday in range(7)], date(2028, 2, 28), [], [], [], (50, 0, 50), (0, 3)
)
@example(  # Evening hours touch the small hours of the next day, over the end of a year.
    [Hours(3, time(22), time(0)), Hours(4, time(0), time(4))], date(2026, 12, 31), [], [], [], (40, 10, 20), (0, 2)
)
def test_it_agrees_with_the_model_over_days_and_nights(all_hours, first, off, taken, online, visit, window):
    midnight = minute(first)
    off, taken = ([(midnight + start, midnight + start + length) for start, length in each] for each in (off, taken))
    online = [midnight + start for start in online]
    duration, buffer, step = visit
    earliest, latest = midnight + window[0], midnight + window[1] * DAY

    occurrences = opening_intervals(
        all_hours, first - timedelta(days=1), first + timedelta(days=window[1] + 1), KOLKATA
    )
    rows = starts_on_offer(
        [interval for _, interval in occurrences],
        [(epoch(start), epoch(end)) for start, end in off],
        [(epoch(start), epoch(end)) for start, end in taken],
        Wanted(duration * 60, buffer * 60, step * 60, epoch(earliest), epoch(latest)),
        full_intervals(occurrences, [epoch(start) for start in online]),
    )

    expected = naive.offered(
        all_hours,
        off,
        taken,
        duration=duration,
        buffer=buffer,
        step=step,
        earliest=earliest,
        latest=latest,
        online=online,
    )
    assert set(flat(rows)) == {epoch(start) for start in expected}
