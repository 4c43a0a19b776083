"""The verbs that change an appointment: cancel, move, take through the day, link to a person, correct."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from appointments import messages
from appointments.booking.choosing import (
    candidates,
    enter,
    keep_notice,
    locked,
    only_for_staff,
    pick,
    public,
    refuse_stale,
    stands_in_the_way,
)
from appointments.models import Appointment, Clinician, Patient, Status
from appointments.models.appointment import ENDS, OCCUPYING
from appointments.refusals import REFUSALS, BookingClosed, ServiceNotOnOffer, SlotTaken, TooEarly, WrongStatus
from ipsc.dates import clinic_day
from ipsc.history import SITE, Actor, save_as
from ipsc.models import ClinicSettings, Unanswered
from ipsc.names import search_key
from ipsc.signs import signs_in
from ipsc.verbs import verb

if TYPE_CHECKING:
    from appointments.booking.making import Details


def release_unanswered(
    *, now: datetime, settings: ClinicSettings, clinicians: Collection[Clinician] | None = None, but: int | None = None
) -> list[Appointment]:
    """Decline requests whose answer-by moment has passed, where the clinic has chosen so. Returns them.

    `but` is the id of a request that stays because it is about to move. Must run inside a transaction; the rows are
    locked. It is done before each booking and by `manage.py sweep`.
    """
    if settings.unanswered_requests != Unanswered.RELEASE:
        return []
    overdue = Appointment.objects.unanswered(now).exclude(pk=but).select_for_update(no_key=True).order_by("pk")
    if clinicians is not None:
        overdue = overdue.filter(clinician__in=clinicians)
    released = list(overdue)
    for appointment in released:
        enter(appointment, Status.DECLINED, now)
        appointment.end_reason = "Nobody answered in time."
        save_as(appointment, by=SITE, why="unanswered")
        messages.announce(appointment, messages.DECLINED, by=SITE, now=now)
    return released


@verb(refusals=REFUSALS)
def cancel(
    *,
    appointment: Appointment,
    by: Actor,
    now: datetime,
    reason: str = "",
    sequence: int | None = None,
    notify: bool = True,
) -> Appointment:
    """Cancel a visit that holds time, and free it. Cancelling a cancelled visit changes nothing.

    :raises WrongStatus: the visit is over, or has changed since version `sequence`.
    :raises TooLate: the service's notice of a change has begun, and it is not staff who cancels (rule B7).
    """
    appointment = locked(appointment)
    if appointment.status == Status.CANCELLED:
        return appointment
    refuse_stale(appointment, sequence)
    if appointment.status not in (Status.REQUESTED, Status.BOOKED, Status.ARRIVED):
        raise WrongStatus
    keep_notice(appointment, by, now)
    enter(appointment, Status.CANCELLED, now)
    appointment.cancelled_by = by.label
    appointment.end_reason = reason
    save_as(appointment, by=by, why=reason)
    messages.announce(appointment, messages.CANCELLED, by=by, now=now, notify=notify, by_patient=not by.is_staff)
    return appointment


@verb(refusals=REFUSALS)
def reschedule(
    *,
    appointment: Appointment,
    starts_at: datetime,
    by: Actor,
    now: datetime,
    clinician: Clinician | None = None,
    squeeze_in_reason: str = "",
    outside_hours: bool = False,
    sequence: int | None = None,
    notify: bool = True,
) -> Appointment:
    """Move a visit to another start, and to another clinician if one is named, in one transaction (rule B7).

    A patient's move of an on-request service is a new request. The old time is free as soon as the new one is held, and
    when the new one is refused the old one stays.

    :raises WrongStatus: the visit is over, or has changed since version `sequence`.
    :raises TooLate: the service's notice of a change has begun, and it is not staff who moves it.
    :raises BookingClosed: online booking is switched off, and it is not staff who moves it.
    :raises ServiceNotOnOffer: the service or the new clinician is not on offer any more.
    :raises NotOnOffer: the start is not one that the service offers.
    :raises SlotTaken: somebody else has the new time.
    :raises OutsideHours: staff chose a time outside hours without saying that it is meant.
    :raises PatientElsewhere: the linked patient has another visit then.
    :raises PermissionDenied: somebody else than staff squeezes in or goes outside hours.
    """
    if squeeze_in_reason or outside_hours:
        only_for_staff(by)
    appointment = locked(appointment, clinician)
    refuse_stale(appointment, sequence)
    if appointment.status not in (Status.REQUESTED, Status.BOOKED):
        raise WrongStatus
    keep_notice(appointment, by, now)
    settings = ClinicSettings.load()
    if not by.is_staff and not settings.online_booking_open:
        raise BookingClosed
    service, old_starts_at = appointment.service, appointment.starts_at
    target = clinician or appointment.clinician
    if not candidates(service, target, by) or (public(service) is None and not by.is_staff):
        raise ServiceNotOnOffer
    release_unanswered(clinicians=[target], settings=settings, now=now, but=appointment.pk)
    appointment.clinician = pick(
        service,
        [target],
        starts_at,
        by=by,
        now=now,
        squeeze_in=bool(squeeze_in_reason),
        anyway=outside_hours,
        ignored=appointment.pk,
    )
    appointment.starts_at = starts_at
    appointment.ends_at, appointment.busy_until = service.span(starts_at)
    appointment.squeeze_in = bool(squeeze_in_reason)
    appointment.squeeze_in_reason = squeeze_in_reason
    if not by.is_staff and not service.instant:
        appointment.status, appointment.requested_at, appointment.booked_at = Status.REQUESTED, now, None
    if appointment.status == Status.REQUESTED:
        appointment.answer_by_at = min(now + timedelta(hours=settings.answer_hours), starts_at)
    appointment.coming_at = None
    appointment.sequence += 1
    save_as(appointment, by=by, why="moved")
    messages.announce(appointment, messages.MOVED, by=by, now=now, notify=notify, old_starts_at=old_starts_at)
    return appointment


# From which status staff may go where; `cancel` and `reschedule` are verbs of their own. The way back undoes a slip.
STEPS: dict[str, tuple[Status, ...]] = {
    Status.REQUESTED: (Status.BOOKED, Status.DECLINED),
    Status.BOOKED: (Status.ARRIVED, Status.NO_SHOW),
    Status.ARRIVED: (Status.IN_CONSULTATION, Status.BOOKED, Status.NO_SHOW),
    Status.IN_CONSULTATION: (Status.FULFILLED, Status.ARRIVED),
    Status.FULFILLED: (Status.IN_CONSULTATION,),
    Status.NO_SHOW: (Status.BOOKED, Status.ARRIVED),
    Status.CANCELLED: (Status.BOOKED,),
    Status.DECLINED: (Status.BOOKED,),
}


# The steps of which a patient is told; the others are seen at the desk.
TOLD = {
    (Status.REQUESTED, Status.BOOKED): messages.CONFIRMED,
    (Status.REQUESTED, Status.DECLINED): messages.DECLINED,
    (Status.CANCELLED, Status.BOOKED): messages.CONFIRMED,
    (Status.DECLINED, Status.BOOKED): messages.CONFIRMED,
}


def too_early(appointment: Appointment, to: Status, now: datetime) -> bool:
    """Nobody arrives before the day of the visit, or has stayed away before it begins."""
    if to == Status.ARRIVED:
        return clinic_day(now) < clinic_day(appointment.starts_at)
    return to == Status.NO_SHOW and now < appointment.starts_at


@verb(refusals=REFUSALS)
def step(
    *,
    appointment: Appointment,
    to: Status,
    by: Actor,
    now: datetime,
    reason: str = "",
    sequence: int | None = None,
    notify: bool = True,
) -> Appointment:
    """Take a visit to the next status of its day, answer a request, or undo an end (rule B5).

    :raises TooEarly: nobody arrives before the day of the visit, or has stayed away before it begins.
    :raises WrongStatus: STEPS does not lead from the present status to `to`, or the visit changed since `sequence`.
    :raises SlotTaken: an undone end would overlap another visit by now.
    :raises PatientElsewhere: likewise, for the linked patient.
    """
    only_for_staff(by)
    appointment = locked(appointment)
    if appointment.status == to:
        return appointment
    refuse_stale(appointment, sequence)
    if to not in STEPS[appointment.status]:
        raise WrongStatus
    if too_early(appointment, to, now):
        raise TooEarly
    if appointment.status in ENDS and to in OCCUPYING and not appointment.squeeze_in and stands_in_the_way(appointment):
        # The constraint exempts visits that were squeezed in meanwhile; this one would come upon them.
        raise SlotTaken
    kind = TOLD.get((Status(appointment.status), to))
    enter(appointment, to, now)
    appointment.end_reason = reason
    save_as(appointment, by=by, why=reason)
    if kind:
        messages.announce(appointment, kind, by=by, now=now, notify=notify)
    return appointment


@verb(refusals=REFUSALS)
def link(*, appointment: Appointment, patient: Patient | None, by: Actor, sequence: int | None = None) -> Appointment:
    """Say which known person this booking is for, or with None that nobody known is. Only staff do this (rule B4).

    :raises WrongStatus: the visit has changed since version `sequence`.
    :raises PatientElsewhere: that person has another visit at the same time.
    :raises PermissionDenied: it is not a member of staff who says so.
    """
    only_for_staff(by)
    appointment = locked(appointment)
    refuse_stale(appointment, sequence)
    appointment.patient = patient
    appointment.is_sample = False
    save_as(appointment, by=by, why="linked")
    return appointment


@verb(refusals=REFUSALS)
def amend(
    *, appointment: Appointment, details: "Details", by: Actor, now: datetime, sequence: int | None = None
) -> Appointment:
    """Correct what a booking says about its patient. Time, status and consent stay as they are.

    :raises WrongStatus: the visit has changed since version `sequence`.
    """
    only_for_staff(by)
    appointment = locked(appointment)
    refuse_stale(appointment, sequence)
    for field, value in asdict(details).items():
        if field not in ("consent_version", "consent_at"):
            setattr(appointment, field, value)
    appointment.search_name = search_key(details.name)
    appointment.red_flags = signs_in(details.reason)
    # Whoever edits a sample makes it the clinic's own (rule F3).
    appointment.is_sample = False
    appointment.sequence += 1
    save_as(appointment, by=by, why="corrected")
    messages.follow_contact(appointment, by=by, now=now)
    return appointment


@verb(refusals=REFUSALS)
def confirm_coming(*, appointment: Appointment, by: Actor, now: datetime, sequence: int | None = None) -> Appointment:
    """Record that the patient says they are coming. Saying it twice changes nothing.

    :raises WrongStatus: the visit is not booked, has begun, or has changed since version `sequence`.
    """
    appointment = locked(appointment)
    refuse_stale(appointment, sequence)
    if appointment.status != Status.BOOKED or appointment.starts_at <= now:
        raise WrongStatus
    if appointment.coming_at is None:
        appointment.coming_at = now
        save_as(appointment, by=by, why="coming")
    return appointment


@verb(refusals=REFUSALS)
def renew_link(*, appointment: Appointment, by: Actor, now: datetime, send: bool = True) -> Appointment:
    """End every link to this booking that was made before, and send a new one where there is a way (rule B6).

    :raises PermissionDenied: it is not a member of staff who does so.
    """
    only_for_staff(by)
    appointment = locked(appointment)
    appointment.link_version += 1
    save_as(appointment, by=by, why="new link")
    if send:
        messages.send_link(appointment, by=by, now=now, part=f"link{appointment.link_version}")
    return appointment
