"""The verbs about money that comes in. The rows of `Payment` and `Refund` are the ledger (ADR 13).

What was paid has no version of its own: pages that act on it send what they showed as paid (`seen_paid`), and a second
press finds another sum. No payment changes a seat, so none makes another version of the enrolment.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from courses import messages
from courses.enrolment.money import follow_the_end
from courses.enrolment.seats import locked, only_for_staff
from courses.enrolment.sums import checked_amount, checked_key, settle_as
from courses.models import Enrolment, Payment, PaymentState, Way
from courses.refusals import REFUSALS, MoreThanRefund, PaymentAnswered, TransactionUsed, WrongStatus
from ipsc.history import SITE, Actor, save_as
from ipsc.verbs import verb


@verb(refusals=REFUSALS)
def receive_payment(
    *, payment: Payment, by: Actor, now: datetime, amount: int | None = None, seen: str | None = None
) -> Payment:
    """Note that a claimed payment has come in, with the sum that came where it is another. Twice is once.

    One that was not found at first may be received later. What is paid too much is owed back at once. `seen` is the
    state that the page showed. Staff only.

    :raises PaymentAnswered: it was received with another sum, or is in another state than `seen`.
    :raises TransactionUsed: its number has been given again meanwhile, and that payment stands.
    :raises WrongAmount: not above 0, or more than any fee.
    """
    _only_for_office(by)
    enrolment, payment = _locked_payment(payment)
    amount = checked_amount(payment.amount if amount is None else amount)
    if payment.state == PaymentState.RECEIVED:
        if payment.amount != amount:
            raise PaymentAnswered
        return payment
    if seen is not None and payment.state != seen:
        raise PaymentAnswered
    _receive(payment, enrolment, amount, by=by, now=now)
    return payment


def _receive(
    payment: Payment, enrolment: Enrolment, amount: int, *, by: Actor, now: datetime, notify: bool = True
) -> None:
    payment.amount, payment.state, payment.answered_by = amount, PaymentState.RECEIVED, by.label
    payment.received_at, payment.refused_at, payment.reason = now, None, ""
    save_as(payment, by=by, why="received")
    enrolment.paid += amount
    follow_the_end(enrolment)
    settle_as(enrolment, by=by, now=now, why="payment received", more_time=True)
    facts: dict[str, Any] = {"part": _part(payment, now), "amount": amount, "way": payment.way}
    messages.announce(enrolment, messages.PAYMENT_RECEIVED, by=by, now=now, notify=notify, **facts)


@verb(refusals=REFUSALS)
def refuse_payment(*, payment: Payment, reason: str, by: Actor, now: datetime) -> Payment:
    """Note that a claimed payment was not found, and why; whoever said it is told. Twice is once. Staff only.

    What is owed then gets time anew: nobody loses a place on the day of such news.

    :raises PaymentAnswered: somebody has received it meanwhile.
    """
    _only_for_office(by)
    enrolment, payment = _locked_payment(payment)
    if payment.state == PaymentState.REFUSED:
        return payment
    if payment.state != PaymentState.CLAIMED:
        raise PaymentAnswered
    _refuse(payment, enrolment, reason, by=by, now=now)
    return payment


def _refuse(payment: Payment, enrolment: Enrolment, reason: str, *, by: Actor, now: datetime) -> None:
    payment.state, payment.refused_at, payment.received_at = PaymentState.REFUSED, now, None
    payment.answered_by, payment.reason = by.label, reason
    save_as(payment, by=by, why="not found")
    settle_as(enrolment, by=by, now=now, why="payment not found", more_time=True)
    messages.announce(
        enrolment,
        messages.PAYMENT_REFUSED,
        by=by,
        now=now,
        part=_part(payment, now),
        amount=payment.amount,
        way=payment.way,
        reason=reason,
    )


def _part(payment: Payment, now: datetime) -> str:
    """Tells the letters about a payment apart: it may be received, taken back, and received after all."""
    return f"{payment.public_id}-{now:%Y%m%d%H%M%S%f}"


@verb(refusals=REFUSALS)
def take_payment_back(*, payment: Payment, reason: str, by: Actor, now: datetime) -> Payment:
    """Undo a receipt (rule B5): a slip of the hand, or a bank that took the money back. Twice is once. Staff only.

    :raises PaymentAnswered: it was never received.
    :raises MoreThanRefund: of this money some has been sent back already.
    """
    only_for_staff(by)
    enrolment, payment = _locked_payment(payment)
    if payment.state == PaymentState.REFUSED:
        return payment
    if payment.state != PaymentState.RECEIVED:
        raise PaymentAnswered
    if payment.amount > enrolment.paid:
        raise MoreThanRefund
    enrolment.paid -= payment.amount
    follow_the_end(enrolment)
    _refuse(payment, enrolment, reason, by=by, now=now)
    return payment


@verb(refusals=REFUSALS)
def take_payment(
    *,
    enrolment: Enrolment,
    way: str,
    amount: int,
    transaction_number: str = "",
    by: Actor,
    now: datetime,
    seen_paid: int | None = None,
    notify: bool = True,
) -> Payment:
    """Note money that has come in without a claim: at the desk, found in the account, or by a gateway (`by` the site).

    What has come is noted whatever the enrolment is like; from somebody who only waits it is owed back.

    The number of a claim of this enrolment receives that claim; one that was received already changes nothing.

    :raises WrongStatus: another sum than `seen_paid` had been paid before: somebody was quicker.
    :raises NoTransactionNumber: there is none, and the money did not come at the desk.
    :raises WrongAmount: not above 0, or more than any fee.
    :raises TransactionUsed: the number stands in a payment of another enrolment, or in one of another sum.
    """
    _only_for_office(by)
    enrolment = locked(enrolment)
    amount, key = checked_amount(amount), checked_key(transaction_number, needed=way != Way.DESK)
    payment = _of_number(enrolment, key)
    if payment and payment.state == PaymentState.RECEIVED:
        if payment.amount != amount:
            raise TransactionUsed
        return payment
    if seen_paid is not None and enrolment.paid != seen_paid:
        raise WrongStatus
    if payment is None:
        payment = Payment(enrolment=enrolment, transaction_key=key, is_sample=enrolment.is_sample)
    payment.way, payment.transaction_number = way, transaction_number.strip()
    _receive(payment, enrolment, amount, by=by, now=now, notify=notify)
    return payment


def _of_number(enrolment: Enrolment, key: str) -> Payment | None:
    """The payment of this number, the one that stands before one that was not found."""
    rows = enrolment.payments.select_for_update(no_key=True).filter(transaction_key=key)
    found = sorted(rows, key=lambda payment: payment.state == PaymentState.REFUSED) if key else []
    return found[0] if found else None


def _only_for_office(by: Actor) -> None:
    """Staff, or the site itself, which is how a gateway's answer comes."""
    if not by.is_staff and by != SITE:
        raise PermissionDenied("only staff may do this")


def _locked_payment(payment: Payment) -> tuple[Enrolment, Payment]:
    """The enrolment of a payment and the payment, both locked and as they are now; the run first, as everywhere."""
    enrolment = locked(Enrolment.objects.get(pk=payment.enrolment_id))
    row = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    row.enrolment = enrolment
    return enrolment, row
