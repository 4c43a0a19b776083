"""The public holidays of India as Delhi keeps them, from the package `holidays`, and the verb that enters them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import holidays
from django.utils.translation import gettext_lazy as _

from appointments.models import TimeOff
from ipsc.clinic import FIRST_SAVED, locked_settings, save_fields
from ipsc.dates import clinic_day, end_of_day, start_of_day
from ipsc.history import Actor, save_as
from ipsc.verbs import Refusal, verb

# How far ahead holidays are offered: a year.
OFFERED = timedelta(days=365)
MOST_LETTERS = 200
# The package's own marks of days that follow the moon and are announced shortly before.
ESTIMATED = {"en_IN": " (estimated)", "hi": " (अनुमानित)"}


class NotAHoliday(Refusal):
    words = _("One of these days is not on the list any more. Please look through the list again; nothing is saved.")


@dataclass(frozen=True)
class PublicHoliday:
    """A public holiday. Several of one day stand together; those `estimated` may come a day earlier or later."""

    day: date
    name: str
    name_hi: str
    estimated: str


def last_day(today: date) -> date:
    """The last day whose holidays are offered."""
    return today + OFFERED


def offered(first: date, last: date) -> list[PublicHoliday]:
    """The public holidays from `first` to `last`, both included, in order."""
    english, hindi = (_named(language, first.year, last.year) for language in ("en_IN", "hi"))
    return [
        PublicHoliday(
            day,
            _clean(name, "en_IN"),
            _clean(hindi.get(day, ""), "hi"),
            "; ".join(_clean(each, "en_IN") for each in name.split("; ") if each.endswith(ESTIMATED["en_IN"])),
        )
        for day, name in sorted(english.items())
        if first <= day <= last
    ]


def _named(language: str, first_year: int, last_year: int) -> dict[date, str]:
    years = range(first_year, last_year + 1)
    found = holidays.country_holidays(
        "IN", subdiv="DL", categories=("public", "government"), language=language, years=years
    )
    return dict(found.items())


def _clean(name: str, language: str) -> str:
    """Without the package's mark: whoever enters the day has checked it."""
    return name.replace(ESTIMATED[language], "")[:MOST_LETTERS]


def closed_days(first: date, last: date) -> dict[date, TimeOff]:
    """The days on which the whole clinic is off from midnight to midnight, each with the row that says so."""
    rows = TimeOff.objects.filter(
        clinician__isnull=True, ends_at__gt=start_of_day(first), starts_at__lt=end_of_day(last)
    ).order_by("-starts_at", "-pk")
    found = {}
    for row in rows:
        day = max(first, clinic_day(row.starts_at))
        while day <= last and end_of_day(day) <= row.ends_at:
            if row.starts_at <= start_of_day(day):
                found[day] = row
            day += timedelta(days=1)
    return found


@verb(refusals={}, redrawn=FIRST_SAVED)
def accept(*, days: Collection[date], until: date, by: Actor, now: datetime) -> list[TimeOff]:
    """Enter these public holidays as days off of the whole clinic, and note that all until `until` were looked through.

    A day that is off already stays as it is, so the same list sent twice enters nothing twice. Returns what is new.
    Visits on these days stay; whoever asks tells of them.

    :raises NotAHoliday: a day is not among the holidays on offer now.
    """
    # Whoever accepts holidays waits here for everybody else who does; then it looks what is there.
    settings = locked_settings()
    today = clinic_day(now)
    until = min(until, last_day(today))
    named = {each.day: each for each in offered(today, last_day(today))}
    if not set(days) <= named.keys():
        raise NotAHoliday
    if settings.holidays_checked_until is None or settings.holidays_checked_until < until:
        settings.holidays_checked_until = until
        save_fields(settings, "holidays_checked_until", by=by, why="holidays looked through")
    closed = closed_days(today, last_day(today))
    return [_enter(named[day], by) for day in sorted(set(days) - closed.keys())]


def _enter(holiday: PublicHoliday, by: Actor) -> TimeOff:
    row = TimeOff(
        starts_at=start_of_day(holiday.day),
        ends_at=end_of_day(holiday.day),
        holiday=holiday.name,
        holiday_hi=holiday.name_hi,
    )
    save_as(row, by=by, why="public holiday accepted")
    return row
