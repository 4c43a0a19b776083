"""What the page about the payment says: what is to be paid, by when, and by which ways; pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from courses.enrolment.claiming import CLAIMABLE, may_claim
from courses.models import SETTLED, Enrolment, Mode, Money, Payment, PaymentState, Refund, Status, Way
from courses.terms import last_day_to_pay
from courses.upi import upi_link
from ipsc.models import ClinicSettings

HEADINGS = {
    Money.NONE: _("There is nothing to pay"),
    Money.DUE: _("Pay for your place"),
    Money.CLAIMED: _("We are looking for your payment"),
    Money.PAID: _("Your place is paid"),
    Money.REFUND_DUE: _("Money comes back to you"),
}


@dataclass(frozen=True)
class Standing:
    """`to_pay`: what is owed less what waits for a check, whole INR. `goes_at`: an overdue place is kept until then.

    `may_claim` is whether the page asks for payments; what is said nevertheless is heard (`say_paid`).
    """

    heading: str
    to_pay: int
    waiting: int
    may_claim: bool
    ended: bool
    too_early: bool
    day: date | None = None
    overdue: bool = False
    goes_at: datetime | None = None


def standing(
    enrolment: Enrolment, payments: list[Payment], now: datetime, *, overdue_hours: int, refunds: list[Refund]
) -> Standing:
    """How an enrolment stands with its fee, for its doctor."""
    waiting = sum(each.amount for each in payments if each.state == PaymentState.CLAIMED)
    to_pay = max(0, enrolment.owed - waiting) if enrolment.status in SETTLED else 0
    pays = enrolment.status == Status.CONFIRMED and to_pay > 0 and now < enrolment.run.starts_at
    told = enrolment.noticed_at if pays else None
    return Standing(
        heading=_heading(enrolment, to_pay, waiting),
        to_pay=to_pay,
        waiting=waiting,
        may_claim=may_claim(enrolment) and not _is_settled(enrolment, refunds),
        ended=enrolment.status == Status.CANCELLED,
        too_early=enrolment.status in (Status.WAITING, Status.OFFERED),
        day=last_day_to_pay(enrolment) if pays else None,
        overdue=pays and enrolment.pay_by_at is not None and enrolment.pay_by_at <= now,
        goes_at=min(told + timedelta(hours=overdue_hours), enrolment.run.starts_at) if told else None,
    )


def _is_settled(enrolment: Enrolment, refunds: list[Refund]) -> bool:
    """Whether the place has ended and its whole fee had come, or went back: to ask for a payment would only worry."""
    least = enrolment.run.fee if enrolment.run.early_fee is None else enrolment.run.early_fee
    all_came = bool(enrolment.paid) and enrolment.paid >= least
    return enrolment.status == Status.CANCELLED and (all_came or bool(refunds))


def not_found(payments: list[Payment]) -> Payment | None:
    """The latest payment that the doctor told us of, where the office has looked for it in vain."""
    return payments[-1] if payments and payments[-1].state == PaymentState.REFUSED else None


def _heading(enrolment: Enrolment, to_pay: int, waiting: int) -> str:
    if enrolment.status == Status.CANCELLED and enrolment.payment_state in (Money.NONE, Money.PAID) and not waiting:
        return str(_("Your place has ended"))
    return str(HEADINGS[Money.DUE if to_pay else Money(enrolment.payment_state)])


@dataclass(frozen=True)
class Ways:
    """The ways that there are: `upi` is the link for an app, with payee, sum and reference filled in, or nothing."""

    upi: str = ""
    bank: bool = False
    desk: bool = False

    def __bool__(self) -> bool:
        return bool(self.upi or self.bank or self.desk)

    @property
    def have_note(self) -> bool:
        """Whether one of them has room for a reference that somebody writes."""
        return bool(self.upi or self.bank)


def ways(enrolment: Enrolment, clinic: ClinicSettings, to_pay: int) -> Ways:
    """How the sum can be paid; none where nothing is to be paid."""
    if not to_pay:
        return Ways()
    payee = clinic.upi_name or clinic.name
    return Ways(
        upi=upi_link(upi_id=clinic.upi_id, name=payee, amount=to_pay, note=enrolment.reference)
        if clinic.upi_id
        else "",
        bank=bool(clinic.bank_account_number),
        desk=clinic.desk_payment and enrolment.run.mode != Mode.ONLINE,
    )


def told_ways(clinic: ClinicSettings, payments: list[Payment]) -> list[Way]:
    """The ways of which a doctor is asked: those that are set up, and those of which this one has told us before."""
    there = {Way.UPI: bool(clinic.upi_id), Way.BANK: bool(clinic.bank_account_number)}
    before = {each.way for each in payments}
    return [way for way in CLAIMABLE if there[way] or way in before]
