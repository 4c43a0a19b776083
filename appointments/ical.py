"""An appointment as a calendar entry (RFC 5545)."""

from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Event, vCalAddress, vText

from appointments.models import Appointment, Status
from ipsc.ical import calendar
from ipsc.models import ClinicSettings

PRODUCT = "appointments"
STATUSES = {Status.REQUESTED: "TENTATIVE", Status.CANCELLED: "CANCELLED", Status.DECLINED: "CANCELLED"}


def entry(appointment: Appointment, clinic: ClinicSettings) -> bytes:
    """A calendar with this one visit, to download: a stable UID, a rising SEQUENCE, the clinic's time zone, an alarm.

    Calendars are shared and shown on locked screens: no service, reason or name stands in it (rule M2).
    """
    return calendar(event_of(appointment, clinic), method="PUBLISH", product=PRODUCT)


def invitation(appointment: Appointment, clinic: ClinicSettings, *, to: str) -> tuple[bytes, str]:
    """The same for a message, with its method (RFC 5546): REQUEST makes or updates the entry, CANCEL takes it away.

    Mail programs act on it because it names the sender as the organizer and the patient as somebody who comes.
    """
    event = event_of(appointment, clinic)
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText(clinic.name)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    method = "CANCEL" if STATUSES.get(Status(appointment.status)) == "CANCELLED" else "REQUEST"
    return calendar(event, method=method, product=PRODUCT), method


def feed(appointments: Iterable[Appointment]) -> bytes:
    """The visits of a clinician: time, service and reference, and nothing else of anybody."""
    return calendar(*(brief(each) for each in appointments), method="PUBLISH", product=PRODUCT)


def brief(appointment: Appointment) -> Event:
    event = Event()
    for name, value in times(appointment):
        event.add(name, value)
    event.add("summary", f"{appointment.service.name} · {appointment.spoken_reference}")
    event.add("status", STATUSES.get(Status(appointment.status), "CONFIRMED"))
    return event


def times(appointment: Appointment) -> list[tuple[str, Any]]:
    """What tells entries and their versions apart, and when the visit is."""
    zone = timezone.get_default_timezone()
    stamped = max(filter(None, (appointment.created_at, appointment.cancelled_at, appointment.declined_at)))
    return [
        ("uid", appointment.uid),
        ("sequence", appointment.sequence),
        ("dtstamp", stamped),
        ("dtstart", appointment.starts_at.astimezone(zone)),
        ("dtend", appointment.ends_at.astimezone(zone)),
    ]


def event_of(appointment: Appointment, clinic: ClinicSettings) -> Event:
    event = Event()
    for name, value in times(appointment):
        event.add(name, value)
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": clinic.name})
    event.add("description", _("Reference %(reference)s") % {"reference": appointment.spoken_reference})
    event.add("status", STATUSES.get(Status(appointment.status), "CONFIRMED"))
    event.add("class", "PRIVATE")
    if clinic.address:
        event.add("location", " ".join(clinic.address.split()))
    if STATUSES.get(Status(appointment.status)) != "CANCELLED":
        event.add_component(alarm(clinic))
    return event


def alarm(clinic: ClinicSettings) -> Alarm:
    """Three hours before."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", _("Appointment at %(clinic)s") % {"clinic": clinic.name})
    made.add("trigger", timedelta(hours=-3))
    return made
