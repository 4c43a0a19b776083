"""Fifty people want one time (rule B1), proved with real threads: as built, without the lock, and without anything.

The verbs first, then the same through the public pages. See tests/gate.py for why no luck is involved.
"""

import functools
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from appointments import booking
from appointments.booking import making
from appointments.models import Appointment, BookingDraft, Clinician, Status
from appointments.models import Patient as Person
from appointments.refusals import SlotTaken, TooManyBookings, WrongStatus
from ipsc.history import PATIENT
from ipsc.models import ClinicSettings, Message, Unanswered
from tests import factories
from tests.appointments.desk import book, book_by_phone, details, reception, records
from tests.factories import NOW, TOMORROW, at
from tests.gate import rush
from tests.people import Patient, query_of

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 50
TEN = at(TOMORROW, "10:00")
ONE_SLOT = [TEN] * CLIENTS
# Visits of two hours: each start overlaps 23 others on either side, and none is the same.
OVERLAPPING = [TEN + timedelta(minutes=5 * number) for number in range(CLIENTS)]


@pytest.fixture
def crowd(clinic, request):
    """A clinic, and the starts that fifty people want."""
    starts = request.param
    if starts is OVERLAPPING:
        type(clinic.service).objects.filter(pk=clinic.service.pk).update(duration=120, step=5)
        clinic.clinician.hours.all().delete()
        factories.hours(clinic.clinician, "10:00", "20:00")
        clinic.service.refresh_from_db()
    return clinic, starts


both_crowds = pytest.mark.parametrize("crowd", [ONE_SLOT, OVERLAPPING], indirect=True, ids=["one", "overlapping"])


@pytest.fixture
def unlocked(monkeypatch):
    """The clinicians are read as before but not locked."""

    def fetch(ids) -> list[Clinician]:
        return list(Clinician.objects.filter(pk__in=ids).order_by("order", "pk"))

    monkeypatch.setattr(making, "lock_clinicians", fetch)


@pytest.fixture
def impatient(transactional_db):
    """Deadlocks are found at once and not after a second, where the account may say so. There will be dozens."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            yield
            return
        cursor.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '10ms'")
        yield
        cursor.execute(f"ALTER DATABASE {name} RESET deadlock_timeout")


@pytest.fixture
def unconstrained(transactional_db):
    """The database does not keep visits apart."""
    constraint = next(each for each in Appointment._meta.constraints if each.name == "appointment_clinician_free")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, constraint)
    yield
    Appointment.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Appointment, constraint)


def overlaps() -> int:
    """Pairs of visits that hold the same clinician's time."""
    sql = """
        SELECT count(*) FROM appointments_appointment AS one JOIN appointments_appointment AS other
        ON one.id < other.id AND one.clinician_id = other.clinician_id
        AND tstzrange(one.starts_at, one.busy_until) && tstzrange(other.starts_at, other.busy_until)
        WHERE one.status = ANY(%(occupying)s) AND other.status = ANY(%(occupying)s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"occupying": ["requested", "booked", "arrived", "in_consultation"]})
        return cursor.fetchone()[0]


def is_justified(starts_at: datetime, service) -> bool:
    """Whether a visit stands in the way of this one."""
    ends_at = starts_at + timedelta(minutes=service.duration + service.buffer)
    return Appointment.objects.occupying().filter(starts_at__lt=ends_at, busy_until__gt=starts_at).exists()


def bookings(clinic, starts) -> list[Callable[[], Appointment]]:
    """A booking of each start, from a phone of its own."""
    return [
        functools.partial(book, clinic, start, phone=factories.phone(number)) for number, start in enumerate(starts)
    ]


def made(ends: list) -> list[Appointment]:
    return [end for end in ends if isinstance(end, Appointment)]


def raised(ends: list, *kinds: type[Exception]) -> list[Exception]:
    return [end for end in ends if type(end) in kinds]


# Fifty bookings, in three forms


@both_crowds
def test_it_gives_a_time_to_one_of_fifty_and_each_refusal_is_justified(crowd):
    clinic, starts = crowd
    ends = rush(bookings(clinic, starts))
    assert overlaps() == 0
    assert len(made(ends)) + len(raised(ends, SlotTaken)) == CLIENTS
    assert len(made(ends)) == Appointment.objects.count() >= 1
    assert all(
        is_justified(start, clinic.service) for start, end in zip(starts, ends, strict=True) if raised([end], SlotTaken)
    )
    if starts is ONE_SLOT:
        assert len(made(ends)) == 1


@both_crowds
def test_it_lets_no_visits_overlap_even_without_the_lock(crowd, unlocked, impatient):
    clinic, starts = crowd
    ends = rush(bookings(clinic, starts))
    assert overlaps() == 0
    assert Appointment.objects.count() == len(made(ends)) >= 1
    # What the lock is for: without it, some run into deadlocks too often and get an error.
    assert len(made(ends)) + len(raised(ends, SlotTaken, OperationalError)) == CLIENTS


@both_crowds
def test_it_would_overlap_without_lock_and_constraint(crowd, unlocked, unconstrained):
    """The race is real, and these tests see it."""
    clinic, starts = crowd
    ends = rush(bookings(clinic, starts))
    assert len(made(ends)) == CLIENTS
    assert overlaps() > CLIENTS


def test_it_gives_three_clinicians_to_three_of_fifty(clinic):
    for number in range(2):
        factories.hours(factories.clinician(services=[clinic.service], name=f"Consultant {number}"))
    ends = rush(bookings(clinic, ONE_SLOT))
    assert (len(made(ends)), len(raised(ends, SlotTaken))) == (3, CLIENTS - 3)
    assert Appointment.objects.values("clinician").distinct().count() == 3
    assert overlaps() == 0


# One after the other, with stale forms


@both_crowds
def test_it_gives_a_time_once_one_after_the_other(crowd):
    clinic, starts = crowd
    taken = 0
    for call, start in zip(bookings(clinic, starts), starts, strict=True):
        try:
            call()
        except SlotTaken:
            taken += 1
            assert is_justified(start, clinic.service)
    assert taken + Appointment.objects.count() == CLIENTS
    assert overlaps() == 0


# One form, five times at once


def test_it_makes_one_booking_of_a_form_sent_five_times_at_once(clinic):
    attempt = uuid.uuid4()
    ends = rush([functools.partial(book, clinic, attempt=attempt)] * 5)
    assert len(made(ends)) == 5
    assert len(set(ends)) == Appointment.objects.count() == 1


def test_it_makes_one_booking_of_one_attempt_even_behind_different_locks(clinic):
    attempt = uuid.uuid4()
    colleagues = [factories.clinician(services=[clinic.service]) for _each in range(5)]
    for colleague in colleagues:
        factories.hours(colleague)
    ends = rush([functools.partial(book, clinic, clinician=colleague, attempt=attempt) for colleague in colleagues])
    assert len(made(ends)) == 5
    assert len(set(ends)) == Appointment.objects.count() == 1


def test_it_counts_one_phone_right_behind_different_locks(clinic):
    colleagues = [factories.clinician(services=[clinic.service]) for _each in range(20)]
    for colleague in colleagues:
        factories.hours(colleague)
    ends = rush([functools.partial(book, clinic, clinician=colleague) for colleague in colleagues])
    assert (len(made(ends)), len(raised(ends, TooManyBookings))) == (8, 12)


# Changes against each other


@pytest.fixture
def other(clinic):
    colleague = factories.clinician(services=[clinic.service])
    factories.hours(colleague)
    return colleague


def move(appointment: Appointment, start: str, **options) -> Callable[[], Appointment]:
    values = {"appointment": appointment, "starts_at": at(TOMORROW, start), "by": PATIENT, "now": NOW}
    return functools.partial(booking.reschedule, **(values | options))


def test_it_moves_two_visits_past_each_other(clinic, other):
    here, there = book(clinic, clinician=clinic.clinician), book(clinic, clinician=other)
    ends = rush([move(here, "11:00", clinician=other), move(there, "11:00", clinician=clinic.clinician)])
    assert {end.clinician for end in made(ends)} == {clinic.clinician, other}


def test_it_swaps_nobody_into_a_time_that_is_still_held(clinic, other):
    here, there = book(clinic, clinician=clinic.clinician), book(clinic, clinician=other)
    ends = rush([move(here, "10:00", clinician=other), move(there, "10:00", clinician=clinic.clinician)])
    assert len(raised(ends, SlotTaken)) == 2
    assert (Appointment.objects.get(pk=here.pk).clinician, Appointment.objects.get(pk=there.pk).clinician) == (
        clinic.clinician,
        other,
    )


def test_it_moves_a_visit_once_however_many_pages_are_open(clinic):
    visit = book(clinic)
    ends = rush([move(visit, start, sequence=0) for start in ("10:20", "10:40", "11:00", "11:20", "11:40")])
    assert (len(made(ends)), len(raised(ends, WrongStatus))) == (1, 4)
    assert [reason for _kind, _actor, reason, _status in records(visit)] == ["", "moved"]


def test_it_gives_a_time_to_a_booking_or_to_a_move(clinic):
    visits = [book(clinic, start, phone=factories.phone(7)) for start in ("11:00", "11:20", "11:40", "12:00", "12:20")]
    ends = rush([*(move(visit, "10:00") for visit in visits), *bookings(clinic, [TEN] * 5)])
    assert (len(made(ends)), len(raised(ends, SlotTaken))) == (1, 9)
    assert Appointment.objects.filter(starts_at=TEN).count() == 1
    assert overlaps() == 0


def test_it_cancels_once_however_often_it_is_asked_at_once(clinic):
    visit = book(clinic)
    ends = rush([functools.partial(booking.cancel, appointment=visit, by=PATIENT, now=NOW)] * 10)
    assert {end.status for end in made(ends)} == {Status.CANCELLED}
    assert len(made(ends)) == 10
    assert [status for *_rest, status in records(visit)] == [Status.BOOKED, Status.CANCELLED]


def test_it_undoes_one_of_two_ends_of_the_same_time(clinic):
    ended = [
        factories.appointment(service=clinic.service, clinician=clinic.clinician, status=Status.CANCELLED)
        for _each in range(5)
    ]
    by = reception()
    ends = rush([functools.partial(booking.step, appointment=row, to=Status.BOOKED, by=by, now=NOW) for row in ended])
    assert (len(made(ends)), len(raised(ends, SlotTaken))) == (1, 4)
    assert overlaps() == 0


def test_it_either_cancels_or_moves_and_never_half(clinic):
    visit = book(clinic)
    cancel = functools.partial(booking.cancel, appointment=visit, by=PATIENT, now=NOW, sequence=0)
    ends = rush([cancel, move(visit, "11:00", sequence=0)])
    assert (len(made(ends)), len(raised(ends, WrongStatus))) == (1, 1)
    assert len(records(visit)) == 2


def test_of_a_move_and_a_cancellation_at_once_the_patient_is_told_the_one_that_was_made(clinic):
    for number in range(5):
        visit = book(clinic, at(TOMORROW, "10:00") + timedelta(days=number), details=details(email="one@example.org"))
        cancel = functools.partial(booking.cancel, appointment=visit, by=PATIENT, now=NOW, sequence=0)
        other = visit.starts_at + timedelta(minutes=20)
        rush([cancel, move(visit, "00:00", starts_at=other, sequence=0)])
        visit.refresh_from_db()
        told = {"cancelled": "appointments.cancelled", "booked": "appointments.moved"}[visit.status]
        rows = Message.objects.of(visit).exclude(kind="appointments.reminder").order_by("pk")
        assert [row.kind for row in rows] == ["appointments.booked", told]
        waiting = Message.objects.of(visit).filter(kind="appointments.reminder", state="queued")
        assert {datetime.fromisoformat(row.facts["starts_at"]) for row in waiting} <= {visit.starts_at}
        assert visit.status == "booked" or not waiting


def sweep() -> list[Appointment]:
    with transaction.atomic():
        return booking.release_unanswered(now=NOW, settings=ClinicSettings.load())


@pytest.mark.parametrize("rounds", [1, 5])
def test_it_releases_a_request_once_and_gives_its_time_once(clinic, rounds):
    ClinicSettings.objects.update(unanswered_requests=Unanswered.RELEASE)
    request = factories.appointment(
        service=clinic.service, clinician=clinic.clinician, status=Status.REQUESTED, answer_by_at=NOW
    )
    ends = rush([*[sweep] * rounds, *bookings(clinic, [TEN] * 5)])
    assert (len(made(ends)), len(raised(ends, SlotTaken))) == (1, 4)
    assert [status for *_rest, status in records(request)] == [Status.REQUESTED, Status.DECLINED]
    assert not raised(ends[:rounds], Exception)
    assert overlaps() == 0


@pytest.mark.parametrize("sweeps", [0, 3])
@pytest.mark.parametrize("customers", [0, 3])
def test_it_answers_or_releases_a_request_and_never_both(clinic, sweeps, customers):
    """The sweep locks no clinician, so here the lock on the request itself counts."""
    ClinicSettings.objects.update(unanswered_requests=Unanswered.RELEASE)
    request = factories.appointment(
        service=clinic.service, clinician=clinic.clinician, status=Status.REQUESTED, answer_by_at=NOW
    )
    answer = functools.partial(
        booking.step, appointment=request, to=Status.BOOKED, by=reception(), now=NOW, sequence=request.sequence
    )
    answered, *ends = rush([answer, *[sweep] * sweeps, *bookings(clinic, [TEN] * customers)])
    request.refresh_from_db()
    if isinstance(answered, Appointment):
        assert request.status == Status.BOOKED
        assert not made(ends)
    else:
        assert type(answered) is WrongStatus
        assert request.status == Status.DECLINED
        assert len(made(ends)) == min(customers, 1)
    assert len(made(ends)) + len(raised(ends, SlotTaken)) + len(raised(ends, list)) == sweeps + customers
    assert len(records(request)) == 2
    assert overlaps() == 0


def test_it_never_has_one_person_in_two_places_at_once(clinic):
    patient = factories.patient()
    colleagues = [factories.clinician(services=[clinic.service]) for _each in range(10)]
    for colleague in colleagues:
        factories.hours(colleague)
    by = reception()
    ends = rush(
        [
            functools.partial(book_by_phone, clinic, clinician=colleague, patient=patient, by=by)
            for colleague in colleagues
        ]
    )
    assert Appointment.objects.count() == len(made(ends)) == 1


def test_it_makes_one_person_of_a_booking_however_many_press_the_button_at_once(clinic):
    visit, by = book(clinic), reception()
    ends = rush([functools.partial(booking.register, appointment=visit, by=by, sequence=0)] * 10)
    assert len(made(ends)) == 10
    assert Person.objects.count() == 1


def test_it_locks_the_clinicians_in_id_order_before_anything_else(clinic, other):
    """So nobody waits in a circle; without it the database has to break deadlocks, a second each."""
    visit, by = book_by_phone(clinic), reception()
    verbs = [
        functools.partial(book, clinic, "11:00"),
        functools.partial(book_by_phone, clinic, "11:20", by=by),
        functools.partial(booking.step, appointment=visit, to=Status.ARRIVED, by=by, now=visit.starts_at),
        functools.partial(booking.step, appointment=visit, to=Status.BOOKED, by=by, now=NOW),
        functools.partial(booking.link, appointment=visit, patient=factories.patient(), by=by),
        functools.partial(booking.amend, appointment=visit, details=details(), by=by, now=NOW),
        functools.partial(move(visit, "12:00"), clinician=other),
        functools.partial(booking.cancel, appointment=visit, by=by, now=NOW),
    ]
    for verb in verbs:
        with CaptureQueriesContext(connection) as queries:
            verb()
        heavy = [
            each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE")) or "FOR " in each["sql"]
        ]
        assert 'FROM "appointments_clinician"' in heavy[0]
        assert heavy[0].endswith('ORDER BY "appointments_clinician"."id" ASC FOR NO KEY UPDATE')


# Through the public pages


def patients(clinic, starts) -> list[Patient]:
    """People who have come as far as the check page, each with a phone and an address of their own."""
    found = []
    for number, start in enumerate(starts):
        patient = Patient(REMOTE_ADDR=f"192.0.2.{number}", raise_request_exception=False)
        patient.choose(clinic, start.strftime("%Y-%m-%dT%H:%M"))
        answer = patient.answer(phone=factories.phone(number), reason=f"Reason {number}")
        assert answer.headers["Location"] == patient.check_url
        found.append(patient)
    return found


def has_booked(answer) -> bool:
    return answer.status_code == 302 and "/manage/" in answer.headers["Location"]


def has_lost(answer) -> bool:
    return answer.status_code == 302 and query_of(answer).get("lost") == ["taken"]


@both_crowds
def test_it_answers_everybody_kindly_on_the_pages_when_fifty_send_at_once(crowd, at_nine):
    clinic, starts = crowd
    people = patients(clinic, starts)
    answers = rush([patient.send for patient in people])
    assert overlaps() == 0
    assert [answer for answer in answers if not has_booked(answer) and not has_lost(answer)] == []
    assert sum(map(has_booked, answers)) == Appointment.objects.count() >= 1
    assert BookingDraft.objects.count() == CLIENTS - Appointment.objects.count()
    if starts is ONE_SLOT:
        assert Appointment.objects.count() == 1
    for start, answer in zip(starts, answers, strict=True):
        if has_lost(answer):
            assert is_justified(start, clinic.service)
    lost = next(place for place, answer in enumerate(answers) if has_lost(answer))
    page = people[lost].client.get(answers[lost].headers["Location"])
    assert page.status_code == 200
    assert "has been taken in the meantime" in page.text
    assert "Everything you typed is kept" in page.text
    assert f"Reason {lost}" in people[lost].client.get(people[lost].check_url).text


@both_crowds
def test_it_lets_no_visits_overlap_through_the_pages_even_without_the_lock(crowd, unlocked, impatient, at_nine):
    clinic, starts = crowd
    answers = rush([patient.send for patient in patients(clinic, starts)])
    assert overlaps() == 0
    assert sum(map(has_booked, answers)) == Appointment.objects.count() >= 1


@both_crowds
def test_it_would_overlap_through_the_pages_without_lock_and_constraint(crowd, unlocked, unconstrained, at_nine):
    clinic, starts = crowd
    answers = rush([patient.send for patient in patients(clinic, starts)])
    assert all(map(has_booked, answers))
    assert overlaps() > CLIENTS


def test_it_leads_every_click_to_the_same_booking_when_one_form_is_sent_five_times_at_once(clinic, at_nine):
    (patient,) = patients(clinic, [TEN])
    answers = rush([patient.send] * 5)
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len({answer.headers["Location"] for answer in answers}) == Appointment.objects.count() == 1


def test_it_gives_a_lost_time_back_to_whoever_goes_on_choosing(clinic, at_nine):
    """Everybody who lost chooses the next time, at once again, until all have one."""
    people = patients(clinic, [TEN] * 9)
    choose = people[0].address("choose", clinic.service.public_id)
    for start in ("10:00", "10:20", "10:40", "11:00", "11:20", "11:40", "12:00", "12:20", "12:40"):
        answers = rush([patient.send for patient in people])
        assert sum(map(has_booked, answers)) == 1
        people = [patient for patient, answer in zip(people, answers, strict=True) if has_lost(answer)]
        following = (at(TOMORROW, start) + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M")
        for patient in people:
            again = {"attempt": patient.attempt, "clinician": "any", "start": following}
            assert patient.client.post(choose, again).headers["Location"] == patient.check_url
    assert people == []
    assert Appointment.objects.count() == 9
