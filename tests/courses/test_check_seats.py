"""`manage.py check_seats`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from courses.models import CourseRun
from tests.courses import rows

pytestmark = pytest.mark.django_db


def check(**options) -> str:
    out = StringIO()
    try:
        call_command("check_seats", stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}refused: {error}"
    return out.getvalue()


@pytest.fixture
def unguarded():
    """Without the triggers that keep the counters right."""
    tables = ("courses_courserun", "courses_enrolment")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")


def seats(run) -> int:
    return CourseRun.objects.get(pk=run.pk).seats_taken


def test_it_says_that_all_is_well():
    rows.enrolment()
    assert "refused" not in check()


def test_it_names_what_differs_and_changes_nothing(unguarded):
    run = rows.run()
    rows.enrolment(run)
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=3)
    told = check()
    assert f"{run}: the counter says 3, the enrolments say 1." in told
    assert "refused: Counters that are wrong: 1." in told
    assert seats(run) == 3


def test_it_repairs_on_request(unguarded):
    run = rows.run()
    rows.enrolment(run)
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=3)
    assert "refused" not in check(repair=True)
    assert seats(run) == 1


def test_it_repairs_no_run_with_more_people_than_places(unguarded):
    run = rows.run(capacity=2)
    for _each in range(2):
        rows.enrolment(run)
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=0, capacity=1)
    told = check(repair=True)
    assert "raise the capacity to 2" in told
    assert "refused" in told
    assert seats(run) == 0
