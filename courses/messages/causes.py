"""What the verbs call: the messages that a change causes, in the same transaction (rule M1)."""

from datetime import datetime

from django.conf import settings

from courses.messages import kinds
from courses.models import Enrolment, Status
from ipsc import outbox
from ipsc.history import Actor
from ipsc.models import Channel, Message
from ipsc.outbox import Kind, Order
from ipsc.outbox.kinds import KINDS
from ipsc.reminders import moments

REMINDED_BEFORE = [7, 1]  # days
STANDING = {Status.CONFIRMED: kinds.ENROLLED, Status.WAITING: kinds.WAITING, Status.OFFERED: kinds.OFFERED}


def can_write(enrolment: Enrolment) -> bool:
    """Whether there is a way to write to a doctor, as things are: what is not set up is not promised (rule M2)."""
    return bool(settings.SENDS_EMAIL and enrolment.email)


def concerns_somebody(enrolment: Enrolment) -> bool:
    """Samples are nobody."""
    return not enrolment.is_sample


def announce(
    enrolment: Enrolment, kind: Kind, *, by: Actor, now: datetime, notify: bool = True, part: str = "", **facts: object
) -> None:
    """Tell the doctor of a change where there is a way, and set the reminders anew after a change of the enrolment.

    What happens to the money alone leaves the version and so the reminders as they are: those of the same version are
    queued once (rule M1), and would not come back. With `notify` off, that staff chose so is recorded instead. `part`
    tells several of one kind and version apart.
    """
    if not concerns_somebody(enrolment):
        return
    told = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in facts.items()}
    if can_write(enrolment):
        if not notify and enrolment.is_active:
            _keep_unheard(enrolment, by=by, now=now)
        outbox.queue(order(enrolment, kind, due_at=now, facts=told, part=part), by=by, now=now, withheld=not notify)
    if kind.replaces:
        set_reminders(enrolment, by=by, now=now)


def _keep_unheard(enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """Where news has not gone out yet, tell how the enrolment stands now.

    Whom staff do not tell of a change is taken to know what was before; who does not, has to hear of it all the same.
    The earlier letter itself may say by now what is not so any more.
    """
    replacing = [each.name for each in KINDS.values() if each.replaces and each.name.startswith(kinds.APP)]
    stands = STANDING.get(Status(enrolment.status))
    if stands and Message.objects.of(enrolment).pending().filter(kind__in=replacing).exists():
        outbox.queue(order(enrolment, stands, due_at=now, facts={}), by=by, now=now)


def set_reminders(enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """Withdraw the reminders of an enrolment, and queue those that it needs as it is now."""
    outbox.withdraw(about=enrolment, kinds=(kinds.REMINDER.name,), now=now, why="The enrolment was changed.")
    if enrolment.status != Status.CONFIRMED or not can_write(enrolment) or not concerns_somebody(enrolment):
        return
    starts_at = enrolment.run.starts_at
    facts = {"starts_at": starts_at.isoformat()}
    orders = [
        order(enrolment, kinds.REMINDER, due_at=moment, facts=facts, part=f"{days}d")
        for days, moment in moments(starts_at, REMINDED_BEFORE, now)
    ]
    outbox.queue(*orders, by=by, now=now)


def follow_contact(enrolment: Enrolment, *, by: Actor, now: datetime) -> None:
    """After a correction: what is still to come goes where the doctor can be reached now."""
    outbox.readdress(about=enrolment, channel=Channel.EMAIL, to=enrolment.email, now=now)
    set_reminders(enrolment, by=by, now=now)


def send_link(enrolment: Enrolment, *, by: Actor, now: datetime, part: str, why: str) -> bool:
    """Send the link to an enrolment where there is a way, once for each `part`; say whether there was one.

    `why` it comes is one of `wording.WHY_LINK`: whoever gets it did not always ask for it.
    """
    if not (can_write(enrolment) and concerns_somebody(enrolment)):
        return False
    outbox.queue(order(enrolment, kinds.LINK, due_at=now, facts={"why": why}, part=part), by=by, now=now)
    return True


def order(enrolment: Enrolment, kind: Kind, *, due_at: datetime, facts: dict, part: str = "") -> Order:
    return Order(
        kind=kind.name,
        about=enrolment,
        version=enrolment.sequence,
        channel=Channel.EMAIL,
        to=enrolment.email,
        language=enrolment.language,
        due_at=due_at,
        # What concerns money or the end is of use after the course, too.
        worthless_at=enrolment.run.ends_at if kind.name in kinds.OF_THE_COURSE else None,
        facts=facts,
        part=part,
    )
