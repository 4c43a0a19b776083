"""What the verbs share: locks, who takes a start, and how a status is entered."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from appointments.diary import openings
from appointments.models import Appointment, Clinician, Service, Status
from appointments.models.appointment import ENDS, MOMENTS, OCCUPYING
from appointments.refusals import NotOnOffer, OutsideHours, SlotTaken, TooLate, WrongStatus
from ipsc.dates import clinic_day
from ipsc.history import Actor

# No visit is booked further from today, by whomever: beyond it lie slips of the keyboard and the end of the calendar.
FARTHEST = timedelta(days=730)


def lock_clinicians(clinician_ids: Collection[int]) -> list[Clinician]:
    """Lock the scarce rows, in id order so that nobody waits in a circle, and return them in the clinic's order."""
    rows = Clinician.objects.select_for_update(no_key=True).filter(pk__in=clinician_ids).order_by("pk")
    return sorted(rows, key=lambda clinician: (clinician.order, clinician.pk))


def public(service: Service) -> Service | None:
    return Service.objects.public().filter(pk=service.pk).first()


def candidates(service: Service, clinician: Clinician | None, by: Actor) -> list[int]:
    """The ids of those who may take a visit: the one who is named, or else everybody who offers the service.

    Staff may name anybody, offering it or not, but even they book no sample in production (rule F3).
    """
    if clinician is not None and by.is_staff:
        possible = Clinician.objects.shown()
    else:
        possible = Clinician.objects.public().filter(services=service)
    if clinician is not None:
        possible = possible.filter(pk=clinician.pk)
    return list(possible.values_list("pk", flat=True))


def only_for_staff(by: Actor) -> None:
    """Stop anybody else. No page offers it to patients, so there are no words for them."""
    if not by.is_staff:
        raise PermissionDenied("only staff may do this")


def pick(
    service: Service,
    clinicians: list[Clinician],
    starts_at: datetime,
    *,
    by: Actor,
    now: datetime,
    squeeze_in: bool = False,
    anyway: bool = False,
    ignored: int | None = None,
) -> Clinician:
    """The clinician who takes this start, by rule B2 for patients and by their own word for staff."""
    if abs(starts_at - now) > FARTHEST:
        raise NotOnOffer
    if by.is_staff and (anyway or squeeze_in) and len(clinicians) == 1:
        # The constraint exempts visits that were squeezed in; others come upon them by looking.
        if not squeeze_in and _is_occupied(service, clinicians, starts_at, ignored):
            raise SlotTaken
        return clinicians[0]
    found = openings(
        service,
        now=now,
        clinicians=clinicians,
        first_day=clinic_day(starts_at),
        days=1,
        for_public=not by.is_staff,
        count_load=len(clinicians) > 1,
        ignored=ignored,
    )
    if slot := found.at(starts_at):
        least = found.least_loaded(slot)
        return next(clinician for clinician in clinicians if clinician.pk == least)
    if _is_occupied(service, clinicians, starts_at, ignored):
        raise SlotTaken
    if by.is_staff:
        if len(clinicians) == 1 and found.fits_hours(starts_at):
            return clinicians[0]
        raise OutsideHours
    raise NotOnOffer


def _is_occupied(service: Service, clinicians: list[Clinician], starts_at: datetime, ignored: int | None) -> bool:
    """Whether an appointment stands in the way of each of them, which tells a lost race from a time never offered."""
    _ends_at, busy_until = service.span(starts_at)
    busy = (
        Appointment.objects.occupying()
        .filter(clinician__in=clinicians, starts_at__lt=busy_until, busy_until__gt=starts_at)
        .exclude(pk=ignored)
    )
    return busy.values("clinician").distinct().count() == len(clinicians)


def stands_in_the_way(appointment: Appointment) -> bool:
    """Whether another visit holds time of the same clinician within this one's."""
    others = Appointment.objects.occupying().filter(clinician=appointment.clinician_id).exclude(pk=appointment.pk)
    return others.filter(starts_at__lt=appointment.busy_until, busy_until__gt=appointment.starts_at).exists()


def locked(appointment: Appointment, clinician: Clinician | None = None) -> Appointment:
    """The appointment as it is now, behind the locks of its clinician, of another one perhaps, and of its own row."""
    lock_clinicians({appointment.clinician_id, *([clinician.pk] if clinician else [])})
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).select_related("service", "clinician")
    return rows.get(pk=appointment.pk)


def refuse_stale(appointment: Appointment, sequence: int | None) -> None:
    if sequence is not None and sequence != appointment.sequence:
        raise WrongStatus


def keep_notice(appointment: Appointment, by: Actor, now: datetime) -> None:
    """Notice binds patients, not staff (rule B7).

    :raises TooLate: it has begun.
    """
    if not by.is_staff and now >= appointment.change_until:
        raise TooLate


def enter(appointment: Appointment, status: Status, now: datetime) -> None:
    """Set a status and its moment: a new version for messages (B7).

    What is undone takes its moment with it, so that a moment that stands is one at which it happened.
    """
    for undone in [*ENDS, *(OCCUPYING[OCCUPYING.index(status) + 1 :] if status in OCCUPYING else [])]:
        setattr(appointment, MOMENTS[undone], None)
    if getattr(appointment, MOMENTS[status]) is None:
        setattr(appointment, MOMENTS[status], now)
    appointment.status = status
    appointment.cancelled_by = ""
    appointment.sequence += 1
