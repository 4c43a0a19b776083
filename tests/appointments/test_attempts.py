"""An attempt belongs to one browser, and ends."""

from datetime import timedelta

import pytest
import time_machine

from appointments.models import Appointment, BookingDraft
from tests import factories
from tests.people import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def follow(patient: Patient) -> Patient:
    """Somebody else, who has the address of the attempt and not the browser."""
    other = Patient()
    other.attempt, other.who_url = patient.attempt, patient.who_url
    return other


def test_it_shows_nobody_else_what_was_typed(clinic, patient):
    patient.choose(clinic)
    patient.answer(reason="My back hurts")
    stranger = follow(patient)
    for url in (stranger.check_url, stranger.who_url, stranger.who_url.partition("?")[0]):
        page = stranger.client.get(url)
        assert "My back hurts" not in page.text
        assert "Patient One" not in page.text
    stranger.answer(name="Patient Two")
    assert "Patient One" in patient.client.get(patient.check_url).text


def test_it_leads_nobody_else_to_the_booking(clinic, patient):
    patient.book(clinic)
    stranger = follow(patient)
    assert stranger.send().status_code == 410
    assert stranger.client.get(stranger.check_url).status_code == 410


def test_it_does_not_lead_to_an_old_booking_by_a_new_form(clinic, patient):
    patient.book(clinic)
    with time_machine.travel(factories.NOW + timedelta(hours=5), tick=False):
        assert patient.answer(name="Patient Two").status_code == 410
        assert patient.send().status_code == 410
    assert Appointment.objects.get().name == "Patient One"


def test_it_keeps_nothing_without_the_cookie_of_the_form(clinic, patient):
    patient.choose(clinic)
    patient.client.cookies.clear()
    assert patient.answer().status_code == 403
    assert not BookingDraft.objects.exists()


def test_it_keeps_no_more_than_what_the_text_came_to(clinic, patient):
    patient.choose(clinic)
    patient.answer(name="Al" + "\x01" * 40_000)
    assert BookingDraft.objects.get().answers["name"] == "Al"
