"""Capacity, other dates, and the end of a run; what those in it are told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from courses import enrolment as verbs
from courses.models import CourseRun, End, Enrolment, Mode, Money, RunState, Status
from courses.refusals import CapacityBelowTaken, RunCancelled, RunHasPeople, RunNotOnOffer, WrongStatus
from ipsc.models import Message, MessageState
from tests.courses import rows
from tests.courses.office import DOCTOR, check_counters, enrol, office, queue, statuses, taken, told
from tests.factories import NOW, clinic_time

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
FEBRUARY = {
    "starts_at": clinic_time(2027, 2, 13, 9),
    "ends_at": clinic_time(2027, 2, 13, 17),
    "closes_at": clinic_time(2027, 2, 12, 9),
}


@pytest.fixture(autouse=True)
def _open(open_enrolment):
    """Enrolment is open."""


def revise(run, now=NOW, **values):
    options = {name: values.pop(name) for name in ("notify", "sequence") if name in values}
    return verbs.revise_run(run=run, values=values, by=office(), now=now, **options)


def capacity(run, places, **options):
    return verbs.change_capacity(run=run, capacity=places, by=office(), now=NOW, **options)


# Capacity


def test_more_places_are_offered_in_order():
    run = rows.run(capacity=1)
    enrol(run)
    waiting = queue(run, 3)
    capacity(run, 3, reason="Larger hall")
    assert statuses(*waiting) == [Status.OFFERED, Status.OFFERED, Status.WAITING]
    assert taken(run) == 3
    record = CourseRun.history.first()
    assert (record.capacity, record.history_change_reason, record.actor) == (3, "Larger hall", "course-office")
    check_counters()


def test_fewer_places_than_are_taken_are_refused_in_words():
    run = rows.run(capacity=3)
    enrol(run)
    enrol(run)
    with pytest.raises(CapacityBelowTaken, match="More places are taken"):
        capacity(run, 1)
    assert capacity(run, 2).capacity == 2


def test_a_lapsed_offer_is_no_taken_place():
    run = rows.run(capacity=2)
    enrol(run)
    first = enrol(run)
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=first, by=DOCTOR, now=NOW)
    waiting.refresh_from_db()
    changed = verbs.change_capacity(run=run, capacity=1, by=office(), now=waiting.offer_ends_at)
    assert (changed.capacity, taken(run)) == (1, 1)


def test_only_staff_change_a_run():
    run = rows.run()
    for attempt in (
        lambda: verbs.change_capacity(run=run, capacity=9, by=DOCTOR, now=NOW),
        lambda: verbs.revise_run(run=run, values={"fee": 0}, by=DOCTOR, now=NOW),
        lambda: verbs.cancel_run(run=run, reason="No", by=DOCTOR, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


# Other dates


def test_other_dates_are_told_with_the_old_ones_and_set_everybody_free():
    run = rows.run(capacity=1)
    holder = enrol(run)
    [waiting] = queue(run, 1)
    revise(run, **FEBRUARY)
    for each in (holder, waiting):
        each.refresh_from_db()
        assert told(each)[-1] == "run_changed"
    assert (holder.free_to_go, holder.sequence, waiting.free_to_go) == (True, 1, False)
    facts = Message.objects.filter(kind="courses.run_changed").first().facts
    assert facts["old_starts_at"].startswith("2027-01-09")


def test_what_concerns_nobodys_way_is_not_told():
    run = rows.run()
    holder = enrol(run)
    changed = revise(run, phone="+919800000000", fee_includes="Lunch")
    holder.refresh_from_db()
    assert (changed.sequence, holder.sequence, told(holder)) == (1, 0, ["enrolled"])


@pytest.mark.parametrize("values", [{"mode": Mode.ONLINE}, {"venue": "Second hall"}, {"language": "Hindi"}])
def test_mode_and_venue_are_told(values):
    run = rows.run()
    holder = enrol(run)
    revise(run, **values)
    assert told(holder) == ["enrolled", "run_changed"]


def test_the_hindi_of_a_venue_is_news_only_where_it_was_another_one():
    run = rows.run(venue="First hall")
    holder = enrol(run)
    revise(run, venue_hi="पहला हॉल")
    holder.refresh_from_db()
    assert (told(holder), holder.free_to_go) == (["enrolled"], False)
    revise(run, venue_hi="दूसरा हॉल")
    assert told(holder) == ["enrolled", "run_changed"]


def test_staff_may_choose_not_to_tell():
    run = rows.run()
    holder = enrol(run)
    revise(run, venue="Second hall", notify=False)
    assert Message.objects.of(holder).get(kind="courses.run_changed").state == MessageState.WITHHELD


def test_saving_without_a_change_changes_nothing():
    run = rows.run()
    assert revise(run, fee=10_000).sequence == 0


def test_a_stale_form_changes_nothing():
    run = rows.run()
    revise(run, fee=9_000)
    with pytest.raises(WrongStatus):
        revise(run, fee=8_000, sequence=0)


def test_an_earlier_close_ends_offers_earlier():
    run = rows.run(capacity=1)
    holder = enrol(run)
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=holder, by=DOCTOR, now=NOW)
    revise(run, closes_at=NOW + timedelta(hours=3))
    waiting.refresh_from_db()
    assert waiting.offer_ends_at == NOW + timedelta(hours=3)
    assert told(waiting)[-1] == "offered"
    revise(run, closes_at=NOW - SECOND)
    assert statuses(waiting) == [Status.CANCELLED]
    assert taken(run) == 0


def test_what_is_owed_is_owed_before_the_new_start():
    run = rows.run()
    holder = enrol(run)
    soon = NOW + timedelta(days=3)
    revise(run, starts_at=soon, closes_at=soon, withdraw_until_at=soon)
    holder.refresh_from_db()
    assert holder.pay_by_at == soon


def test_a_later_close_offers_what_was_left():
    run = rows.run(capacity=1, closes_at=NOW + SECOND)
    holder = enrol(run)
    [waiting] = queue(run, 1)
    verbs.withdraw(enrolment=holder, by=office(), now=NOW + 2 * SECOND)
    revise(run, now=NOW + 3 * SECOND, closes_at=NOW + timedelta(days=2))
    assert statuses(waiting) == [Status.OFFERED]


def test_a_run_with_people_does_not_become_a_draft():
    run = rows.run()
    revise(run, state=RunState.DRAFT)
    revise(run, state=RunState.PUBLISHED)
    enrol(run)
    with pytest.raises(RunHasPeople):
        revise(run, state=RunState.DRAFT)


def test_seats_and_ends_are_not_to_be_revised():
    with pytest.raises(ValueError, match="capacity"):
        revise(rows.run(), capacity=3)


def test_editing_a_sample_makes_it_the_clinics_own():
    assert not revise(rows.run(is_sample=True), fee=1).is_sample


# The end


def test_cancelling_ends_all_with_all_of_the_money_and_tells_them():
    run = rows.run(capacity=2)
    paid = rows.enrolment(run, fee=10_000, paid=10_000, payment_state=Money.PAID)
    leaver = enrol(run)
    first, second = queue(run, 2)
    verbs.withdraw(enrolment=leaver, by=DOCTOR, now=NOW)
    assert statuses(first, second) == [Status.OFFERED, Status.WAITING]
    late = clinic_time(2027, 1, 8, 20)
    verbs.cancel_run(run=run, reason="The hall is flooded.", by=office(), now=late)
    # By then the first offer has lapsed; nobody had looked.
    for each in (paid, first, second):
        each.refresh_from_db()
        assert (each.status, each.end, told(each)[-1]) == (Status.CANCELLED, End.RUN_CANCELLED, "run_cancelled")
    assert (paid.refund, paid.payment_state, taken(run)) == (10_000, Money.REFUND_DUE, 0)
    check_counters()


def test_it_is_cancelled_once_and_stays_so():
    run = rows.run()
    verbs.cancel_run(run=run, reason="Flood", by=office(), now=NOW)
    again = verbs.cancel_run(run=run, reason="Fire", by=office(), now=NOW)
    assert (again.cancel_reason, again.sequence) == ("Flood", 1)
    with pytest.raises(RunCancelled):
        capacity(run, 9)
    with pytest.raises(WrongStatus):
        revise(run, fee=1)


def test_what_is_over_is_not_cancelled():
    run = rows.run()
    with pytest.raises(WrongStatus):
        verbs.cancel_run(run=run, reason="Too late", by=office(), now=run.ends_at)
    assert Enrolment.objects.count() == 0


# A sample that is removed while somebody looks at it


GONE = {
    "change_capacity": lambda run, _person, by: verbs.change_capacity(run=run, capacity=9, by=by, now=NOW),
    "revise_run": lambda run, _person, by: verbs.revise_run(run=run, values={"venue": "Hall"}, by=by, now=NOW),
    "cancel_run": lambda run, _person, by: verbs.cancel_run(run=run, reason="Flood", by=by, now=NOW),
    "enrol": lambda run, _person, by: enrol(run),
    "withdraw": lambda _run, person, by: verbs.withdraw(enrolment=person, by=by, now=NOW),
    "amend": lambda _run, person, by: verbs.amend(enrolment=person, details=rows.details(1), by=by, now=NOW),
    "transfer": lambda run, person, by: verbs.transfer(enrolment=person, run=run, by=by, now=NOW),
}


@pytest.mark.parametrize("name", GONE)
def test_what_is_gone_is_said_in_words(name):
    run, by = rows.run(is_sample=True), office()
    person = rows.enrolment(run, is_sample=True)
    Enrolment.objects.filter(pk=person.pk).delete()
    CourseRun.objects.filter(pk=run.pk).delete()
    with pytest.raises((RunNotOnOffer, WrongStatus)):
        GONE[name](run, person, by)
    assert verbs.offer_next(run=run, now=NOW) == []


def test_nobody_moves_to_dates_that_are_gone():
    person = enrol(rows.run())
    other = rows.run(course=person.run.course, is_sample=True)
    CourseRun.objects.filter(pk=other.pk).delete()
    with pytest.raises(RunNotOnOffer):
        verbs.transfer(enrolment=person, run=other, by=office(), now=NOW)
    assert statuses(person) == [Status.CONFIRMED]


def test_a_draft_that_is_cancelled_was_never_seen_and_is_not_shown(client):
    run, seen = rows.run(state=RunState.DRAFT), rows.run()
    for each in (run, seen):
        verbs.cancel_run(run=each, reason="Flood", by=office(), now=NOW)
    assert list(CourseRun.objects.public()) == [seen]
    assert client.get(run.course.get_absolute_url()).text.count("Cancelled") == 0
