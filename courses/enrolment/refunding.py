"""The verb by which money goes back (ADR 13)."""

from datetime import datetime
from typing import Any

from courses import messages
from courses.enrolment.seats import locked, only_for_staff
from courses.enrolment.sums import checked_amount, checked_key, settle_as
from courses.models import Enrolment, Refund, Way
from courses.refusals import REFUSALS, MoreThanRefund, WrongStatus
from ipsc.history import Actor, save_as
from ipsc.verbs import verb


@verb(refusals=REFUSALS)
def send_refund(
    *,
    enrolment: Enrolment,
    amount: int,
    way: str,
    transaction_number: str = "",
    by: Actor,
    now: datetime,
    seen_paid: int | None = None,
) -> Refund:
    """Note that so much was sent back, whole INR up to what is owed back. Staff only.

    :raises WrongStatus: another sum than `seen_paid` had been paid before: somebody was quicker.
    :raises WrongAmount: not above 0.
    :raises MoreThanRefund: it is more than is owed back.
    :raises NoTransactionNumber: there is none, and it was not given back at the desk.
    """
    only_for_staff(by)
    enrolment = locked(enrolment)
    if seen_paid is not None and enrolment.paid != seen_paid:
        raise WrongStatus
    if checked_amount(amount) > enrolment.refund:
        raise MoreThanRefund
    checked_key(transaction_number, needed=way != Way.DESK)
    refund = Refund(
        enrolment=enrolment,
        amount=amount,
        way=way,
        transaction_number=transaction_number.strip(),
        sent_at=now,
        sent_by=by.label,
        is_sample=enrolment.is_sample,
    )
    save_as(refund, by=by)
    enrolment.paid -= amount
    settle_as(enrolment, by=by, now=now, why="refunded")
    facts: dict[str, Any] = {"amount": amount, "way": way, "number": refund.transaction_number}
    messages.announce(enrolment, messages.REFUNDED, by=by, now=now, part=f"refund{refund.pk}", **facts)
    return refund
