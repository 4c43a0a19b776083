"""Offered places (rule C2): to the first who waits, until a moment, and then to the next."""

from datetime import timedelta

import pytest

from courses import enrolment as verbs
from courses.models import CourseRun, End, Enrolment, Money, RunState, Source, Status
from courses.refusals import NotFirst, OfferEnded, RunFull, WrongStatus
from ipsc.models import ClinicSettings
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office, queue, statuses, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


@pytest.fixture
def run():
    """One place, which is taken."""
    return rows.run(capacity=1)


@pytest.fixture
def holder(run):
    return enrol(run)


def leave(enrolment, now=NOW):
    return verbs.withdraw(enrolment=enrolment, by=DOCTOR, now=now)


def offered(run, holder, people=1):
    """So many who wait; to the first of them the place has just been offered."""
    waiting = queue(run, people)
    leave(holder)
    for each in waiting:
        each.refresh_from_db()
    return waiting


def test_a_freed_place_is_offered_at_once_to_the_first_who_waits(run, holder):
    first, second = offered(run, holder, 2)
    assert statuses(first, second) == [Status.OFFERED, Status.WAITING]
    # 24 hours between 8:00 and 21:00, from 9:00 on a Wednesday: 12, and 12 more on the day after.
    assert first.offer_ends_at == clinic_time(2026, 11, 26, 20)
    assert (taken(run), told(first)) == (1, ["waiting", "offered"])
    check_counters()


def test_accepting_makes_the_place_theirs_at_the_fee_of_the_offer(run, holder):
    CourseRun.objects.filter(pk=run.pk).update(early_fee=8_000, early_until_on=NOW.date())
    [first] = offered(run, holder)
    made = verbs.accept_offer(enrolment=first, by=DOCTOR, now=NOW + timedelta(days=1))
    assert (made.status, made.fee, made.payment_state) == (Status.CONFIRMED, 8_000, Money.DUE)
    assert made.offer_ends_at is None
    assert told(made) == ["waiting", "offered", "enrolled"]


def test_accepting_twice_changes_nothing(run, holder):
    [first] = offered(run, holder)
    for _each in range(2):
        made = verbs.accept_offer(enrolment=first, by=DOCTOR, now=NOW)
    assert (made.sequence, taken(run), told(made).count("enrolled")) == (2, 1, 1)


def test_an_offer_stands_until_a_second_before_its_end(run, holder):
    [first] = offered(run, holder)
    made = verbs.accept_offer(enrolment=first, by=DOCTOR, now=first.offer_ends_at - SECOND)
    assert made.status == Status.CONFIRMED


def test_at_its_end_it_goes_to_the_next_and_the_refusal_does_not_undo_that(run, holder):
    first, second = offered(run, holder, 2)
    ends_at = first.offer_ends_at
    with pytest.raises(OfferEnded):
        verbs.accept_offer(enrolment=first, by=DOCTOR, now=ends_at)
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    first.refresh_from_db()
    assert (first.end, first.cancelled_by, told(first)[-1]) == (End.OFFER_ENDED, "site", "offer_ended")
    # And so for ever.
    with pytest.raises(OfferEnded):
        verbs.accept_offer(enrolment=first, by=DOCTOR, now=ends_at)


def test_nobody_accepts_what_is_not_offered(run, holder):
    [first] = queue(run, 1)
    with pytest.raises(WrongStatus):
        verbs.accept_offer(enrolment=first, by=DOCTOR, now=NOW)
    with pytest.raises(WrongStatus):
        verbs.decline_offer(enrolment=first, by=DOCTOR, now=NOW)


def test_a_page_from_before_the_offer_accepts_nothing(run, holder):
    [first] = offered(run, holder)
    with pytest.raises(WrongStatus):
        verbs.accept_offer(enrolment=first, by=DOCTOR, now=NOW, sequence=0)


def test_a_declined_place_goes_to_the_next_at_once(run, holder):
    first, second = offered(run, holder, 2)
    for _each in range(2):
        verbs.decline_offer(enrolment=first, by=DOCTOR, now=NOW)
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]
    first.refresh_from_db()
    assert (first.end, told(first)[-1]) == (End.DECLINED_OFFER, "withdrawn")


def test_no_offer_outlives_the_close_of_enrolment(run, holder):
    CourseRun.objects.filter(pk=run.pk).update(closes_at=NOW + timedelta(hours=2))
    [first] = offered(run, holder)
    assert first.offer_ends_at == NOW + timedelta(hours=2)


def test_after_the_close_nobody_is_offered_anything(run, holder):
    [first] = queue(run, 1)
    CourseRun.objects.filter(pk=run.pk).update(closes_at=NOW + SECOND)
    leave(holder, NOW + SECOND)
    assert (statuses(first), taken(run)) == ([Status.WAITING], 0)


def test_then_staff_give_the_place_to_the_first(run, holder):
    first, second = queue(run, 2)
    CourseRun.objects.filter(pk=run.pk).update(closes_at=NOW + SECOND)
    leave(holder, NOW + SECOND)
    later = NOW + timedelta(hours=1)
    with pytest.raises(NotFirst):
        verbs.admit(enrolment=second, by=office(), now=later)
    assert verbs.admit(enrolment=first, by=office(), now=later).status == Status.CONFIRMED
    with pytest.raises(RunFull):
        verbs.admit(enrolment=second, by=office(), now=later)


def test_the_sweep_ends_what_has_lapsed_and_offers_what_is_free(run, holder):
    first, second = offered(run, holder, 2)
    assert verbs.end_lapsed_offers(now=first.offer_ends_at - SECOND) == 0
    assert verbs.end_lapsed_offers(now=first.offer_ends_at) == 1
    assert statuses(first, second) == [Status.CANCELLED, Status.OFFERED]


def test_a_look_at_a_run_with_nothing_to_do_locks_nothing(run, holder, django_assert_num_queries):
    queue(run, 1)
    with django_assert_num_queries(1):
        assert verbs.offer_next(run=run, now=NOW) == []


def test_the_hours_of_an_offer_are_the_settings(run, holder):
    ClinicSettings.objects.update(offer_hours=2)
    [first] = offered(run, holder)
    assert first.offer_ends_at == NOW + timedelta(hours=2)


def test_a_draft_offers_nothing(run, holder):
    [first] = queue(run, 1)
    CourseRun.objects.filter(pk=run.pk).update(state=RunState.DRAFT)
    leave(holder)
    assert statuses(first) == [Status.WAITING]


def test_whoever_was_added_by_phone_stands_in_the_same_queue(run, holder):
    one = enrol(run, queue=True)
    two = enrol(run, queue=True, by=office(), source=Source.PHONE)
    assert list(Enrolment.objects.filter(run=run).queue()) == [one, two]
