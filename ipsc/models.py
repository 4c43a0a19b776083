"""What the three apps share: the clinic's own facts and the limits on public forms."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ipsc.history import history

RED_FLAGS = """You cannot pass urine, or you lose control of your bladder or bowel
Numbness between your legs or around your back passage
New weakness in a leg
Back pain with fever, or fever after a procedure
A serious fall or accident just now"""

RED_FLAGS_HI = """आप पेशाब नहीं कर पा रहे हैं, या पेशाब या मल पर काबू नहीं रहा
टाँगों के बीच या मलद्वार के आसपास सुन्नपन
टाँग में नई कमज़ोरी
कमर दर्द के साथ बुखार, या किसी प्रक्रिया के बाद बुखार
अभी-अभी हुई गंभीर चोट, गिरना या दुर्घटना"""

RED_FLAGS_ADVICE = "Do not wait for an appointment. Go to the nearest emergency department now, or call for help."
RED_FLAGS_ADVICE_HI = "अपॉइंटमेंट का इंतज़ार न करें। अभी नज़दीकी अस्पताल के आपातकालीन विभाग जाएँ, या मदद के लिए फ़ोन करें।"


class Unanswered(models.TextChoices):
    """What becomes of a request that staff did not answer in time."""

    KEEP = "keep", _("Keep holding the time, and show the request to staff as overdue")
    RELEASE = "release", _("Decline the request and free the time")


class ClinicSettings(models.Model):
    """The one row of facts that staff may change. An empty phone or address means no link, never a made-up one (F3)."""

    name = models.CharField(_("short name"), max_length=60, default="IPSC")
    phone = PhoneNumberField(_("phone for patients"), blank=True, help_text=_("Shown on every page. Empty: no link."))
    address = models.TextField(_("address"), blank=True, max_length=500)
    address_hi = models.TextField(_("address (Hindi)"), blank=True, max_length=500)
    map_url = models.URLField(_("link to a map"), blank=True)
    online_booking_open = models.BooleanField(
        _("online booking open"),
        default=False,
        help_text=_("While this is off, the booking pages say so kindly and give the phone number."),
    )
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="112")
    red_flags = models.TextField(_("signs that cannot wait"), default=RED_FLAGS, help_text=_("One sign on each line."))
    red_flags_hi = models.TextField(_("signs that cannot wait (Hindi)"), default=RED_FLAGS_HI, blank=True)
    red_flags_advice = models.TextField(_("what to do then"), default=RED_FLAGS_ADVICE)
    red_flags_advice_hi = models.TextField(_("what to do then (Hindi)"), default=RED_FLAGS_ADVICE_HI, blank=True)
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer a request"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
        help_text=_("Patients are shown this moment. It is never later than the appointment itself."),
    )
    unanswered_requests = models.CharField(
        _("a request that nobody answered"), max_length=10, choices=Unanswered.choices, default=Unanswered.KEEP
    )
    bookings_per_phone = models.PositiveSmallIntegerField(
        _("online bookings from one phone"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("A family may book this many at once; they come back evenly over a day. Staff are not limited."),
    )

    history = history()

    class Meta:
        verbose_name = verbose_name_plural = _("clinic settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="clinic_settings_one_row",
                violation_error_message=_("There is one set of clinic settings; change that one."),
            ),
            models.CheckConstraint(
                condition=Q(answer_hours__range=(1, 336)),
                name="clinic_settings_answer_hours",
                violation_error_message=_("Give between 1 and 336 hours to answer a request."),
            ),
            models.CheckConstraint(
                condition=Q(bookings_per_phone__range=(1, 100)),
                name="clinic_settings_bookings_per_phone",
                violation_error_message=_("Allow between 1 and 100 online bookings from one phone."),
            ),
            models.CheckConstraint(
                condition=Q(unanswered_requests__in=Unanswered.values),
                name="clinic_settings_unanswered_requests",
                violation_error_message=_("Choose what becomes of a request that nobody answered."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def load(cls) -> "ClinicSettings":
        """The clinic's settings; with their defaults where nobody has saved any yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class RateLimit(models.Model):
    """A token bucket in the database, so that every process counts the same (see `ipsc.ratelimit`).

    `key` is a keyed hash: the table holds no phone number and no address.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("rate limit")
        constraints = [models.CheckConstraint(condition=Q(tokens__gte=0), name="rate_limit_never_below_zero")]

    def __str__(self) -> str:
        return self.key
