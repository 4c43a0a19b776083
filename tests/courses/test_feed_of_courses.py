"""The catalogue as a calendar to subscribe to."""

import pytest
import time_machine
from django.utils import translation
from icalendar import Calendar

from courses.models import Mode
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.factories import NOW, clinic_time
from tests.public_pages import read

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


def events(client, prefix=""):
    response = client.get(f"{prefix}/courses/calendar.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def test_it_holds_every_public_run_with_time_place_and_address(client):
    run = rows.run(course=rows.course(title="Blocks", summary="All about blocks."), venue="Hall 2\nJaipur")
    rows.run(state="draft")
    rows.run(course=rows.course(published=False))
    (event,) = events(client)
    assert event["SUMMARY"] == "Blocks"
    assert event.decoded("DTSTART") == run.starts_at
    assert event.decoded("DTEND") == run.ends_at
    assert event["LOCATION"] == "Hall 2, Jaipur"
    assert event["URL"] == f"http://testserver{run.course.get_absolute_url()}"
    assert event["STATUS"] == "CONFIRMED"
    # Looking at the catalogue takes nobody's time.
    assert event["TRANSP"] == "TRANSPARENT"


def test_an_entry_keeps_its_name_through_every_change(client):
    run = rows.run()
    (before,) = events(client)
    run.starts_at, run.ends_at, run.sequence = clinic_time(2027, 1, 16, 9), clinic_time(2027, 1, 16, 17), 3
    run.save()
    (after,) = events(client)
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 3)


def test_no_two_runs_share_a_name(client):
    for month in (1, 2, 3):
        rows.run(starts_at=clinic_time(2027, month, 1, 9))
    assert len({event["UID"] for event in events(client)}) == 3


def test_a_cancelled_run_is_taken_away(client):
    run = rows.run()
    run.state, run.cancelled_at, run.cancelled_by, run.cancel_reason = "cancelled", NOW, "office", "Flood"
    run.sequence = 1
    run.save()
    (event,) = events(client)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert "Flood" not in str(event.to_ical())


def test_the_joining_link_is_not_in_it(client):
    rows.run(mode=Mode.ONLINE, joining_url="https://meet.example/secret", venue="Hall 2")
    (event,) = events(client)
    assert b"meet.example" not in event.to_ical()
    assert "LOCATION" not in event


def test_it_speaks_the_language_of_its_address(client):
    rows.run(course=rows.course(title="Blocks", title_hi="ब्लॉक"))
    assert [event["SUMMARY"] for event in events(client)] == ["Blocks"]
    (event,) = events(client, "/hi")
    assert event["SUMMARY"] == "ब्लॉक"
    assert "/hi/courses/" in event["URL"]


def test_what_is_long_over_has_left_it(client):
    rows.run(starts_at=clinic_time(2026, 1, 9, 9))
    rows.run(starts_at=clinic_time(2026, 10, 9, 9))
    assert len(events(client)) == 1


def test_it_is_the_same_file_while_nothing_has_changed(client):
    rows.run()
    first = client.get("/courses/calendar.ics").content
    with time_machine.travel(NOW + rows.timedelta(hours=3), tick=False):
        assert client.get("/courses/calendar.ics").content == first


def test_it_is_there_before_there_is_any_course(client):
    assert events(client) == []


def test_it_costs_two_queries_however_many_runs(client, django_assert_num_queries):
    for month in range(1, 10):
        rows.run(starts_at=clinic_time(2027, month, 1, 9))
    with django_assert_num_queries(2):
        events(client)


def test_the_catalogue_says_how_to_subscribe(client):
    assert "webcal://testserver/courses/calendar.ics" in read(client.get("/courses/").text).links
    assert "webcal://testserver/hi/courses/calendar.ics" in read(client.get("/hi/courses/").text).links


def test_typed_line_ends_break_no_entry(client):
    rows.run(course=rows.course(title="Blocks", summary="One\r\nEND:VEVENT\r\nTwo"), venue="A\r\nSTATUS:X")
    (event,) = events(client)
    assert event["STATUS"] == "CONFIRMED"
