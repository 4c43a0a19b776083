"""When a course is taught: schema.org's CourseInstance, with its seats (rules C1 to C4)."""

from datetime import date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from courses.models.course import MOST_FEE, Course
from courses.models.faculty import Faculty
from ipsc.dates import clinic_day, start_of_day
from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.samples import Sample, SampleQuerySet

MOST_SEATS = 1000


class Mode(models.TextChoices):
    """schema.org's courseMode."""

    ONSITE = "onsite", _("on-site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("on-site and online")


class RunState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")


class CourseRunQuerySet(SampleQuerySet):
    def public(self):
        """Those that the public may see now, cancelled ones included: people look for them (rule F3).

        What was cancelled as a draft nobody looks for.
        """
        rows = self.shown().filter(course__in=Course.objects.public())
        return rows.filter(was_draft=False).exclude(state=RunState.DRAFT)

    def in_month(self, first: date):
        """Those that begin in the month of the clinic whose first day is `first`, in order."""
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        rows = self.filter(starts_at__gte=start_of_day(first), starts_at__lt=start_of_day(after))
        return rows.order_by("starts_at", "pk")

    def upcoming(self, now: datetime):
        """Those that have not begun, soonest first."""
        return self.filter(starts_at__gt=now).order_by("starts_at", "pk")

    def with_queue(self):
        """Each with `waiting`, how many people wait for a place."""
        return self.annotate(waiting=Count("enrolments", filter=Q(enrolments__status="waiting")))


class CourseRun(Sample):
    """A course at its dates, `[starts_at, ends_at)`. Fees are whole INR.

    `seats_taken` counts those who hold a seat: confirmed, offered, attended and absent. It is changed by the verbs of
    `courses.enrolment` alone, behind a lock on this row (rule C1); the database compares it with the rows when a
    transaction ends.
    """

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    course = models.ForeignKey(Course, models.PROTECT, verbose_name=_("course"), related_name="runs")
    title = models.CharField(_("own title"), max_length=160, blank=True, help_text=_("Empty: the course's title."))
    title_hi = models.CharField(_("own title (Hindi)"), max_length=160, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ONSITE)
    venue = models.TextField(_("venue"), max_length=500, blank=True, help_text=_("Empty: the address of the centre."))
    venue_hi = models.TextField(_("venue (Hindi)"), max_length=500, blank=True)
    map_url = models.URLField(_("link to a map"), blank=True)
    joining_url = models.URLField(
        _("joining link"),
        blank=True,
        max_length=500,
        help_text=_("Shown to those who are enrolled, and to nobody else."),
    )
    language = models.CharField(_("language of teaching"), max_length=60, default="English")

    capacity = models.PositiveSmallIntegerField(
        _("places"), default=20, validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    seats_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    queue_capacity = models.PositiveSmallIntegerField(
        _("places on the waiting list"),
        default=20,
        validators=[MaxValueValidator(MOST_SEATS)],
        help_text=_("0: no waiting list."),
    )
    fee = models.PositiveIntegerField(_("fee"), default=0, validators=[MaxValueValidator(MOST_FEE)])
    early_fee = models.PositiveIntegerField(_("early-bird fee"), null=True, blank=True)
    early_until_on = models.DateField(_("early-bird fee until"), null=True, blank=True, help_text=_("The last day."))
    fee_includes = models.TextField(
        _("what the fee includes"), max_length=600, blank=True, help_text=_("One thing on each line.")
    )
    fee_includes_hi = models.TextField(_("what the fee includes (Hindi)"), max_length=600, blank=True)
    pay_days = models.PositiveSmallIntegerField(
        _("days to pay"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("After the place is theirs. Never later than the start."),
    )
    refund_full_days = models.PositiveSmallIntegerField(
        _("full refund until … days before"),
        default=14,
        validators=[MaxValueValidator(365)],
        help_text=_("Days before the first day of the course."),
    )
    refund_part_percent = models.PositiveSmallIntegerField(
        _("then refund of … per cent"), default=0, validators=[MaxValueValidator(99)], help_text=_("0: nothing more.")
    )
    refund_part_days = models.PositiveSmallIntegerField(
        _("until … days before"), default=0, validators=[MaxValueValidator(365)]
    )
    opens_at = models.DateTimeField(_("enrolment opens"))
    closes_at = models.DateTimeField(_("enrolment closes"))
    withdraw_until_at = models.DateTimeField(
        _("withdrawal until"), help_text=_("Until then people can withdraw online; afterwards they call.")
    )
    credit_hours = models.DecimalField(
        _("credit hours granted"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("Empty: not granted yet. Never fill this in before the council has granted them."),
    )
    credit_council = models.CharField(_("granted by"), max_length=120, blank=True)
    credit_reference = models.CharField(_("the council's reference"), max_length=120, blank=True)
    phone = PhoneNumberField(_("coordinator's phone"), blank=True, help_text=_("Empty: the phone of the centre."))
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    was_draft = models.BooleanField(_("cancelled before anybody saw it"), default=False, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_by = models.CharField(_("cancelled by"), max_length=200, blank=True, editable=False)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True, editable=False)

    objects = CourseRunQuerySet.as_manager()
    # The counter changes with every enrolment, each of which has a history of its own.
    history = history(excluded_fields=["seats_taken"])

    class Meta:
        verbose_name = _("run of a course")
        verbose_name_plural = _("runs of courses")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="run_starts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats_taken__gte=0, seats_taken__lte=F("capacity")),
                name="run_seats",
                violation_error_message=_("More people hold a place than there would be places."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__range=(1, MOST_SEATS), queue_capacity__lte=MOST_SEATS),
                name="run_capacity",
                violation_error_message=_("A course has 1 to 1,000 places."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="run_ordered",
                violation_error_message=_("A course ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at"), closes_at__lte=F("starts_at")),
                name="run_enrolment_ordered",
                violation_error_message=_(
                    "Enrolment opens before it closes, and closes no later than the course begins."
                ),
            ),
            models.CheckConstraint(
                condition=Q(withdraw_until_at__lte=F("starts_at")),
                name="run_withdrawal",
                violation_error_message=_("People withdraw before the course begins."),
            ),
            models.CheckConstraint(
                condition=Q(early_fee__isnull=True, early_until_on__isnull=True)
                | Q(early_fee__isnull=False, early_until_on__isnull=False, early_fee__lt=F("fee")),
                name="run_early_fee",
                violation_error_message=_("An early-bird fee is lower than the fee and has a last day."),
            ),
            models.CheckConstraint(
                condition=Q(fee__lte=MOST_FEE),
                name="run_fee",
                violation_error_message=_("A fee is at most one crore rupees."),
            ),
            models.CheckConstraint(
                condition=Q(pay_days__range=(1, 90)),
                name="run_pay_days",
                violation_error_message=_("Give 1 to 90 days to pay."),
            ),
            models.CheckConstraint(
                condition=Q(refund_part_percent=0, refund_part_days=0)
                | Q(refund_part_percent__range=(1, 99), refund_part_days__lt=F("refund_full_days")),
                name="run_refund",
                violation_error_message=_("A part is refunded for fewer days before the start than the whole."),
            ),
            models.CheckConstraint(
                condition=Q(credit_hours__isnull=True, credit_council="", credit_reference="")
                | (Q(credit_hours__isnull=False, credit_hours__gt=0) & ~Q(credit_council="") & ~Q(credit_reference="")),
                name="run_credit",
                violation_error_message=_("Credit hours come with the council and its reference, or not at all."),
            ),
            models.CheckConstraint(
                condition=Q(mode__in=Mode.values),
                name="run_mode",
                violation_error_message=_("Choose one of the modes listed."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values),
                name="run_state",
                violation_error_message=_("There is no such state."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=RunState.CANCELLED, cancelled_at__isnull=False) & ~Q(cancelled_by="") & ~Q(cancel_reason="")
                )
                | (~Q(state=RunState.CANCELLED) & Q(cancelled_at__isnull=True, cancelled_by="", cancel_reason="")),
                name="run_cancelled",
                violation_error_message=_("A cancelled run says who cancelled it, when and why."),
            ),
            models.CheckConstraint(
                condition=Q(was_draft=False) | Q(state=RunState.CANCELLED),
                name="run_was_draft",
                violation_error_message=_("Only a cancelled run was a draft when it was cancelled."),
            ),
        ]

    def __str__(self) -> str:
        day = clinic_day(self.starts_at)
        return f"{self.title or self.course} · {day.day} {day:%b %Y}"

    @property
    def month(self) -> date:
        """The first day of the month of the clinic in which the run begins."""
        return clinic_day(self.starts_at).replace(day=1)

    def fee_at(self, moment: datetime) -> int:
        """The fee of somebody to whom a place is given at this moment, whole INR."""
        if self.early_fee is not None and self.early_until_on and clinic_day(moment) <= self.early_until_on:
            return self.early_fee
        return self.fee

    def is_open(self, now: datetime) -> bool:
        """Whether people may enrol by the dates alone: published, and within `[opens_at, closes_at)`."""
        return self.state == RunState.PUBLISHED and self.opens_at <= now < self.closes_at

    def free_for_newcomers(self, waiting: int, now: datetime) -> int:
        """How many seats are left for others when those have theirs who wait, `waiting` people (rule C2).

        After the close nobody is offered a seat any more, and so nobody passes those who wait.
        """
        if waiting and now >= self.closes_at:
            return 0
        return max(0, self.capacity - self.seats_taken - waiting)


class ItemKind(models.TextChoices):
    LECTURE = "lecture", _("lecture")
    DEMONSTRATION = "demonstration", _("demonstration")
    HANDS_ON = "hands_on", _("hands-on")
    ETHICS = "ethics", _("ethics")
    BREAK = "break", _("break")


class ProgrammeItem(models.Model):
    """A part of the programme of a run, `[starts_at, ends_at)`."""

    run = models.ForeignKey(CourseRun, models.CASCADE, verbose_name=_("run"), related_name="programme")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    title = models.CharField(_("title"), max_length=200)
    title_hi = models.CharField(_("title (Hindi)"), max_length=200, blank=True)
    speaker = models.ForeignKey(
        Faculty, models.PROTECT, null=True, blank=True, verbose_name=_("speaker"), related_name="programme"
    )
    kind = models.CharField(_("kind"), max_length=15, choices=ItemKind.choices, default=ItemKind.LECTURE)

    history = history()

    class Meta:
        verbose_name = _("item of the programme")
        verbose_name_plural = _("programme")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="programme_item_ordered",
                violation_error_message=_("An item of the programme ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ItemKind.values),
                name="programme_item_kind",
                violation_error_message=_("Choose one of the kinds listed."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
