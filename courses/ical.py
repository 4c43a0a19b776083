"""A course as a calendar entry (RFC 5545)."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Event, vCalAddress, vText

from courses.models import Enrolment, Mode, Status
from ipsc.ical import calendar
from ipsc.models import ClinicSettings
from ipsc.templatetags.ipsc import staff_plain

PRODUCT = "courses"


def entry(enrolment: Enrolment, clinic: ClinicSettings) -> bytes:
    """A calendar with this one course, to download: a stable UID, a rising SEQUENCE, the clinic's time zone, an alarm.

    Calendars are shared: neither the link of the enrolment nor the one to join online stands in it.
    """
    return calendar(event_of(enrolment, clinic), method="PUBLISH", product=PRODUCT)


def invitation(enrolment: Enrolment, clinic: ClinicSettings, *, to: str) -> tuple[bytes, str]:
    """The same for a message, with its method (RFC 5546): REQUEST makes or updates the entry, CANCEL takes it away."""
    event = event_of(enrolment, clinic)
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText(clinic.name)
    event.add("organizer", organizer)
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["PARTSTAT"] = vText("ACCEPTED")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    method = "CANCEL" if enrolment.status == Status.CANCELLED else "REQUEST"
    return calendar(event, method=method, product=PRODUCT), method


def event_of(enrolment: Enrolment, clinic: ClinicSettings) -> Event:
    """From the first start to the last end; a place that is only offered or waited for is tentative."""
    run, zone = enrolment.run, timezone.get_default_timezone()
    event = Event()
    event.add("uid", enrolment.uid)
    event.add("sequence", enrolment.sequence)
    event.add("dtstamp", max(filter(None, (enrolment.created_at, enrolment.confirmed_at, enrolment.cancelled_at))))
    event.add("dtstart", run.starts_at.astimezone(zone))
    event.add("dtend", run.ends_at.astimezone(zone))
    titled = run if run.title else run.course
    event.add("summary", staff_plain(titled, "title"))
    event.add("description", _("Reference %(reference)s") % {"reference": enrolment.spoken_reference})
    event.add("status", _status(enrolment))
    if place := _place(enrolment, clinic):
        event.add("location", place)
    if enrolment.status != Status.CANCELLED:
        event.add_component(_alarm(enrolment))
    return event


def _status(enrolment: Enrolment) -> str:
    if enrolment.status == Status.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if enrolment.status in (Status.OFFERED, Status.WAITING) else "CONFIRMED"


def _place(enrolment: Enrolment, clinic: ClinicSettings) -> str:
    run = enrolment.run
    if run.mode == Mode.ONLINE:
        return _("Online")
    return " ".join((staff_plain(run, "venue") or staff_plain(clinic, "address")).split())


def _alarm(enrolment: Enrolment) -> Alarm:
    """A day before."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", staff_plain(enrolment.run.course, "title"))
    made.add("trigger", timedelta(days=-1))
    return made
