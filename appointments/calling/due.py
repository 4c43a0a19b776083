"""By when somebody calls who has so many open hours to do it: pure arithmetic, and the look into the diaries for it."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from appointments.availability import Hours, Interval, opening_intervals, subtract, tidy, within
from appointments.diaries import epoch
from appointments.models import Clinician, TimeOff, WorkingHours
from ipsc.dates import clinic_day

AHEAD = timedelta(days=60)
QUARTER = 15 * 60


def due(opened: list[Interval], asked: int, seconds: int) -> int | None:
    """The moment at which `seconds` of tidy `opened` have passed since `asked`; None where there are not so many.

    All in seconds since the epoch. What is promised is a quarter of an hour, the next one, unless the centre closes
    before it: nobody promises 3:37, and a moment that was shown must not come before the one that was meant.
    """
    left = seconds
    for start, end in opened:
        begin = max(start, asked)
        if end - begin >= left:
            return min(-(-(begin + left) // QUARTER) * QUARTER, end)
        left -= max(0, end - begin)
    return None


def opened(now: datetime) -> list[Interval]:
    """When somebody is at the centre in the next 60 days, tidy, with two queries.

    That is whenever a clinician works, without what the whole clinic has off: a clinician's own time off does not close
    reception.
    """
    last = now + AHEAD
    fields = ("weekday", "opens", "closes", "valid_from", "valid_until", "every")
    hours = WorkingHours.objects.shown().filter(clinician__in=Clinician.objects.public()).order_by()
    # Ten clinicians share most of their hours.
    weekly = {Hours(*values) for values in hours.values_list(*fields)}
    rows = TimeOff.objects.filter(clinician__isnull=True, ends_at__gt=now, starts_at__lt=last).order_by()
    off = [
        (epoch(start), epoch(end) + bool(end.microsecond)) for start, end in rows.values_list("starts_at", "ends_at")
    ]
    zone = timezone.get_default_timezone()
    found = tidy(interval for _, interval in opening_intervals(weekly, clinic_day(now), clinic_day(last), zone))
    return list(within(list(subtract(found, tidy(off))), epoch(now), epoch(last)))


def call_by(now: datetime, hours: int) -> datetime | None:
    """By when somebody calls who asks now, within `hours` open hours; None where no such hours are known."""
    moment = due(opened(now), epoch(now) + bool(now.microsecond), hours * 3600)
    return None if moment is None else datetime.fromtimestamp(moment, UTC)
