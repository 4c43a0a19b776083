"""The verb by which a doctor says to have paid; nothing is received by it (ADR 13)."""

from datetime import datetime

from courses.enrolment.seats import locked
from courses.enrolment.sums import checked_amount, checked_key, settle_as
from courses.models import SETTLED, Enrolment, Payment, PaymentState, Status, Way
from courses.refusals import REFUSALS, NoPlaceYet, NothingToPay, NotThisWay, TooManyClaims
from ipsc.history import Actor, save_as
from ipsc.verbs import verb

# What somebody may say without the office: at the desk, the office itself takes the money.
CLAIMABLE = (Way.UPI, Way.BANK)
OPEN_CLAIMS = 5


@verb(refusals=REFUSALS)
def say_paid(
    *, enrolment: Enrolment, way: str, transaction_number: str, amount: int, by: Actor, now: datetime
) -> Payment:
    """Note that a doctor says to have paid so much; nothing is received by it.

    The same number again is the same claim; while it waits for a check, with the sum and the way that were said last.

    It is taken from whoever has a place and owes something, and from those whose place has ended: their money has come
    in nevertheless, and goes back once it is found. A page made before the enrolment changed may say so, too: the money
    has left either way.

    :raises NoPlaceYet: they wait, or a place is only offered.
    :raises NothingToPay: nothing is owed, nor ever was.
    :raises NotThisWay: that way is for the office to note.
    :raises NoTransactionNumber: it has no letter and no digit, or too many.
    :raises WrongAmount: not above 0, or more than any fee.
    :raises TransactionUsed: the number stands in another payment.
    :raises TooManyClaims: OPEN_CLAIMS of theirs wait for a check.
    """
    enrolment = locked(enrolment)
    if way not in CLAIMABLE:
        raise NotThisWay
    key, amount = checked_key(transaction_number, needed=True), checked_amount(amount)
    if made := enrolment.payments.filter(transaction_key=key).exclude(state=PaymentState.REFUSED).first():
        if made.state == PaymentState.CLAIMED and (made.amount, made.way) != (amount, way):
            made.amount, made.way = amount, way
            save_as(made, by=by, why="said otherwise")
        return made
    _refuse_unless_payable(enrolment)
    if enrolment.payments.claimed().count() >= OPEN_CLAIMS:
        raise TooManyClaims
    claim = Payment(
        enrolment=enrolment,
        way=way,
        transaction_number=transaction_number.strip(),
        transaction_key=key,
        amount=amount,
        state=PaymentState.CLAIMED,
        claimed_at=now,
        is_sample=enrolment.is_sample,
    )
    save_as(claim, by=by, why="said to be paid")
    settle_as(enrolment, by=by, now=now, why="said to be paid")
    return claim


def may_claim(enrolment: Enrolment) -> bool:
    """Whether a doctor may say now that she has paid."""
    try:
        _refuse_unless_payable(enrolment)
    except NothingToPay:
        return False
    return True


def _refuse_unless_payable(enrolment: Enrolment) -> None:
    if enrolment.status in (Status.WAITING, Status.OFFERED):
        raise NoPlaceYet
    ended = enrolment.status == Status.CANCELLED and enrolment.confirmed_at and (enrolment.run.fee or enrolment.paid)
    if not ended and not (enrolment.status in SETTLED and enrolment.owed):
        raise NothingToPay
