"""The verb that makes a known person out of a booking."""

from appointments.booking.choosing import locked, only_for_staff, refuse_stale
from appointments.models import Appointment, Patient
from appointments.refusals import REFUSALS
from ipsc.history import Actor, save_as
from ipsc.names import search_key
from ipsc.verbs import verb


@verb(refusals=REFUSALS)
def register(*, appointment: Appointment, by: Actor, sequence: int | None = None) -> Appointment:
    """Make a patient from what a booking says and link it. Only staff do this (rule B4).

    A booking that is linked already stays as it is, so that the button pressed twice makes one person.

    :raises WrongStatus: the visit has changed since version `sequence`.
    :raises PermissionDenied: it is not a member of staff who asks.
    """
    only_for_staff(by)
    appointment = locked(appointment)
    if appointment.patient_id:
        return appointment
    refuse_stale(appointment, sequence)
    patient = Patient(
        name=appointment.name,
        search_name=search_key(appointment.name),
        phone=appointment.phone,
        email=appointment.email,
        born_on=appointment.born_on,
    )
    save_as(patient, by=by, why="from a booking")
    appointment.patient = patient
    appointment.is_sample = False
    save_as(appointment, by=by, why="linked")
    return appointment
