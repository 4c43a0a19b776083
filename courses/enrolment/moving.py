"""The verb that moves somebody to other dates of the same course (rule C4)."""

from datetime import datetime

from courses import messages
from courses.enrolment.enrolling import refuse_twice, refuse_unless_on_offer
from courses.enrolment.offering import offer_next
from courses.enrolment.seats import (
    catch_up,
    claim_seat,
    confirm,
    free_seat,
    hand_over,
    has_room,
    locked,
    locked_run,
    refuse_stale,
    spend_change,
)
from courses.models import CourseRun, Enrolment, News, Status
from courses.refusals import (
    REFUSALS,
    EnrolmentClosed,
    FeeChanged,
    OtherCourse,
    RunFull,
    SameRun,
    TooLate,
    WrongStatus,
)
from courses.terms import kept_percent, leave_until
from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings
from ipsc.verbs import verb

MOVABLE = (Status.CONFIRMED, Status.OFFERED, Status.WAITING)


def fee_after_move(enrolment: Enrolment, run: CourseRun, now: datetime) -> int:
    """The fee of somebody who moves to a run now, whole INR; never more than before if the centre changed the dates."""
    fee = run.fee_at(now)
    return min(fee, enrolment.fee) if enrolment.free_to_go and enrolment.status == Status.CONFIRMED else fee


def transfer(
    *,
    enrolment: Enrolment,
    run: CourseRun,
    by: Actor,
    now: datetime,
    fee: int | None = None,
    sequence: int | None = None,
    notify: bool = True,
) -> Enrolment:
    """Claim a seat of another run of the same course and free the old one, in one transaction; keep the old one if not.

    Reference, link and what was paid go along, and so does the part that the terms would have kept of a doctor who
    moves late. `fee` is what the page has shown, in whole INR.

    :raises SameRun: they are there already.
    :raises OtherCourse: it is a run of another course.
    :raises WrongStatus: it cannot be moved any more, or has changed since version `sequence`.
    :raises TooLate: the deadline of the present run has passed, and it is not staff who moves.
    :raises EnrolmentClosed, RunNotOnOffer, RunCancelled, NotOpenYet, RunClosed: nobody can come into the new run.
    :raises FeeChanged: the fee there is another one by now than `fee`.
    :raises RunFull: the new run has no seat, or people wait for it.
    :raises AlreadyEnrolled: they are enrolled there by another enrolment.
    :raises TooManyChanges: they have changed it many times today.
    """
    spend_change(enrolment, by=by, now=now)
    for each in (enrolment.run, run):
        offer_next(run=each, now=now)
    return _transfer(enrolment=enrolment, run=run, by=by, now=now, fee=fee, sequence=sequence, notify=notify)


@verb(refusals=REFUSALS)
def _transfer(*, enrolment, run, by, now, fee, sequence, notify) -> Enrolment:
    enrolment = locked(enrolment, run)
    old = enrolment.run
    if old.pk == run.pk:
        raise SameRun
    refuse_stale(enrolment, sequence)
    if enrolment.status not in MOVABLE:
        raise WrongStatus
    if enrolment.status == Status.CONFIRMED and not by.is_staff and now >= leave_until(enrolment):
        raise TooLate
    run = locked_run(run)
    if run.course_id != old.course_id:
        raise OtherCourse
    if not by.is_staff and not ClinicSettings.load().enrolment_open:
        raise EnrolmentClosed
    refuse_unless_on_offer(run, by, now)
    asked = fee_after_move(enrolment, run, now)
    if fee is not None and fee != asked:
        raise FeeChanged
    # Nobody comes into a run before those who wait for it.
    catch_up(run, now=now)
    if not has_room(run):
        raise RunFull
    claim_seat(run)
    if enrolment.holds_seat:
        free_seat(old)
    if not by.is_staff:
        # Or the terms would be left behind by moving first and withdrawing then.
        enrolment.least_kept_percent = kept_percent(enrolment, now)
    enrolment.run = run
    refuse_twice(enrolment)
    confirm(enrolment, asked, now=now)
    enrolment.free_to_go = False
    save_as(enrolment, by=by, why=News.MOVED)
    facts = {"old_run": old.pk, "old_starts_at": old.starts_at, "old_ends_at": old.ends_at}
    messages.announce(enrolment, messages.MOVED, by=by, now=now, notify=notify, **facts)
    hand_over(old, now=now)
    return enrolment
