"""The schedule maker: the form, the list of dates that it means, and the runs; and the months that have none."""

from datetime import timedelta

import pytest
import time_machine

from courses.models import CourseRun, ProgrammeItem, RunState
from courses.promise import empty_months
from ipsc.roles import COURSE_OFFICE, RECEPTION
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db
SCHEDULE = "/admin/courses/courserun/schedule/"


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office():
    return client_of(COURSE_OFFICE)


def rule(course, **changed):
    values = {
        "course": course.pk,
        "which": "2",
        "weekday": "5",
        "first": "2027-01",
        "last": "2027-12",
        "begins": "9",
        "ends": "5 pm",
        "days": "1",
        "skip": "",
        "capacity": "24",
        "fee": "",
        "mode": "onsite",
        "venue": "Hall",
        "pattern": "",
        "state": "draft",
    }
    return values | changed


def test_the_dates_are_shown_before_anything_is_saved(office):
    course = rows.course(fee=7_000)
    response = office.post(SCHEDULE, rule(course, skip="14.08.2027"))
    page = words(response)
    assert "Nothing is saved yet." in page
    assert "Saturday 9 January 2027, 9:00 am – 5:00 pm" in page
    assert "14 August" not in page
    assert page.count("Saturday") == 11
    assert not CourseRun.objects.exists()


def test_the_ticked_dates_become_runs(office):
    course = rows.course(fee=7_000)
    made = rule(course, _make="", day=["2027-01-09", "2027-03-13"])
    response = office.post(SCHEDULE, made, follow=True)
    assert "2 runs made." in response.content.decode()
    first, second = CourseRun.objects.order_by("starts_at")
    assert (first.starts_at, first.ends_at) == (clinic_time(2027, 1, 9, 9), clinic_time(2027, 1, 9, 17))
    assert (first.fee, first.capacity, first.venue, first.state) == (7_000, 24, "Hall", RunState.DRAFT)
    assert (second.opens_at, second.closes_at) == (NOW, second.starts_at - timedelta(days=1))
    assert first.history.get().actor == "course-office"


def test_the_same_list_sent_twice_makes_nothing_twice(office):
    made = rule(rows.course(), _make="", day=["2027-01-09", "2027-03-13"])
    office.post(SCHEDULE, made)
    response = office.post(SCHEDULE, made | {"day": ["2027-01-09", "2027-02-13"]}, follow=True)
    assert "1 run made." in response.content.decode()
    assert "1 run was there already" in response.content.decode()
    assert CourseRun.objects.count() == 3
    assert "there already" in words(office.post(SCHEDULE, made | {"_make": ""} | {"day": []}))


def test_days_that_the_rule_does_not_mean_are_not_made(office):
    made = rule(rows.course(), _make="", day=["2027-01-10", "x", "\0", "9999-99-99"])
    assert "Tick the days" in words(office.post(SCHEDULE, made))
    assert not CourseRun.objects.exists()


def test_holidays_and_other_runs_of_the_day_are_told(office):
    rows.run(title="Something else")
    page = words(office.post(SCHEDULE, rule(rows.course(), which="0", weekday="1", last="2027-01")))
    assert "public holiday: Republic Day" in page
    page = words(office.post(SCHEDULE, rule(rows.course(), last="2027-01")))
    assert "the same day: Something else" in page


def test_a_day_on_which_the_course_already_runs_is_left_unticked(office):
    afternoon = rows.run(starts_at=clinic_time(2027, 2, 13, 14))
    rows.run(course=afternoon.course, starts_at=clinic_time(2027, 3, 13, 14), state=RunState.CANCELLED)
    response = office.post(SCHEDULE, rule(afternoon.course, last="2027-03"))
    assert words(response).count("This course already runs that day.") == 1
    assert [ticked for _plan, ticked in response.context["rows"]] == [True, False, True]
    office.post(SCHEDULE, rule(afternoon.course, last="2027-03", _make="", day=["2027-02-13"]))
    assert CourseRun.objects.filter(starts_at=clinic_time(2027, 2, 13, 9)).exists()


def test_a_course_without_a_fee_is_free_of_charge(office):
    assert "Free of charge" in words(office.post(SCHEDULE, rule(rows.course(fee=0))))
    page = words(office.post(SCHEDULE, rule(rows.course(fee=7_000))))
    assert "₹ 7,000" in page
    assert "Free of charge" not in page


def test_days_too_soon_to_enrol_in_cannot_be_ticked(office):
    course = rows.course()
    soon = rule(course, which="0", weekday="3", first="2026-11", last="2026-11")
    response = office.post(SCHEDULE, soon)
    assert "too soon to enrol in" in words(response)
    assert "Tick the days" in words(office.post(SCHEDULE, soon | {"_make": "", "day": ["2026-11-26"]}))


def test_programme_and_terms_come_from_another_run(office):
    pattern = rows.run(fee_includes="Lunch", language="Hindi", refund_full_days=30, credit_hours=None)
    rows.item(pattern)
    office.post(SCHEDULE, rule(pattern.course, pattern=pattern.pk, _make="", day=["2027-02-13"]))
    made = CourseRun.objects.latest("pk")
    assert (made.fee_includes, made.language, made.refund_full_days, made.capacity) == ("Lunch", "Hindi", 30, 24)
    item = ProgrammeItem.objects.get(run=made)
    assert item.starts_at == clinic_time(2027, 2, 13, 9)


def test_the_name_and_the_way_to_another_hall_stay_with_the_other_run(office):
    own = {"title": "Workshop", "title_hi": "कार्यशाला", "phone": "+919800000001"}
    pattern = rows.run(venue="Old hall", venue_hi="पुराना हॉल", map_url="https://maps.example.org/1", **own)
    for venue, day in (("New hall", "2027-02-13"), ("Old hall", "2027-03-13")):
        office.post(SCHEDULE, rule(pattern.course, pattern=pattern.pk, venue=venue, _make="", day=[day]))
    there, here = CourseRun.objects.order_by("pk")[1:]
    assert {(run.title, run.title_hi, str(run.phone)) for run in (there, here)} == {("", "", "")}
    assert (there.venue, there.venue_hi, there.map_url) == ("New hall", "", "")
    assert (here.venue, here.venue_hi, here.map_url) == ("Old hall", "पुराना हॉल", "https://maps.example.org/1")


def patterns(response) -> list[CourseRun]:
    return list(response.context["form"].fields["pattern"].queryset)


def test_programme_and_terms_come_from_runs_of_the_course_that_is_chosen(office):
    old, other = rows.run(), rows.run()
    new = rows.run(course=old.course, starts_at=clinic_time(2027, 5, 8, 9), state=RunState.DRAFT)
    gone = rows.run(course=old.course, starts_at=clinic_time(2027, 6, 12, 9), state=RunState.CANCELLED)
    assert patterns(office.get(f"{SCHEDULE}?course={old.course_id}")) == [new, old]
    assert patterns(office.post(SCHEDULE, rule(old.course, begins=""))) == [new, old]
    assert patterns(office.get(SCHEDULE)) == [new, other, old]
    for pattern in (other, gone):
        page = words(office.post(SCHEDULE, rule(old.course, pattern=pattern.pk)))
        assert "Choose a run of this course, or none." in page


def test_a_programme_that_does_not_fit_is_told(office):
    pattern = rows.run()
    rows.item(pattern)
    response = office.post(SCHEDULE, rule(pattern.course, pattern=pattern.pk, begins="14"))
    assert "The programme of this run does not fit these times." in words(response)


def test_published_runs_can_be_made_at_once(office):
    office.post(SCHEDULE, rule(rows.course(), state="published", _make="", day=["2027-01-09"]))
    assert CourseRun.objects.get().state == RunState.PUBLISHED


def test_several_days_end_on_the_last(office):
    office.post(SCHEDULE, rule(rows.course(), days="3", ends="13", _make="", day=["2027-01-09"]))
    assert CourseRun.objects.get().ends_at == clinic_time(2027, 1, 11, 13)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"course": ""}, "This field is required."),
        ({"course": "999999999999999999999"}, "Select a valid choice"),
        ({"which": "7"}, "Select a valid choice"),
        ({"which": "\0"}, "Select a valid choice"),
        ({"weekday": "9"}, "Select a valid choice"),
        ({"first": "1999-01"}, "Select a valid choice"),
        ({"first": "2027-06", "last": "2027-01"}, "This month is before the first one."),
        ({"begins": ""}, "Type a time."),
        ({"begins": "25"}, "This is not a time."),
        ({"ends": "8"}, "A course ends after it begins."),
        ({"days": "0"}, "greater than or equal to 1"),
        ({"days": "6"}, "less than or equal to 5"),
        ({"skip": "tomorrow"}, "“tomorrow” is not a day."),
        ({"skip": "0001-01-01"}, "is not a day."),
        ({"skip": "\0"}, "Null characters are not allowed."),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"capacity": str(10**9)}, "less than or equal to 1000"),
        ({"fee": "-1"}, "greater than or equal to 0"),
        ({"fee": str(10**9)}, "less than or equal to 10000000"),
        ({"venue": "a\0b"}, "Null characters are not allowed."),
        ({"venue": "x" * 501}, "at most 500 characters"),
        ({"pattern": "999"}, "Choose a run of this course, or none."),
        ({"state": "cancelled"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_told_and_kept(office, wrong, told):
    course = rows.course()
    response = office.post(SCHEDULE, rule(course, _make="", day=["2027-01-09"]) | wrong)
    assert response.status_code == 200
    assert told in words(response)
    assert not CourseRun.objects.exists()


def test_the_rule_can_be_changed_after_the_preview(office):
    response = office.post(SCHEDULE, rule(rows.course(), _edit="", venue="Auditorium"))
    assert "Show the dates" in words(response)
    assert "Auditorium" in words(response)


@pytest.mark.parametrize("query", ["course=x&month=x", "course=%00", "month=9999-99", "month=1999-01"])
def test_an_odd_address_is_no_error(office, query):
    assert office.get(f"{SCHEDULE}?{query}").status_code == 200


def test_the_preview_costs_the_same_for_any_number_of_dates(office, django_assert_num_queries):
    course = rows.course()
    office.get(SCHEDULE)
    with django_assert_num_queries(QUERIES):
        office.post(SCHEDULE, rule(course, last="2027-02"))
    with django_assert_num_queries(QUERIES):
        office.post(SCHEDULE, rule(course, which="0", last="2028-06"))


# Session, user and rights among them.
QUERIES = 6


# The promise


def test_months_without_a_published_course_are_flagged(office, django_assert_num_queries):
    rows.run()
    rows.run(starts_at=clinic_time(2027, 2, 28, 23), state=RunState.DRAFT)
    rows.run(starts_at=clinic_time(2027, 3, 13, 9), state=RunState.CANCELLED)
    rows.run(starts_at=clinic_time(2027, 4, 10, 9), course=rows.course(published=False))
    rows.run(starts_at=clinic_time(2027, 5, 1, 0))
    with django_assert_num_queries(1):
        found = empty_months(NOW)
    assert [f"{month:%Y-%m}" for month in found] == [
        *("2026-11", "2026-12", "2027-02", "2027-03", "2027-04"),
        *("2027-06", "2027-07", "2027-08", "2027-09", "2027-10"),
    ]
    response = office.get("/admin/")
    page = response.content.decode()
    assert "10 months of the coming year without a published course" in words(response)
    figures = page.partition('class="figures"')[2].partition("</p>")[0]
    assert "payments to check" in figures
    assert "without a published course" in figures
    assert page.index("without a published course") < page.index("Next courses")
    assert f"{SCHEDULE}?month=2027-03" in page
    assert office.get(f"{SCHEDULE}?month=2027-03").context["form"]["first"].value() == "2027-03"


def test_nobody_else_is_told_of_empty_months():
    assert "without a published course" not in client_of(RECEPTION).get("/admin/").content.decode()
