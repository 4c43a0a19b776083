"""Moving to other dates of the same course, in one transaction (rule C4)."""

from datetime import timedelta

import pytest

from courses import enrolment as verbs
from courses.models import CourseRun, Enrolment, Money, RunState, Status
from courses.refusals import (
    AlreadyEnrolled,
    EnrolmentClosed,
    FeeChanged,
    NotOpenYet,
    OtherCourse,
    RunCancelled,
    RunClosed,
    RunFull,
    RunNotOnOffer,
    SameRun,
    TooLate,
    TooManyChanges,
    WrongStatus,
)
from ipsc.models import ClinicSettings, Message
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office, queue, statuses, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
FEBRUARY = clinic_time(2027, 2, 13, 9)


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


@pytest.fixture
def course():
    return rows.course()


@pytest.fixture
def here(course):
    return rows.run(course=course, capacity=1)


@pytest.fixture
def there(course):
    return rows.run(course=course, starts_at=FEBRUARY, capacity=1, fee=12_000)


def move(enrolment, run, now=NOW, by=DOCTOR, **options):
    return verbs.transfer(enrolment=enrolment, run=run, by=by, now=now, **options)


def test_it_swaps_the_seats_and_keeps_reference_link_and_money(here, there):
    mine = enrol(here)
    Enrolment.objects.filter(pk=mine.pk).update(paid=10_000, payment_state=Money.PAID, pay_by_at=None)
    moved = move(mine, there, fee=12_000)
    assert (moved.run, taken(here), taken(there)) == (there, 0, 1)
    assert (moved.reference, moved.public_id, moved.link_version) == (mine.reference, mine.public_id, 1)
    assert (moved.fee, moved.paid, moved.owed, moved.payment_state) == (12_000, 10_000, 2_000, Money.DUE)
    assert told(moved) == ["enrolled", "moved"]
    assert Message.objects.get(kind="courses.moved").facts["old_run"] == here.pk
    check_counters()


def test_what_was_paid_too_much_comes_back(here, course):
    cheaper = rows.run(course=course, starts_at=FEBRUARY, fee=7_000)
    mine = rows.enrolment(here, fee=10_000, paid=10_000, payment_state=Money.PAID)
    assert move(mine, cheaper).refund == 3_000


def test_the_old_seat_goes_to_the_first_who_waits_for_it(here, there):
    mine = enrol(here)
    first, second = queue(here, 2)
    move(mine, there)
    assert statuses(first, second) == [Status.OFFERED, Status.WAITING]
    assert (taken(here), taken(there)) == (1, 1)


def test_when_the_other_is_full_the_old_seat_stays(here, there):
    mine = enrol(here)
    enrol(there)
    with pytest.raises(RunFull):
        move(mine, there)
    assert statuses(mine) == [Status.CONFIRMED]
    assert (taken(here), taken(there)) == (1, 1)


def test_nobody_moves_in_before_those_who_wait_there(here, there):
    mine, holder = enrol(here), enrol(there)
    [waiting] = queue(there, 1)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    CourseRun.objects.filter(pk=there.pk).update(capacity=2)
    # A second seat that nobody has offered yet: it is for whoever waits next.
    [second] = [enrol(there, queue=True)]
    with pytest.raises(RunFull):
        move(mine, there)
    assert statuses(waiting, second)[0] == Status.OFFERED


def test_who_waits_or_is_offered_a_place_may_take_a_free_seat_elsewhere(here, there, course):
    enrol(here)
    [waiting] = queue(here, 1)
    assert move(waiting, there).status == Status.CONFIRMED
    assert (taken(here), taken(there)) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"state": RunState.DRAFT}, RunNotOnOffer),
        ({"state": RunState.CANCELLED}, RunCancelled),
        ({"opens_at": NOW + SECOND}, NotOpenYet),
        ({"closes_at": NOW}, RunClosed),
    ],
    ids=["draft", "cancelled", "not open", "closed"],
)
def test_it_refuses_a_run_that_is_not_open(here, course, fields, refusal):
    mine = enrol(here)
    with pytest.raises(refusal):
        move(mine, rows.run(course=course, starts_at=FEBRUARY, **fields))
    assert taken(here) == 1


def test_it_refuses_the_same_run_and_another_course(here):
    mine = enrol(here)
    with pytest.raises(SameRun):
        move(mine, here)
    with pytest.raises(OtherCourse):
        move(mine, rows.run())


def test_it_refuses_a_fee_that_was_not_shown(here, there):
    mine = enrol(here)
    with pytest.raises(FeeChanged):
        move(mine, there, fee=10_000)
    assert taken(here) == 1


def test_it_refuses_after_the_deadline_and_with_the_switch_off_but_not_to_staff(here, there):
    mine = enrol(here)
    with pytest.raises(TooLate):
        move(mine, there, here.withdraw_until_at)
    ClinicSettings.objects.update(enrolment_open=False)
    with pytest.raises(EnrolmentClosed):
        move(mine, there)
    assert move(mine, there, here.withdraw_until_at, by=office()).run == there


def test_after_a_change_by_the_centre_it_costs_no_more_than_before(here, there):
    mine = enrol(here)
    Enrolment.objects.filter(pk=mine.pk).update(free_to_go=True)
    moved = move(mine, there, here.starts_at - SECOND)
    assert (moved.fee, moved.free_to_go) == (10_000, False)


def test_the_terms_are_not_left_behind_by_moving_first(course):
    here = rows.run(course=course, refund_full_days=14, refund_part_percent=50, refund_part_days=7)
    there = rows.run(course=course, starts_at=FEBRUARY)
    mine = rows.enrolment(here, fee=10_000, paid=10_000, payment_state=Money.PAID)
    moved = move(mine, there, clinic_time(2026, 12, 30))
    assert moved.least_kept_percent == 50
    assert verbs.withdraw(enrolment=moved, by=DOCTOR, now=clinic_time(2026, 12, 31)).refund == 5_000


def test_whoever_moves_in_time_or_with_the_office_keeps_the_terms_of_the_new_dates(course):
    here, there = rows.run(course=course), rows.run(course=course, starts_at=FEBRUARY)
    in_time, with_office = (
        rows.enrolment(here, fee=10_000, paid=10_000, payment_state=Money.PAID) for _each in range(2)
    )
    assert move(in_time, there).least_kept_percent == 0
    assert move(with_office, there, here.withdraw_until_at, by=office()).least_kept_percent == 0


def test_it_refuses_who_is_there_already(here, there):
    mine = enrol(here, 7)
    rows.enrolment(rows.run(), status=Status.WAITING)
    CourseRun.objects.filter(pk=there.pk).update(capacity=2)
    enrol(there, 7)
    with pytest.raises(AlreadyEnrolled):
        move(mine, there)
    assert (taken(here), taken(there)) == (1, 1)


def test_what_has_ended_or_is_stale_does_not_move(here, there):
    mine = enrol(here)
    with pytest.raises(WrongStatus):
        move(mine, there, sequence=3)
    verbs.withdraw(enrolment=mine, by=DOCTOR, now=NOW)
    with pytest.raises(WrongStatus):
        move(mine, there)


def test_a_page_that_moves_what_has_moved_meanwhile_finds_it_changed(here, there, course):
    mine = enrol(here)
    stale = Enrolment.objects.get(pk=mine.pk)
    march = rows.run(course=course, starts_at=clinic_time(2027, 3, 13, 9))
    move(mine, there)
    with pytest.raises(WrongStatus):
        move(stale, march)
    assert (taken(there), taken(march)) == (1, 0)


def test_moving_to_and_fro_writes_no_letters_without_end(here, there):
    made = enrol(here, 1)
    for _each in range(10):
        made = move(move(made, there), here)
    with pytest.raises(TooManyChanges):
        move(made, there)
    assert told(made).count("moved") == 20
    assert move(made, there, by=office()).run == there
