"""What is offered, by whom and when: FHIR's HealthcareService, Practitioner, availableTime and notAvailableTime."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ipsc.history import history
from ipsc.identifiers import opaque_id
from ipsc.models import Picture
from ipsc.samples import Sample, SampleQuerySet

MIDNIGHT = time(0)


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


class Weekday(models.IntegerChoices):
    """Numbered as `datetime.date.weekday` does."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class WorkingHours(Sample):
    """An interval of a weekday in which a clinician sees patients, in the clinic's time zone.

    `closes` at midnight means the end of that day. With `every` n weeks, week one is the week of `valid_from`.
    """

    clinician = models.ForeignKey(Clinician, models.CASCADE, verbose_name=_("clinician"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    opens = models.TimeField(_("from"))
    closes = models.TimeField(_("until"), help_text=_("00:00 means midnight at the end of the day."))
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    every = models.PositiveSmallIntegerField(
        _("every … weeks"), default=1, validators=[MinValueValidator(1), MaxValueValidator(52)]
    )
    online_cap = models.PositiveSmallIntegerField(
        _("online bookings at most"), null=True, blank=True, help_text=_("Empty: no limit. 0: by phone only.")
    )

    objects = SampleQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = verbose_name_plural = _("working hours")
        ordering = ["clinician", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)),
                name="working_hours_weekday",
                violation_error_message=_("Choose a day of the week."),
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")) | Q(closes=MIDNIGHT),
                name="working_hours_ordered",
                violation_error_message=_("Working hours end after they begin."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="working_hours_valid_ordered",
                violation_error_message=_("The last day is not before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(every=1) | Q(every__range=(2, 52), valid_from__isnull=False),
                name="working_hours_every",
                violation_error_message=_("Hours of every second week or rarer need a first day to count from."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class TimeOff(models.Model):
    """Time in which one clinician, or with no clinician the whole clinic, sees nobody: `[starts_at, ends_at)`."""

    clinician = models.ForeignKey(
        Clinician,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("clinician"),
        related_name="time_off",
        help_text=_("Empty: the whole clinic."),
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True, help_text=_("For staff; patients never see it."))
    holiday = models.CharField(
        _("holiday"),
        max_length=200,
        blank=True,
        help_text=_("Shown to patients on the contact page when the whole clinic is closed."),
    )
    holiday_hi = models.CharField(_("holiday (Hindi)"), max_length=200, blank=True)

    history = history()

    class Meta:
        verbose_name = verbose_name_plural = _("time off")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["ends_at"], name="time_off_ends_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="time_off_ordered",
                violation_error_message=_("Time off ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(holiday="") | Q(clinician__isnull=True),
                name="time_off_holiday_of_all",
                violation_error_message=_("A holiday is the whole clinic's; leave the clinician empty."),
            ),
        ]

    def __str__(self) -> str:
        from ipsc.dates import in_words

        return f"{self.clinician or _('Whole clinic')}: {in_words(self.starts_at)} – {in_words(self.ends_at)}"
