"""The kinds of message about an appointment, and what each says at the moment of sending."""

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from appointments import ical
from appointments.links import is_open, short_url, token_of
from appointments.managing.changes import limit_in_words
from appointments.models import Appointment, Status
from ipsc.dates import clinic_day, now, short_day, time_of_day
from ipsc.history import PATIENT
from ipsc.models import Channel, ClinicSettings, Message
from ipsc.outbox import Kind, NoLongerTrue, register
from ipsc.outbox.kinds import KINDS, Attachment, Content

APP = "appointments."
GONE = "The appointment is not there any more."


def load(message: Message) -> Appointment:
    rows = Appointment.objects.select_related("service", "clinician")
    appointment = rows.filter(pk=message.about_id).first()
    if appointment is None:
        raise NoLongerTrue(GONE)
    return appointment


def content(message: Message, appointment: Appointment) -> Content:
    """What a message about a visit says: the facts of its cause, with the place and the link as they are now."""
    starts_at = moment(message, "starts_at")
    context = {
        "appointment": appointment,
        "starts_at": starts_at,
        "old_starts_at": moment(message, "old_starts_at"),
        "answer_by_at": moment(message, "answer_by_at"),
        "by_patient": message.facts.get("by_patient", False),
        "ends": message.kind in (CANCELLED.name, DECLINED.name),
    }
    with translation.override(message.language):
        context["manage_url"] = short_url(appointment)
        in_time = now() < appointment.change_until
        context["change_until"] = limit_in_words(appointment.change_until) if in_time else ""
    attachments = () if message.channel == Channel.SMS else calendar(message, appointment)
    return Content(context, variables(message, appointment, starts_at), attachments)


def moment(message: Message, name: str) -> datetime | None:
    """A moment among the facts of a message."""
    text = message.facts.get(name)
    return datetime.fromisoformat(text) if text else None


def variables(message: Message, appointment: Appointment, starts_at: datetime | None) -> list[str]:
    """The numbered variables of the SMS: those that its kind names, in order."""
    values = {"reference": appointment.spoken_reference, "token": token_of(appointment)}
    if starts_at is not None:
        with translation.override(message.language):
            values |= {"day": short_day(clinic_day(starts_at)), "time": time_of_day(starts_at)}
    return [values[name] for name in KINDS[message.kind].variables]


def calendar(message: Message, appointment: Appointment) -> tuple[Attachment, ...]:
    """The visit as an invitation that updates the entry made by an earlier message, or takes it away."""
    with translation.override(message.language):
        body, method = ical.invitation(appointment, ClinicSettings.load(), to=message.to)
    return (Attachment("appointment.ics", body, f"text/calendar; charset=utf-8; method={method}"),)


def change(message: Message) -> Content:
    """A change that was made; whether a later one has replaced it is looked at before."""
    return content(message, load(message))


def reminder(message: Message) -> Content:
    appointment = load(message)
    if appointment.status != Status.BOOKED or appointment.starts_at != moment(message, "starts_at"):
        raise NoLongerTrue("The visit is not to be at this time any more.")
    if appointment.starts_at <= now():
        raise NoLongerTrue("The visit has begun.")
    return content(message, appointment)


def link(message: Message) -> Content:
    appointment = load(message)
    if not appointment.occupies_time:
        raise NoLongerTrue("The visit has ended.")
    return content(message, appointment)


def look_up(message: Message) -> Content:
    """A request for a lost link: whoever typed it learns nothing, so the looking is done here and not for the page.

    Where reference and phone belong together, the link goes out as a message of its own.
    """
    from appointments.messages.causes import send_link

    found = Appointment.objects.filter(reference=message.facts["reference"], phone=message.facts["phone"])
    appointment = found.select_related("service", "clinician").first()
    if appointment is None or appointment.is_sample or not (appointment.occupies_time and is_open(appointment, now())):
        raise NoLongerTrue("Reference and phone belong to no booking to come.")
    with transaction.atomic():
        known = send_link(appointment, by=PATIENT, now=now(), part=f"find{message.pk}")
    raise NoLongerTrue("The link went out as a message of its own." if known else "There is no way to send a link.")


# What an SMS tells, in the order in which a registered text has it; the last is the end of the link.
ENDED = ("day", "time", "reference")
GOES_ON = (*ENDED, "token")

BOOKED = register(Kind(APP + "booked", _("booked"), change, variables=GOES_ON))
REQUESTED = register(Kind(APP + "requested", _("request received"), change, variables=GOES_ON))
CONFIRMED = register(Kind(APP + "confirmed", _("confirmed"), change, variables=GOES_ON))
DECLINED = register(Kind(APP + "declined", _("declined"), change, variables=ENDED))
MOVED = register(Kind(APP + "moved", _("moved"), change, variables=GOES_ON))
CANCELLED = register(Kind(APP + "cancelled", _("cancelled"), change, variables=ENDED))
REMINDER = register(Kind(APP + "reminder", _("reminder"), reminder, by_day=True, replaces=False, variables=GOES_ON))
LINK = register(Kind(APP + "link", _("link to the booking"), link, replaces=False, variables=("token",)))
FIND = register(Kind(APP + "find", _("search for a lost link"), look_up, replaces=False))
