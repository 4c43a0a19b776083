"""What the verbs share: the locks, the counter of seats, and the way of a freed seat to the first who waits.

Everything here runs inside a verb's transaction, behind the lock on the run (rule C1).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import F, Max

from courses import messages
from courses.enrolment.money import charge, keep_back
from courses.models import CourseRun, End, Enrolment, News, RunState, Status
from courses.offers import offer_end
from courses.refusals import RunFull, RunNotOnOffer, TooManyChanges, WrongStatus
from ipsc import ratelimit
from ipsc.history import SITE, Actor, save_as
from ipsc.models import ClinicSettings

INSTANT = timedelta(microseconds=1)
# Enough for whoever cannot decide, and too few for a machine.
CHANGES_PER_DAY = 20


def only_for_staff(by: Actor) -> None:
    """Stop anybody else. No page offers it to doctors, so there are no words for them."""
    if not by.is_staff:
        raise PermissionDenied("only staff may do this")


def locked_runs(run_ids: Collection[int]) -> dict[int, CourseRun]:
    """Lock the scarce rows, in id order so that nobody waits in a circle, and return them by id."""
    rows = CourseRun.objects.select_for_update(no_key=True, of=("self",)).select_related("course")
    return {run.pk: run for run in rows.filter(pk__in=run_ids).order_by("pk")}


def locked_run(run: CourseRun) -> CourseRun:
    """A run behind its lock, as it is now.

    :raises RunNotOnOffer: a sample that was removed meanwhile; no other run is ever deleted.
    """
    found = locked_runs([run.pk])
    if run.pk not in found:
        raise RunNotOnOffer
    return found[run.pk]


def locked(enrolment: Enrolment, *others: CourseRun) -> Enrolment:
    """Lock the run of an enrolment, and other runs, then its own row; return it as it is now, with its locked run.

    :raises WrongStatus: it has gone to another run while we waited for the lock, or was a sample that is removed.
    """
    runs = locked_runs({enrolment.run_id, *(run.pk for run in others)})
    row = Enrolment.objects.select_for_update(no_key=True).filter(pk=enrolment.pk).first()
    if row is None or row.run_id not in runs:
        raise WrongStatus
    row.run = runs[row.run_id]
    return row


def spend_change(enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """Count a move or a correction by the link, before its transaction, so that one that is refused counts as well.

    Each move is a letter, to an address that may be changed as often; and each correction tells whether somebody with
    the number typed is in the run (rule C3).

    :raises TooManyChanges: of this enrolment, a doctor may make CHANGES_PER_DAY.
    """
    if by.is_staff:
        return
    may = ratelimit.spend(
        "enrolment changes", enrolment.public_id, capacity=CHANGES_PER_DAY, period=timedelta(days=1), now=now
    )
    if not may:
        raise TooManyChanges


def refuse_stale(row: Enrolment | CourseRun, sequence: int | None) -> None:
    """:raises WrongStatus: the page was made from another version than the present one."""
    if sequence is not None and row.sequence != sequence:
        raise WrongStatus


def claim_seat(run: CourseRun) -> None:
    """Take a seat of a run: one conditional UPDATE under a check constraint.

    :raises RunFull: there is none.
    """
    if not CourseRun.objects.filter(pk=run.pk, seats_taken__lt=F("capacity")).update(seats_taken=F("seats_taken") + 1):
        raise RunFull
    run.seats_taken += 1


def free_seat(run: CourseRun) -> None:
    """Give a seat of a run back."""
    CourseRun.objects.filter(pk=run.pk).update(seats_taken=F("seats_taken") - 1)
    run.seats_taken -= 1


def has_room(run: CourseRun) -> bool:
    """Whether a newcomer may have a seat: one is free, and nobody waits for it (rule C2)."""
    return run.seats_taken < run.capacity and not Enrolment.objects.filter(run=run).queue().exists()


def enter(enrolment: Enrolment, status: Status, now: datetime) -> None:
    """Set a status with its moment; unsaved. The seat is the caller's to claim or free before."""
    enrolment.status = status
    setattr(enrolment, f"{status.value}_at", now)
    enrolment.offer_ends_at = None
    enrolment.cancelled_at = now if status == Status.CANCELLED else None
    if status != Status.CANCELLED:
        enrolment.cancelled_by = enrolment.end = enrolment.end_reason = ""
        enrolment.ended_fee = enrolment.kept_percent = None
    enrolment.sequence += 1


def confirm(enrolment: Enrolment, fee: int, *, now: datetime) -> None:
    """Make a seat that has been claimed theirs, for a fee; unsaved."""
    enter(enrolment, Status.CONFIRMED, now)
    charge(enrolment, fee, now=now)


def wait(enrolment: Enrolment, run: CourseRun, *, now: datetime) -> None:
    """Stand at the end of the queue, whoever's clock is behind; unsaved (rule C2)."""
    last = Enrolment.objects.filter(run=run).queue().aggregate(last=Max("waiting_at"))["last"]
    enter(enrolment, Status.WAITING, max(now, last + INSTANT) if last else now)


def close(
    enrolment: Enrolment, end: End, *, by: Actor, now: datetime, reason: str = "", refund: int | None = None
) -> None:
    """End an enrolment and free its seat; saved. What was paid comes back, all of it unless `refund` says how much."""
    if enrolment.holds_seat:
        free_seat(enrolment.run)
    enter(enrolment, Status.CANCELLED, now)
    enrolment.end, enrolment.end_reason, enrolment.cancelled_by = end, reason, by.label
    keep_back(enrolment, enrolment.paid if refund is None else refund, now=now)
    save_as(enrolment, by=by, why=end.value)


def catch_up(run: CourseRun, *, now: datetime) -> list[Enrolment]:
    """End the offers whose time is over, and offer what is free to those who wait, in order; return the new offers."""
    for enrolment in Enrolment.objects.filter(run=run).lapsed(now).order_by("pk"):
        enrolment.run = run
        close(enrolment, End.OFFER_ENDED, by=SITE, now=now)
        messages.announce(enrolment, messages.OFFER_ENDED, by=SITE, now=now)
    return hand_over(run, now=now)


def hand_over(run: CourseRun, *, now: datetime) -> list[Enrolment]:
    """Offer free seats to those who wait, the first one first, in the same transaction (rule C2)."""
    # No offer outlives the close of enrolment; so after it nobody is offered anything.
    free = run.capacity - run.seats_taken
    if free <= 0 or run.state != RunState.PUBLISHED or now >= run.closes_at:
        return []
    first = list(Enrolment.objects.filter(run=run).queue()[:free])
    if not first:
        return []
    ends_at = offer_end(now, ClinicSettings.load().offer_hours, run.closes_at)
    for enrolment in first:
        enrolment.run = run
        claim_seat(run)
        enter(enrolment, Status.OFFERED, now)
        enrolment.offer_ends_at = ends_at
        save_as(enrolment, by=SITE, why=News.OFFERED)
        messages.announce(enrolment, messages.OFFERED, by=SITE, now=now)
    return first
