"""Moments and days as people read them, in the clinic's time zone and the page's language."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext


def now() -> datetime:
    """This moment, with its time zone. Views and commands ask here once and pass it on."""
    return datetime.now(UTC)


def clinic_day(moment: datetime) -> date:
    """The calendar day of a moment at the clinic."""
    return timezone.localtime(moment).date()


def start_of_day(day: date) -> datetime:
    """The first moment of a day at the clinic."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def end_of_day(day: date) -> datetime:
    """The first moment after a day at the clinic: days are half-open, as all ranges are."""
    return start_of_day(day + timedelta(days=1))


def last_day(end: datetime) -> date:
    """The last day of the clinic before a moment that ends something: midnight belongs to the day before."""
    return clinic_day(end - end.resolution)


def day_in_words(day: date) -> str:
    """Thursday 26 November 2026."""
    return date_format(day, "l j E Y")


def weekday(day: date) -> str:
    """Thu."""
    return date_format(day, "D")


def day_and_month(day: date) -> str:
    """26 Nov."""
    return date_format(day, f"j {_month_format()}")


def short_day(day: date) -> str:
    """Thu 26 Nov."""
    return date_format(day, f"D j {_month_format()}")


def time_of_day(moment: datetime) -> str:
    """10:30 am; in Hindi with the part of the day, as it is said there."""
    local = timezone.localtime(moment)
    return _clock(local.hour, local.minute, get_language())


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, language: str | None) -> str:
    """The words for a time of the day in the active language, kept: a page of times has many."""
    told = {"clock": f"{hour % 12 or 12}:{minute:02}"}
    if hour < 4:
        return pgettext("at night, after midnight", "%(clock)s am") % told
    if hour < 12:
        return pgettext("in the morning", "%(clock)s am") % told
    if hour < 16:
        return pgettext("in the afternoon", "%(clock)s pm") % told
    if hour < 20:
        return pgettext("in the evening", "%(clock)s pm") % told
    return pgettext("at night", "%(clock)s pm") % told


def in_words(moment: datetime) -> str:
    """Thursday 26 November 2026, 10:30 am."""
    return f"{day_in_words(clinic_day(moment))}, {time_of_day(moment)}"


def in_words_soon(moment: datetime) -> str:
    """Thursday 26 November, 10:30 am: for moments so near that the year goes without saying."""
    return f"{day_soon(clinic_day(moment))}, {time_of_day(moment)}"


def day_soon(day: date) -> str:
    """Thursday 26 November."""
    return date_format(day, "l j E")


def month_in_words(day: date) -> str:
    """November 2026."""
    return date_format(day, "E Y")


def short_month(day: date) -> str:
    """Nov."""
    return date_format(day, _month_format())


def _month_format() -> str:
    """In Hindi the whole name of a month, which is as short, and which nobody cuts."""
    return "E" if get_language() == "hi" else "M"
