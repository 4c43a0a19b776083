"""The first page of the catalogue: this month, what comes next, the year, and what narrows it down."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from courses.models import Mode, Status
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


def page(client, query="", status=200):
    response = client.get(f"/courses/{query}")
    assert response.status_code == status
    return response


def titles(response) -> list[str]:
    return [tag.text.strip() for tag in read(response.text).all("h3")]


def titled(title, **fields):
    of_course = {name: fields.pop(name) for name in ("categories", "level", "published") if name in fields}
    return rows.run(course=rows.course(title=title, **of_course), **fields)


def test_it_shows_this_month_and_then_what_comes_next(client):
    titled("Over", starts_at=clinic_time(2026, 11, 3, 9))
    titled("Late this month", starts_at=clinic_time(2026, 11, 28, 9))
    titled("In February", starts_at=clinic_time(2027, 2, 1, 9))
    titled("In December", starts_at=clinic_time(2026, 12, 31, 9))
    response = page(client)
    assert titles(response) == ["Late this month", "In December", "In February"]
    assert "This month: November 2026" in words(response)
    assert "/courses/2026/12/" in read(response.text).links


def test_a_run_that_is_under_way_is_still_of_this_month(client):
    titled("Now", starts_at=clinic_time(2026, 11, 24, 9), ends_at=clinic_time(2026, 11, 26, 17))
    assert "Under way" in words(page(client))


def test_each_card_tells_what_decides(client):
    run = titled(
        "Blocks",
        categories=["interventions"],
        starts_at=clinic_time(2027, 1, 9, 9),
        mode=Mode.HYBRID,
        fee=150_000,
        early_fee=140_000,
        early_until_on=clinic_time(2026, 12, 20).date(),
    )
    said = words(page(client))
    assert "Sat 9 Jan" in said
    assert "on-site and online · New Delhi · 8 h · introductory" in said
    assert "9:00 am – 5:00 pm" in said
    assert "₹ 1,40,000 until 20 Dec, then ₹ 1,50,000" in said
    assert "Only 5 places left Enrol" in said
    assert f"/courses/runs/{run.public_id}/enrol/" in read(page(client).text).links


def test_a_course_of_several_days_names_the_first_and_the_last(client):
    titled("Long", starts_at=clinic_time(2027, 1, 30, 9), ends_at=clinic_time(2027, 2, 1, 17))
    said = words(page(client))
    # Beside the tile, both days are for screen readers alone, to whom the tile is silent.
    assert '<p class="run-date" aria-hidden="true">' in page(client).text
    assert said.count("Saturday 30 January to Monday 1 February 2027, Sat 9:00 am – Mon 5:00 pm") == 1
    assert "– 1 Feb" in said


def test_a_course_that_ends_at_midnight_ends_on_that_day(client):
    titled("Late", starts_at=clinic_time(2027, 1, 30, 18), ends_at=clinic_time(2027, 1, 31, 0))
    assert "Saturday 30 January 2027, 6:00 pm – 12:00 am" in words(page(client))


def test_the_year_is_twelve_months_with_their_counts(client):
    for day in (1, 2, 3):
        titled("January", starts_at=clinic_time(2027, 1, day, 9))
    titled("Called off", starts_at=clinic_time(2027, 1, 5, 9), state="cancelled")
    # By the clock of the clinic, this one is in March; by that of Greenwich, in February.
    titled("March", starts_at=clinic_time(2027, 3, 1, 1))
    response = page(client)
    said = words(response)
    assert "Jan 2027 3 courses" in said
    assert "Mar 2027 1 course" in said
    assert "Feb 2027 no course" in said
    assert (
        len(
            [
                each
                for each in read(response.text).tags
                if each.name in ("a", "span") and "day" in each.attributes.get("class", "").split()
            ]
        )
        == 12
    )


def test_past_months_stay_within_reach(client):
    titled("Old", starts_at=clinic_time(2026, 9, 1, 9))
    titled("Older", starts_at=clinic_time(2024, 9, 1, 9))
    found = read(page(client).text)
    assert {"/courses/2026/09/", "/courses/2025/12/"} <= set(found.links)


def test_drafts_and_what_is_not_published_are_shown_nowhere(client, settings):
    titled("Draft", state="draft")
    titled("Hidden", published=False)
    sample = titled("Sample")
    sample.is_sample = True
    sample.save()
    assert titles(page(client)) == ["Sample"]
    settings.SHOWS_SAMPLES = False
    assert titles(page(client)) == []
    assert "The next dates have not been entered yet." in words(page(client))


def test_it_says_so_where_enrolment_is_closed_and_whom_to_call(client, clinic):
    clinic.enrolment_open = False
    clinic.course_phone = "+911145678902"
    clinic.save()
    titled("Blocks")
    said = words(page(client))
    assert "Enrolment online is closed at the moment." in said
    assert "Call us: +91 11 4567 8902" in said
    assert not [link for link in read(page(client).text).links if "/enrol/" in link]


@pytest.fixture
def three():
    titled("Nerves online", categories=["acute", "interventions"], mode=Mode.ONLINE, level="advanced")
    titled("Nerves here", categories=["interventions"], level="introductory")
    full = titled("Cancer, full", categories=["cancer"], mode=Mode.HYBRID, capacity=1)
    rows.enrolment(full)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?category=interventions", ["Nerves online", "Nerves here"]),
        ("?category=interventions&mode=online", ["Nerves online"]),
        ("?level=introductory&category=interventions", ["Nerves here"]),
        ("?mode=hybrid", ["Cancer, full"]),
        ("?places=free", ["Nerves online", "Nerves here"]),
        ("?places=free&category=cancer", []),
        # What is unknown is left out.
        ("?category=toes&mode=&level=%00&places=all&page=9", ["Nerves online", "Nerves here", "Cancer, full"]),
        ("?category=" + "x" * 5000, ["Nerves online", "Nerves here", "Cancer, full"]),
        ("?category=cancer&category=acute", ["Nerves online"]),
    ],
)
def test_it_narrows_down_by_what_one_looks_for(client, three, query, found):
    response = page(client, query)
    assert titles(response) == found
    if not found:
        assert "Nothing that you look for is planned at the moment. Show all courses" in words(response)


def test_each_filter_can_be_added_and_taken_away(client, three):
    links = read(page(client, "?category=cancer&mode=hybrid").text).links
    assert "/courses/?mode=hybrid" in links
    assert "/courses/?category=cancer" in links
    assert "/courses/?category=cancer&mode=hybrid&places=free" in links
    assert "/courses/?category=acute&mode=hybrid" in links
    assert "/courses/" in links
    # The months, too, keep what is looked for.
    assert "/courses/2027/01/?category=cancer&mode=hybrid" in links


def test_places_are_free_where_a_card_says_so(client):
    """The query and the pure function agree: people who wait come first, and offers that are over are free."""
    waits = titled("Waits", capacity=2)
    rows.enrolment(waits)
    rows.enrolment(waits, status=Status.WAITING)
    over = titled("Over", capacity=1)
    rows.enrolment(over, status=Status.OFFERED, offered_at=NOW - rows.timedelta(hours=2), offer_ends_at=NOW)
    titled("Not open", opens_at=NOW + rows.timedelta(seconds=1))
    titled("Closed", closes_at=NOW)
    titled("Called off", state="cancelled")
    assert titles(page(client, "?places=free")) == ["Over"]


def test_nothing_is_free_while_enrolment_is_closed(client, clinic, three):
    clinic.enrolment_open = False
    clinic.save()
    assert titles(page(client, "?places=free")) == []


def test_it_costs_four_queries_however_many_runs(client, three, django_assert_num_queries):
    for day in range(1, 20):
        titled("More", starts_at=clinic_time(2026, 12, day, 9))
    with django_assert_num_queries(4):
        page(client)
    with django_assert_num_queries(4):
        page(client, "?places=free&category=cancer&mode=online&level=advanced")


def test_it_is_in_the_navigation_of_every_page(client):
    links = read(client.get("/privacy/").text).links
    assert "/courses/" in links
    assert 'href="/courses/" aria-current="page"' in page(client).text
    for address in ("/courses/2027/01/", "/courses/find/"):
        assert 'href="/courses/" aria-current="true"' in client.get(address).text


def test_it_speaks_hindi_at_its_own_address(client):
    rows.run(course=rows.course(title="Blocks", title_hi="तंत्रिका ब्लॉक"))
    text = client.get("/hi/courses/").text
    assert "तंत्रिका ब्लॉक" in text
    assert "/hi/courses/2027/01/" in text


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({"opens_at": NOW + timedelta(days=1)}, "See the course"),
        ({"closes_at": NOW}, "Other dates"),
        ({"state": "cancelled"}, "Other dates"),
        ({"starts_at": NOW - timedelta(hours=1), "closes_at": NOW - timedelta(hours=1)}, "Other dates"),
    ],
)
def test_a_card_leads_on_where_one_cannot_enrol(client, fields, label):
    run = titled("Blocks", **fields)
    response = client.get(f"/courses/{run.month:%Y/%m}/")
    assert f"{label} : Blocks" in words(response)
    at = run.public_id if label == "See the course" else "dates"
    assert f"{run.course.get_absolute_url()}#{at}" in read(response.text).links
    # On the page itself there is no button to it.
    assert f"{label} : Blocks" not in words(client.get(run.course.get_absolute_url()))


def test_no_fee_is_asked_of_what_is_cancelled(client):
    titled("Called off", starts_at=clinic_time(2026, 11, 28, 9), state="cancelled")
    assert "₹" not in words(page(client))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_only(client, method):
    run = titled("Blocks")
    for address in ("/courses/", "/courses/2027/01/", run.course.get_absolute_url(), "/courses/calendar.ics"):
        assert getattr(client, method)(address).status_code == 405


def test_what_staff_have_typed_is_escaped(client):
    titled("<script>x</script>", venue='"><script>y</script>')
    text = page(client).text
    assert "<script>x" not in text
    assert "<script>y" not in text


def test_machines_are_told_the_courses_in_order(client):
    run = titled("Blocks")
    rows.run(course=run.course, starts_at=clinic_time(2027, 2, 13, 9))
    titled("Called off", state="cancelled")
    (found,) = read(page(client).text).blocks
    assert found["@type"] == "ItemList"
    assert [each["name"] for each in found["itemListElement"]] == ["Blocks"]
