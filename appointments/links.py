"""The link by which a patient comes back to a booking (rule B6)."""

from datetime import datetime

from django.urls import reverse

from appointments.models import Appointment
from ipsc import links
from ipsc.dates import clinic_day, end_of_day

SALT = "appointment"


def manage_url(appointment: Appointment) -> str:
    token = links.sign(SALT, appointment.public_id, appointment.link_version)
    return reverse("appointments:manage", args=[token])


def appointment_of(token: str, now: datetime) -> Appointment | None:
    """The appointment of a token that is genuine, of the present version, and not after the day of the visit."""
    link = links.read(SALT, token)
    if link is None:
        return None
    rows = Appointment.objects.select_related("service", "clinician")
    appointment = rows.filter(public_id=link.public_id, link_version=link.version).first()
    return appointment if appointment and now < end_of_day(clinic_day(appointment.ends_at)) else None
