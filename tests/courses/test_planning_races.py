"""The same schedule sent many times at once makes each run once (see tests/gate.py)."""

import functools
from datetime import date, time
from unittest import mock

import pytest

from courses import planning
from courses.models import CourseRun
from courses.schedule import dates_on
from ipsc.history import SITE
from tests.courses import rows
from tests.factories import NOW
from tests.gate import rush

pytestmark = pytest.mark.django_db(transaction=True)
DATES = [dates_on(date(2027, month, 6), time(9), time(17)) for month in (2, 3)]


def make(course):
    return planning.make_runs(course=course, dates=DATES, values={"fee": 1}, by=SITE, now=NOW)


def test_a_schedule_sent_eight_times_at_once_is_made_once():
    ends = rush([functools.partial(make, rows.course())] * 8, table="courses_courserun")
    assert sorted((len(made), there) for made, there in ends) == [(0, 2)] * 7 + [(2, 0)]
    assert CourseRun.objects.count() == 2


def test_a_copy_made_eight_times_at_once_is_made_once():
    copy = functools.partial(planning.copy_runs, runs={rows.run(): 364}, by=SITE)
    ends = rush([copy] * 8, table="courses_courserun")
    assert sum(len(made) for made, _there in ends) == 1
    assert CourseRun.objects.count() == 2


def test_without_the_lock_of_the_course_runs_stand_there_twice():
    """Seen wrong: each has looked before anybody has written."""
    with mock.patch.object(planning, "locked_course"):
        rush([functools.partial(make, rows.course())] * 8, table="courses_courserun")
    assert CourseRun.objects.count() > 2
