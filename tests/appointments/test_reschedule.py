"""The verb `reschedule`: the new time is held and the old one freed, or nothing happens (rule B7)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from appointments import booking
from appointments.booking import changing
from appointments.models import Appointment, Status
from appointments.refusals import (
    NotOnOffer,
    OutsideHours,
    PatientElsewhere,
    ServiceNotOnOffer,
    SlotTaken,
    WrongStatus,
)
from ipsc.history import PATIENT
from ipsc.models import Unanswered
from tests import factories
from tests.appointments.desk import book, book_by_phone, everything, reception, records, refused
from tests.factories import NOW, TODAY, TOMORROW, at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATER = NOW + timedelta(minutes=5)
CHANGED = "The appointment has changed meanwhile; look at it again before you go on."
TAKEN = "Another visit has that time."
NOT_ON_OFFER = "That time is not on offer."


def change(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def move(made: Appointment, start: str | datetime = "11:00", **options) -> Appointment:
    starts_at = at(TOMORROW, start) if isinstance(start, str) else start
    return booking.reschedule(**({"appointment": made, "starts_at": starts_at, "by": PATIENT, "now": LATER} | options))


def test_it_moves_a_visit_and_frees_its_old_time(clinic):
    change(clinic.service, buffer=10)
    made = book(clinic)
    move(made)
    made.refresh_from_db()
    assert (made.starts_at, made.ends_at, made.busy_until) == (
        at(TOMORROW, "11:00"),
        at(TOMORROW, "11:20"),
        at(TOMORROW, "11:30"),
    )
    assert (made.status, made.booked_at, made.sequence) == (Status.BOOKED, NOW, 1)
    assert records(made)[1:] == [("~", "patient", "moved", Status.BOOKED)]
    assert book(clinic).starts_at == at(TOMORROW, "10:00")


def test_it_keeps_reference_link_and_calendar_entry(clinic):
    made = book(clinic)
    moved = move(made)
    assert (moved.pk, moved.reference, moved.public_id, moved.link_version, moved.uid) == (
        made.pk,
        made.reference,
        made.public_id,
        made.link_version,
        made.uid,
    )


def test_it_may_overlap_its_own_old_time(clinic):
    change(clinic.service, duration=40)
    made = book(clinic)
    assert move(made, "10:20").starts_at == at(TOMORROW, "10:20")


def test_it_takes_the_length_of_the_service_as_it_is_now(clinic):
    made = book(clinic)
    change(clinic.service, duration=40)
    assert move(made).ends_at == at(TOMORROW, "11:40")


@pytest.mark.parametrize(
    "start",
    [
        at(TODAY, "08:00"),
        at(TODAY, "10:40"),  # inside the notice
        at(TOMORROW, "11:01"),
        at(TOMORROW, "13:00"),
        at(TODAY + 28 * DAY, "10:00"),
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=UTC),
    ],
)
def test_it_refuses_a_start_that_is_not_on_offer_and_keeps_the_old_one(clinic, start):
    change(clinic.service, notice=2)
    made = book(clinic)
    with refused(NotOnOffer, NOT_ON_OFFER):
        move(made, start)


def test_it_refuses_a_start_that_is_taken_and_keeps_the_old_one(clinic):
    made = book(clinic)
    book(clinic, "11:00")
    for by in (PATIENT, reception()):
        with refused(SlotTaken, TAKEN):
            move(made, by=by)


def test_it_is_refused_by_the_database_if_the_second_look_misses_a_visit(clinic, monkeypatch):
    made = book(clinic)
    book(clinic, "11:00")
    monkeypatch.setattr(changing, "pick", lambda *args, **options: clinic.clinician)
    with refused(SlotTaken, TAKEN):
        move(made)


def test_it_binds_patients_by_notice_and_grid_but_not_staff(clinic):
    change(clinic.service, notice=720)
    made = factories.appointment(service=clinic.service, clinician=clinic.clinician)
    with refused(NotOnOffer, NOT_ON_OFFER):
        move(made)
    assert move(made, "11:07", by=reception()).starts_at == at(TOMORROW, "11:07")


def test_it_asks_staff_whether_a_time_outside_hours_is_meant(clinic):
    made = book(clinic)
    with refused(OutsideHours, "The clinician does not work at that time."):
        move(made, "18:00", by=reception())
    assert move(made, "18:00", by=reception(), outside_hours=True).starts_at == at(TOMORROW, "18:00")


def test_it_takes_a_slip_of_the_keyboard_from_nobody(clinic):
    made = book(clinic)
    with refused(NotOnOffer, NOT_ON_OFFER):
        move(made, NOW + 731 * DAY, by=reception(), outside_hours=True)


def test_it_squeezes_in_when_staff_say_why_and_out_again(clinic):
    made = book(clinic)
    book(clinic, "11:00")
    squeezed = move(made, by=reception(), squeeze_in_reason="In pain")
    assert (squeezed.squeeze_in, squeezed.squeeze_in_reason) == (True, "In pain")
    back = move(made, "12:00")
    assert (back.squeeze_in, back.squeeze_in_reason) == (False, "")


def test_it_does_not_go_on_top_of_a_squeeze_in_unasked(clinic):
    made = book(clinic)
    book_by_phone(clinic, "18:00", squeeze_in_reason="In pain")
    with refused(SlotTaken, TAKEN):
        move(made, "18:10", by=reception(), outside_hours=True)


@pytest.mark.parametrize("options", [{"squeeze_in_reason": "In a hurry"}, {"outside_hours": True}])
def test_it_keeps_what_only_staff_may_do_from_patients(clinic, options):
    made = book(clinic)
    before = everything()
    with pytest.raises(PermissionDenied):
        move(made, **options)
    assert everything() == before


# To another clinician


@pytest.fixture
def other(clinic):
    colleague = factories.clinician(services=[clinic.service])
    factories.hours(colleague)
    return colleague


def test_it_moves_to_another_clinician(clinic, other):
    made = book(clinic, clinician=clinic.clinician)
    moved = move(made, "10:00", clinician=other)
    assert moved.clinician == other
    assert book(clinic, clinician=clinic.clinician)
    with refused(SlotTaken, TAKEN):
        book(clinic, clinician=other)


def test_it_refuses_a_clinician_who_does_not_offer_the_service_to_patients_only(clinic):
    stranger = factories.clinician()
    factories.hours(stranger)
    made = book(clinic)
    with refused(ServiceNotOnOffer, "That visit cannot be booked online at the moment."):
        move(made, clinician=stranger)
    assert move(made, clinician=stranger, by=reception()).clinician == stranger


@pytest.mark.parametrize("what", ["service", "clinician"])
def test_it_lets_only_staff_move_what_is_not_active_any_more(clinic, what):
    made = book(clinic)
    change(getattr(clinic, what), active=False)
    with refused(ServiceNotOnOffer, "That visit cannot be booked online at the moment."):
        move(made)
    assert move(made, by=reception()).starts_at == at(TOMORROW, "11:00")


def test_it_moves_nobody_to_a_sample_in_production(clinic, other, settings):
    made = book(clinic, clinician=clinic.clinician)
    change(other, is_sample=True)
    settings.SHOWS_SAMPLES = False
    for by in (PATIENT, reception()):
        with refused(ServiceNotOnOffer, "That visit cannot be booked online at the moment."):
            move(made, clinician=other, by=by)


def test_it_never_has_one_person_in_two_places(clinic, other):
    patient = factories.patient()
    made = book_by_phone(clinic, patient=patient)
    factories.appointment(clinician=other, patient=patient, starts_at=at(TOMORROW, "11:10"))
    with refused(PatientElsewhere, "This patient already has an appointment at that time."):
        move(made, by=reception())


# Which visits move


@pytest.mark.parametrize("status", [each for each in Status if each not in (Status.REQUESTED, Status.BOOKED)])
def test_it_refuses_to_move_what_has_begun_or_ended(clinic, status):
    made = factories.appointment(service=clinic.service, clinician=clinic.clinician, status=status)
    for by in (PATIENT, reception()):
        with refused(WrongStatus, CHANGED):
            move(made, by=by)


def test_it_refuses_on_the_strength_of_an_old_page(clinic):
    made = book(clinic)
    move(made, "11:00", sequence=0)
    with refused(WrongStatus, CHANGED):
        move(made, "12:00", sequence=0)
    assert move(made, "12:00", sequence=1).sequence == 2


def test_it_makes_a_new_request_of_a_patients_move_where_the_service_is_on_request(clinic):
    change(clinic.service, instant=False)
    made = factories.appointment(service=clinic.service, clinician=clinic.clinician)
    moved = move(made, at(TOMORROW + DAY, "10:00"))
    assert (moved.status, moved.requested_at) == (Status.REQUESTED, LATER)
    assert moved.answer_by_at == LATER + timedelta(hours=24)


def test_it_stays_certain_when_staff_move_it(clinic):
    change(clinic.service, instant=False)
    made = factories.appointment(service=clinic.service, clinician=clinic.clinician)
    assert move(made, by=reception()).status == Status.BOOKED


@pytest.mark.parametrize("by", ["patient", "reception"])
def test_it_answers_a_moved_request_no_later_than_its_new_start(clinic, by):
    change(clinic.service, instant=False)
    made = book(clinic, at(TOMORROW + DAY, "10:00"))
    moved = move(made, at(TODAY, "10:00"), by=PATIENT if by == "patient" else reception())
    assert (moved.status, moved.answer_by_at) == (Status.REQUESTED, at(TODAY, "10:00"))


def test_it_frees_an_overdue_request_that_stands_in_the_way(clinic):
    change(clinic.settings, unanswered_requests=Unanswered.RELEASE, answer_hours=1)
    made = book(clinic, "11:00")
    change(clinic.service, instant=False)
    request = book(clinic, "10:00")
    change(clinic.service, instant=True)
    with refused(SlotTaken, TAKEN):
        move(made, "10:00", now=request.answer_by_at - timedelta(seconds=1))
    move(made, "10:00", now=request.answer_by_at)
    request.refresh_from_db()
    assert (request.status, records(request)[-1][1]) == (Status.DECLINED, "site")


def test_it_moves_a_request_that_is_overdue_itself_as_long_as_it_is_held(clinic):
    """It is not declined and moved in one breath."""
    change(clinic.settings, unanswered_requests=Unanswered.RELEASE, answer_hours=1)
    change(clinic.service, instant=False)
    made = book(clinic)
    moment = NOW + timedelta(hours=2)
    moved = move(made, now=moment)
    moved.refresh_from_db()
    assert (moved.status, moved.sequence, moved.answer_by_at) == (Status.REQUESTED, 1, moment + timedelta(hours=1))
    assert [status for *_rest, status in records(made)] == [Status.REQUESTED, Status.REQUESTED]
