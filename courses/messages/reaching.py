"""The verb by which staff make up for messages: they tell somebody by hand."""

from datetime import datetime

from courses.enrolment.seats import locked, only_for_staff, refuse_stale
from courses.messages import by_hand
from courses.models import Enrolment
from courses.refusals import REFUSALS
from ipsc.history import Actor
from ipsc.models import Channel, ClinicSettings, Message
from ipsc.outbox import Kind, Order
from ipsc.outbox import by_hand as ledger
from ipsc.outbox.by_hand import SPOKEN, How
from ipsc.verbs import verb


@verb(refusals=REFUSALS)
def tell(
    *, enrolment: Enrolment, kind: Kind, how: How, by: Actor, now: datetime, sequence: int | None = None
) -> Message:
    """Record that staff told a doctor by hand what a message of this kind would have said.

    Once per enrolment, kind and version: pressed twice, it is one row.

    :raises WrongStatus: the enrolment has changed since version `sequence`, and what was told may not be so any more.
    :raises PermissionDenied: it is not a member of staff who says so.
    """
    only_for_staff(by)
    row = locked(enrolment)
    refuse_stale(row, sequence)
    order = Order(
        kind=kind.name,
        about=row,
        version=row.sequence,
        channel=Channel.HAND,
        to=row.phone.as_e164,
        language=row.language,
        due_at=now,
        facts={},
    )
    said = by_hand.text(row, kind, ClinicSettings.load()) if how == How.WHATSAPP else SPOKEN
    return ledger.record(order, row, by=by, now=now, said=said, how=how.value)
