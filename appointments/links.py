"""The link by which a patient comes back to a booking (rule B6)."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from appointments.models import Appointment
from ipsc import links
from ipsc.dates import clinic_day, end_of_day

SALT = "appointment"


def token_of(appointment: Appointment) -> str:
    return links.sign(SALT, appointment.public_id, appointment.link_version)


def manage_url(appointment: Appointment) -> str:
    return reverse("appointments:manage", args=[token_of(appointment)])


def short_url(appointment: Appointment) -> str:
    """The whole address as it stands in a message: fixed up to its question mark, as registered texts have to be."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('short')}?{token_of(appointment)}"


def appointment_of(token: str, now: datetime) -> Appointment | None:
    """The appointment of a token that is genuine, of the present version, and not after the day of the visit."""
    link = links.read(SALT, token)
    if link is None:
        return None
    rows = Appointment.objects.select_related("service", "clinician")
    appointment = rows.filter(public_id=link.public_id, link_version=link.version).first()
    return appointment if appointment and is_open(appointment, now) else None


def is_open(appointment: Appointment, now: datetime) -> bool:
    """Whether links to a booking still open it: to the end of the day of the visit."""
    return now < end_of_day(clinic_day(appointment.ends_at))
