"""Money that came in and went out, by whatever way. A gateway, when there is one, writes the same rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from courses.numbers import number_key
from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.samples import Sample, SampleQuerySet


class Way(models.TextChoices):
    UPI = "upi", _("UPI")
    BANK = "bank", _("bank transfer")
    DESK = "desk", _("at the desk")
    GATEWAY = "gateway", _("payment gateway")


class PaymentState(models.TextChoices):
    CLAIMED = "claimed", _("waits for a check")
    RECEIVED = "received", _("received")
    REFUSED = "refused", _("not found")


class PaymentQuerySet(SampleQuerySet):
    def claimed(self):
        """Those that the office has to look for, the oldest first."""
        return self.filter(state=PaymentState.CLAIMED).order_by("claimed_at", "pk")


def transaction_key(number: str) -> str:
    """A transaction number as it is compared."""
    return number_key(number)


class Payment(Sample):
    """One payment towards an enrolment's fee, whole INR. Written by the verbs of `courses.enrolment` alone."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="payments")
    amount = models.PositiveIntegerField(_("amount"))
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    transaction_number = models.CharField(_("transaction number"), max_length=60, blank=True)
    transaction_key = models.CharField(max_length=60, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState.choices)
    claimed_at = models.DateTimeField(_("said to be paid"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    refused_at = models.DateTimeField(_("not found"), null=True, blank=True)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = PaymentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["transaction_key"],
                condition=~Q(transaction_key="") & ~Q(state=PaymentState.REFUSED),
                name="payment_transaction_once",
                violation_error_message=_("This transaction number has been used before."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="payment_amount", violation_error_message=_("Give an amount above 0.")
            ),
            models.CheckConstraint(
                condition=Q(way__in=Way.values),
                name="payment_way",
                violation_error_message=_("Choose one of the ways listed."),
            ),
            models.CheckConstraint(
                condition=Q(way=Way.DESK) | ~Q(transaction_key=""),
                name="payment_transaction",
                violation_error_message=_("Give the transaction number."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state=PaymentState.CLAIMED,
                    claimed_at__isnull=False,
                    received_at__isnull=True,
                    refused_at__isnull=True,
                )
                | (
                    Q(state=PaymentState.RECEIVED, received_at__isnull=False, refused_at__isnull=True)
                    & ~Q(answered_by="")
                )
                | (
                    Q(state=PaymentState.REFUSED, refused_at__isnull=False, received_at__isnull=True)
                    & ~Q(answered_by="")
                    & ~Q(reason="")
                ),
                name="payment_answer",
                violation_error_message=_("An answered payment says by whom and when, and why if it was not found."),
            ),
        ]

    def __str__(self) -> str:
        return f"₹ {self.amount} · {self.get_way_display()} {self.transaction_number}".strip()


class Refund(Sample):
    """Money that the office has sent back, whole INR."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="refunds")
    amount = models.PositiveIntegerField(_("amount"))
    way = models.CharField(_("way"), max_length=10, choices=Way.choices)
    transaction_number = models.CharField(_("transaction number"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("sent"))
    sent_by = models.CharField(_("sent by"), max_length=200)

    objects = SampleQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="refund_amount", violation_error_message=_("Give an amount above 0.")
            ),
            models.CheckConstraint(
                condition=Q(way__in=Way.values),
                name="refund_way",
                violation_error_message=_("Choose one of the ways listed."),
            ),
            models.CheckConstraint(
                condition=~Q(sent_by=""), name="refund_by", violation_error_message=_("A refund says who sent it.")
            ),
        ]

    def __str__(self) -> str:
        return f"₹ {self.amount} · {self.get_way_display()}"
