"""The times that staff may give: those on offer, without notice and horizon, and the days around."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from appointments.booking.choosing import FARTHEST
from appointments.diary import Slot, openings
from appointments.models import Clinician, Service

DAYS = 14


@dataclass(frozen=True)
class Day:
    day: date
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Offer:
    """Two weeks of days with the number of times left on each, and the times of the chosen day."""

    day: date
    days: list[Day]
    slots: list[Slot]

    @property
    def next_free(self) -> date | None:
        return next((each.day for each in self.days if each.day > self.day and each.count), None)


def too_far(day: date, today: date) -> bool:
    """Nobody books there, by whomever; it keeps slips of the keyboard from the calendar's end, too."""
    return abs(day - today) >= FARTHEST


def offer(
    service: Service, clinician: Clinician | None, day: date, *, now: datetime, today: date, ignored: int | None = None
) -> Offer:
    """What `service` has on `day` with one clinician or with any. Times that are over are left out."""
    first = today if today <= day < today + timedelta(days=DAYS) else day - timedelta(days=1)
    found = openings(
        service,
        now=now,
        clinicians=[clinician] if clinician else None,
        first_day=first,
        days=DAYS,
        for_public=False,
        ignored=ignored,
    )
    days = []
    slots: list[Slot] = []
    for offset in range(DAYS):
        each = first + timedelta(days=offset)
        # Only of today some are over, and only of the chosen day are the times themselves wanted.
        if each in (today, day):
            left = [slot for slot in found.on(each) if slot.ends_at > now or each < today]
            slots = left if each == day else slots
            count = len(left)
        else:
            count = found.count_on(each)
        days.append(Day(each, count, each == day))
    return Offer(day, days, slots)
