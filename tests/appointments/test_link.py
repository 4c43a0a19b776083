"""The verb `link`: staff say which known person a booking is for (rule B4)."""

import pytest
from django.core.exceptions import PermissionDenied

from appointments import booking
from appointments.models import Patient
from appointments.refusals import PatientElsewhere
from ipsc.history import PATIENT, SITE
from tests import factories
from tests.appointments.desk import everything, reception, records, refused
from tests.factories import TOMORROW, at

pytestmark = pytest.mark.django_db


def test_it_links_a_booking_to_a_person_and_unlinks_it():
    made, known = factories.appointment(), factories.patient()
    booking.link(appointment=made, patient=known, by=reception())
    made.refresh_from_db()
    assert made.patient == known
    booking.link(appointment=made, patient=None, by=reception())
    made.refresh_from_db()
    assert made.patient is None
    assert [record[1:3] for record in records(made)[1:]] == [("reception", "linked")] * 2


def test_it_copies_nothing_either_way():
    made = factories.appointment(name="Patient One", phone=factories.phone(1))
    known = factories.patient(name="Patient Two", phone=factories.phone(2))
    before = Patient.objects.values().get()
    linked = booking.link(appointment=made, patient=known, by=reception())
    linked.refresh_from_db()
    assert (linked.name, linked.phone.as_e164, linked.sequence) == ("Patient One", factories.phone(1), 0)
    assert Patient.objects.values().get() == before


def test_it_refuses_in_words_a_person_who_is_elsewhere_then():
    known = factories.patient()
    factories.appointment(patient=known, starts_at=at(TOMORROW, "10:19"))
    made = factories.appointment()
    with refused(PatientElsewhere, "This patient already has an appointment at that time."):
        booking.link(appointment=made, patient=known, by=reception())


def test_it_links_a_person_who_comes_straight_from_another_visit():
    known = factories.patient()
    factories.appointment(patient=known, starts_at=at(TOMORROW, "10:20"))
    assert booking.link(appointment=factories.appointment(), patient=known, by=reception()).patient == known


@pytest.mark.parametrize("by", [PATIENT, SITE])
def test_it_is_done_by_staff_only(by):
    made, known = factories.appointment(), factories.patient()
    before = everything()
    with pytest.raises(PermissionDenied):
        booking.link(appointment=made, patient=known, by=by)
    assert everything() == before
