"""A month of the catalogue: what runs in it, the months before and after, and what is no month."""

import pytest
import time_machine
from django.utils import translation

from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.public_pages import read
from tests.staff import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def clinic():
    row = ClinicSettings(pk=1, enrolment_open=True, phone="+911145678901", address="Plot 1\nNew Delhi")
    row.save()
    return row


LONG = "9" * 5000  # more digits than Python reads as a number


def titled(title, **fields):
    return rows.run(course=rows.course(title=title), **fields)


def titles(response) -> list[str]:
    return [tag.text.strip() for tag in read(response.text).all("h2", class_="run-title")]


@pytest.fixture
def year():
    """A course in October and in January, two in February."""
    titled("October", starts_at=clinic_time(2026, 10, 10, 9))
    titled("January", starts_at=clinic_time(2027, 1, 9, 9))
    titled("Late", starts_at=clinic_time(2027, 2, 28, 23))
    titled("Early", starts_at=clinic_time(2027, 2, 1, 0))


def test_it_shows_what_begins_in_it_by_the_clock_of_the_clinic(client, year):
    response = client.get("/courses/2027/02/")
    assert titles(response) == ["Early", "Late"]
    assert read(response.text).title == "Courses in February 2027 – IPSC"


def test_a_past_month_says_what_has_run(client, year):
    response = client.get("/courses/2026/10/")
    assert titles(response) == ["October"]
    ran, _, next_ = words(response).partition("What comes next")
    assert "Past Other dates" in ran
    assert "Enrol" not in ran
    assert "January" in next_


def test_a_cancelled_run_stays_where_people_look_for_it(client):
    titled("Called off", state="cancelled")
    assert "Cancelled" in words(client.get("/courses/2027/01/"))


def test_it_leads_to_the_months_before_and_after_within_what_is_planned(client, year):
    links = read(client.get("/courses/2027/01/").text).links
    assert {"/courses/2026/12/", "/courses/2027/02/"} <= set(links)
    links = read(client.get("/courses/2027/02/").text).links
    assert "/courses/2027/03/" not in links
    # Beyond it, the way leads back.
    links = read(client.get("/courses/2031/05/").text).links
    assert "/courses/2031/06/" not in links
    assert "/courses/2031/04/" in links


def test_it_shows_its_year_and_the_years_beside_it(client, year):
    response = client.get("/courses/2027/01/")
    assert 'href="/courses/2027/01/" aria-current="page"' in response.text
    assert "The year 2027" in words(response)
    assert "/courses/2026/12/" in read(response.text).links


def test_an_empty_month_says_what_comes_next(client, year):
    response = client.get("/courses/2026/12/")
    said = words(response)
    assert "No course is planned in December 2026 yet." in said
    assert "What comes next" in said
    assert "January" in said
    assert "/courses/2027/01/" in read(response.text).links


def test_an_empty_month_of_the_past_leads_to_what_is_to_come(client, year):
    said = words(client.get("/courses/2026/08/"))
    assert "No course ran in August 2026." in said
    assert "January" in said
    assert "October 2026" not in said.partition("What comes next")[2].partition("The year")[0]


def test_a_month_after_the_last_course_leads_to_the_catalogue(client, year):
    response = client.get("/courses/2029/01/")
    said = "No course is planned in January 2029 yet. The last month that has a course: February 2027 To all courses"
    assert said in words(response)
    assert "/courses/2027/02/" in read(response.text).links


def test_a_past_month_after_which_nothing_is_planned_says_so(client):
    titled("October", starts_at=clinic_time(2026, 10, 10, 9))
    assert "The next dates have not been entered yet. Please ask us." in words(client.get("/courses/2026/10/"))


def test_a_month_in_which_all_is_cancelled_says_what_one_can_still_join(client):
    titled("Called off", starts_at=clinic_time(2026, 12, 5, 9), state="cancelled")
    titled("Closed", starts_at=clinic_time(2027, 1, 9, 9), closes_at=NOW)
    titled("Later", starts_at=clinic_time(2027, 3, 6, 9), opens_at=clinic_time(2026, 12, 20))
    said = words(client.get("/courses/2026/12/")).partition("What comes next")[2].partition("The year")[0]
    assert "Later" in said
    assert "Enrolment opens on" in said
    assert "Closed" not in said


def test_a_month_with_something_to_come_points_nowhere_else(client, year):
    assert "What comes next" not in words(client.get("/courses/2027/01/"))


def test_no_tile_counts_to_nought(client, year):
    said = words(client.get("/courses/2026/12/"))
    assert "0 courses" not in said
    assert "Dec 2026 no course" in said


def test_it_is_whole_before_there_is_any_course(client):
    for address in ("/courses/", "/courses/2027/01/", "/courses/2026/01/"):
        assert client.get(address).status_code == 200


def test_a_filter_that_finds_nothing_says_so_and_can_be_taken_away(client, year):
    response = client.get("/courses/2027/01/?category=cancer")
    assert "Nothing that you look for runs in January 2027. Show all courses" in words(response)
    assert "/courses/2027/01/" in read(response.text).links


def test_the_next_course_fits_what_is_looked_for(client, year):
    course = rows.course(title="Cancer", categories=["cancer"])
    rows.run(course=course, starts_at=clinic_time(2027, 6, 1, 9))
    response = client.get("/courses/2027/01/?category=cancer")
    assert "Cancer" in words(response).partition("What comes next")[2]
    assert "/courses/2027/06/?category=cancer" in read(response.text).links


@pytest.mark.parametrize(
    "address",
    [
        "2027/13/",
        "2027/0/",
        "2027/00/",
        "0/1/",
        "9999/1/",
        "1999/12/",
        "2100/01/",
        "2027/99999999999/",
        f"{'9' * 400}/1/",
    ],
)
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_what_is_no_month_is_a_page_in_words(client, prefix, address):
    response = client.get(f"{prefix}/courses/{address}")
    assert response.status_code == 404
    found = read(response.text)
    assert f"{prefix}/courses/" in found.links
    assert found.canonical is None
    if not prefix:
        assert "There is no such month" in words(response)


@pytest.mark.parametrize(
    "address", ["2027/-1/", "2027/x/", "2027/1.5/", "-5/1/", f"{'9' * 5000}/1/", f"2027/{'9' * 5000}/"]
)
def test_an_address_that_is_none_is_not_found(client, address):
    assert client.get(f"/courses/{address}").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_month_has_one_address(client, year, prefix):
    response = client.get(f"{prefix}/courses/2027/1/?category=cancer&x=1")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{prefix}/courses/2027/01/?category=cancer"
    found = read(client.get(f"{prefix}/courses/2027/01/").text)
    assert found.alternates["hi"] == "http://testserver/hi/courses/2027/01/"


def test_it_costs_four_queries_however_many_runs_there_are(client, year, django_assert_num_queries):
    for day in range(1, 29):
        rows.enrolment(titled("More", starts_at=clinic_time(2027, 3, day, 9)))
    for address in ("/courses/2027/03/", "/courses/2027/03/?places=free&mode=online", "/courses/2026/12/"):
        with django_assert_num_queries(4):
            assert client.get(address).status_code == 200


def test_machines_are_told_what_runs_in_it(client, year):
    kinds = {each["@type"]: each for each in read(client.get("/courses/2027/02/").text).blocks}
    assert [each["name"] for each in kinds["ItemList"]["itemListElement"]] == ["Early", "Late"]
    assert kinds["BreadcrumbList"]["itemListElement"][0]["item"] == "http://testserver/courses/"
