"""Which days a rule such as "the second Saturday of each month" means: pure arithmetic on days of the clinic."""

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_DAYS = 5
MOST_MONTHS = 24
WEEK = 7


class Which(models.IntegerChoices):
    """The place of a weekday in its month; EVERY means each of them."""

    FIRST = 1, _("first")
    SECOND = 2, _("second")
    THIRD = 3, _("third")
    FOURTH = 4, _("fourth")
    LAST = -1, _("last")
    EVERY = 0, _("every")


@dataclass(frozen=True)
class Rule:
    """A course on some weekday of each month, for `days` days (1 to MOST_DAYS) in a row, each `[begins, ends)`.

    `weekday` is 0 for Monday to 6 for Sunday; `first` and `last` are the first days of the first and the last month,
    both included; `skip` are first days of the course that are left out.
    """

    which: Which
    weekday: int
    first: date
    last: date
    begins: time
    ends: time
    days: int = 1
    skip: Collection[date] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Dates:
    """When a run would be: its first and last day, and the moments of the clinic's clock, `[starts_at, ends_at)`."""

    day: date
    last_day: date
    starts_at: datetime
    ends_at: datetime


def months(first: date, count: int) -> list[date]:
    """The first days of `count` months from the month of a day on."""
    start = first.year * 12 + first.month - 1
    return [date((start + each) // 12, (start + each) % 12 + 1, 1) for each in range(count)]


def weekdays_in(month: date, weekday: int) -> list[date]:
    """All days of a month that are this weekday, four or five, in order."""
    days = calendar.monthrange(month.year, month.month)[1]
    offset = (weekday - month.replace(day=1).weekday()) % WEEK
    return [month.replace(day=each) for each in range(1 + offset, days + 1, WEEK)]


def days_of(rule: Rule) -> list[date]:
    """The first days that a rule means, in order, without those to skip."""
    return [day for day in _days(rule) if day not in rule.skip]


def _days(rule: Rule) -> Iterator[date]:
    count = (rule.last.year - rule.first.year) * 12 + rule.last.month - rule.first.month + 1
    for month in months(rule.first, max(count, 0)):
        found = weekdays_in(month, rule.weekday)
        if rule.which == Which.EVERY:
            yield from found
        else:
            yield found[rule.which - 1 if rule.which > 0 else -1]


def dates_of(rule: Rule) -> list[Dates]:
    """When the runs of a rule would be, in order."""
    return [dates_on(day, rule.begins, rule.ends, rule.days) for day in days_of(rule)]


def dates_on(day: date, begins: time, ends: time, days: int = 1) -> Dates:
    """The moments of a run of `days` days that begins on a day, by the clinic's clock."""
    last = day + timedelta(days=days - 1)
    return Dates(day, last, at(day, begins), at(last, ends))


def at(day: date, clock: time) -> datetime:
    """A moment by the clinic's clock."""
    return datetime.combine(day, clock, timezone.get_default_timezone())


def shifted(moment: datetime, days: int) -> datetime:
    """The same time by the clinic's clock, some days later."""
    local = timezone.localtime(moment)
    return at(local.date() + timedelta(days=days), local.time())


def same_place(day: date, year: int) -> date:
    """The day of another year at the same place of its month: the second Saturday for a second Saturday.

    A fifth one, which that month need not have, becomes the last.
    """
    found = weekdays_in(day.replace(year=year, day=1), day.weekday())
    return found[min((day.day - 1) // WEEK, len(found) - 1)]
