"""An appointment as a calendar entry (RFC 5545)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone

from appointments.models import Appointment, Status
from ipsc.models import ClinicSettings

STATUSES = {Status.REQUESTED: "TENTATIVE", Status.CANCELLED: "CANCELLED", Status.DECLINED: "CANCELLED"}


def entry(appointment: Appointment, clinic: ClinicSettings) -> bytes:
    """A calendar with this one visit: a stable UID, a rising SEQUENCE, the clinic's time zone and an alarm.

    Calendars are shared and shown on locked screens: no service, reason or name stands in it (rule M2).
    """
    zone = timezone.get_default_timezone()
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", max(filter(None, (appointment.created_at, appointment.cancelled_at, appointment.declined_at))))
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", _("Appointment at %(clinic)s") % {"clinic": clinic.name})
    event.add("description", _("Reference %(reference)s") % {"reference": appointment.spoken_reference})
    event.add("status", STATUSES.get(Status(appointment.status), "CONFIRMED"))
    event.add("class", "PRIVATE")
    if clinic.address:
        event.add("location", " ".join(clinic.address.split()))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Appointment at %(clinic)s") % {"clinic": clinic.name})
    alarm.add("trigger", timedelta(hours=-3))
    event.add_component(alarm)

    calendar = Calendar()
    calendar.add("prodid", "-//IPSC//appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_tzinfo(zone))
    calendar.add_component(event)
    return calendar.to_ical()
