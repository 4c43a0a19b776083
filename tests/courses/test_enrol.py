"""Enrolling: seats, the queue, and everything that stands in the way (rules C1 to C3)."""

import uuid
from datetime import timedelta

import pytest

from courses import enrolment as verbs
from courses.councils import Council
from courses.models import Enrolment, EnrolmentDraft, Money, RunState, Source, Status
from courses.refusals import (
    AlreadyEnrolled,
    EnrolmentClosed,
    FeeChanged,
    NotOpenYet,
    QueueFull,
    RunCancelled,
    RunClosed,
    RunFull,
    RunNotOnOffer,
    TooManyEnrolments,
)
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.courses.office import DOCTOR, enrol, office, queue, statuses, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


def test_it_gives_a_seat_counts_it_and_says_what_is_owed_until_when():
    run = rows.run()
    made = enrol(run)
    assert (made.status, taken(run)) == (Status.CONFIRMED, 1)
    assert (made.fee, made.paid, made.payment_state) == (10_000, 0, Money.DUE)
    # Seven days, to the end of the day.
    assert made.pay_by_at == clinic_time(2026, 12, 3)
    assert told(made) == ["enrolled"]


def test_it_asks_nothing_for_a_course_without_a_fee():
    made = enrol(rows.run(fee=0))
    assert (made.payment_state, made.pay_by_at) == (Money.NONE, None)


def test_what_is_owed_is_owed_before_the_course_begins():
    starts = NOW + timedelta(days=2)
    made = enrol(rows.run(starts_at=starts))
    assert made.pay_by_at == starts


@pytest.mark.parametrize(("early_until", "fee"), [((2026, 11, 25), 8_000), ((2026, 11, 24), 10_000)])
def test_the_early_fee_holds_to_the_end_of_its_last_day(early_until, fee):
    run = rows.run(early_fee=8_000, early_until_on=clinic_time(*early_until).date())
    assert enrol(run).fee == fee


def test_it_keeps_a_name_exactly_in_any_script():
    name = "  Dr  डॉ. Ana-María O’Ñeill 𠮷  "
    made = enrol(rows.run(), details=rows.details(name=name))
    assert Enrolment.objects.get(pk=made.pk).name == name


# What stands in the way


def test_it_refuses_while_online_enrolment_is_switched_off():
    ClinicSettings.objects.update(enrolment_open=False)
    with pytest.raises(EnrolmentClosed):
        enrol(rows.run())
    assert enrol(rows.run(), by=office(), source=Source.PHONE).status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": RunState.DRAFT}, RunNotOnOffer),
        ({"state": RunState.CANCELLED}, RunCancelled),
        ({"opens_at": NOW + SECOND}, NotOpenYet),
        ({"closes_at": NOW}, RunClosed),
        ({"starts_at": NOW, "closes_at": NOW}, RunNotOnOffer),
        ({"starts_at": NOW - timedelta(days=40)}, RunNotOnOffer),
    ],
    ids=["draft", "cancelled", "not open", "closed", "beginning", "over"],
)
def test_it_refuses_a_run_that_is_not_open(fields, refusal):
    fields = fields if "starts_at" not in fields else {"opens_at": NOW - timedelta(days=90)} | fields
    if "starts_at" in fields:
        fields["withdraw_until_at"] = fields["starts_at"]
        fields.setdefault("closes_at", fields["starts_at"])
    run = rows.run(**fields)
    with pytest.raises(refusal):
        enrol(run)
    assert not Enrolment.objects.exists()


def test_it_takes_people_at_the_moment_it_opens_and_a_second_before_it_closes():
    opens = rows.run(opens_at=NOW)
    closes = rows.run(closes_at=NOW + SECOND)
    assert [enrol(run).status for run in (opens, closes)] == [Status.CONFIRMED] * 2


def test_it_refuses_a_run_of_a_course_that_is_not_published():
    with pytest.raises(RunNotOnOffer):
        enrol(rows.run(course=rows.course(published=False)))


def test_no_sample_is_sold_in_production(settings):
    run = rows.run(is_sample=True)
    settings.SHOWS_SAMPLES = False
    for by in ({}, {"by": office(), "source": Source.PHONE}):
        with pytest.raises(RunNotOnOffer):
            enrol(run, **by)


def test_staff_are_not_bound_by_the_dates_of_enrolment():
    run = rows.run(opens_at=NOW - timedelta(days=9), closes_at=NOW - SECOND)
    assert enrol(run, by=office(), source=Source.PHONE).status == Status.CONFIRMED


def test_it_refuses_a_fee_that_is_not_the_one_that_was_shown():
    run = rows.run()
    with pytest.raises(FeeChanged):
        enrol(run, fee=9_000)
    assert enrol(run, fee=10_000).fee == 10_000


def test_too_many_from_one_connection_are_stopped():
    run = rows.run(capacity=200)
    for _each in range(100):
        enrol(run, address="203.0.113.9")
    with pytest.raises(TooManyEnrolments):
        enrol(run, address="203.0.113.9")
    assert enrol(run, address="203.0.113.10").status == Status.CONFIRMED
    assert taken(run) == 101


def test_nobody_else_s_mailbox_is_filled():
    run = rows.run(capacity=40)
    for number in range(30):
        enrol(run, details=rows.details(number, email="depart.ment@example.org"))
    with pytest.raises(TooManyEnrolments):
        enrol(run, details=rows.details(30, email="department+more@example.org"))
    by_phone = enrol(run, details=rows.details(30, email="department@example.org"), by=office(), source=Source.PHONE)
    assert (by_phone.status, taken(run)) == (Status.CONFIRMED, 31)


# The queue


def test_a_full_run_wants_a_word_before_somebody_waits():
    run = rows.run(capacity=1)
    enrol(run)
    with pytest.raises(RunFull):
        enrol(run)
    waiting = enrol(run, queue=True)
    assert (waiting.status, waiting.fee, waiting.payment_state) == (Status.WAITING, 0, Money.NONE)
    assert told(waiting) == ["waiting"]


def test_the_waiting_list_has_an_end():
    run = rows.run(capacity=1, queue_capacity=2)
    enrol(run)
    queue(run, 2)
    with pytest.raises(QueueFull):
        enrol(run, queue=True)


def test_a_run_without_a_waiting_list_has_none():
    run = rows.run(capacity=1, queue_capacity=0)
    enrol(run)
    with pytest.raises(QueueFull):
        enrol(run, queue=True)


def test_a_newcomer_does_not_pass_those_who_wait():
    """A seat is free and its offer has lapsed: it is for the next who waits, not for who asks first."""
    run = rows.run(capacity=1)
    holder = enrol(run)
    first, second = queue(run, 2)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    later = NOW + timedelta(days=4)
    with pytest.raises(RunFull):
        enrol(run, now=later)
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]


def test_staff_do_not_pass_those_who_wait_either_when_nothing_is_offered_any_more():
    run = rows.run(capacity=1, closes_at=NOW + SECOND)
    holder = enrol(run)
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=holder, by=office(), now=NOW + SECOND)
    with pytest.raises(RunFull):
        enrol(run, by=office(), source=Source.PHONE, now=NOW + SECOND)
    assert (statuses(waiting), taken(run)) == ([Status.WAITING], 0)


def test_the_queue_is_in_the_order_of_the_locks_whatever_the_clocks_say():
    run = rows.run(capacity=1)
    enrol(run)
    first = enrol(run, queue=True, now=NOW + timedelta(minutes=5))
    second = enrol(run, queue=True, now=NOW)
    assert list(Enrolment.objects.filter(run=run).queue()) == [first, second]


# Once (rule C3)


def test_the_same_attempt_enrols_once():
    run, attempt = rows.run(), uuid.uuid4()
    EnrolmentDraft.objects.create(attempt=attempt, run=run, expires_at=NOW + timedelta(hours=2))
    first = enrol(run, 1, attempt=attempt)
    assert enrol(run, 1, attempt=attempt) == first
    # Even when all has changed since.
    ClinicSettings.objects.update(enrolment_open=False)
    assert enrol(run, 2, attempt=attempt) == first
    assert (taken(run), EnrolmentDraft.objects.count()) == (1, 0)


@pytest.mark.parametrize("number", ["DMC/R/00007", "dmc r 00007", "DMC.R.००००७", "dmc-r-00007 "])
def test_it_knows_a_registration_number_again_however_it_is_written(number):
    run = rows.run()
    first = enrol(run, 7)
    with pytest.raises(AlreadyEnrolled) as refused:
        enrol(run, details=rows.details(8, registration_number=number))
    assert refused.value.enrolment == first
    assert taken(run) == 1


def test_the_same_number_of_another_council_is_another_doctor():
    run = rows.run()
    enrol(run, 7)
    other = rows.details(8, registration_number="DMC/R/00007", council=Council.KERALA)
    assert enrol(run, details=other).status == Status.CONFIRMED


def test_a_department_may_share_a_mailbox():
    run = rows.run()
    for number in (1, 2):
        enrol(run, details=rows.details(number, email="pain.clinic@example.org"))
    assert taken(run) == 2


@pytest.mark.parametrize("email", ["a.b.roy@example.org", "ABRoy@Example.org", "abroy+courses@example.org"])
def test_without_an_indian_number_the_address_counts_and_its_dots_do_not(email):
    run = rows.run()
    enrol(run, details=rows.details(council=Council.OTHER, registration_number="", email="abroy@example.org"))
    with pytest.raises(AlreadyEnrolled):
        enrol(run, details=rows.details(council=Council.OTHER, registration_number="GMC 1", email=email))


def test_who_has_left_may_come_back():
    run = rows.run()
    verbs.withdraw(enrolment=enrol(run, 7), by=DOCTOR, now=NOW)
    assert enrol(run, 7).status == Status.CONFIRMED


def test_who_waits_is_enrolled_already():
    run = rows.run(capacity=1)
    enrol(run)
    enrol(run, 7, queue=True)
    with pytest.raises(AlreadyEnrolled):
        enrol(run, 7, queue=True)
