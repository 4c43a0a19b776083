"""The booking by its signed link (rule B6)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from appointments.links import manage_url
from appointments.models import Appointment, Status
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


@pytest.mark.parametrize("status", Status)
def test_it_shows_a_booking_in_every_state(client, status):
    appointment = factories.appointment(status=status)
    page = client.get(manage_url(appointment))
    assert page.status_code == 200
    assert appointment.spoken_reference in page.text
    assert ("Add to my calendar" in page.text) == (status in (Status.REQUESTED, Status.BOOKED))
    assert ("Your time is kept for you" in page.text) == (status == Status.BOOKED)
    assert ("We hold the time for you" in page.text) == (status == Status.REQUESTED)
    assert ("Reception knows that you are here" in page.text) == (status in (Status.ARRIVED, Status.IN_CONSULTATION))


def test_it_does_not_say_that_a_time_is_kept_once_it_has_begun(client):
    appointment = factories.appointment()
    with time_machine.travel(appointment.starts_at, tick=False):
        page = client.get(manage_url(appointment)).text
    assert "was to have begun by now" in page
    for untrue in ("is kept for you", "Add to my calendar", "If you cannot come"):
        assert untrue not in page


def test_it_does_not_promise_an_answer_by_a_moment_that_is_past(client):
    appointment = factories.appointment(status=Status.REQUESTED)
    with time_machine.travel(appointment.answer_by_at, tick=False):
        page = client.get(manage_url(appointment)).text
    assert "have not. We are sorry" in page
    assert "We hold the time" not in page


def test_it_changes_nothing_when_a_scanner_opens_it(client):
    appointment = factories.appointment()
    before = Appointment.objects.values().get()
    for method in (client.get, client.head):
        assert method(manage_url(appointment)).status_code == 200
    assert client.post(manage_url(appointment)).status_code == 405
    assert Appointment.objects.values().get() == before
    assert appointment.history.count() == 1


def test_it_ends_every_older_link_when_the_version_is_raised(client):
    appointment = factories.appointment()
    old = manage_url(appointment)
    appointment.link_version += 1
    appointment.save()
    assert client.get(old).status_code == 404
    assert client.get(manage_url(appointment)).status_code == 200


def test_it_ends_after_the_day_of_the_visit(client):
    appointment = factories.appointment()
    end = factories.clinic_time(2026, 11, 27)
    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert client.get(manage_url(appointment)).status_code == 200
    with time_machine.travel(end, tick=False):
        page = client.get(manage_url(appointment))
        assert page.status_code == 404
        assert "does not open a booking" in page.text


def test_it_gives_the_calendar_entry_to_download(client):
    url = manage_url(factories.appointment()) + "calendar.ics"
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert client.get(reverse("appointments:calendar", args=["forged"])).status_code == 404


def test_it_tells_nobody_about_other_bookings(client):
    """No page answers with anything about a booking to whoever has no link (rule B4)."""
    appointment = factories.appointment()
    for address in (appointment.reference, appointment.public_id, str(appointment.pk), f"{appointment.public_id}.1"):
        page = client.get(reverse("appointments:manage", args=[address]))
        assert page.status_code == 404
        assert appointment.name not in page.text
