"""The times page as data: the three soonest, a week of days with counts, and one day's times by part of the day."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appointments.diary import Openings, Slot

WEEK = timedelta(days=7)
# The part of the day that begins at each hour.
PARTS: tuple[tuple[int, Promise], ...] = ((0, _("Morning")), (12, _("Afternoon")), (17, _("Evening")))


@dataclass(frozen=True)
class Day:
    day: date
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Timetable:
    """What the page shows of `openings`, looking at the week in which `wanted` lies, or else at the next free day."""

    openings: Openings
    wanted: date | None

    @property
    def last_day(self) -> date:
        return self.openings.first_day + timedelta(days=self.openings.days - 1)

    @cached_property
    def soonest(self) -> list[Slot]:
        return self.openings.soonest(3)

    @cached_property
    def focus(self) -> date:
        """The day asked for, within what is open; otherwise that of the next free start."""
        first = self.openings.first_day
        if self.wanted and first <= self.wanted <= self.last_day:
            return self.wanted
        return timezone.localtime(self.soonest[0].starts_at).date() if self.soonest else first

    @cached_property
    def week_start(self) -> date:
        """Weeks are counted from the first day, so that the first one is never half gone."""
        return self.openings.first_day + (self.focus - self.openings.first_day) // WEEK * WEEK

    @cached_property
    def counts(self) -> list[tuple[date, int]]:
        days = (self.week_start + timedelta(days=offset) for offset in range(7))
        return [(day, self.openings.count_on(day)) for day in days if day <= self.last_day]

    @cached_property
    def chosen(self) -> date | None:
        """The day whose times are listed: the one in focus, or the first of its week that has any."""
        free = [day for day, count in self.counts if count]
        return self.focus if self.focus in free else next(iter(free), None)

    @property
    def days(self) -> list[Day]:
        return [Day(day, count, day == self.chosen) for day, count in self.counts]

    @cached_property
    def parts(self) -> list[tuple[Promise, list[Slot]]]:
        slots = self.openings.on(self.chosen) if self.chosen else []
        ends = [hour for hour, _name in PARTS[1:]] + [24]
        found = []
        for (begin, name), end in zip(PARTS, ends, strict=True):
            within = [slot for slot in slots if begin <= timezone.localtime(slot.starts_at).hour < end]
            if within:
                found.append((name, within))
        return found

    @property
    def earlier(self) -> date | None:
        """The first day of the week before, if that is not past."""
        return self.week_start - WEEK if self.week_start > self.openings.first_day else None

    @property
    def later(self) -> date | None:
        """The first day of the week after, if it is open."""
        return self.week_start + WEEK if self.week_start + WEEK <= self.last_day else None
