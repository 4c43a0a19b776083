"""The verbs by which somebody leaves a run, and comes back."""

from datetime import datetime

from courses import messages
from courses.enrolment.enrolling import refuse_twice, refuse_unless_on_offer, refuse_unless_queue
from courses.enrolment.money import keep_by_terms, keep_so_much
from courses.enrolment.offering import offer_next
from courses.enrolment.seats import (
    catch_up,
    claim_seat,
    close,
    confirm,
    hand_over,
    has_room,
    locked,
    only_for_staff,
    refuse_stale,
    wait,
)
from courses.models import End, Enrolment, News, Status
from courses.refusals import REFUSALS, TooLate, WrongStatus
from courses.terms import kept_percent, leave_until, refund_of
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

ENDS = {
    Status.CONFIRMED: End.WITHDREW,
    Status.OFFERED: End.DECLINED_OFFER,
    Status.WAITING: End.LEFT_QUEUE,
}


def withdraw(
    *,
    enrolment: Enrolment,
    by: Actor,
    now: datetime,
    reason: str = "",
    refund: int | None = None,
    seen_paid: int | None = None,
    sequence: int | None = None,
    notify: bool = True,
) -> Enrolment:
    """Give up a place, an offer or a place in the queue; a freed seat goes to the first who waits. Twice is once.

    What comes back follows from the terms, also of a payment that is found later; staff may name another `refund`, in
    whole INR up to what was paid. Then what is found later comes back.

    :raises TooLate: the deadline of the run has passed, and it is not staff who withdraws.
    :raises WrongStatus: the course is over for them, the enrolment has changed since version `sequence`, or another sum
        than `seen_paid` is paid by now.
    :raises PermissionDenied: somebody else than staff names a refund.
    """
    if refund is not None:
        only_for_staff(by)
    offer_next(run=enrolment.run, now=now)
    return _withdraw(
        enrolment=enrolment,
        by=by,
        now=now,
        reason=reason,
        refund=refund,
        seen_paid=seen_paid,
        sequence=sequence,
        notify=notify,
    )


@verb(refusals=REFUSALS)
def _withdraw(*, enrolment, by, now, reason, refund, seen_paid, sequence, notify) -> Enrolment:
    enrolment = locked(enrolment)
    if enrolment.status == Status.CANCELLED:
        return enrolment
    refuse_stale(enrolment, sequence)
    if enrolment.status not in ENDS or seen_paid not in (None, enrolment.paid):
        raise WrongStatus
    if enrolment.status == Status.CONFIRMED and not by.is_staff and now >= leave_until(enrolment):
        raise TooLate
    back = refund_of(enrolment, now)
    if refund in (None, back):
        keep_by_terms(enrolment, kept_percent(enrolment, now))
    else:
        back = max(0, min(refund, enrolment.paid))
        keep_so_much(enrolment, enrolment.paid - back)
    end = End.BY_OFFICE if by.is_staff else ENDS[Status(enrolment.status)]
    close(enrolment, end, by=by, now=now, reason=reason, refund=back)
    messages.announce(enrolment, messages.WITHDRAWN, by=by, now=now, notify=notify)
    hand_over(enrolment.run, now=now)
    return enrolment


def reinstate(*, enrolment: Enrolment, by: Actor, now: datetime, sequence: int | None = None) -> Enrolment:
    """Undo an end (rule B5): a seat if one is free and nobody waits, else the end of the queue. Staff only.

    :raises WrongStatus: it has not ended, or has changed since version `sequence`.
    :raises RunCancelled, RunNotOnOffer: the run is not to be.
    :raises QueueFull: there is neither seat nor room on the waiting list.
    :raises AlreadyEnrolled: the same person has enrolled again since.
    """
    only_for_staff(by)
    offer_next(run=enrolment.run, now=now)
    return _reinstate(enrolment=enrolment, by=by, now=now, sequence=sequence)


@verb(refusals=REFUSALS)
def _reinstate(*, enrolment, by, now, sequence) -> Enrolment:
    enrolment = locked(enrolment)
    refuse_stale(enrolment, sequence)
    if enrolment.status != Status.CANCELLED:
        raise WrongStatus
    run = enrolment.run
    refuse_unless_on_offer(run, by, now)
    refuse_twice(enrolment)
    enrolment.free_to_go, enrolment.least_kept_percent = False, 0
    catch_up(run, now=now)
    if has_room(run):
        claim_seat(run)
        confirm(enrolment, run.fee_at(now), now=now)
    else:
        refuse_unless_queue(run, queue=True)
        wait(enrolment, run, now=now)
    save_as(enrolment, by=by, why=News.REINSTATED)
    kind = messages.ENROLLED if enrolment.holds_seat else messages.WAITING
    messages.announce(enrolment, kind, by=by, now=now)
    return enrolment
