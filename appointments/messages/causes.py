"""What the verbs call: the messages that a change causes, in the same transaction (rule M1)."""

from datetime import datetime

from appointments.messages import kinds
from appointments.messages.ways import ways
from appointments.models import Appointment, Source, Status
from ipsc import outbox, sms
from ipsc.history import Actor
from ipsc.models import Channel, Message
from ipsc.outbox import Kind, Order
from ipsc.reminders import moments


def announce(
    appointment: Appointment, kind: Kind, *, by: Actor, now: datetime, notify: bool = True, **facts: object
) -> None:
    """Tell the patient of a change by every way that there is, and set the reminders anew.

    With `notify` off, that staff chose so is recorded instead. Nobody is told about samples, about what has begun, or
    at the desk about what happens there.
    """
    if not concerns_somebody(appointment, now):
        return
    told: dict[str, object] = {"starts_at": appointment.starts_at.isoformat()}
    if appointment.answer_by_at and appointment.status == Status.REQUESTED:
        told["answer_by_at"] = appointment.answer_by_at.isoformat()
    told |= {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
    orders = [order(appointment, kind, channel, to, due_at=now, facts=told) for channel, to in ways(appointment, kind)]
    outbox.queue(*orders, by=by, now=now, withheld=not notify)
    set_reminders(appointment, by=by, now=now)


def concerns_somebody(appointment: Appointment, now: datetime) -> bool:
    if appointment.is_sample or appointment.source == Source.WALK_IN:
        return False
    return appointment.starts_at > now


def set_reminders(appointment: Appointment, *, by: Actor, now: datetime) -> None:
    """Withdraw the reminders of a visit, and queue those that it needs as it is now."""
    why = "The visit was changed."
    outbox.withdraw(about=appointment, kinds=(kinds.REMINDER.name,), now=now, why=why)
    if appointment.status != Status.BOOKED or not concerns_somebody(appointment, now):
        return
    service = appointment.service
    days = {Channel.EMAIL: service.email_reminders, Channel.SMS: service.sms_reminders}
    facts = {"starts_at": appointment.starts_at.isoformat()}
    orders = [
        order(appointment, kinds.REMINDER, channel, to, due_at=moment, facts=facts, part=f"{number}d")
        for channel, to in ways(appointment, kinds.REMINDER)
        for number, moment in moments(appointment.starts_at, days[channel], now)
    ]
    outbox.queue(*orders, by=by, now=now)


def follow_contact(appointment: Appointment, *, by: Actor, now: datetime) -> None:
    """After staff have corrected a visit: what is still to come goes where the patient can be reached now."""
    outbox.readdress(about=appointment, channel=Channel.EMAIL, to=appointment.email, now=now)
    outbox.readdress(about=appointment, channel=Channel.SMS, to=appointment.phone.as_e164, now=now)
    set_reminders(appointment, by=by, now=now)


def send_link(appointment: Appointment, *, by: Actor, now: datetime, part: str) -> bool:
    """Send the link to a booking by every way that there is; say whether there was one."""
    facts = {"starts_at": appointment.starts_at.isoformat()}
    orders = [
        order(appointment, kinds.LINK, channel, to, due_at=now, facts=facts, part=part)
        for channel, to in ways(appointment, kinds.LINK)
    ]
    outbox.queue(*orders, by=by, now=now)
    return bool(orders)


def order(
    appointment: Appointment,
    kind: Kind,
    channel: Channel,
    to: str,
    *,
    due_at: datetime,
    facts: dict,
    part: str = "",
) -> Order:
    return Order(
        kind=kind.name,
        about=appointment,
        version=appointment.sequence,
        channel=channel,
        to=to,
        language=appointment.language,
        due_at=due_at,
        worthless_at=appointment.ends_at,
        facts=facts,
        part=part,
        problem=problem(appointment, kind, facts) if channel == Channel.SMS else "",
    )


def problem(appointment: Appointment, kind: Kind, facts: dict) -> str:
    """Why no carrier would take this SMS; nothing, where one would."""
    template = sms.registered(kind.name, appointment.language)
    if template is None:
        return "No text is registered for this kind and language."
    draft = Message(kind=kind.name, language=appointment.language, facts=facts)
    try:
        sms.fill(template, kinds.variables(draft, appointment, kinds.moment(draft, "starts_at")))
    except sms.Unfit as unfit:
        return str(unfit)
    return ""
