"""How long an offered place waits for an answer: pure arithmetic by the clinic's clock (rule C2)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

# Nobody answers at night, and nobody should lose a place by sleeping.
WAKES, SLEEPS = time(8), time(21)
DAY = timedelta(days=1)


def offer_end(offered_at: datetime, hours: int, closes_at: datetime) -> datetime:
    """When an offer made at `offered_at` ends: after `hours` between 8:00 and 21:00, and never after `closes_at`."""
    left = timedelta(hours=hours)
    moment = awake_from(offered_at)
    while True:
        evening = timezone.localtime(moment).replace(hour=SLEEPS.hour, minute=0, second=0, microsecond=0)
        if moment + left <= evening:
            return min(moment + left, closes_at)
        left -= evening - moment
        moment = awake_from(evening)


def awake_from(moment: datetime) -> datetime:
    """The moment, or the next 8:00 at the clinic where it lies in the night `[21:00, 8:00)`."""
    local = timezone.localtime(moment)
    if WAKES <= local.time() < SLEEPS:
        return moment
    day = local if local.time() < WAKES else local + DAY
    return day.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0)
