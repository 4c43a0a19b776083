"""When somebody sees patients: FHIR's availableTime and notAvailableTime."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from appointments.models.offer import Clinician
from ipsc.history import history
from ipsc.samples import Sample, SampleQuerySet

MIDNIGHT = time(0)


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
