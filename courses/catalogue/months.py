"""Months of the clinic, each by its first day; pure arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from ipsc.dates import clinic_day

FIRST_YEAR, LAST_YEAR = 2000, 2099
MONTHS = 12


class TwoDigits:
    """A month in an address: 1 and 01 are read, 01 is written."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{int(value):02}"


@dataclass(frozen=True)
class Month:
    """A month with the number of its runs; `current` where its page is shown, `query` as it goes on with a reader."""

    first: date
    count: int = 0
    current: bool = False
    query: str = ""

    @property
    def url(self) -> str:
        return month_url(self.first) + self.query


def month_of(year: int, month: int) -> date | None:
    """The first day of a month; None where there is none, or none for which the site has a page."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= MONTHS):
        return None
    return date(year, month, 1)


def this_month(moment: datetime) -> date:
    return clinic_day(moment).replace(day=1)


def shifted(first: date, months: int) -> date:
    """The month so many months later; earlier where the number is below 0."""
    number = first.year * MONTHS + first.month - 1 + months
    return date(number // MONTHS, number % MONTHS + 1, 1)


def month_url(first: date) -> str:
    return reverse("courses:month", args=[first.year, first.month])


def row(
    start: date, counts: Mapping[date, int], *, count: int = MONTHS, shown: date | None = None, query: str = ""
) -> list[Month]:
    """So many months from `start` on, each with its number of runs, `shown` being the one whose page this is."""
    firsts = [shifted(start, offset) for offset in range(count)]
    return [Month(each, counts.get(each, 0), each == shown, query) for each in firsts]
