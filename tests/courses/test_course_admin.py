"""Courses and faculty in the admin: their addresses, their words, and their lists."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from courses.models import Course, Faculty, OldCourseSlug
from courses.slugs import propose
from ipsc.roles import COURSE_OFFICE
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.staff import client_of, words

pytestmark = pytest.mark.django_db
COURSES, FACULTY = "/admin/courses/course/", "/admin/courses/faculty/"


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office():
    return client_of(COURSE_OFFICE)


def new(**changed):
    values = {
        "title": "Basics of pain",
        "slug": "",
        "summary": "What everybody should know.",
        "level": "introductory",
        "hours": "8",
        "fee": "5000",
        "order": "100",
        "published": "on",
    }
    return values | changed


def change(client, course, **changed):
    seen = client.get(f"{COURSES}{course.pk}/change/").context["adminform"].form["seen"].value()
    sent = new(title=course.title, slug=course.slug, hours=str(course.hours), seen=seen)
    return client.post(f"{COURSES}{course.pk}/change/", sent | changed)


def test_a_new_course_gets_its_address_from_its_title(office):
    author = rows.faculty()
    response = office.post(f"{COURSES}add/", new(categories=["acute", "cancer"], authors=[author.pk]))
    assert response.status_code == 302
    course = Course.objects.get()
    assert (course.slug, course.categories, course.authors.get()) == ("basics-of-pain", ["acute", "cancer"], author)
    assert course.history.first().actor == "course-office"


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Basics", "basics-2"), ("Find", "find-2"), ("2027", "course-2027"), ("!!!", "course"), ("दर्द", "drd")],
)
def test_a_proposed_address_is_free_and_the_courses_own(title, slug):
    rows.course(slug="basics")
    assert propose(title) == slug


def test_a_moved_address_of_a_public_course_leads_on(office):
    course = rows.course(slug="one")
    assert change(office, course, slug="two").status_code == 302
    assert OldCourseSlug.objects.get().slug == "one"
    change(office, Course.objects.get(), slug="one")
    assert OldCourseSlug.objects.get().slug == "two"


def test_a_moved_address_that_nobody_knew_leaves_nothing(office):
    change(office, rows.course(slug="one", published=False), slug="two")
    assert Course.objects.get().slug == "two"
    assert not OldCourseSlug.objects.exists()


def test_an_address_that_led_elsewhere_is_told(office):
    change(office, rows.course(slug="one"), slug="two")
    assert "This address led to another course before." in words(office.post(f"{COURSES}add/", new(slug="one")))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "a\0"}, "Null characters are not allowed."),
        ({"slug": "find"}, "The site uses this word for another page."),
        ({"slug": "2027"}, "The site uses this word for another page."),
        ({"slug": "a b"}, "Enter a valid"),
        ({"hours": "0"}, "greater than or equal to 0.5"),
        ({"hours": "NaN"}, "Enter a number."),
        ({"hours": "1e400"}, "Ensure that there are no more than"),
        ({"categories": ["acute", "x"]}, "Select a valid choice"),
        ({"level": "x"}, "Select a valid choice"),
        ({"fee": str(10**9)}, "less than or equal to"),
        ({"order": "99999999"}, "less than or equal to"),
        ({"authors": ["999"]}, "Select a valid choice"),
        ({"summary": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_cannot_be_is_told(office, wrong, told):
    response = office.post(f"{COURSES}add/", new() | wrong)
    assert response.status_code == 200
    assert told in words(response)
    assert not Course.objects.exists()


def test_editing_a_sample_makes_it_the_clinics_own(office):
    course = rows.course(is_sample=True)
    change(office, course, title="Other")
    assert not Course.objects.get().is_sample


def test_somebody_elses_change_is_told(office):
    course = rows.course()
    seen = office.get(f"{COURSES}{course.pk}/change/").context["adminform"].form["seen"].value()
    change(office, course, title="Theirs")
    response = change(office, course, title="Mine", seen=seen)
    assert "Somebody else has changed this" in words(response)
    assert Course.objects.get().title == "Theirs"


def test_hiding_a_course_with_coming_runs_is_said(office):
    run = rows.run()
    sent = new(title=run.course.title, slug=run.course.slug)
    seen = office.get(f"{COURSES}{run.course_id}/change/").context["adminform"].form["seen"].value()
    del sent["published"]
    response = office.post(f"{COURSES}{run.course_id}/change/", sent | {"seen": seen}, follow=True)
    assert "Nobody outside sees the coming runs of this course now." in response.content.decode()


def test_the_list_shows_the_next_run_at_a_fixed_cost(office, django_assert_num_queries):
    run = rows.run()
    rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    rows.run(course=run.course, starts_at=clinic_time(2027, 3, 13, 9), state="draft")
    page = words(office.get(COURSES))
    assert "Sat 9 Jan" in page
    assert office.get(COURSES).context["cl"].result_list[0].to_come == 2
    for _each in range(10):
        rows.run()
    with django_assert_num_queries(QUERIES):
        office.get(COURSES)


# Session, user and rights among them.
QUERIES = 6


# The faculty


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (40, 40), "green").save(kept, "PNG")
    return SimpleUploadedFile("photo.png", kept.getvalue(), "image/png")


def member(**changed):
    return {"name": "Consultant, pain", "order": "100", "active": "on"} | changed


def test_somebody_is_entered_with_a_photo(office):
    assert office.post(f"{FACULTY}add/", member(picture_file=picture())).status_code == 302
    found = Faculty.objects.get()
    assert found.photo is not None
    page = f"{FACULTY}{found.pk}/change/"
    seen = office.get(page).context["adminform"].form["seen"].value()
    office.post(page, member(picture_gone="on", seen=seen))
    assert Faculty.objects.get().photo is None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "This field is required."),
        ({"interests": "None"}, "A declaration of interests has a date"),
        ({"interests_on": "2026-01-01"}, "A declaration of interests has a date"),
        ({"interests_on": "yesterday"}, "Enter a valid date."),
        ({"about": "x\0"}, "Null characters are not allowed."),
        ({"order": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_of_somebody_is_told(office, wrong, told):
    response = office.post(f"{FACULTY}add/", member() | wrong)
    assert response.status_code == 200
    assert told in words(response)
    assert not Faculty.objects.exists()


def test_the_faculty_is_listed_at_a_fixed_cost(office, django_assert_num_queries):
    for _each in range(8):
        rows.faculty()
    office.get(FACULTY)
    with django_assert_num_queries(QUERIES):
        office.get(FACULTY)
