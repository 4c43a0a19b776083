"""Moments and days in templates, worded by `ipsc.dates`."""

from django import template
from django.utils import timezone

from ipsc import dates

register = template.Library()

register.filter("in_words", dates.in_words)
register.filter("day_soon", dates.day_soon)
register.filter("in_words_soon", dates.in_words_soon)
register.filter("day_in_words", dates.day_in_words)
register.filter("weekday", dates.weekday)
register.filter("day_and_month", dates.day_and_month)
register.filter("short_day", dates.short_day)
register.filter("time_of_day", dates.time_of_day)
register.filter("clinic_day", dates.clinic_day)
register.filter("last_day", dates.last_day)
register.filter("month_in_words", dates.month_in_words)
register.filter("short_month", dates.short_month)


@register.filter
def as_start(moment) -> str:
    """A moment as it stands in a booking address: the clinic's local time, to the minute."""
    return timezone.localtime(moment).isoformat(timespec="minutes")[:16]
