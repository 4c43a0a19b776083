"""Copies of runs: the same place in the next year, as a draft with empty seats."""

from datetime import date, timedelta

import pytest
import time_machine

from courses import planning
from courses.models import CourseRun, ProgrammeItem, RunState
from ipsc.history import SITE
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db
MONTH = "/admin/courses/courserun/copy/"


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office():
    return client_of(COURSE_OFFICE)


def url(run):
    return f"/admin/courses/courserun/{run.pk}/copy/"


def granted(**fields):
    values = {"credit_hours": 4, "credit_council": "Council", "credit_reference": "R 1"}
    return rows.run(**(values | fields))


def test_a_copy_is_a_draft_with_empty_places_and_no_credit():
    run = granted(joining_url="https://meet.example.org/x", venue="Hall", early_fee=5, early_until_on=date(2026, 12, 1))
    rows.item(run, speaker=rows.faculty())
    rows.enrolment(run)
    (copy,), there = planning.copy_runs(runs={run: 364}, by=SITE)
    assert there == 0
    copy.refresh_from_db()
    assert (copy.state, copy.seats_taken, copy.sequence, copy.joining_url) == (RunState.DRAFT, 0, 0, "")
    assert (copy.credit_hours, copy.credit_council, copy.credit_reference) == (None, "", "")
    assert (copy.venue, copy.fee, copy.capacity, copy.early_fee) == ("Hall", run.fee, run.capacity, 5)
    year = timedelta(days=364)
    for name in planning.MOMENTS:
        assert getattr(copy, name) == getattr(run, name) + year
    assert copy.early_until_on == run.early_until_on + year
    assert copy.public_id != run.public_id
    old, new = ProgrammeItem.objects.order_by("starts_at")
    assert (new.run, new.starts_at, new.title, new.speaker) == (copy, old.starts_at + year, old.title, old.speaker)


def test_a_copy_that_is_there_is_not_made_twice():
    run = rows.run()
    planning.copy_runs(runs={run: 364}, by=SITE)
    assert planning.copy_runs(runs={run: 364}, by=SITE) == ([], 1)
    assert CourseRun.objects.count() == 2


def test_a_copy_of_a_cancelled_run_is_no_longer_cancelled():
    run = rows.run(state=RunState.CANCELLED)
    (copy,), _there = planning.copy_runs(runs={run: 0}, by=SITE)
    assert (copy.state, copy.cancel_reason, copy.cancelled_at) == (RunState.DRAFT, "", None)


def test_a_copy_of_a_sample_is_the_clinics_own():
    (copy,), _there = planning.copy_runs(runs={rows.run(is_sample=True): 364}, by=SITE)
    assert not copy.is_sample


def test_the_page_proposes_the_second_saturday_again(office):
    run = rows.run()
    page = words(office.get(url(run)))
    assert "Saturday 8 January 2028" in page
    assert CourseRun.objects.count() == 1
    response = office.post(url(run), {"day": "2028-01-08", "shown": "2028-01-08"})
    copy = CourseRun.objects.latest("pk")
    assert response.headers["Location"] == f"/admin/courses/courserun/{copy.pk}/change/"
    assert copy.starts_at == clinic_time(2028, 1, 8, 9)
    assert copy.history.get().actor == "course-office"


def test_another_day_is_shown_before_it_is_done(office):
    run = rows.run()
    response = office.post(url(run), {"day": "2028-01-26", "shown": "2028-01-08"})
    assert "Wednesday 26 January 2028" in words(response)
    assert "Republic Day" in words(response)
    assert CourseRun.objects.count() == 1
    office.post(url(run), {"day": "2028-01-26", "shown": "2028-01-26"})
    assert CourseRun.objects.count() == 2


def test_a_copy_sent_twice_is_told(office):
    run = rows.run()
    for _each in range(2):
        response = office.post(url(run), {"day": "2028-01-08", "shown": "2028-01-08"})
    assert "has a run that begins at this moment already" in words(response)
    assert CourseRun.objects.count() == 2


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2028-02-30", "2028-01-08\0"])
def test_a_day_that_cannot_be_is_told(office, day):
    run = rows.run()
    assert office.post(url(run), {"day": day, "shown": day}).status_code == 200
    assert CourseRun.objects.count() == 1


def test_a_fifth_saturday_becomes_the_last(office):
    run = rows.run(starts_at=clinic_time(2027, 1, 30, 9))
    page = words(office.get(url(run)))
    assert "Saturday 29 January 2028" in page
    run = rows.run(starts_at=clinic_time(2027, 7, 31, 9))
    assert "Saturday 29 July 2028" in words(office.get(url(run)))


def test_a_month_is_copied_as_it_is_ticked(office):
    first = rows.run()
    second = rows.run(starts_at=clinic_time(2027, 1, 23, 9))
    rows.run(starts_at=clinic_time(2027, 2, 13, 9))
    page = words(office.get(f"{MONTH}?month=2027-01"))
    assert "Saturday 8 January 2028" in page
    assert "Saturday 22 January 2028" in page
    assert "February 2028" not in page
    assert CourseRun.objects.count() == 3
    response = office.post(f"{MONTH}?month=2027-01", {"run": [first.public_id]}, follow=True)
    assert "1 run made." in response.content.decode()
    response = office.post(f"{MONTH}?month=2027-01", {"run": [first.public_id, second.public_id]}, follow=True)
    assert "1 run made." in response.content.decode()
    assert "1 run was there already" in response.content.decode()
    assert CourseRun.objects.count() == 5


def test_a_month_leaves_days_unticked_on_which_the_course_already_runs(office):
    run = rows.run()
    rows.run(course=run.course, starts_at=clinic_time(2028, 1, 8, 14))
    response = office.get(f"{MONTH}?month=2027-01")
    assert "This course already runs that day." in words(response)
    assert [ticked for _run, _plan, ticked in response.context["rows"]] == [False]


def test_a_month_without_a_tick_is_told(office):
    rows.run()
    response = office.post(f"{MONTH}?month=2027-01", {"run": ["x", "\0", "1"]})
    assert "Tick the runs that are to be copied." in words(response)
    assert CourseRun.objects.count() == 1


@pytest.mark.parametrize("month", ["x", "2027-13", "0000-01", "9999-12", "%00", "2199-12"])
def test_an_odd_month_is_no_error(office, month):
    assert office.get(f"{MONTH}?month={month}").status_code == 200


def test_the_preview_of_a_month_costs_the_same_for_any_number_of_runs(office, django_assert_num_queries):
    for day in (2, 9, 16, 23, 30):
        rows.run(starts_at=clinic_time(2027, 1, day, 9))
    with django_assert_num_queries(QUERIES):
        office.get(f"{MONTH}?month=2027-01")


# Session, user and rights among them.
QUERIES = 7
