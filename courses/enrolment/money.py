"""How an enrolment stands with its fee."""

from datetime import datetime

from courses.models import Enrolment, Money, PaymentState, Status
from courses.terms import pay_by


def settle(enrolment: Enrolment, *, now: datetime) -> None:
    """Set `payment_state`, and the day to pay by, from `fee`, `paid` and what waits for a check; unsaved.

    What was to be paid by a day before stays due by that day.
    """
    enrolment.payment_state = _state(enrolment)
    if enrolment.payment_state == Money.DUE and enrolment.pay_by_at is None:
        enrolment.pay_by_at = pay_by(enrolment.run, now)
    elif enrolment.payment_state in (Money.NONE, Money.PAID, Money.REFUND_DUE):
        enrolment.pay_by_at = enrolment.noticed_at = None


def _state(enrolment: Enrolment) -> Money:
    if enrolment.paid > enrolment.fee:
        return Money.REFUND_DUE
    if enrolment.paid == enrolment.fee > 0:
        return Money.PAID
    if enrolment.pk and enrolment.payments.filter(state=PaymentState.CLAIMED).exists():
        return Money.CLAIMED
    return Money.DUE if enrolment.fee > enrolment.paid else Money.NONE


def charge(enrolment: Enrolment, fee: int, *, now: datetime) -> None:
    """Owe another fee from now on, with a new day to pay by; unsaved."""
    enrolment.fee = fee
    enrolment.pay_by_at = enrolment.noticed_at = None
    settle(enrolment, now=now)


def keep_back(enrolment: Enrolment, refund: int, *, now: datetime) -> None:
    """Owe nothing more, and have `refund` of what was paid come back; unsaved. For an enrolment that ends."""
    enrolment.fee = enrolment.paid - refund
    settle(enrolment, now=now)


def keep_by_terms(enrolment: Enrolment, percent: int) -> None:
    """Keep so much of what is found later, too; unsaved. Before `keep_back`, while the fee is that of the place."""
    enrolment.ended_fee, enrolment.kept_percent = enrolment.fee, percent


def keep_so_much(enrolment: Enrolment, kept: int) -> None:
    """Keep that sum, whole INR, and nothing of what is found later; unsaved. Where the office names the refund."""
    enrolment.ended_fee, enrolment.kept_percent = kept, 100


def follow_the_end(enrolment: Enrolment) -> None:
    """Have what an ended enrolment costs follow from what has come in by now; unsaved.

    Nobody owes anything for a place that is gone. Where the terms said what is kept, they say so of money that is found
    late; everywhere else that comes back.
    """
    if enrolment.status != Status.CANCELLED:
        return
    enrolment.fee = min(enrolment.kept(), enrolment.paid)
