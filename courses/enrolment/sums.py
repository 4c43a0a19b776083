"""What the verbs about money share: amounts and numbers that are some, and the state that follows from the sums."""

from datetime import datetime, timedelta

from courses.enrolment.money import settle
from courses.models import Enrolment, Money, Status
from courses.models.course import MOST_FEE
from courses.models.payment import transaction_key
from courses.refusals import NoTransactionNumber, WrongAmount
from ipsc.dates import clinic_day, end_of_day
from ipsc.history import Actor, save_as
from ipsc.models import ClinicSettings

LONGEST_NUMBER = 60


def settle_as(enrolment: Enrolment, *, by: Actor, now: datetime, why: str, more_time: bool = False) -> None:
    """Bring the state of the payment into line with the sums, and save; with `more_time` what is owed is due later."""
    settle(enrolment, now=now)
    if more_time and enrolment.payment_state == Money.DUE and enrolment.status == Status.CONFIRMED:
        _give_time(enrolment, now)
    save_as(enrolment, by=by, why=why)


def _give_time(enrolment: Enrolment, now: datetime) -> None:
    """What is still owed gets some days again, up to the start, and another notice before the place goes."""
    days = end_of_day(clinic_day(now + timedelta(hours=ClinicSettings.load().overdue_hours)))
    until = min(days, enrolment.run.starts_at)
    enrolment.pay_by_at = max(enrolment.pay_by_at or until, until)
    enrolment.noticed_at = None


def checked_amount(amount: int) -> int:
    """:raises WrongAmount: not above 0, or more than any fee; whole INR."""
    if not 0 < amount <= MOST_FEE:
        raise WrongAmount
    return amount


def checked_key(number: str, *, needed: bool) -> str:
    """By what a transaction number is compared.

    :raises NoTransactionNumber: it has no letter and no digit and is `needed`, or more than LONGEST_NUMBER.
    """
    key = transaction_key(number)
    if (needed and not key) or len(key) > LONGEST_NUMBER or len(number.strip()) > LONGEST_NUMBER:
        raise NoTransactionNumber
    return key
