"""What the home page tells that costs more than a look: the next free start, the hours of the week, the next courses.

All are kept in this process for CACHED seconds, and so is the page made of them. A page is read for longer than that,
and whoever presses the button is shown what is free at that moment (docs/adr/0007).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from appointments.front import opening
from appointments.front.opening import OpenDay
from appointments.front.soonest import NextFree, offers, soonest
from appointments.front.structured import weekly_hours
from appointments.models import TimeOff, WorkingHours
from courses.catalogue.looking import next_runs
from courses.models import CourseRun
from ipsc import samples
from ipsc.dates import clinic_day

CACHED = 15
COURSES = 3


@dataclass(frozen=True)
class Facts:
    """`days` are the seven days from today; `next_free` is None where nothing is free or nothing is offered.

    `hours` and `holidays` are the same for machines: each week's hours, and the days off to come. `runs` are the next
    ones of courses. `known_at` is the moment at which all of it was looked up.
    """

    known_at: datetime
    next_free: NextFree | None
    days: list[OpenDay]
    hours: list[WorkingHours]
    holidays: list[TimeOff]
    runs: list[CourseRun]


def facts(*, now: datetime, release_unanswered: bool) -> Facts:
    """The facts of this moment, at most CACHED seconds old."""
    today = clinic_day(now)
    key = f"front:{today}:{samples.are_shown()}:{release_unanswered}"
    found = cache.get(key)
    if found is None:
        found = look(now=now, release_unanswered=release_unanswered)
        cache.set(key, found, CACHED)
    return found


def look(*, now: datetime, release_unanswered: bool) -> Facts:
    """The same, looked up now."""
    offered = offers()
    ids = [each.pk for each in offered.clinicians]
    today = clinic_day(now)
    holidays = opening.holidays_to_come(now)
    week = opening.week_from(today, ids, now=now, holidays=holidays)
    next_free = soonest(offered, now=now, release_unanswered=release_unanswered)
    return Facts(
        now, next_free, week, weekly_hours(today), [each.row for each in holidays], next_runs(COURSES, now=now)
    )


def page_of(found: Facts, render: Callable[[], bytes], *parts: object) -> bytes:
    """The page that `render` makes of these facts, kept for as long as they are.

    `parts` are all else that it shows: where one of them is another, so is the page.
    """
    told = repr((found.known_at, samples.are_shown(), *parts)).encode()
    key = f"front:page:{hashlib.sha256(told).hexdigest()}"
    page = cache.get(key)
    if page is None:
        page = render()
        cache.set(key, page, CACHED)
    return page
