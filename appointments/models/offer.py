"""What is offered, and by whom: FHIR's HealthcareService and Practitioner."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.models import Picture
from ipsc.samples import Sample, SampleQuerySet


def email_reminders() -> list[int]:
    """Three days before the visit and one."""
    return [3, 1]


def sms_reminders() -> list[int]:
    return [1]


class Offered(SampleQuerySet):
    def public(self):
        """Active rows that the public may see now (F3)."""
        return self.shown().filter(active=True)

    def once_at(self, slug):
        """Those that had this address before: a page that moved is still found by its old address (F1)."""
        return self.filter(pk__in=self.model.history.filter(slug=slug).values("id"))


class Service(Sample):
    """A kind of visit. `duration`, `buffer` and `step` are minutes, `notice` hours, `horizon` days, `fee` whole INR."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    name = models.CharField(_("name"), max_length=120)
    name_hi = models.CharField(_("name (Hindi)"), max_length=120, blank=True)
    medical_name = models.CharField(
        _("medical term"),
        max_length=120,
        blank=True,
        help_text=_("Stands in brackets behind the name on the page about it, for those who know it."),
    )
    medical_name_hi = models.CharField(_("medical term (Hindi)"), max_length=120, blank=True)
    slug = models.SlugField(_("address"), unique=True, help_text=_("The last part of the page's address."))
    description = models.TextField(_("plain description"), max_length=600, help_text=_("In words that a patient uses."))
    description_hi = models.TextField(_("plain description (Hindi)"), max_length=600, blank=True)
    details = models.TextField(
        _("more about it"),
        blank=True,
        max_length=4000,
        help_text=_("For the page about it. An empty line begins a new paragraph."),
    )
    details_hi = models.TextField(_("more about it (Hindi)"), blank=True, max_length=4000)
    duration = models.PositiveSmallIntegerField(
        _("duration"), default=20, validators=[MinValueValidator(5), MaxValueValidator(480)], help_text=_("Minutes.")
    )
    buffer = models.PositiveSmallIntegerField(
        _("buffer"), default=0, validators=[MaxValueValidator(240)], help_text=_("Minutes kept free afterwards.")
    )
    step = models.PositiveSmallIntegerField(
        _("step"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(480)],
        help_text=_("Minutes from one start on offer to the next."),
    )
    notice = models.PositiveSmallIntegerField(
        _("notice"),
        default=2,
        validators=[MaxValueValidator(720)],
        help_text=_("Hours before the start after which nobody can book online."),
    )
    horizon = models.PositiveSmallIntegerField(
        _("horizon"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Days that are open for booking, today being the first: 1 to 60."),
    )
    change_notice = models.PositiveSmallIntegerField(
        _("notice of a change"),
        default=12,
        validators=[MaxValueValidator(720)],
        help_text=_("Hours before the start after which patients cannot move or cancel online, but have to call."),
    )
    email_reminders = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(30)]),
        verbose_name=_("reminders by e-mail"),
        default=email_reminders,
        blank=True,
        size=5,
        help_text=_("Days before the visit, with commas. Empty: none."),
    )
    sms_reminders = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(30)]),
        verbose_name=_("reminders by SMS"),
        default=sms_reminders,
        blank=True,
        size=5,
        help_text=_("Days before the visit, with commas. Empty: none."),
    )
    fee = models.PositiveIntegerField(_("fee"), null=True, blank=True, help_text=_("Rupees. Empty: no fee is shown."))
    instant = models.BooleanField(
        _("confirmed at once"), default=True, help_text=_("Off: staff answer each request before it is certain.")
    )
    first_choice = models.BooleanField(
        _("for patients who are not sure"),
        default=False,
        help_text=_("Stands first, with the words “Not sure? Choose this.”"),
    )
    bring = models.TextField(_("what to bring"), blank=True, max_length=600, help_text=_("One thing on each line."))
    bring_hi = models.TextField(_("what to bring (Hindi)"), blank=True, max_length=600)
    prepare = models.TextField(_("how to prepare"), blank=True, max_length=600)
    prepare_hi = models.TextField(_("how to prepare (Hindi)"), blank=True, max_length=600)
    come_with_someone = models.BooleanField(_("come with someone"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)

    objects = Offered.as_manager()
    history = history()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["-first_choice", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration__range=(5, 480)),
                name="service_duration",
                violation_error_message=_("A visit lasts 5 to 480 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(buffer__lte=240),
                name="service_buffer",
                violation_error_message=_("The time kept free afterwards is at most 240 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(step__range=(5, 480)),
                name="service_step",
                violation_error_message=_("The step from one start to the next is 5 to 480 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(notice__lte=720),
                name="service_notice",
                violation_error_message=_("The notice is at most 720 hours."),
            ),
            models.CheckConstraint(
                condition=Q(change_notice__lte=720),
                name="service_change_notice",
                violation_error_message=_("The notice of a change is at most 720 hours."),
            ),
            models.CheckConstraint(
                condition=Q(horizon__range=(1, 60)),
                name="service_horizon",
                violation_error_message=_("Booking is open for 1 to 60 days ahead."),
            ),
            models.UniqueConstraint(
                fields=["first_choice"],
                condition=Q(first_choice=True, active=True),
                name="service_one_first_choice",
                violation_error_message=_("Another service already stands first for patients who are not sure."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def span(self, starts_at: datetime) -> tuple[datetime, datetime]:
        """When a visit that begins at `starts_at` ends, and until when its clinician is busy (rule B1)."""
        ends_at = starts_at + timedelta(minutes=self.duration)
        return ends_at, ends_at + timedelta(minutes=self.buffer)


class Clinicians(Offered):
    def pictured(self):
        """With their photos, but for the bytes: a page needs only address and size."""
        return self.select_related("photo").defer("photo__content")


class Gender(models.TextChoices):
    WOMAN = "woman", _("woman")
    MAN = "man", _("man")
    OTHER = "other", _("other")


class Clinician(Sample):
    """Somebody who sees patients. Samples are named by role, never as a person."""

    public_id = models.CharField(max_length=12, unique=True, default=opaque_id, editable=False)
    name = models.CharField(_("name or role"), max_length=120)
    name_hi = models.CharField(_("name or role (Hindi)"), max_length=120, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=140,
        unique=True,
        default=opaque_id,
        help_text=_("The last part of the page's address."),
    )
    photo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, verbose_name=_("photo"), related_name="+", editable=False
    )
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    council = models.CharField(_("medical council"), max_length=120, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    languages = models.CharField(_("languages"), max_length=200, blank=True, help_text=_("As patients would say them."))
    languages_hi = models.CharField(_("languages (Hindi)"), max_length=200, blank=True)
    about = models.TextField(
        _("about the clinician"),
        blank=True,
        max_length=2000,
        help_text=_("Training and field of work, in plain facts: medical councils do not allow praise."),
    )
    about_hi = models.TextField(_("about the clinician (Hindi)"), blank=True, max_length=2000)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    services = models.ManyToManyField(Service, verbose_name=_("services"), related_name="clinicians", blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("staff account"),
        related_name="clinician",
    )
    feed_version = models.PositiveIntegerField(default=1, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)

    objects = Clinicians.as_manager()
    history = history(m2m_fields=[services])

    class Meta:
        verbose_name = _("clinician")
        verbose_name_plural = _("clinicians")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "registration_number"],
                condition=~Q(registration_number=""),
                name="clinician_registration_once",
                violation_error_message=_("Another clinician already has this council and registration number."),
            ),
            models.CheckConstraint(
                condition=Q(gender="") | Q(gender__in=Gender.values),
                name="clinician_gender",
                violation_error_message=_("Choose one of the genders listed, or leave it empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
