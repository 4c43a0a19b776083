"""`manage.py bench` with the smallest databases: what it seeds is sound, and every figure is there."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from appointments.bench import databases, measuring, report, seeding
from appointments.diary import openings
from appointments.models import Appointment, Service, Status
from ipsc.identifiers import is_reference
from tests.factories import NOW, TODAY

SIZE = seeding.AHEAD + 280


@pytest.fixture(scope="module")
def prefix(django_db_setup, django_db_blocker):
    """How the names of this process's databases begin; those that a test makes are removed at the end."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_bench"
        yield name
        databases.remove(f"{name}_{SIZE}")


@pytest.fixture
def seeded(db, prefix):
    """The database of SIZE appointments, made by the first test that asks for it; the site's own meanwhile."""
    database = databases.prepare(prefix, SIZE, today=TODAY, say=lambda text: None)
    with databases.using(database):
        yield database
    database.close()


def test_it_stores_as_many_visits_as_asked_for(seeded):
    past, ahead = Appointment.objects.filter(status=Status.FULFILLED), Appointment.objects.filter(status=Status.BOOKED)
    assert (past.count(), ahead.count()) == (280, seeding.AHEAD)
    assert not past.filter(starts_at__gte=NOW).exists()
    assert {visit.starts_at.weekday() for visit in ahead} == set(range(6))


def test_it_gives_each_visit_a_valid_reference(seeded):
    references = list(Appointment.objects.values_list("reference", flat=True))
    assert all(is_reference(reference) for reference in references)
    assert len(set(references)) == SIZE


def test_it_leaves_the_same_times_free_whatever_the_size(seeded):
    found = openings(Service.objects.get(), now=NOW)
    # 18 starts a day less 3 booked, on 24 working days, for one clinician or another: nearly all of them are free.
    assert sum(found.count_on(TODAY + timedelta(days=ahead)) for ahead in range(28)) > 300
    assert all(found.on(TODAY + timedelta(days=1)))


def test_it_renews_what_lies_ahead_on_a_later_day(seeded):
    later = TODAY + timedelta(days=30)
    with transaction.atomic():
        seeding.renew_ahead(SIZE, today=later)
        assert Appointment.objects.count() == SIZE
        assert Appointment.objects.filter(status=Status.BOOKED, starts_at__date__gte=later).count() == seeding.AHEAD
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_prints_every_figure_and_takes_its_bookings_away(prefix):
    out = io.StringIO()
    # The same size twice: made the first time, renewed the second.
    call_command(
        "bench",
        "--sizes",
        str(SIZE),
        str(SIZE),
        "--rounds",
        "2",
        "--questions",
        "2",
        "4",
        "--runs",
        "30",
        "60",
        "--prefix",
        prefix,
        stdout=out,
    )
    said = out.getvalue()
    for pattern in (
        r"times page  queries +6 +6",
        r"booking     queries +\d+ +\d+",
        r"median +[\d.]+ ms +[\d.]+ ms +[\d.]+  \(aim: at most 1.2",
        r"p95 +[\d.]+ ms +[\d.]+ ms",
        r"times page : bare view +[\d.]+ +[\d.]+  \(aim: at most 10",
        r"home page : bare view +[\d.]+ +[\d.]+  \(aim: at most 3",
        r"enrolments on one run: \d+ a second by one client, \d+ by 8 at once, ratio [\d.]+; 16 seats each",
        r"topic page : bare view +[\d.]+ +[\d.]+  \(aim: at most 2",
        r"search over +4 questions: median [\d.]+ ms",
        r"month page over +60 runs: median [\d.]+ ms",
        r"template +[\d.]+ ms +\d+%",
    ):
        assert re.search(pattern, said), pattern
    database = databases.connect(f"{prefix}_{SIZE}")
    with databases.using(database):
        assert Appointment.objects.count() == SIZE
        assert not Appointment.history.exists()
    database.close()


def test_it_refuses_a_size_in_which_what_lies_ahead_has_no_room():
    with pytest.raises(CommandError, match="The smallest size is 720"):
        call_command("bench", "--sizes", "50", "1000")


# The arithmetic


def test_it_compares_what_was_measured_in_the_same_turn():
    # One turn was slow for both: the ratio does not show it.
    assert measuring.Series([2.0, 20.0, 2.0]).ratio_to(measuring.Series([1.0, 10.0, 1.0])) == 2
    assert measuring.Series([1.0, 2.0, 9.0]).median == 2


def test_it_counts_a_part_inside_another_for_itself_alone(monkeypatch):
    # The outer part begins, the inner one lasts from 10 to 30, and the outer one ends; then it comes once more.
    monkeypatch.setattr(measuring.time, "perf_counter_ns", iter([0, 10, 30, 100, 200, 205]).__next__)
    watch = measuring.Stopwatch()
    with watch.part("outer"), watch.part("inner"):
        pass
    with watch.part("outer"):
        pass
    assert watch.spent == {"outer": 85, "inner": 20}


@pytest.mark.parametrize(("times", "missed"), [(10.0, False), (10.4, True)])
def test_it_says_when_an_aim_is_missed(times, missed):
    each = [measuring.Series([times] * 2), measuring.Series([1.0] * 2)]
    lines = report.lines([1_000, 2_000], ["times page", "bare view"], [each, each], each, {"template": 1.0})
    (line,) = [line for line in lines if line.startswith("times page : bare view")]
    assert ("MISSED" in line) is missed
