"""Rule B3 said once more, slowly: a model that walks every minute, to hold the quick code against.

It shares nothing with `appointments.availability`: no intervals, only sets of minutes. A minute is a number on the
clinic's wall clock, counted from the beginning of the calendar; Asia/Kolkata is 5:30 h ahead of UTC all year round.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

DAY = 24 * 60
KOLKATA = 330
EPOCH = date(1970, 1, 1).toordinal() * DAY + KOLKATA

Span = tuple[int, int]


def minute(day: date, clock: time = time(0)) -> int:
    return day.toordinal() * DAY + clock.hour * 60 + clock.minute


def day_of(minute: int) -> date:
    return date.fromordinal(minute // DAY)


def epoch(minute: int) -> int:
    """The same moment in seconds since 1970 in UTC."""
    return (minute - EPOCH) * 60


def moment(minute: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute - EPOCH)


def minute_of(moment: datetime) -> int:
    """The minute in which a moment lies."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(minutes=1) + EPOCH


def minutes(spans: Iterable[Span]) -> set[int]:
    return {each for start, end in spans for each in range(start, end)}


def applies(hours, day: date) -> bool:
    """Whether a row of working hours counts on a day; weeks are walked one after the other."""
    if day.weekday() != hours.weekday:
        return False
    if hours.valid_from and day < hours.valid_from:
        return False
    if hours.valid_until and day > hours.valid_until:
        return False
    if hours.valid_from is None or hours.every == 1:
        return True
    week = hours.valid_from
    while week.weekday() != 0:
        week -= timedelta(days=1)
    while week + timedelta(days=7) <= day:
        week += timedelta(days=7 * hours.every)
    return week <= day


def span_of(hours, day: date) -> Span:
    """From when until when the hours are on a day; closing at 00:00 is the end of the day."""
    begins, ends = minute(day, hours.opens), minute(day, hours.closes)
    return begins, ends if hours.closes != time(0) else ends + DAY


def offered(
    hours: Iterable,
    off: Iterable[Span],
    taken: Iterable[Span],
    *,
    duration: int,
    buffer: int,
    step: int,
    earliest: int,
    latest: int,
    online: Iterable[int] = (),
) -> set[int]:
    """The minutes from `earliest` up to `latest` at which a visit may begin; `online` are starts booked online."""
    opened, grid, full = set(), set(), set()
    online = list(online)
    day = day_of(earliest) - timedelta(days=1)
    while minute(day) <= latest + DAY:
        for each in hours:
            if not applies(each, day):
                continue
            span = span_of(each, day)
            opened.update(range(*span))
            grid.update(range(*span, step))
            if each.online_cap is not None and len([one for one in online if one in range(*span)]) >= each.online_cap:
                full.update(range(*span))
        day += timedelta(days=1)
    window = earliest, latest + DAY
    away = minutes((max(start, window[0]), min(end, window[1])) for start, end in off)
    busy = minutes((max(start, window[0]), min(end, window[1])) for start, end in taken)
    return {
        start
        for start in grid - full
        if earliest <= start < latest
        and all(each in opened and each not in away for each in range(start, start + duration))
        and all(each not in busy for each in range(start, start + duration + buffer))
    }
