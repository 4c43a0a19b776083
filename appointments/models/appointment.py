"""An appointment and what the database itself guarantees about it (rules B1, B5, B8)."""

import uuid
from datetime import datetime, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from appointments.models.offer import Clinician, Service
from appointments.models.patient import Patient
from ipsc import origins
from ipsc.dates import end_of_day, start_of_day
from ipsc.history import history
from ipsc.identifiers import REFERENCE_DIGITS, in_groups, new_reference, opaque_id
from ipsc.references import reference_constraints
from ipsc.samples import Sample, SampleQuerySet


class Status(models.TextChoices):
    """FHIR's appointment states in the clinic's words. The first four occupy time, the rest free it."""

    REQUESTED = "requested", _("requested")
    BOOKED = "booked", _("booked")
    ARRIVED = "arrived", _("arrived")
    IN_CONSULTATION = "in_consultation", _("in consultation")
    FULFILLED = "fulfilled", _("fulfilled")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("declined")


OCCUPYING = [Status.REQUESTED, Status.BOOKED, Status.ARRIVED, Status.IN_CONSULTATION]
ENDS = [Status.FULFILLED, Status.NO_SHOW, Status.CANCELLED, Status.DECLINED]
MOMENTS = {status: f"{status.value}_at" for status in Status}


class Source(models.TextChoices):
    ONLINE = "online", _("online")
    PHONE = "phone", _("by phone")
    WALK_IN = "walk_in", _("walked in")


class AppointmentQuerySet(SampleQuerySet):
    def occupying(self):
        """Those that hold time of their clinician."""
        return self.filter(status__in=OCCUPYING)

    def upcoming(self, now):
        """Those that hold time and have not begun, soonest first."""
        return self.occupying().filter(starts_at__gte=now).order_by("starts_at")

    def on(self, day):
        """Those that begin on a day of the clinic, in order."""
        return self.filter(starts_at__gte=start_of_day(day), starts_at__lt=end_of_day(day)).order_by("starts_at")

    def unanswered(self, now):
        """Requests whose shown answer-by moment has passed."""
        return self.filter(status=Status.REQUESTED, answer_by_at__lte=now)


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _moment_constraints() -> list[models.CheckConstraint]:
    """A status has its moment; an end that can be undone leaves no moment behind."""
    made = []
    for status, moment in MOMENTS.items():
        condition = ~Q(status=status) | Q(**{f"{moment}__isnull": False})
        if status in ENDS:
            condition &= Q(status=status) | Q(**{f"{moment}__isnull": True})
        made.append(
            models.CheckConstraint(
                condition=condition,
                name=f"appointment_{status.value}_moment",
                violation_error_message=_("The status and its moment do not match."),
            )
        )
    return made


class Appointment(Sample):
    """A visit. Saved only by the verbs in `appointments.booking`, never by a form.

    The patient is here from `starts_at` to `ends_at`; the clinician is taken until `busy_until`, which adds the
    service's buffer as it was when the booking was made.
    """

    reference = models.CharField(_("reference"), max_length=REFERENCE_DIGITS, unique=True, default=new_reference)
    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    attempt = models.UUIDField(null=True, unique=True, editable=False)

    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("service"), related_name="appointments")
    clinician = models.ForeignKey(
        # The index appointment_clinician_day serves this column as well.
        Clinician,
        models.PROTECT,
        verbose_name=_("clinician"),
        related_name="appointments",
        db_index=False,
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    busy_until = models.DateTimeField(_("clinician busy until"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    squeeze_in = models.BooleanField(_("squeezed in"), default=False)
    squeeze_in_reason = models.CharField(_("why squeezed in"), max_length=200, blank=True)
    came_from = models.CharField(_("came from"), max_length=origins.LONGEST, blank=True, default="")

    patient = models.ForeignKey(
        Patient, models.SET_NULL, null=True, blank=True, verbose_name=_("patient"), related_name="appointments"
    )
    name = models.CharField(_("patient's name"), max_length=200)
    search_name = models.CharField(max_length=400, blank=True, editable=False)
    phone = PhoneNumberField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    age_years = models.PositiveSmallIntegerField(_("age in years"), null=True, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    for_someone_else = models.BooleanField(_("booked for someone else"), default=False)
    contact_name = models.CharField(_("who booked"), max_length=200, blank=True)
    contact_relation = models.CharField(_("relation to the patient"), max_length=60, blank=True)
    phone_is_patients = models.BooleanField(_("the phone is the patient's own"), default=True)
    language = models.CharField(_("language"), max_length=5, default="en")

    reason = models.TextField(_("what troubles the patient"), blank=True, max_length=1000)
    red_flags = models.CharField(_("words that may mean an emergency"), max_length=300, blank=True, editable=False)
    needs_wheelchair = models.BooleanField(_("uses a wheelchair"), default=False)
    needs_no_long_sitting = models.BooleanField(_("cannot sit for long"), default=False)
    needs_language = models.CharField(_("needs another language"), max_length=60, blank=True)
    needs_attendant = models.BooleanField(_("needs an attendant"), default=False)
    needs_woman_present = models.BooleanField(_("wants a woman present"), default=False)

    consent_version = models.CharField(_("consent text"), max_length=20, blank=True)
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), db_index=True)
    requested_at = models.DateTimeField(_("requested"), null=True, blank=True)
    answer_by_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    coming_at = models.DateTimeField(_("says that they are coming"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    in_consultation_at = models.DateTimeField(_("went in"), null=True, blank=True)
    fulfilled_at = models.DateTimeField(_("fulfilled"), null=True, blank=True)
    no_show_at = models.DateTimeField(_("marked as not come"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=200, blank=True)
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    end_reason = models.CharField(_("reason for the end"), max_length=500, blank=True)

    objects = AppointmentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["clinician", "starts_at"], name="appointment_clinician_day"),
            models.Index(fields=["starts_at"], name="appointment_day"),
            models.Index(fields=["answer_by_at"], condition=Q(status=Status.REQUESTED), name="appointment_unanswered"),
            GinIndex(fields=["search_name"], name="appointment_name_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["phone"], name="appointment_phone_trigrams", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["reference"], name="appointment_reference_trigrams", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_clinician_free",
                expressions=[
                    (TsTzRange("starts_at", "busy_until"), RangeOperators.OVERLAPS),
                    ("clinician", RangeOperators.EQUAL),
                ],
                condition=Q(status__in=OCCUPYING, squeeze_in=False),
                violation_error_message=_("The clinician already has an appointment at that time."),
            ),
            ExclusionConstraint(
                name="appointment_patient_in_one_place",
                expressions=[
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                    ("patient", RangeOperators.EQUAL),
                ],
                condition=Q(status__in=OCCUPYING, patient__isnull=False),
                violation_error_message=_("This patient already has an appointment at that time."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), busy_until__gte=F("ends_at")),
                name="appointment_ordered",
                violation_error_message=_("An appointment ends after it begins."),
            ),
            models.CheckConstraint(
                # Availability looks back this far for appointments that began before its first moment.
                condition=Q(busy_until__lte=F("starts_at") + Value(timedelta(hours=24))),
                name="appointment_within_a_day",
                violation_error_message=_("An appointment takes at most 24 hours."),
            ),
            *reference_constraints("appointment"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="appointment_status",
                violation_error_message=_("There is no such status."),
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values),
                name="appointment_source",
                violation_error_message=_("There is no such source."),
            ),
            models.CheckConstraint(
                condition=Q(squeeze_in=False) | ~Q(squeeze_in_reason=""),
                name="appointment_squeeze_in_reason",
                violation_error_message=_("Say why this patient is squeezed in."),
            ),
            models.CheckConstraint(
                # The shape alone: a kind that is gone from the site leaves its bookings good.
                condition=Q(came_from="") | Q(came_from__regex=r"^[a-z]{1,9}-[2-9a-z]+$"),
                name="appointment_came_from",
                violation_error_message=_("There is no such page."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.REQUESTED) | Q(answer_by_at__isnull=False),
                name="appointment_answer_by",
                violation_error_message=_("A request needs a moment by which it is answered."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELLED) | ~Q(cancelled_by=""),
                name="appointment_cancelled_by",
                violation_error_message=_("A cancelled appointment says who cancelled it."),
            ),
            models.CheckConstraint(
                condition=Q(age_years__isnull=True) | Q(age_years__lte=120),
                name="appointment_age",
                violation_error_message=_("An age is 0 to 120 years."),
            ),
            models.CheckConstraint(
                condition=Q(for_someone_else=False) | ~Q(contact_name=""),
                name="appointment_contact",
                violation_error_message=_("Say who books for the patient."),
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.ONLINE) | Q(consent_at__isnull=False) & ~Q(consent_version=""),
                name="appointment_consent",
                violation_error_message=_("An online booking needs the patient's consent."),
            ),
            *_moment_constraints(),
        ]

    def __str__(self) -> str:
        return f"{in_groups(self.reference)} {self.name}"

    @property
    def spoken_reference(self) -> str:
        return in_groups(self.reference)

    def is_overdue(self, now: datetime) -> bool:
        """Whether this is a request whose shown answer-by moment has passed."""
        return self.status == Status.REQUESTED and self.answer_by_at is not None and self.answer_by_at <= now

    @property
    def occupies_time(self) -> bool:
        return self.status in OCCUPYING

    @property
    def change_until(self) -> datetime:
        """Until when the patient may move or cancel the visit without a call (rule B7)."""
        return self.starts_at - timedelta(hours=self.service.change_notice)

    @property
    def uid(self) -> str:
        """The calendar entry's UID (RFC 5545, 3.8.4.7): the same through every change of this appointment."""
        return f"{uuid.uuid5(uuid.NAMESPACE_OID, self.public_id)}@ipsc"
