"""What else is on the days on which a run would be: public holidays and other runs. One query for any list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from appointments.setup import public_holidays
from courses.models import Course, CourseRun, RunState
from courses.planning import is_in_time
from courses.schedule import Dates
from ipsc.dates import clinic_day, end_of_day, last_day, start_of_day


@dataclass(frozen=True)
class Plan:
    """A run that would be, and what speaks against it: `holidays` by name, `others` on its days.

    `is_there` says that the course has a run at that moment; `runs_already`, that it has one on these days at whatever
    hour; `is_late`, that nobody could enrol in it any more.
    """

    dates: Dates
    holidays: list[str] = field(default_factory=list)
    others: list[CourseRun] = field(default_factory=list)
    is_there: bool = False
    runs_already: bool = False
    is_late: bool = False

    @property
    def is_possible(self) -> bool:
        return not (self.is_there or self.is_late)

    @property
    def is_free_of_its_own(self) -> bool:
        """Whether the course has nothing on these days yet: a second hour there is mostly a slip of the hand."""
        return not (self.is_there or self.runs_already)


def holidays_on(first: date, last: date) -> dict[date, str]:
    """The public holidays from `first` to `last`, both included; a date that follows the moon is marked as such."""
    return {each.day: each.name for each in public_holidays.offered(first, last)}


def runs_between(first: date, last: date) -> list[CourseRun]:
    """The runs, cancelled ones aside, of which a part is on these days, both included. One query."""
    rows = CourseRun.objects.exclude(state=RunState.CANCELLED).select_related("course")
    return list(rows.filter(starts_at__lt=end_of_day(last), ends_at__gt=start_of_day(first)).order_by("starts_at"))


def days(dates: Dates) -> list[date]:
    return [dates.day + timedelta(days=each) for each in range((dates.last_day - dates.day).days + 1)]


def on_the_days(runs: Sequence[CourseRun], dates: Dates) -> list[CourseRun]:
    """Those of the runs that share a day with the dates."""
    return [run for run in runs if clinic_day(run.starts_at) <= dates.last_day and last_day(run.ends_at) >= dates.day]


def plans(course: Course, dates: Sequence[Dates], *, now: datetime) -> list[Plan]:
    """What speaks against each of the dates of runs of a course. One query."""
    if not dates:
        return []
    first, last = min(each.day for each in dates), max(each.last_day for each in dates)
    holidays, runs = holidays_on(first, last), runs_between(first, last)
    return [plan(course, each, holidays, runs, now) for each in dates]


def plan(course: Course, dates: Dates, holidays: Mapping[date, str], runs: Sequence[CourseRun], now: datetime) -> Plan:
    same_days = on_the_days(runs, dates)
    own = [run for run in same_days if run.course_id == course.pk]
    return Plan(
        dates,
        holidays=[holidays[day] for day in days(dates) if day in holidays],
        others=[run for run in same_days if run not in own],
        is_there=any(run.starts_at == dates.starts_at for run in own),
        runs_already=bool(own),
        is_late=not is_in_time(dates.starts_at, now),
    )
