"""A doctor's enrolment in a run, and what the database itself guarantees about it (rules C1 to C4)."""

import uuid
from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from courses.councils import LONGEST_NUMBER, Council
from courses.models.run import CourseRun
from courses.models.statuses import ACTIVE, HOLDING, MOMENTS, End, Money, Source, Status
from ipsc.history import history
from ipsc.identifiers import REFERENCE_DIGITS, in_groups, new_reference, opaque_id
from ipsc.references import reference_constraints
from ipsc.samples import Sample, SampleQuerySet


class EnrolmentQuerySet(SampleQuerySet):
    def active(self):
        """Those that are not cancelled."""
        return self.filter(status__in=ACTIVE)

    def holding(self):
        """Those that hold a seat (rule C1)."""
        return self.filter(status__in=HOLDING)

    def queue(self):
        """Those who wait, the first one first (rule C2)."""
        return self.filter(status=Status.WAITING).order_by("waiting_at", "pk")

    def lapsed(self, now: datetime):
        """Offers whose time is over: `[offered_at, offer_ends_at)` is half-open."""
        return self.filter(status=Status.OFFERED, offer_ends_at__lte=now)


def _moment_constraints() -> list[models.CheckConstraint]:
    """A status has its moment."""
    return [
        models.CheckConstraint(
            condition=~Q(status=status) | Q(**{f"{moment}__isnull": False}),
            name=f"enrolment_{status.value}_moment",
            violation_error_message=_("The status and its moment do not match."),
        )
        for status, moment in MOMENTS.items()
    ]


def kept_of(paid: int, *, fee: int, percent: int) -> int:
    """What the centre keeps of `paid`, whole INR; what is above the fee comes back whatever the terms are."""
    # Rounded down: half a rupee is the doctor's.
    return min(paid, fee) * percent // 100


class Enrolment(Sample):
    """A doctor in a run. Saved only by the verbs in `courses.enrolment`, never by a form.

    `fee` and `paid` are whole INR: what is owed for the place, and what has come in less what was refunded. Where
    somebody has left by the terms, `ended_fee` is what the place cost until then, and `kept_percent` what the centre
    keeps of what was paid for it: the terms hold for money that is found later, too. Whoever moves when a part would be
    kept takes that part along as `least_kept_percent`. The name is kept exactly as it was typed: it goes on the
    certificate.
    """

    reference = models.CharField(_("reference"), max_length=REFERENCE_DIGITS, unique=True, default=new_reference)
    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    attempt = models.UUIDField(null=True, unique=True, editable=False)

    run = models.ForeignKey(
        # The index enrolment_run_queue serves this column as well.
        CourseRun,
        models.PROTECT,
        verbose_name=_("run"),
        related_name="enrolments",
        db_index=False,
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    language = models.CharField(_("language"), max_length=5, default="en")

    name = models.CharField(_("name as on the certificate"), max_length=200)
    search_name = models.CharField(max_length=400, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    phone = PhoneNumberField(_("phone"))
    council = models.CharField(_("medical council"), max_length=10, choices=Council.choices)
    registration_number = models.CharField(_("registration number"), max_length=LONGEST_NUMBER, blank=True)
    registration_key = models.CharField(max_length=LONGEST_NUMBER, blank=True, editable=False)
    qualification = models.CharField(_("qualification"), max_length=120, blank=True)
    specialty = models.CharField(_("specialty"), max_length=120, blank=True)
    place = models.CharField(_("place of work"), max_length=160, blank=True)
    needs = models.TextField(_("what we should know"), max_length=600, blank=True)
    registration_checked_at = models.DateTimeField(_("registration checked"), null=True, blank=True)
    registration_checked_by = models.CharField(_("registration checked by"), max_length=200, blank=True)

    fee = models.PositiveIntegerField(_("fee"), default=0)
    paid = models.PositiveIntegerField(_("paid"), default=0)
    payment_state = models.CharField(_("payment"), max_length=10, choices=Money.choices, default=Money.NONE)
    pay_by_at = models.DateTimeField(_("pay by"), null=True, blank=True)
    noticed_at = models.DateTimeField(_("told that it is overdue"), null=True, blank=True)
    ended_fee = models.PositiveIntegerField(_("fee when it ended"), null=True, blank=True)
    kept_percent = models.PositiveSmallIntegerField(_("per cent kept by the terms"), null=True, blank=True)
    least_kept_percent = models.PositiveSmallIntegerField(_("per cent kept since a late move"), default=0)
    free_to_go = models.BooleanField(
        _("may withdraw with a full refund"), default=False, help_text=_("Since the centre has changed the course.")
    )

    consent_version = models.CharField(_("consent text"), max_length=20, blank=True)
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), db_index=True)
    waiting_at = models.DateTimeField(_("waits since"), null=True, blank=True)
    offered_at = models.DateTimeField(_("place offered"), null=True, blank=True)
    offer_ends_at = models.DateTimeField(_("offer ends"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    attended_at = models.DateTimeField(_("marked as attended"), null=True, blank=True)
    absent_at = models.DateTimeField(_("marked as absent"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=200, blank=True)
    end = models.CharField(_("why it ended"), max_length=20, choices=End.choices, blank=True)
    end_reason = models.CharField(_("reason for the end"), max_length=500, blank=True)

    objects = EnrolmentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["run", "status", "waiting_at", "id"], name="enrolment_run_queue"),
            models.Index(fields=["offer_ends_at"], condition=Q(status=Status.OFFERED), name="enrolment_offer_ends"),
            models.Index(fields=["pay_by_at"], condition=Q(payment_state=Money.DUE), name="enrolment_pay_by"),
            GinIndex(fields=["search_name"], name="enrolment_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["reference"], name="enrolment_reference_trigrams", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "council", "registration_key"],
                condition=Q(status__in=ACTIVE) & ~Q(council=Council.OTHER),
                name="enrolment_once_per_registration",
                violation_error_message=_("Somebody with this registration number is enrolled already."),
            ),
            models.UniqueConstraint(
                fields=["run", "email_key"],
                condition=Q(status__in=ACTIVE, council=Council.OTHER),
                name="enrolment_once_per_email",
                violation_error_message=_("Somebody with this e-mail address is enrolled already."),
            ),
            models.CheckConstraint(
                condition=Q(council=Council.OTHER) | ~Q(registration_key=""),
                name="enrolment_registration",
                violation_error_message=_("Give the registration number with the council."),
            ),
            models.CheckConstraint(
                condition=~Q(council=Council.OTHER) | ~Q(email_key=""),
                name="enrolment_email",
                violation_error_message=_("Without an Indian registration number, an e-mail address is needed."),
            ),
            models.CheckConstraint(
                condition=Q(council__in=Council.values),
                name="enrolment_council",
                violation_error_message=_("Choose one of the councils listed."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="enrolment_status",
                violation_error_message=_("There is no such status."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values),
                name="enrolment_source",
                violation_error_message=_("There is no such source."),
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="enrolment_name",
                violation_error_message=_("Give the name as on the certificate."),
            ),
            models.CheckConstraint(
                condition=Q(status=Status.OFFERED, offer_ends_at__isnull=False, offer_ends_at__gt=F("offered_at"))
                | (~Q(status=Status.OFFERED) & Q(offer_ends_at__isnull=True)),
                name="enrolment_offer",
                violation_error_message=_("An offer has an end, and nothing else has one."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.CANCELLED, end__in=End.values, cancelled_at__isnull=False) & ~Q(cancelled_by="")
                )
                | (~Q(status=Status.CANCELLED) & Q(end="", cancelled_at__isnull=True, cancelled_by="")),
                name="enrolment_end",
                violation_error_message=_("A cancelled enrolment says who ended it, when and why."),
            ),
            models.CheckConstraint(
                # What it says of the money is what the money says (rule M2).
                condition=Q(payment_state=Money.NONE, fee=0, paid=0)
                | Q(payment_state=Money.PAID, paid=F("fee"), fee__gt=0)
                | Q(payment_state__in=[Money.DUE, Money.CLAIMED], paid__lt=F("fee"))
                # Somebody may say that they have paid when nothing is owed any more.
                | Q(payment_state=Money.CLAIMED, fee=0, paid=0)
                | Q(payment_state=Money.REFUND_DUE, paid__gt=F("fee")),
                name="enrolment_money",
                violation_error_message=_("What is owed, what was paid and the state of the payment do not match."),
            ),
            models.CheckConstraint(
                condition=Q(ended_fee__isnull=True, kept_percent__isnull=True)
                | Q(status=Status.CANCELLED, ended_fee__isnull=False, kept_percent__range=(0, 100)),
                name="enrolment_kept",
                violation_error_message=_("Only an enrolment that has ended keeps a part of what was paid."),
            ),
            models.CheckConstraint(
                condition=Q(least_kept_percent__range=(0, 100)),
                name="enrolment_least_kept",
                violation_error_message=_("The centre keeps 0 to 100 per cent."),
            ),
            models.CheckConstraint(
                condition=~Q(payment_state=Money.DUE) | Q(pay_by_at__isnull=False),
                name="enrolment_pay_by",
                violation_error_message=_("What has to be paid has a day by which."),
            ),
            models.CheckConstraint(
                condition=Q(registration_checked_at__isnull=True, registration_checked_by="")
                | (Q(registration_checked_at__isnull=False) & ~Q(registration_checked_by="")),
                name="enrolment_registration_checked",
                violation_error_message=_("A checked registration says who checked it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.ONLINE) | Q(consent_at__isnull=False) & ~Q(consent_version=""),
                name="enrolment_consent",
                violation_error_message=_("Enrolling online needs consent."),
            ),
            *reference_constraints("enrolment"),
            *_moment_constraints(),
        ]

    def __str__(self) -> str:
        return f"{in_groups(self.reference)} {self.name}"

    @property
    def spoken_reference(self) -> str:
        return in_groups(self.reference)

    @property
    def holds_seat(self) -> bool:
        return self.status in HOLDING

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def owed(self) -> int:
        """What is still to be paid, whole INR; never below 0."""
        return max(0, self.fee - self.paid)

    @property
    def refund(self) -> int:
        """What is still to be refunded, whole INR; never below 0."""
        return max(0, self.paid - self.fee)

    def has_lapsed(self, now: datetime) -> bool:
        """Whether this is an offer whose time is over, though nobody has looked since (rule C2)."""
        return self.status == Status.OFFERED and self.offer_ends_at is not None and self.offer_ends_at <= now

    def kept(self, found: int = 0) -> int:
        """What the centre keeps of an ended enrolment, whole INR, if `found` more is found.

        That is as the terms said at its end; where they said nothing, what was kept then.
        """
        if self.kept_percent is None or self.ended_fee is None:
            return self.fee
        # What has gone back since was paid all the same.
        since = self.refunds.filter(sent_at__gt=self.cancelled_at).aggregate(sum=Sum("amount"))["sum"] or 0
        return kept_of(self.paid + since + found, fee=self.ended_fee, percent=self.kept_percent)

    def back_of(self, found: int) -> int:
        """What comes back of money that is found after the end, whole INR."""
        return found - (min(self.kept(found), self.paid + found) - min(self.kept(), self.paid))

    @property
    def uid(self) -> str:
        """The calendar entry's UID (RFC 5545, 3.8.4.7): the same through every change of this enrolment."""
        return f"{uuid.uuid5(uuid.NAMESPACE_OID, self.public_id)}@ipsc"
