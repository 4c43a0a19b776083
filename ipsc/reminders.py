"""When somebody is reminded: pure arithmetic."""

from datetime import datetime, timedelta

from django.utils import timezone

EARLIEST, LATEST = (8, 0), (19, 30)
DAY = timedelta(days=1)


def moments(starts_at: datetime, days: list[int], now: datetime) -> list[tuple[int, datetime]]:
    """For each number of days before a visit, the moment of the reminder: at the visit's own time of day, by day.

    Nobody is reminded of what was settled less than a day before.
    """
    found = [(number, by_day(starts_at - number * DAY)) for number in sorted(set(days), reverse=True)]
    return [(number, moment) for number, moment in found if moment - now >= DAY]


def by_day(moment: datetime) -> datetime:
    """The moment, or the nearest one on that day of the clinic between 8:00 and 19:30."""
    local = timezone.localtime(moment)
    clock = (local.hour, local.minute)
    if EARLIEST <= clock <= LATEST:
        return moment
    hour, minute = EARLIEST if clock < EARLIEST else LATEST
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)
