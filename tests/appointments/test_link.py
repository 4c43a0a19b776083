"""The verbs `link` and `register`: staff say which known person a booking is for (rule B4)."""

import pytest
from django.core.exceptions import PermissionDenied

from appointments import booking
from appointments.models import Patient
from appointments.refusals import PatientElsewhere, WrongStatus
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


def test_it_refuses_to_link_on_the_strength_of_an_old_page():
    made, known = factories.appointment(sequence=2), factories.patient()
    with refused(WrongStatus, "The appointment has changed meanwhile; look at it again before you go on."):
        booking.link(appointment=made, patient=known, by=reception(), sequence=1)
    assert booking.link(appointment=made, patient=known, by=reception(), sequence=2).patient == known


# The verb `register` makes that person first


def test_it_makes_a_person_of_what_a_booking_says():
    by = reception()
    made = factories.appointment(name="सुनीता देवी", phone=factories.phone(7), email="patient@example.com")
    linked = booking.register(appointment=made, by=by)
    known = Patient.objects.get()
    linked.refresh_from_db()
    assert linked.patient == known
    assert (known.name, known.search_name, known.phone, known.email) == (
        "सुनीता देवी",
        "sunita devi /snt/ /dv/",
        made.phone,
        "patient@example.com",
    )
    assert (known.history.get().actor, known.history.get().history_change_reason) == ("reception", "from a booking")
    assert records(made)[-1][1:3] == ("reception", "linked")


def test_it_makes_one_person_however_often_it_is_asked():
    made = factories.appointment()
    booking.register(appointment=made, by=reception())
    before = everything()
    booking.register(appointment=made, by=reception(), sequence=99)
    assert everything() == before
    assert Patient.objects.count() == 1


def test_it_makes_another_person_even_where_name_and_phone_are_known():
    """One phone serves a family, and names repeat: only staff can tell, by linking instead."""
    factories.patient(name="Patient One", phone=factories.phone(1))
    booking.register(appointment=factories.appointment(), by=reception())
    assert Patient.objects.filter(name="Patient One").count() == 2


def test_it_makes_nobody_on_the_strength_of_an_old_page():
    made = factories.appointment(sequence=2)
    with refused(WrongStatus, "The appointment has changed meanwhile; look at it again before you go on."):
        booking.register(appointment=made, by=reception(), sequence=1)
    assert not Patient.objects.exists()


@pytest.mark.parametrize("by", [PATIENT, SITE])
def test_it_makes_nobody_for_anybody_but_staff(by):
    with pytest.raises(PermissionDenied):
        booking.register(appointment=factories.appointment(), by=by)
    assert not Patient.objects.exists()


def test_it_adopts_a_sample_that_staff_link():
    """Rule F3: what staff work with is the clinic's own."""
    made = factories.appointment(is_sample=True)
    assert not booking.link(appointment=made, patient=None, by=reception()).is_sample
    made = factories.appointment(is_sample=True)
    assert not booking.register(appointment=made, by=reception()).is_sample
