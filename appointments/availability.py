"""Which starts are on offer (rule B3): pure arithmetic, without clock, request or query.

Moments are whole seconds since the epoch (UTC) and intervals half-open pairs `(start, end)` of them; a list of
intervals is *tidy* when it is sorted and no two overlap or touch. Integers keep a month of ten diaries cheap, and
Python's `range` holds a row of starts without making them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

Interval = tuple[int, int]


def tidy(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals, sorted, with overlapping and touching ones joined and empty ones dropped."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def subtract(intervals: list[Interval], taken: list[Interval]) -> Iterator[Interval]:
    """What is left of tidy `intervals` outside tidy `taken`."""
    place = 0
    for start, end in intervals:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        following = place
        while following < len(taken) and taken[following][0] < end:
            if start < taken[following][0]:
                yield start, taken[following][0]
            start = max(start, taken[following][1])
            following += 1
        if start < end:
            yield start, end


def within(intervals: list[Interval], start: int, end: int) -> Iterator[Interval]:
    """The parts of tidy `intervals` that lie in `[start, end)`."""
    for place in range(max(0, bisect_left(intervals, (start,)) - 1), len(intervals)):
        if intervals[place][0] >= end:
            return
        begin, finish = max(start, intervals[place][0]), min(end, intervals[place][1])
        if begin < finish:
            yield begin, finish


@dataclass(frozen=True, slots=True)
class Hours:
    """Recurring hours of one clinician on a weekday (0 is Monday), local times; `closes` 00:00 ends the day."""

    weekday: int
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None
    every: int = 1
    online_cap: int | None = None

    def fall_on(self, day: date) -> bool:
        """Whether these hours apply on `day`; with `every` n weeks, counted from the week of `valid_from`."""
        if day.weekday() != self.weekday:
            return False
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day > self.valid_until):
            return False
        if self.every == 1 or self.valid_from is None:
            return True
        monday = self.valid_from - timedelta(days=self.valid_from.weekday())
        return (day - monday).days // 7 % self.every == 0

    def on(self, day: date, zone: tzinfo) -> Interval:
        """The interval of these hours on `day`."""
        last = day + timedelta(days=1) if self.closes == time(0) else day
        return _moment(day, self.opens, zone), _moment(last, self.closes, zone)


@lru_cache(maxsize=4096)
def _moment(day: date, clock: time, zone: tzinfo) -> int:
    """Remembered, because ten diaries share most of their clocks, and every page asks for the same month."""
    return int(datetime.combine(day, clock, zone).timestamp())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visit needs, in seconds, and between which moments it may begin: `[earliest, latest)`."""

    duration: int
    buffer: int
    step: int
    earliest: int
    latest: int


def opening_intervals(hours: Iterable[Hours], first: date, last: date, zone: tzinfo) -> list[tuple[Hours, Interval]]:
    """Each occurrence of `hours` from `first` to `last`, both included."""
    by_weekday: dict[int, list[Hours]] = {}
    for each in hours:
        by_weekday.setdefault(each.weekday, []).append(each)
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found += [(each, each.on(day, zone)) for each in by_weekday.get(day.weekday(), ()) if each.fall_on(day)]
    return found


def starts_on_offer(
    opened: Iterable[Interval],
    off: Iterable[Interval],
    occupied: Iterable[Interval],
    wanted: Wanted,
    capped: Iterable[Interval] = (),
) -> list[range]:
    """Rows of starts at which a visit fits, in order.

    The visit lies within the union of `opened` and outside `off`; visit and buffer lie outside `occupied`, while the
    buffer alone may run past the end of the hours. Starts stand on a grid of `step` from the beginning of the interval
    of `opened` in which they lie: neither a booking nor the days that are looked at ever move the starts of others.
    No start lies in `capped`.
    """
    opened = list(opened)
    # A start is refused by an occupied interval when it lies in (begin - duration - buffer, end): made of integers,
    # that open interval is the half-open one from the second after.
    lead = wanted.duration + wanted.buffer
    refused = tidy([*((start - lead + 1, end) for start, end in occupied), *capped])
    fitting = tidy((start, end - wanted.duration + 1) for start, end in subtract(tidy(opened), tidy(off)))
    free = list(subtract(fitting, refused))
    rows = []
    for anchor, closes in sorted(set(opened)):
        for start, end in within(free, max(anchor, wanted.earliest), min(closes, wanted.latest)):
            first = start + (anchor - start) % wanted.step
            if first < end:
                rows.append(range(first, end, wanted.step))
    return rows


def full_intervals(occurrences: Iterable[tuple[Hours, Interval]], online_starts: Iterable[int]) -> list[Interval]:
    """The occurrences of capped hours in which as many online visits begin as the cap allows."""
    starts = list(online_starts)
    return [
        (begin, end)
        for hours, (begin, end) in occurrences
        if hours.online_cap is not None and sum(begin <= start < end for start in starts) >= hours.online_cap
    ]
