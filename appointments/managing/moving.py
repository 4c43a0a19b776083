"""What a patient's booking may move to, and the move itself (rules B2 and B7)."""

from collections.abc import Collection
from datetime import datetime

from appointments.attempts import Choice
from appointments.booking import reschedule
from appointments.booking.choosing import FARTHEST
from appointments.diary import Openings, openings
from appointments.models import Appointment, Clinician, Service
from appointments.refusals import SlotTaken
from ipsc.dates import clinic_day
from ipsc.history import Actor
from ipsc.models import ClinicSettings, Unanswered


def clinicians_for(appointment: Appointment) -> list[Clinician]:
    """Those with whom the public may have this visit now, in the clinic's order; nobody where it is not on offer."""
    public = Service.objects.public().filter(pk=appointment.service_id)
    return list(Clinician.objects.public().filter(services__in=public))


def whoever_is_free(
    appointment: Appointment,
    starts_at: datetime,
    *,
    now: datetime,
    only: Clinician | None = None,
    but: Collection[int] = (),
) -> Clinician | None:
    """Who would take the visit at another start: the present clinician where they can, or else the least busy one.

    With `only`, that one or nobody; `but` are the ids of those who have turned out to be taken.
    """
    possible = [each for each in clinicians_for(appointment) if each.pk not in but and only in (None, each)]
    found = on_offer(appointment, starts_at, possible, now=now)
    slot = found.at(starts_at) if found else None
    if found is None or slot is None:
        return None
    chosen = appointment.clinician_id if appointment.clinician_id in slot.clinician_ids else found.least_loaded(slot)
    return next(each for each in possible if each.pk == chosen)


def on_offer(
    appointment: Appointment, starts_at: datetime, clinicians: list[Clinician], *, now: datetime
) -> Openings | None:
    """What the day of a start offers this visit, its own time counted as free; None where no booking goes so far."""
    if not clinicians or abs(starts_at - now) > FARTHEST:
        return None
    return openings(
        appointment.service,
        now=now,
        clinicians=clinicians,
        first_day=clinic_day(starts_at),
        days=1,
        release_unanswered=ClinicSettings.load().unanswered_requests == Unanswered.RELEASE,
        count_load=len(clinicians) > 1,
        ignored=appointment.pk,
    )


def is_where_it_was(appointment: Appointment, choice: Choice) -> bool:
    """Whether a choice would move nothing: the same start, with the same clinician or with anybody."""
    with_the_same = choice.clinician is None or choice.clinician.pk == appointment.clinician_id
    return with_the_same and choice.starts_at == appointment.starts_at


def move(
    *, appointment: Appointment, choice: Choice, by: Actor, now: datetime, sequence: int | None = None
) -> Appointment:
    """Move a booking to a choice of the patient's; where that is "anyone", to whoever is free.

    Somebody else may take one clinician's time between the look and the lock: then the next free one is asked.

    :raises BookingRefused: as `booking.reschedule` does.
    """
    if choice.clinician is not None:
        return reschedule(
            appointment=appointment,
            starts_at=choice.starts_at,
            clinician=choice.clinician,
            by=by,
            now=now,
            sequence=sequence,
        )
    taken: set[int] = set()
    while True:
        free = whoever_is_free(appointment, choice.starts_at, now=now, but=taken)
        if free is None and taken:
            raise SlotTaken
        try:
            return reschedule(
                appointment=appointment, starts_at=choice.starts_at, clinician=free, by=by, now=now, sequence=sequence
            )
        except SlotTaken:
            if free is None:
                raise
            taken.add(free.pk)
