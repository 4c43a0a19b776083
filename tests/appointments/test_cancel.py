"""The verb `cancel` (rule B5)."""

from datetime import timedelta

import pytest

from appointments import booking
from appointments.models import Appointment, Status
from appointments.refusals import WrongStatus
from ipsc.history import PATIENT
from tests import factories
from tests.appointments.desk import book, everything, reception, records, refused
from tests.factories import NOW, TOMORROW, at

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=5)
CHANGED = "The appointment has changed meanwhile; look at it again before you go on."


@pytest.mark.parametrize("status", [Status.REQUESTED, Status.BOOKED, Status.ARRIVED])
def test_it_cancels_a_visit_that_holds_time(status):
    made = factories.appointment(status=status)
    booking.cancel(appointment=made, by=PATIENT, now=LATER, reason="I feel better")
    made.refresh_from_db()
    assert (made.status, made.cancelled_at, made.cancelled_by) == (Status.CANCELLED, LATER, "patient")
    assert (made.end_reason, made.sequence) == ("I feel better", 1)
    assert records(made)[1:] == [("~", "patient", "I feel better", Status.CANCELLED)]


def test_it_records_the_member_of_staff_who_cancelled():
    by = reception()
    made = factories.appointment()
    booking.cancel(appointment=made, by=by, now=LATER)
    made.refresh_from_db()
    assert (made.cancelled_by, made.end_reason) == ("reception", "")
    assert made.history.first().history_user == by.user


def test_it_frees_the_time_at_once(clinic):
    made = book(clinic)
    booking.cancel(appointment=made, by=PATIENT, now=NOW)
    assert book(clinic).starts_at == made.starts_at


def test_it_deletes_nothing(clinic):
    made = book(clinic, name="Patient One")
    booking.cancel(appointment=made, by=PATIENT, now=LATER)
    kept = Appointment.objects.get()
    assert (kept.name, kept.starts_at, kept.booked_at) == ("Patient One", at(TOMORROW, "10:00"), NOW)


def test_it_changes_nothing_the_second_time():
    made = factories.appointment()
    booking.cancel(appointment=made, by=PATIENT, now=LATER, reason="I feel better")
    before = everything()
    again = booking.cancel(appointment=made, by=reception(), now=LATER + timedelta(hours=1), reason="No", sequence=0)
    assert everything() == before
    assert again.cancelled_by == "patient"


@pytest.mark.parametrize("status", [Status.IN_CONSULTATION, Status.FULFILLED, Status.NO_SHOW, Status.DECLINED])
@pytest.mark.parametrize("by", ["patient", "reception"])
def test_it_refuses_to_cancel_what_is_over(status, by):
    made = factories.appointment(status=status)
    with refused(WrongStatus, CHANGED):
        booking.cancel(appointment=made, by=PATIENT if by == "patient" else reception(), now=LATER)


def test_it_refuses_on_the_strength_of_an_old_page():
    made = factories.appointment(sequence=3)
    for seen in (2, 4):
        with refused(WrongStatus, CHANGED):
            booking.cancel(appointment=made, by=PATIENT, now=LATER, sequence=seen)
    assert booking.cancel(appointment=made, by=PATIENT, now=LATER, sequence=3).sequence == 4


def test_it_looks_at_the_row_and_not_at_the_object_it_was_given():
    made = factories.appointment()
    Appointment.objects.filter(pk=made.pk).update(status=Status.FULFILLED, fulfilled_at=NOW, name="Patient Two")
    with refused(WrongStatus, CHANGED):
        booking.cancel(appointment=made, by=PATIENT, now=LATER)
    Appointment.objects.filter(pk=made.pk).update(status=Status.BOOKED, fulfilled_at=None)
    assert booking.cancel(appointment=made, by=PATIENT, now=LATER).name == "Patient Two"


def test_it_keeps_a_long_reason_whole_beside_a_short_one_in_history():
    made = factories.appointment()
    reason = "दर्द " * 100
    booking.cancel(appointment=made, by=PATIENT, now=LATER, reason=reason)
    made.refresh_from_db()
    assert made.end_reason == reason
    assert records(made)[-1][2] == reason[:100]
