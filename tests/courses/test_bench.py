"""What `make bench` says of the catalogue; in small, so that it runs at all."""

from datetime import date

import pytest

from courses import bench
from courses.models import Course, CourseRun
from ipsc.dates import start_of_day
from tests.courses import rows
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_it_says_the_ratio_and_leaves_nothing_behind():
    rows.run()
    said: list[str] = []
    ratio = bench.measure(rounds=1, now=NOW, say=said.append, sizes=[30, 60])
    assert 0 < ratio < 100
    assert [line.split(":")[0] for line in said] == [
        "month page over     30 runs",
        "month page over     60 runs",
        "large ",
    ]
    assert (Course.objects.count(), CourseRun.objects.count()) == (1, 1)


def test_every_month_has_as_many_runs_and_thirty_thousand_fill_all_of_them():
    courses = [bench.course(1)]
    bench.seed(courses, 300, now=NOW)
    in_december = CourseRun.objects.in_month(date(2026, 12, 1)).count()
    bench.seed(courses, bench.LARGE, now=NOW)
    assert in_december == CourseRun.objects.in_month(date(2026, 12, 1)).count() == bench.A_MONTH
    assert CourseRun.objects.earliest("starts_at").starts_at >= start_of_day(date(2000, 1, 1))
    assert CourseRun.objects.latest("starts_at").starts_at < start_of_day(date(2100, 1, 1))


def test_it_refuses_more_than_there_are_months():
    with pytest.raises(ValueError, match="1200 months"):
        bench.seed([], 40_000, now=NOW)
