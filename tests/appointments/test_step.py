"""The verb `step`: a visit through its day, and back (rule B5)."""

from datetime import timedelta

import pytest

from appointments import booking
from appointments.booking import STEPS
from appointments.models import Appointment, Status
from appointments.refusals import PatientElsewhere, SlotTaken, WrongStatus
from tests import factories
from tests.appointments.desk import everything, reception, records, refused
from tests.factories import TOMORROW, at

pytestmark = pytest.mark.django_db

LATER = at(TOMORROW, "10:05")
CHANGED = "The appointment has changed meanwhile; look at it again before you go on."
ENDS = (Status.FULFILLED, Status.NO_SHOW, Status.CANCELLED, Status.DECLINED)
PAIRS = [(before, after) for before in Status for after in Status if before != after]


def take(made: Appointment, to: Status, **options) -> Appointment:
    return booking.step(**({"appointment": made, "to": to, "by": reception(), "now": LATER} | options))


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[1] in STEPS[pair[0]]])
def test_it_goes_where_a_day_goes(before, after):
    made = factories.appointment(status=before)
    take(made, after, reason="As it happened")
    made.refresh_from_db()
    assert (made.status, getattr(made, f"{after}_at"), made.sequence) == (after, LATER, 1)
    assert [getattr(made, f"{end}_at") for end in ENDS if end != after] == [None] * (3 if after in ENDS else 4)
    assert made.cancelled_by == ""
    assert records(made)[1:] == [("~", "reception", "As it happened", after)]


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[1] not in STEPS[pair[0]]])
def test_it_goes_nowhere_else(before, after):
    made = factories.appointment(status=before)
    with refused(WrongStatus, CHANGED):
        take(made, after)


def test_it_has_a_way_from_every_status_and_cancels_by_no_back_door():
    assert STEPS.keys() == set(Status)
    assert all(Status.CANCELLED not in steps and Status.REQUESTED not in steps for steps in STEPS.values())


@pytest.mark.parametrize("status", Status)
def test_it_changes_nothing_where_it_is_already(status):
    made = factories.appointment(status=status)
    before = everything()
    take(made, status, sequence=99)
    assert everything() == before


def test_it_refuses_on_the_strength_of_an_old_page():
    made = factories.appointment()
    take(made, Status.ARRIVED, sequence=0)
    with refused(WrongStatus, CHANGED):
        take(made, Status.IN_CONSULTATION, sequence=0)
    take(made, Status.IN_CONSULTATION, sequence=1)


def test_it_says_why_a_request_is_declined():
    made = factories.appointment(status=Status.REQUESTED)
    take(made, Status.DECLINED, reason="The room is being painted")
    made.refresh_from_db()
    assert made.end_reason == "The room is being painted"
    take(made, Status.BOOKED)
    made.refresh_from_db()
    assert made.end_reason == ""


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.DECLINED, Status.NO_SHOW])
def test_it_refuses_in_words_an_undo_that_clashes(status):
    first = factories.appointment(status=status)
    factories.appointment(clinician=first.clinician, starts_at=at(TOMORROW, "10:19"))
    with refused(SlotTaken, "Another visit has that time."):
        take(first, Status.BOOKED)


def test_it_refuses_in_words_an_undo_that_clashes_with_a_later_consultation():
    first = factories.appointment(status=Status.FULFILLED)
    factories.appointment(clinician=first.clinician, status=Status.IN_CONSULTATION)
    with refused(SlotTaken, "Another visit has that time."):
        take(first, Status.IN_CONSULTATION)


def test_it_refuses_in_words_an_undo_that_would_have_a_person_in_two_places():
    patient = factories.patient()
    first = factories.appointment(status=Status.CANCELLED, patient=patient)
    factories.appointment(patient=patient, starts_at=at(TOMORROW, "10:19"))
    with refused(PatientElsewhere, "This patient already has an appointment at that time."):
        take(first, Status.BOOKED)


def test_it_undoes_an_end_beside_a_visit_that_touches():
    first = factories.appointment(status=Status.CANCELLED)
    factories.appointment(clinician=first.clinician, starts_at=at(TOMORROW, "10:20"))
    assert take(first, Status.BOOKED).status == Status.BOOKED


def test_it_confirms_a_request_that_is_overdue_but_still_held(clinic):
    made = factories.appointment(status=Status.REQUESTED)
    assert take(made, Status.BOOKED, now=made.answer_by_at + timedelta(hours=1)).status == Status.BOOKED


def test_it_undoes_no_end_over_a_visit_that_was_squeezed_in_meanwhile():
    first = factories.appointment(status=Status.CANCELLED)
    factories.appointment(service=first.service, clinician=first.clinician, squeeze_in=True)
    with refused(SlotTaken, "Another visit has that time."):
        take(first, Status.BOOKED)
