"""Sixty people want five seats (rule C1), proved with real threads: as built, without the lock, and without anything.

See tests/gate.py for why no luck is involved; the same through the public pages is in test_enrol_pages.py.
"""

import functools
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.db.models import F

from courses import enrolment as verbs
from courses.enrolment import enrolling, leaving, moving, offering, running, seats
from courses.models import CourseRun, Enrolment, Status
from courses.refusals import AlreadyEnrolled, EnrolmentRefused, OfferEnded, RunFull, WrongStatus
from ipsc.models import ClinicSettings, Message
from tests.courses import rows
from tests.courses.doctor import Doctor
from tests.courses.office import DOCTOR, enrol, office, queue, statuses, taken
from tests.factories import NOW, clinic_time
from tests.gate import rush

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS, SEATS = 60, 5
TABLE = "courses_enrolment"
MODULES = (enrolling, leaving, moving, offering, running, seats)


@pytest.fixture(autouse=True)
def _open(transactional_db):
    """Enrolment is open."""
    ClinicSettings.objects.create(pk=1, enrolment_open=True)


@pytest.fixture
def run():
    return rows.run(capacity=SEATS, queue_capacity=CLIENTS)


@pytest.fixture
def unlocked(monkeypatch):
    """The runs are read as before but not locked."""

    def fetch(ids) -> dict[int, CourseRun]:
        return {run.pk: run for run in CourseRun.objects.select_related("course").filter(pk__in=ids)}

    for module in MODULES:
        if hasattr(module, "locked_runs"):
            monkeypatch.setattr(module, "locked_runs", fetch)


@pytest.fixture
def careless(monkeypatch):
    """A seat is counted by writing down what was read plus one."""

    def claim(run: CourseRun) -> None:
        if run.seats_taken >= run.capacity:
            raise RunFull
        CourseRun.objects.filter(pk=run.pk).update(seats_taken=run.seats_taken + 1)

    for module in MODULES:
        if hasattr(module, "claim_seat"):
            monkeypatch.setattr(module, "claim_seat", claim)


@pytest.fixture
def unconstrained(transactional_db):
    """The database compares no counter with any rows."""
    tables = (TABLE, "courses_courserun")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER run_seats_are_rows")
    yield
    Enrolment.objects.all().delete()
    CourseRun.objects.update(seats_taken=0)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER run_seats_are_rows")


def holders(run: CourseRun) -> int:
    return Enrolment.objects.filter(run=run).holding().count()


def enrolments(run: CourseRun, **options) -> list[Callable[[], Enrolment]]:
    return [functools.partial(enrol, run, number, **options) for number in range(1, CLIENTS + 1)]


def ends_by_kind(ends: list) -> Counter:
    """How many ended in which way: a status, or a kind of error."""
    return Counter(end.status if isinstance(end, Enrolment) else type(end).__name__ for end in ends)


# Sixty people, in three forms


def test_it_gives_five_seats_to_sixty_and_each_refusal_is_justified(run):
    ends = rush(enrolments(run), table=TABLE)
    assert ends_by_kind(ends) == {"confirmed": SEATS, "RunFull": CLIENTS - SEATS}
    assert holders(run) == taken(run) == SEATS
    assert Message.objects.filter(kind="courses.enrolled").count() == SEATS


def test_it_sells_no_sixth_seat_even_without_the_lock(run, unlocked):
    ends = rush(enrolments(run), table=TABLE)
    assert holders(run) == taken(run) == SEATS
    assert ends_by_kind(ends) == {"confirmed": SEATS, "RunFull": CLIENTS - SEATS}


def test_the_database_refuses_what_careless_code_would_sell(run, unlocked, careless):
    ends = rush(enrolments(run), table=TABLE)
    assert holders(run) == taken(run) <= SEATS
    assert all(isinstance(end, Enrolment | RunFull | IntegrityError) for end in ends)


def test_it_would_oversell_without_lock_and_constraint(run, unlocked, careless, unconstrained):
    rush(enrolments(run), table=TABLE)
    assert holders(run) > SEATS
    assert holders(run) > taken(run)


# The queue


def test_everybody_who_finds_no_seat_waits_in_one_order(run):
    ends = rush(enrolments(run, queue=True), table=TABLE)
    assert ends_by_kind(ends) == {"confirmed": SEATS, "waiting": CLIENTS - SEATS}
    moments = list(Enrolment.objects.filter(run=run).queue().values_list("waiting_at", flat=True))
    assert len(set(moments)) == CLIENTS - SEATS


def leavers_and_joiners(run: CourseRun) -> tuple[list, list]:
    """One who leaves the last seat while others join the queue for it."""
    people = [enrol(run) for _each in range(SEATS)]
    leave = functools.partial(verbs.withdraw, enrolment=people[0], by=DOCTOR, now=NOW)
    return people, [leave, *enrolments(run, queue=True)[:20]]


def test_no_waiter_is_lost_while_a_seat_is_given_up(run):
    _people, calls = leavers_and_joiners(run)
    rush(calls, table=TABLE)
    assert taken(run) == holders(run) == SEATS


def test_without_the_lock_a_waiter_is_lost(run, unlocked, monkeypatch):
    """Somebody has seen the last seat taken; it is given up; then they go to wait for it, and nobody offers it."""
    people = [enrol(run) for _each in range(SEATS)]
    leave = functools.partial(verbs.withdraw, enrolment=people[0], by=DOCTOR, now=NOW)
    look = enrolling.refuse_unless_queue

    def look_and_be_slow(*given, **options) -> None:
        look(*given, **options)
        rush([leave], table="courses_payment")

    monkeypatch.setattr(enrolling, "refuse_unless_queue", look_and_be_slow)
    waiting = enrol(run, queue=True)
    assert (taken(run), statuses(waiting)) == (SEATS - 1, [Status.WAITING])


def test_five_who_leave_make_five_offers_in_order(run):
    people = [enrol(run) for _each in range(SEATS)]
    waiting = queue(run, 10)
    leave = [functools.partial(verbs.withdraw, enrolment=each, by=DOCTOR, now=NOW) for each in people]
    rush(leave, table=TABLE)
    assert statuses(*waiting) == [Status.OFFERED] * 5 + [Status.WAITING] * 5


def test_more_places_and_leavers_at_once_offer_each_seat_once(run):
    people = [enrol(run) for _each in range(SEATS)]
    waiting = queue(run, 10)
    staff = office()
    leave = [functools.partial(verbs.withdraw, enrolment=each, by=DOCTOR, now=NOW) for each in people[:3]]
    more = [functools.partial(verbs.change_capacity, run=run, capacity=7, by=staff, now=NOW) for _each in range(3)]
    rush([*leave, *more], table=TABLE)
    assert statuses(*waiting) == [Status.OFFERED] * 5 + [Status.WAITING] * 5
    assert taken(run) == holders(run) == 7


# Once


def test_one_doctor_in_sixty_tabs_has_one_seat(run):
    ends = rush([functools.partial(enrol, run, 1) for _each in range(CLIENTS)], table=TABLE)
    assert ends_by_kind(ends) == {"confirmed": 1, "AlreadyEnrolled": CLIENTS - 1}
    assert taken(run) == 1


def test_without_the_lock_the_database_knows_the_doctor_again(run, unlocked):
    ends = rush([functools.partial(enrol, run, 1) for _each in range(CLIENTS)], table=TABLE)
    assert holders(run) == taken(run) == 1
    assert sum(isinstance(end, AlreadyEnrolled | RunFull) for end in ends) == CLIENTS - 1


def test_one_form_sent_five_times_at_once_enrols_once(run):
    attempt = uuid.uuid4()
    ends = rush([functools.partial(enrol, run, 1, attempt=attempt) for _each in range(5)], table=TABLE)
    assert len({end.pk for end in ends if isinstance(end, Enrolment)}) == 1
    assert ends_by_kind(ends) == {"confirmed": 5}


def test_one_offer_accepted_in_ten_tabs_is_accepted_once(run):
    people = [enrol(run) for _each in range(SEATS)]
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=people[0], by=DOCTOR, now=NOW)
    accept = functools.partial(verbs.accept_offer, enrolment=waiting, by=DOCTOR, now=NOW)
    ends = rush([accept] * 10, table=TABLE)
    assert ends_by_kind(ends) == {"confirmed": 10}
    assert Enrolment.objects.get(pk=waiting.pk).sequence == 2


def test_at_the_end_of_an_offer_either_the_doctor_has_it_or_the_next():
    run = rows.run(capacity=1)
    holder = enrol(run)
    first, second = queue(run, 2)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    first.refresh_from_db()
    in_time = functools.partial(
        verbs.accept_offer, enrolment=first, by=DOCTOR, now=first.offer_ends_at - timedelta(seconds=1)
    )
    sweep = functools.partial(verbs.end_lapsed_offers, now=first.offer_ends_at)
    accepted = rush([*[in_time] * 5, *[sweep] * 5], table=TABLE)[0]
    if isinstance(accepted, Enrolment):
        assert statuses(first, second) == [Status.CONFIRMED, Status.WAITING]
    else:
        assert isinstance(accepted, OfferEnded | WrongStatus)
        assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    assert taken(run) == 1


# Moving


@pytest.fixture
def months():
    course = rows.course()
    return [rows.run(course=course, starts_at=clinic_time(2027, month, 9, 9), capacity=10) for month in (1, 2)]


def test_opposite_moves_at_once_neither_lock_each_other_out_nor_lose_a_seat(months):
    january, february = months
    here = [enrol(january) for _each in range(5)]
    there = [enrol(february) for _each in range(5)]
    calls = [functools.partial(verbs.transfer, enrolment=each, run=february, by=DOCTOR, now=NOW) for each in here]
    calls += [functools.partial(verbs.transfer, enrolment=each, run=january, by=DOCTOR, now=NOW) for each in there]
    ends = rush(calls, table=TABLE)
    assert ends_by_kind(ends) == {"confirmed": 10}
    assert [taken(january), taken(february)] == [5, 5] == [holders(january), holders(february)]


def test_twenty_move_into_the_last_seat_and_one_does(months):
    january, february = months
    CourseRun.objects.filter(pk=january.pk).update(capacity=20)
    CourseRun.objects.filter(pk=february.pk).update(capacity=1)
    people = [enrol(january) for _each in range(20)]
    calls = [functools.partial(verbs.transfer, enrolment=each, run=february, by=DOCTOR, now=NOW) for each in people]
    assert ends_by_kind(rush(calls, table=TABLE)) == {"confirmed": 1, "RunFull": 19}
    assert (taken(january), taken(february)) == (19, 1)


def test_one_move_in_five_tabs_is_one_move(months):
    january, february = months
    mine = enrol(january)
    move = functools.partial(verbs.transfer, enrolment=mine, run=february, by=DOCTOR, now=NOW)
    ends = rush([move] * 5, table=TABLE)
    assert ends_by_kind(ends)["confirmed"] == 1
    assert all(isinstance(end, Enrolment | EnrolmentRefused) for end in ends)
    assert (taken(january), taken(february)) == (0, 1)


def test_a_run_cancelled_in_the_rush_keeps_nobody(run):
    staff = office()
    cancel = functools.partial(verbs.cancel_run, run=run, reason="Flood", by=staff, now=NOW)
    ends = rush([*enrolments(run)[:20], cancel, *enrolments(run)[20:40]], table=TABLE)
    assert holders(run) == taken(run) == 0
    assert all(isinstance(end, Enrolment | EnrolmentRefused | CourseRun) for end in ends)
    assert not Enrolment.objects.filter(run=run).active().exists()
    assert CourseRun.objects.filter(seats_taken__gt=F("capacity")).count() == 0


# Through the public pages


def rush_through_the_pages(run: CourseRun) -> list:
    """Sixty doctors have typed all there is to type, and send their check pages at once."""
    with time_machine.travel(NOW, tick=False):
        doctors = [Doctor(run, number, REMOTE_ADDR=f"198.51.100.{number}") for number in range(1, CLIENTS + 1)]
        for doctor in doctors:
            doctor.begin()
            doctor.answer()
        return rush([doctor.send for doctor in doctors], table=TABLE)


def test_through_the_pages_five_of_sixty_are_enrolled_and_nobody_meets_an_error(run):
    ends = rush_through_the_pages(run)
    assert Counter(end.status_code for end in ends) == {302: SEATS, 409: CLIENTS - SEATS}
    assert all("The last place has just gone" in end.text for end in ends if end.status_code == 409)
    assert holders(run) == taken(run) == SEATS


def test_through_the_pages_no_sixth_is_enrolled_even_without_the_lock(run, unlocked):
    ends = rush_through_the_pages(run)
    assert Counter(end.status_code for end in ends) == {302: SEATS, 409: CLIENTS - SEATS}
    assert holders(run) == taken(run) == SEATS


def test_through_the_pages_a_sixth_would_be_enrolled_without_lock_and_constraint(
    run, unlocked, careless, unconstrained
):
    ends = rush_through_the_pages(run)
    assert sum(end.status_code == 302 for end in ends) > SEATS
    assert holders(run) > SEATS


def test_through_the_pages_one_form_sent_five_times_at_once_enrols_once(run):
    with time_machine.travel(NOW, tick=False):
        doctor = Doctor(run)
        doctor.begin()
        doctor.answer()
        ends = rush([doctor.send] * 5, table=TABLE)
    assert [end.headers.get("Location") for end in ends] == [doctor.done_url] * 5
    assert Enrolment.objects.count() == 1
