"""The calendar entry, read back by an independent eye: the raw lines and the icalendar parser."""

from datetime import UTC, timedelta

import pytest
from icalendar import Calendar

from appointments import ical
from appointments.models import Status
from ipsc.models import ClinicSettings
from tests import factories

pytestmark = pytest.mark.django_db


def read(appointment, **settings):
    body = ical.entry(appointment, ClinicSettings(pk=1, **settings))
    calendar = Calendar.from_ical(body)
    return calendar, calendar.walk("VEVENT")[0], body.decode()


def test_it_gives_the_time_with_its_zone():
    appointment = factories.appointment()
    calendar, event, body = read(appointment)
    assert event["dtstart"].dt.astimezone(UTC) == appointment.starts_at
    assert event["dtend"].dt.astimezone(UTC) == appointment.ends_at
    assert "DTSTART;TZID=Asia/Kolkata:20261126T100000" in body
    assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Asia/Kolkata"
    assert event.walk("VALARM")[0]["trigger"].dt == timedelta(hours=-3)


def test_it_keeps_its_uid_through_every_change_and_counts_versions():
    appointment = factories.appointment()
    _calendar, before, _body = read(appointment)
    appointment.starts_at += timedelta(days=1)
    appointment.ends_at += timedelta(days=1)
    appointment.sequence += 1
    _calendar, after, _body = read(appointment)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert read(factories.appointment(starts_at=appointment.starts_at))[1]["uid"] != before["uid"]


def test_it_tells_nothing_about_health():
    service = factories.service(name="Injection for back pain")
    appointment = factories.appointment(service=service, reason="My leg is weak", name="Patient One")
    body = read(appointment)[2]
    for secret in ("Injection", "back pain", "weak", "Patient One", appointment.clinician.name):
        assert secret not in body


@pytest.mark.parametrize(
    ("status", "word"),
    [(Status.BOOKED, "CONFIRMED"), (Status.REQUESTED, "TENTATIVE"), (Status.CANCELLED, "CANCELLED")],
)
def test_it_says_how_certain_the_visit_is(status, word):
    assert read(factories.appointment(status=status))[1]["status"] == word


def test_it_names_the_place_only_when_there_is_one():
    appointment = factories.appointment()
    assert "location" not in read(appointment)[1]
    assert read(appointment, address="Ward 3,\nNew Delhi")[1]["location"] == "Ward 3, New Delhi"
