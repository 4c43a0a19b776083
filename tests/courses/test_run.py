"""A course at its dates: how it is called, and which of its seats a newcomer may have."""

from datetime import timedelta

import pytest

from courses.models import CourseRun
from tests.courses import rows
from tests.factories import NOW, clinic_time

CLOSES = NOW + timedelta(days=30)


@pytest.mark.parametrize(
    ("taken", "waiting", "free"),
    [(0, 0, 5), (3, 0, 2), (3, 1, 1), (3, 2, 0), (3, 9, 0), (5, 0, 0), (5, 4, 0)],
)
def test_a_newcomer_has_what_is_left_after_those_who_wait(taken, waiting, free):
    run = CourseRun(capacity=5, seats_taken=taken, closes_at=CLOSES)
    assert run.free_for_newcomers(waiting, NOW) == free


def test_after_the_close_nobody_passes_those_who_wait():
    run = CourseRun(capacity=5, seats_taken=1, closes_at=CLOSES)
    assert run.free_for_newcomers(1, CLOSES - timedelta(microseconds=1)) == 3
    assert run.free_for_newcomers(1, CLOSES) == 0
    assert run.free_for_newcomers(0, CLOSES) == 4


@pytest.mark.django_db
def test_its_day_is_written_without_a_zero():
    run = rows.run(title="Epidurals", starts_at=clinic_time(2026, 12, 5, 9))
    assert str(run) == "Epidurals · 5 Dec 2026"
