"""The verb that enrols a doctor."""

import uuid
from datetime import datetime, timedelta

from courses import messages
from courses.councils import Council
from courses.enrolment.details import Details, fill
from courses.enrolment.offering import offer_next
from courses.enrolment.seats import catch_up, claim_seat, confirm, has_room, locked_run, wait
from courses.models import CourseRun, Enrolment, EnrolmentDraft, RunState, Source
from courses.refusals import (
    REDRAWN,
    REFUSALS,
    AlreadyEnrolled,
    AttemptUsed,
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
from ipsc import ratelimit
from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings
from ipsc.verbs import verb

# Whole departments enrol from behind one address; machines that fill a course do, too.
ENROLMENTS_PER_ADDRESS = 100
# A department may share a mailbox; each enrolment is a letter to it, whoever typed it.
ENROLMENTS_PER_EMAIL = 30
DAY = timedelta(days=1)


def enrol(
    *,
    run: CourseRun,
    details: Details,
    by: Actor,
    now: datetime,
    source: str = Source.ONLINE,
    attempt: uuid.UUID | None = None,
    address: str = "",
    queue: bool = False,
    fee: int | None = None,
    notify: bool = True,
) -> Enrolment:
    """Give a doctor a seat of a run, or with `queue` a place on its waiting list where no seat is free.

    The same `attempt` makes one enrolment, however often it comes (rule B8). `fee` is what the page has shown, in whole
    INR; `address` is where the request comes from. Staff are bound by the seats and not by the dates of enrolment.

    :raises EnrolmentClosed: online enrolment is switched off.
    :raises RunNotOnOffer: the run is a draft or none that the public sees, or has begun.
    :raises RunCancelled: it was cancelled.
    :raises NotOpenYet: enrolment has not opened.
    :raises RunClosed: enrolment has closed.
    :raises FeeChanged: the fee is another one by now than `fee`.
    :raises RunFull: no seat is free, or people wait for it, and `queue` is off.
    :raises QueueFull: nor is there room on the waiting list.
    :raises AlreadyEnrolled: the same person, as rule C3 has it, is in this run.
    :raises TooManyEnrolments: too many came from this address, or with this e-mail address.
    """
    # In a transaction of its own, so that a refusal does not undo the end of an offer.
    offer_next(run=run, now=now)
    try:
        return _enrol(
            run=run,
            details=details,
            by=by,
            now=now,
            source=source,
            attempt=attempt,
            address=address,
            queue=queue,
            fee=fee,
            notify=notify,
        )
    except AlreadyEnrolled:
        # It tells that somebody is enrolled: whoever asks it so often is a machine (rule C3).
        if not by.is_staff:
            _spend_share(address=address, now=now)
        raise
    except AttemptUsed:
        return Enrolment.objects.select_related("run__course").get(attempt=attempt)


@verb(refusals=REFUSALS, redrawn=REDRAWN)
def _enrol(*, run, details, by, now, source, attempt, address, queue, fee, notify) -> Enrolment:
    run = locked_run(run)
    # First of all: whoever sends a form again is told what became of it, whatever has changed since.
    if attempt and (made := Enrolment.objects.filter(attempt=attempt).select_related("run__course").first()):
        return made
    if not by.is_staff and not ClinicSettings.load().enrolment_open:
        raise EnrolmentClosed
    refuse_unless_on_offer(run, by, now)
    enrolment = Enrolment(run=run, source=source, attempt=attempt, created_at=now)
    fill(enrolment, details)
    if enrolment.consent_version and enrolment.consent_at is None:
        enrolment.consent_at = now
    if by.is_staff:
        refuse_twice(enrolment)
    # Before it is known who is enrolled: or a wrong fee, or a run without room, would ask for that and enrol nobody,
    # as often as somebody likes (rule C3).
    if fee is not None and fee != run.fee_at(now):
        raise FeeChanged
    catch_up(run, now=now)
    has_seat = has_room(run)
    if not has_seat:
        refuse_unless_queue(run, queue)
    refuse_twice(enrolment)
    # The number of versions counts from 0.
    enrolment.sequence = -1
    if has_seat:
        claim_seat(run)
        confirm(enrolment, run.fee_at(now), now=now)
    else:
        wait(enrolment, run, now=now)
    if not by.is_staff:
        _spend_share(email=enrolment.email_key, address=address, now=now)
    save_as(enrolment, by=by, force_insert=True)
    kind = messages.ENROLLED if enrolment.holds_seat else messages.WAITING
    messages.announce(enrolment, kind, by=by, now=now, notify=notify)
    if attempt:
        EnrolmentDraft.objects.filter(attempt=attempt).delete()
    return enrolment


def refuse_unless_on_offer(run: CourseRun, by: Actor, now: datetime) -> None:
    """Whether somebody may come into this run at all, its seats aside; read again behind the lock.

    :raises RunCancelled, RunNotOnOffer, NotOpenYet, RunClosed: as `enrol` says.
    """
    if run.state == RunState.CANCELLED:
        raise RunCancelled
    rows = CourseRun.objects.shown() if by.is_staff else CourseRun.objects.public()
    if run.state != RunState.PUBLISHED or now >= run.starts_at or not rows.filter(pk=run.pk).exists():
        raise RunNotOnOffer
    if by.is_staff:
        return
    if now < run.opens_at:
        raise NotOpenYet
    if now >= run.closes_at:
        raise RunClosed


def refuse_twice(enrolment: Enrolment) -> None:
    """Say so before the database does, so that the refusal names whom (rule C3).

    :raises AlreadyEnrolled: `enrolment` of it is the one that is there.
    """
    rows = Enrolment.objects.filter(run=enrolment.run_id).active().exclude(pk=enrolment.pk)
    if enrolment.council == Council.OTHER:
        rows = rows.filter(council=Council.OTHER, email_key=enrolment.email_key)
    else:
        rows = rows.filter(council=enrolment.council, registration_key=enrolment.registration_key)
    if there := rows.select_related("run__course").first():
        refusal = AlreadyEnrolled()
        refusal.enrolment = there
        raise refusal


def refuse_unless_queue(run: CourseRun, queue: bool) -> None:
    """:raises QueueFull: the waiting list has no room. :raises RunFull: it has, and nobody asked for it."""
    if Enrolment.objects.filter(run=run).queue().count() >= run.queue_capacity:
        raise QueueFull
    if not queue:
        raise RunFull


def _spend_share(*, address: str, now: datetime, email: str = "") -> None:
    limits = [
        ("enrolment email", email, ENROLMENTS_PER_EMAIL),
        ("enrolment address", address, ENROLMENTS_PER_ADDRESS),
    ]
    for what, value, capacity in limits:
        if value and not ratelimit.spend(what, value, capacity=capacity, period=DAY, now=now):
            raise TooManyEnrolments
