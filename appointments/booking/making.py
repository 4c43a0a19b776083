"""The verb that makes an appointment."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from appointments import messages
from appointments.booking.changing import release_unanswered
from appointments.booking.choosing import candidates, lock_clinicians, only_for_staff, pick, public
from appointments.models import Appointment, BookingDraft, Clinician, Patient, Service, Source, Status
from appointments.refusals import (
    REDRAWN,
    REFUSALS,
    AttemptUsed,
    BookingClosed,
    ServiceNotOnOffer,
    TooManyBookings,
)
from ipsc import ratelimit
from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings
from ipsc.names import search_key
from ipsc.signs import signs_in
from ipsc.verbs import verb

# A town may share one address (carrier-grade NAT), so this only stops machines.
BOOKINGS_PER_ADDRESS = 60


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a booking says about its patient. It is the booking's own; it never touches a Patient (rule B4)."""

    name: str
    phone: str
    email: str = ""
    age_years: int | None = None
    born_on: date | None = None
    for_someone_else: bool = False
    contact_name: str = ""
    contact_relation: str = ""
    phone_is_patients: bool = True
    language: str = "en"
    reason: str = ""
    needs_wheelchair: bool = False
    needs_no_long_sitting: bool = False
    needs_language: str = ""
    needs_attendant: bool = False
    needs_woman_present: bool = False
    consent_version: str = ""
    consent_at: datetime | None = None


def book(
    *,
    service: Service,
    clinician: Clinician | None,
    starts_at: datetime,
    details: Details,
    by: Actor,
    now: datetime,
    source: str = Source.ONLINE,
    attempt: uuid.UUID | None = None,
    address: str = "",
    came_from: str = "",
    patient: Patient | None = None,
    squeeze_in_reason: str = "",
    outside_hours: bool = False,
    notify: bool = True,
) -> Appointment:
    """Book `service` at `starts_at` with `clinician`, or with the least busy of those who are free (None).

    The same `attempt` again returns the appointment that the first call made (rule B8). Patients are held to what is on
    offer now (rule B2), to the switch for online booking, and to the limits per phone and per address; staff are not,
    but they say so when a visit lies outside hours or is squeezed in. `came_from` is an origin that `ipsc.origins` has
    read, or nothing.

    :raises BookingClosed: online booking is switched off.
    :raises ServiceNotOnOffer: the service, or the clinician for it, is not on offer any more.
    :raises NotOnOffer: the start is not one that the service offers.
    :raises SlotTaken: it was, and somebody else has it now.
    :raises TooManyBookings: the phone or the address has used up today's share.
    :raises OutsideHours: staff chose a time outside hours without saying that it is meant.
    :raises PatientElsewhere: the linked patient has another visit then.
    :raises PermissionDenied: somebody else than staff links a patient, squeezes in or goes outside hours.
    """
    try:
        return _book(
            service=service,
            clinician=clinician,
            starts_at=starts_at,
            details=details,
            by=by,
            now=now,
            source=source,
            attempt=attempt,
            address=address,
            came_from=came_from,
            patient=patient,
            squeeze_in_reason=squeeze_in_reason,
            outside_hours=outside_hours,
            notify=notify,
        )
    except AttemptUsed:
        return Appointment.objects.get(attempt=attempt)


@verb(refusals=REFUSALS, redrawn=REDRAWN)
def _book(
    *,
    service,
    clinician,
    starts_at,
    details,
    by,
    now,
    source,
    attempt,
    address,
    came_from,
    patient,
    squeeze_in_reason,
    outside_hours,
    notify,
) -> Appointment:
    if patient or squeeze_in_reason or outside_hours:
        only_for_staff(by)
    chosen = lock_clinicians(candidates(service, clinician, by))
    # First of all: whoever sends a form again is told what became of it, whatever has changed since.
    if attempt and (made := Appointment.objects.filter(attempt=attempt).first()):
        return made
    settings = ClinicSettings.load()
    if not by.is_staff and not settings.online_booking_open:
        raise BookingClosed
    # Read again behind the lock: what the page showed may be old.
    service = Service.objects.shown().filter(pk=service.pk).first() if by.is_staff else public(service)
    if service is None or not chosen:
        raise ServiceNotOnOffer
    release_unanswered(clinicians=chosen, settings=settings, now=now)
    clinician = pick(
        service, chosen, starts_at, by=by, now=now, squeeze_in=bool(squeeze_in_reason), anyway=outside_hours
    )
    if not by.is_staff:
        _spend_share(details.phone, address, settings, now)
    certain = service.instant or by.is_staff
    ends_at, busy_until = service.span(starts_at)
    appointment = Appointment(
        service=service,
        clinician=clinician,
        starts_at=starts_at,
        ends_at=ends_at,
        busy_until=busy_until,
        status=Status.BOOKED if certain else Status.REQUESTED,
        source=source,
        attempt=attempt,
        came_from=came_from,
        patient=patient,
        squeeze_in=bool(squeeze_in_reason),
        squeeze_in_reason=squeeze_in_reason,
        search_name=search_key(details.name),
        red_flags=signs_in(details.reason),
        created_at=now,
        booked_at=now if certain else None,
        requested_at=None if certain else now,
        answer_by_at=None if certain else min(now + timedelta(hours=settings.answer_hours), starts_at),
        **asdict(details) | {"consent_at": details.consent_at or (now if details.consent_version else None)},
    )
    save_as(appointment, by=by, force_insert=True)
    kind = messages.BOOKED if certain else messages.REQUESTED
    messages.announce(appointment, kind, by=by, now=now, notify=notify)
    if attempt:
        BookingDraft.objects.filter(attempt=attempt).delete()
    return appointment


def _spend_share(phone: str, address: str, settings: ClinicSettings, now: datetime) -> None:
    day = timedelta(days=1)
    limits = [
        ("booking phone", str(phone), settings.bookings_per_phone),
        ("booking address", address, BOOKINGS_PER_ADDRESS),
    ]
    for what, value, capacity in limits:
        if value and not ratelimit.spend(what, value, capacity=capacity, period=day, now=now):
            raise TooManyBookings
