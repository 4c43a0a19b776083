"""Leaving a run, what comes back, and coming back (rules B5 and C2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from courses import enrolment as verbs
from courses.models import CourseRun, End, Enrolment, Money, RunState, Status, Way
from courses.refusals import AlreadyEnrolled, QueueFull, RunCancelled, TooLate, WrongStatus
from courses.terms import refund_of
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office, queue, statuses, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


def paid(run, amount=10_000):
    """Somebody who has paid so much."""
    return rows.enrolment(run, fee=10_000, paid=amount, payment_state=Money.PAID)


def leave(enrolment, now=NOW, by=DOCTOR, **options):
    return verbs.withdraw(enrolment=enrolment, by=by, now=now, **options)


def test_it_frees_the_seat_and_says_who_left_and_when():
    run = rows.run()
    left = leave(enrol(run), reason="On duty")
    assert (left.status, left.end, left.end_reason, left.cancelled_by) == (
        Status.CANCELLED,
        End.WITHDREW,
        "On duty",
        "doctor",
    )
    assert (left.fee, left.payment_state, taken(run)) == (0, Money.NONE, 0)
    assert told(left) == ["enrolled", "withdrawn"]
    check_counters()


def test_twice_is_once():
    run = rows.run()
    first = enrol(run)
    enrol(run)
    for _each in range(2):
        left = leave(first)
    assert (taken(run), told(left).count("withdrawn")) == (1, 1)


def test_who_leaves_the_queue_makes_the_next_move_up_and_frees_no_seat():
    run = rows.run(capacity=1)
    enrol(run)
    first, second = queue(run, 2)
    assert leave(first).end == End.LEFT_QUEUE
    assert list(Enrolment.objects.filter(run=run).queue()) == [second]
    assert taken(run) == 1


def test_until_a_second_before_the_deadline_and_not_after():
    run = rows.run()
    late, in_time = enrol(run), enrol(run)
    leave(in_time, run.withdraw_until_at - SECOND)
    with pytest.raises(TooLate):
        leave(late, run.withdraw_until_at)
    assert leave(late, run.withdraw_until_at, by=office()).end == End.BY_OFFICE


def test_the_queue_may_be_left_at_any_time():
    run = rows.run(capacity=1)
    enrol(run)
    [first] = queue(run, 1)
    assert leave(first, run.starts_at - SECOND).status == Status.CANCELLED


def test_a_page_from_an_earlier_version_withdraws_nothing():
    made = enrol(rows.run())
    with pytest.raises(WrongStatus):
        leave(made, sequence=7)
    assert statuses(made) == [Status.CONFIRMED]


def test_who_was_there_does_not_withdraw_afterwards():
    run = rows.run()
    made = rows.enrolment(run, status=Status.ATTENDED)
    with pytest.raises(WrongStatus):
        leave(made, by=office())


# What comes back: all until 14 days before the first day, half until 7, then nothing.


@pytest.mark.parametrize(
    ("day", "refund"),
    [((2026, 12, 26, 23, 59), 10_000), ((2026, 12, 27), 5_000), ((2027, 1, 2, 23, 59), 5_000), ((2027, 1, 3), 0)],
)
def test_what_comes_back_follows_from_the_terms_by_the_day(day, refund):
    run = rows.run(refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    left = leave(paid(run), clinic_time(*day))
    assert left.refund == refund
    assert left.payment_state == (Money.REFUND_DUE if refund else Money.PAID)


def test_half_a_rupee_is_the_doctors():
    run = rows.run(refund_part_percent=33, refund_part_days=0)
    made = rows.enrolment(run, fee=10_000, paid=100, payment_state=Money.DUE, pay_by_at=NOW)
    Enrolment.objects.filter(pk=made.pk).update(paid=101)
    made.refresh_from_db()
    assert refund_of(made, clinic_time(2027, 1, 5)) == 34


def test_what_was_paid_too_much_comes_back_whatever_the_terms_are():
    run = rows.run()
    made = rows.enrolment(run, fee=6_000, paid=10_000, payment_state=Money.REFUND_DUE)
    assert refund_of(made, clinic_time(2027, 1, 5)) == 4_000


@pytest.mark.parametrize(("day", "refund"), [((2026, 12, 20), 10_000), ((2026, 12, 28), 5_000), ((2027, 1, 4), 0)])
def test_it_does_not_matter_whether_the_office_has_found_the_money_before(day, refund):
    run = rows.run(refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    now = clinic_time(*day)
    mine, staff = enrol(run), office()
    claim = verbs.say_paid(
        enrolment=mine, way=Way.UPI, transaction_number="412345678901", amount=10_000, by=DOCTOR, now=now
    )
    left = leave(mine, now)
    assert (left.fee, left.paid, left.payment_state) == (0, 0, Money.CLAIMED)
    verbs.receive_payment(payment=claim, by=staff, now=now + SECOND)
    left.refresh_from_db()
    assert left.refund == refund


def test_money_that_is_found_in_parts_after_some_has_gone_back_keeps_the_terms():
    run = rows.run(refund_part_percent=50, refund_part_days=1)
    now, staff = clinic_time(2027, 1, 4), office()
    left = leave(paid(run), now)
    verbs.send_refund(enrolment=left, amount=5_000, way=Way.DESK, by=staff, now=now + SECOND)
    # Paid twice by mistake: what is above the fee is nobody's but the doctor's.
    verbs.take_payment(enrolment=left, way=Way.DESK, amount=10_000, by=staff, now=now + 2 * SECOND)
    left.refresh_from_db()
    assert (left.fee, left.paid, left.refund) == (5_000, 15_000, 10_000)


def test_where_the_office_has_named_the_refund_what_is_found_later_comes_back():
    run = rows.run()
    late, staff = clinic_time(2027, 1, 8), office()
    left = leave(paid(run), late, by=staff, refund=4_000)
    verbs.take_payment(enrolment=left, way=Way.DESK, amount=1_000, by=staff, now=late)
    left.refresh_from_db()
    assert (left.fee, left.refund) == (6_000, 5_000)


def test_a_receipt_that_is_taken_back_by_a_slip_loses_no_sum_that_the_office_has_kept():
    run, staff = rows.run(), office()
    made = enrol(run)
    payment = verbs.take_payment(enrolment=made, way=Way.DESK, amount=10_000, by=staff, now=NOW)
    left = leave(made, by=staff, refund=2_000)
    verbs.take_payment_back(payment=payment, reason="Slip", by=staff, now=NOW)
    verbs.receive_payment(payment=payment, by=staff, now=NOW)
    left.refresh_from_db()
    assert (left.fee, left.paid, left.refund) == (8_000, 10_000, 2_000)


def test_money_that_has_come_since_the_page_was_made_stops_the_end():
    made = enrol(rows.run())
    verbs.take_payment(enrolment=made, way=Way.DESK, amount=10_000, by=office(), now=NOW)
    with pytest.raises(WrongStatus):
        leave(made, by=office(), refund=0, seen_paid=0)
    assert statuses(made) == [Status.CONFIRMED]


def test_a_refund_below_nothing_is_none():
    left = leave(paid(rows.run()), by=office(), refund=-500)
    assert (left.fee, left.refund, left.payment_state) == (10_000, 0, Money.PAID)


def test_staff_may_give_back_more_but_not_more_than_was_paid():
    run = rows.run()
    late = clinic_time(2027, 1, 8)
    assert leave(paid(run), late, by=office(), refund=4_000).refund == 4_000
    assert leave(paid(run), late, by=office(), refund=40_000).refund == 10_000
    with pytest.raises(PermissionDenied):
        leave(paid(run), NOW, refund=10_000)


def test_a_changed_course_may_be_left_until_it_begins_with_all_of_the_money():
    run = rows.run()
    made = paid(run)
    Enrolment.objects.filter(pk=made.pk).update(free_to_go=True)
    assert leave(made, run.starts_at - SECOND).refund == 10_000
    other = paid(run)
    Enrolment.objects.filter(pk=other.pk).update(free_to_go=True)
    with pytest.raises(TooLate):
        leave(other, run.starts_at)


# Coming back


def test_staff_undo_a_withdrawal_if_a_seat_is_free():
    run = rows.run()
    back = verbs.reinstate(enrolment=leave(enrol(run)), by=office(), now=NOW)
    assert (back.status, back.end, back.cancelled_at, taken(run)) == (Status.CONFIRMED, "", None, 1)
    assert (back.fee, back.payment_state) == (10_000, Money.DUE)


def test_who_comes_back_has_come_to_the_dates_as_they_are_now():
    run = rows.run()
    made = enrol(run)
    Enrolment.objects.filter(pk=made.pk).update(free_to_go=True, least_kept_percent=50)
    back = verbs.reinstate(enrolment=leave(made), by=office(), now=NOW)
    assert (back.free_to_go, back.least_kept_percent, back.kept_percent, back.ended_fee) == (False, 0, None, None)


def test_otherwise_it_leads_to_the_end_of_the_queue():
    run = rows.run(capacity=1)
    left = leave(enrol(run))
    enrol(run)
    [first] = queue(run, 1)
    back = verbs.reinstate(enrolment=left, by=office(), now=NOW)
    assert list(Enrolment.objects.filter(run=run).queue()) == [first, back]


def test_an_undo_that_clashes_is_refused():
    run = rows.run(queue_capacity=0)
    left = leave(enrol(run, 7))
    enrol(run, 7)
    with pytest.raises(AlreadyEnrolled):
        verbs.reinstate(enrolment=left, by=office(), now=NOW)
    gone = leave(enrol(run, 8))
    for _each in range(4):
        enrol(run)
    with pytest.raises(QueueFull):
        verbs.reinstate(enrolment=gone, by=office(), now=NOW)
    with pytest.raises(PermissionDenied):
        verbs.reinstate(enrolment=gone, by=DOCTOR, now=NOW)


def test_nothing_comes_back_into_a_cancelled_run():
    run = rows.run()
    left = leave(enrol(run))
    verbs.cancel_run(run=CourseRun.objects.get(), reason="Flood", by=office(), now=NOW)
    assert CourseRun.objects.get().state == RunState.CANCELLED
    with pytest.raises(RunCancelled):
        verbs.reinstate(enrolment=left, by=office(), now=NOW)
