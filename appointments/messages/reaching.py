"""The verbs by which staff make up for messages: tell somebody by hand, take that back, send once more."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from appointments import messages
from appointments.booking.choosing import only_for_staff, refuse_stale
from appointments.messages import by_hand
from appointments.messages.kinds import moment
from appointments.models import Appointment, Status
from appointments.refusals import REFUSALS
from ipsc import outbox
from ipsc.history import Actor
from ipsc.models import Channel, ClinicSettings, Message
from ipsc.outbox import Kind, Order
from ipsc.outbox import by_hand as ledger
from ipsc.outbox.by_hand import SPOKEN, How
from ipsc.outbox.kinds import KINDS
from ipsc.verbs import Refusal, verb


class Outdated(Refusal):
    words = _("What this message says is not so any more. Send a newer one again, or a new link.")


class NoWayNow(Refusal):
    words = _("The visit has no address or number to which this could go. Correct the details first, or phone.")


# What the visit has to be for a message to be true.
HOLDS: dict[Kind, tuple[Status, ...]] = {
    messages.BOOKED: (Status.BOOKED,),
    messages.CONFIRMED: (Status.BOOKED,),
    messages.REMINDER: (Status.BOOKED,),
    messages.MOVED: (Status.BOOKED, Status.REQUESTED),
    messages.REQUESTED: (Status.REQUESTED,),
    messages.CANCELLED: (Status.CANCELLED,),
    messages.DECLINED: (Status.DECLINED,),
}


def still_true(message: Message, appointment: Appointment, now: datetime) -> bool:
    """Whether what a message says of a visit holds, and is of use."""
    kind = KINDS.get(message.kind)
    if kind is None or appointment.starts_at <= now:
        return False
    if kind is messages.LINK:
        return appointment.occupies_time
    return appointment.status in HOLDS.get(kind, ()) and moment(message, "starts_at") == appointment.starts_at


@verb(refusals=REFUSALS)
def tell(
    *, appointment: Appointment, kind: Kind, how: How, by: Actor, now: datetime, sequence: int | None = None
) -> Message:
    """Record that staff told the patient by hand what a message of this kind would have said.

    Once per visit, kind and version: pressed twice, it is one row.

    :raises WrongStatus: the visit has changed since version `sequence`, and what was told may not be so any more.
    :raises PermissionDenied: it is not a member of staff who says so.
    """
    only_for_staff(by)
    appointment = _locked(appointment)
    refuse_stale(appointment, sequence)
    order = Order(
        kind=kind.name,
        about=appointment,
        version=appointment.sequence,
        channel=Channel.HAND,
        to=appointment.phone.as_e164,
        language=appointment.language,
        due_at=now,
        facts={"starts_at": appointment.starts_at.isoformat()},
    )
    said = by_hand.text(appointment, kind, ClinicSettings.load()) if how == How.WHATSAPP else SPOKEN
    return ledger.record(order, appointment, by=by, now=now, said=said, how=how.value)


@verb(refusals={})
def send_again(*, appointment: Appointment, message: Message, by: Actor, now: datetime) -> Message:
    """Put a message about a visit into the queue again, to the address or number that the visit has now.

    :raises Outdated: what it says is not so any more.
    :raises NoWayNow: there is no such address or number.
    :raises NotResendable: it waits already, or was withdrawn.
    :raises PermissionDenied: it is not a member of staff who asks.
    """
    only_for_staff(by)
    appointment = _locked(appointment)
    if not still_true(message, appointment, now):
        raise Outdated
    to = dict(messages.ways(appointment, KINDS[message.kind])).get(Channel(message.channel))
    if not to:
        raise NoWayNow
    return outbox.resend(message=message, to=to, by=by, now=now)


def _locked(appointment: Appointment) -> Appointment:
    rows = Appointment.objects.select_for_update(no_key=True, of=("self",)).select_related("service", "clinician")
    return rows.get(pk=appointment.pk)
