"""How fast the page of a month is over three hundred and over thirty thousand runs.

Both have as many runs in that month, and so many more years beside it. All is made and measured in one transaction that
is rolled back, in a database for trials: while it lasts, nobody can change a course there.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection, transaction
from django.test import Client

from courses.catalogue.months import FIRST_YEAR, LAST_YEAR, MONTHS, month_url, shifted, this_month
from courses.models import Category, Course, CourseRun, RunState
from ipsc.dates import start_of_day

SMALL, LARGE = 300, 30_000
A_MONTH = 25
AIM = 1.5
EVER = (LAST_YEAR - FIRST_YEAR + 1) * MONTHS
BROWSER = {"Accept-Encoding": "gzip, deflate, br"}


def measure(*, rounds: int, now: datetime, say: Callable[[str], None] = print, sizes: Sequence[int] = ()) -> float:
    """A month's page over two `sizes` of made-up runs, at most 30,000, `rounds` times each; say and return the ratio.

    :raises ValueError: there are not so many months.
    """
    medians = []
    with transaction.atomic():
        _run("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        _run("TRUNCATE courses_courserun, courses_historicalcourserun CASCADE")
        courses = [course(number) for number in range(10)]
        for size in sizes or (SMALL, LARGE):
            seed(courses, size, now=now)
            medians.append(median_of(rounds, month_url(shifted(this_month(now), 1))))
            say(f"month page over {size:>6,} runs: median {medians[-1]:.2f} ms")
        transaction.set_rollback(True)
    ratio = medians[1] / medians[0]
    say(f"large : small {ratio:.2f} (aim: at most {AIM:g}{'' if ratio <= AIM else ', MISSED'})")
    return ratio


def course(number: int) -> Course:
    return Course.objects.create(
        title=f"Course of the bench {number}",
        slug=f"course-of-the-bench-{number}",
        summary="Made up.",
        hours=8,
        categories=[Category.values[number % len(Category.values)]],
        published=True,
    )


def seed(courses: Sequence[Course], size: int, *, now: datetime) -> None:
    """Have so many runs, A_MONTH in each month round this one, as many months before it as after."""
    months = -(-size // A_MONTH)
    if months > EVER:
        raise ValueError(f"There are pages for {EVER} months only.")
    _run("DELETE FROM courses_courserun")
    # Never before the first month of all, nor after the last.
    begin = shifted(this_month(now), -min(months // 2, (this_month(now).year - FIRST_YEAR) * MONTHS))
    begin = min(begin, shifted(this_month(now).replace(year=LAST_YEAR, month=MONTHS), 1 - months))
    rows = (run(courses, begin, number, now) for number in range(size))
    while some := list(islice(rows, 2000)):
        CourseRun.objects.bulk_create(some)
    _run("ANALYZE courses_courserun, courses_course, courses_enrolment")


def run(courses: Sequence[Course], begin, number: int, now: datetime) -> CourseRun:
    month, place = divmod(number, A_MONTH)
    starts_at = start_of_day(shifted(begin, month)) + timedelta(days=place, hours=9)
    return CourseRun(
        course=courses[number % len(courses)],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
        opens_at=starts_at - timedelta(days=90),
        closes_at=starts_at - timedelta(days=1),
        withdraw_until_at=starts_at - timedelta(days=3),
        fee=10_000,
        state=RunState.PUBLISHED,
    )


def median_of(rounds: int, address: str) -> float:
    """Milliseconds of one look at a page, through the whole site."""
    client, taken = Client(), []
    for turn in range(rounds + 3):
        begun = time.perf_counter_ns()
        response = client.get(address, headers=BROWSER)
        ended = time.perf_counter_ns()
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")
        if turn >= 3:
            taken.append((ended - begun) / 1e6)
    return statistics.median(taken)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
