"""When the centre is open: the working hours of everybody who sees patients, put together. Pure but for `fetch`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from appointments import diaries
from appointments.availability import Interval, tidy, within
from appointments.diaries import Diaries, epoch
from appointments.models import TimeOff
from ipsc.dates import clinic_day, end_of_day, start_of_day

DAYS = 7
HOLIDAYS_AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Span:
    """From when until when the centre is open, without a break."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class OpenDay:
    """A day and its opening hours; none where the centre is closed. `holidays` are what whole days off are called."""

    day: date
    spans: tuple[Span, ...]
    holidays: tuple[TimeOff, ...] = ()


@dataclass(frozen=True)
class Holiday:
    """Time off of the whole clinic: its first and its last day."""

    row: TimeOff
    first_day: date
    last_day: date

    @property
    def is_one_day(self) -> bool:
        return self.first_day == self.last_day


def opened(found: Diaries, clinician_ids: list[int]) -> list[Interval]:
    """The union of what these clinicians work, tidy, in seconds since the epoch."""
    return tidy(interval for clinician_id in clinician_ids for interval in found.worked(clinician_id))


def open_days(intervals: list[Interval], first_day: date, days: int, holidays: list[Holiday]) -> list[OpenDay]:
    """Tidy `intervals` as days of the clinic; what reaches over midnight is told under both days."""
    found = []
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        spans = within(intervals, epoch(start_of_day(day)), epoch(end_of_day(day)))
        off = tuple(each.row for each in holidays if each.first_day <= day <= each.last_day)
        found.append(OpenDay(day, tuple(Span(_moment(start), _moment(end)) for start, end in spans), off))
    return found


def holidays_to_come(now: datetime) -> list[Holiday]:
    """The whole clinic's time off of the next 180 days that has a name or takes at least a day, soonest first."""
    rows = TimeOff.objects.filter(clinician__isnull=True, ends_at__gt=now, starts_at__lt=now + HOLIDAYS_AHEAD).order_by(
        "starts_at", "pk"
    )
    return [
        Holiday(row, clinic_day(row.starts_at), clinic_day(row.ends_at - timedelta(microseconds=1)))
        for row in rows
        if row.holiday or row.ends_at - row.starts_at >= timedelta(days=1)
    ]


def week_from(today: date, clinician_ids: list[int], *, now: datetime, holidays: list[Holiday]) -> list[OpenDay]:
    """The opening hours of seven days from `today`, as they really are: time off and odd weeks included."""
    found = diaries.fetch(clinician_ids, now=now, first_day=today, days=DAYS)
    return open_days(opened(found, clinician_ids), today, DAYS, holidays)


def next_open(days: list[OpenDay]) -> OpenDay | None:
    """The first day on which the centre is open, today left out."""
    return next((each for each in days[1:] if each.spans), None)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
