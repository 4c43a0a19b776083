"""The verbs about offered places (rule C2)."""

from datetime import datetime

from django.db.models import F, Q

from courses import messages
from courses.enrolment.seats import (
    catch_up,
    claim_seat,
    close,
    confirm,
    hand_over,
    locked,
    locked_runs,
    only_for_staff,
    refuse_stale,
)
from courses.models import CourseRun, End, Enrolment, News, RunState, Status
from courses.refusals import REFUSALS, FeeChanged, NotFirst, OfferEnded, WrongStatus
from ipsc.history import Actor, save_as
from ipsc.verbs import verb


def offer_next(*, run: CourseRun, now: datetime) -> list[Enrolment]:
    """End the offers of a run whose time is over, and offer its free seats in order; return the new offers.

    Cheap where there is nothing to do: then nothing is locked.
    """
    rows = Enrolment.objects.filter(run=run.pk)
    free = Q(status=Status.WAITING, run__seats_taken__lt=F("run__capacity"), run__closes_at__gt=now)
    free &= Q(run__state=RunState.PUBLISHED)
    if not rows.filter(free | Q(status=Status.OFFERED, offer_ends_at__lte=now)).exists():
        return []
    return _offer_next(run=run, now=now)


@verb(refusals=REFUSALS)
def _offer_next(*, run: CourseRun, now: datetime) -> list[Enrolment]:
    found = locked_runs([run.pk])
    return catch_up(found[run.pk], now=now) if found else []


def end_lapsed_offers(*, now: datetime) -> int:
    """Bring every run up to date in which an offer has lapsed or a free seat waits; return how many. For the sweep."""
    waiting = Q(enrolments__status=Status.WAITING, seats_taken__lt=F("capacity"), closes_at__gt=now)
    waiting &= Q(state=RunState.PUBLISHED)
    lapsed = Q(enrolments__status=Status.OFFERED, enrolments__offer_ends_at__lte=now)
    runs = list(CourseRun.objects.filter(waiting | lapsed).distinct().order_by("pk"))
    for run in runs:
        offer_next(run=run, now=now)
    return len(runs)


def accept_offer(
    *, enrolment: Enrolment, by: Actor, now: datetime, sequence: int | None = None, fee: int | None = None
) -> Enrolment:
    """Make an offered place theirs. Accepting twice changes nothing.

    The fee is that of the moment of the offer; `fee` is what the page has shown, in whole INR.

    :raises OfferEnded: its time is over; the place has gone to the next person.
    :raises WrongStatus: nothing is offered, or the enrolment has changed since version `sequence`.
    :raises FeeChanged: the office has set another fee than `fee` meanwhile.
    """
    offer_next(run=enrolment.run, now=now)
    return _accept_offer(enrolment=enrolment, by=by, now=now, sequence=sequence, fee=fee)


@verb(refusals=REFUSALS)
def _accept_offer(*, enrolment, by, now, sequence, fee) -> Enrolment:
    enrolment = locked(enrolment)
    if enrolment.status == Status.CONFIRMED and enrolment.offered_at:
        return enrolment
    if enrolment.end == End.OFFER_ENDED or enrolment.has_lapsed(now):
        raise OfferEnded
    refuse_stale(enrolment, sequence)
    if enrolment.status != Status.OFFERED:
        raise WrongStatus
    asked = enrolment.run.fee_at(enrolment.offered_at)
    if fee is not None and fee != asked:
        raise FeeChanged
    confirm(enrolment, asked, now=now)
    save_as(enrolment, by=by, why=News.ACCEPTED)
    messages.announce(enrolment, messages.ENROLLED, by=by, now=now)
    return enrolment


def decline_offer(*, enrolment: Enrolment, by: Actor, now: datetime, sequence: int | None = None) -> Enrolment:
    """Give an offered place up; it goes to the next person at once. Declining twice changes nothing.

    :raises OfferEnded: its time is over anyway.
    :raises WrongStatus: nothing is offered, or the enrolment has changed since version `sequence`.
    """
    offer_next(run=enrolment.run, now=now)
    return _decline_offer(enrolment=enrolment, by=by, now=now, sequence=sequence)


@verb(refusals=REFUSALS)
def _decline_offer(*, enrolment, by, now, sequence) -> Enrolment:
    enrolment = locked(enrolment)
    if enrolment.end == End.DECLINED_OFFER:
        return enrolment
    if enrolment.end == End.OFFER_ENDED:
        raise OfferEnded
    refuse_stale(enrolment, sequence)
    if enrolment.status != Status.OFFERED:
        raise WrongStatus
    close(enrolment, End.DECLINED_OFFER, by=by, now=now)
    messages.announce(enrolment, messages.WITHDRAWN, by=by, now=now)
    hand_over(enrolment.run, now=now)
    return enrolment


def admit(*, enrolment: Enrolment, by: Actor, now: datetime, sequence: int | None = None) -> Enrolment:
    """Give a free seat to the first who waits, without an offer: for the time after enrolment has closed. Staff only.

    :raises RunFull: no seat is free.
    :raises NotFirst: somebody else has waited for longer.
    :raises WrongStatus: they do not wait, the run is not to be, or the enrolment has changed since version `sequence`.
    """
    only_for_staff(by)
    offer_next(run=enrolment.run, now=now)
    return _admit(enrolment=enrolment, by=by, now=now, sequence=sequence)


@verb(refusals=REFUSALS)
def _admit(*, enrolment, by, now, sequence) -> Enrolment:
    enrolment = locked(enrolment)
    refuse_stale(enrolment, sequence)
    run = enrolment.run
    if enrolment.status != Status.WAITING or run.state != RunState.PUBLISHED or now >= run.ends_at:
        raise WrongStatus
    if Enrolment.objects.filter(run=run).queue().first() != enrolment:
        raise NotFirst
    claim_seat(run)
    confirm(enrolment, run.fee_at(now), now=now)
    save_as(enrolment, by=by, why=News.ADMITTED)
    messages.announce(enrolment, messages.ENROLLED, by=by, now=now)
    return enrolment
