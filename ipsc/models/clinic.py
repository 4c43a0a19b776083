"""The clinic's own facts, and its pictures."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
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
# The fields that make up the card; whoever changes one of them makes a new version of it.
CARD = ("emergency_number", "red_flags", "red_flags_hi", "red_flags_advice", "red_flags_advice_hi")


class Unanswered(models.TextChoices):
    """What becomes of a request that staff did not answer in time."""

    KEEP = "keep", _("Keep holding the time, and show the request to staff as overdue")
    RELEASE = "release", _("Decline the request and free the time")


class Picture(models.Model):
    """A picture that staff have added, as `ipsc.pictures` has written it anew; never the file that was sent.

    It lives in the database, so that one backup holds all and every process of the site sees it. `digest` is the
    SHA-256 of the content, in hexadecimal digits: an address with it never changes what it shows.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        constraints = [
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="picture_has_a_size"),
        ]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class ClinicSettings(models.Model):
    """The one row of facts that staff may change. An empty phone or address means no link, never a made-up one (F3)."""

    name = models.CharField(_("short name"), max_length=60, default="IPSC")
    full_name = models.CharField(
        _("full name"),
        max_length=120,
        default="Interventional pain and spine centre",
        help_text=_("Stands beside the short name on every page."),
    )
    full_name_hi = models.CharField(
        _("full name (Hindi)"), max_length=120, blank=True, default="इंटरवेंशनल दर्द एवं रीढ़ केंद्र"
    )
    logo = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, verbose_name=_("logo"), related_name="+", editable=False
    )
    phone = PhoneNumberField(_("phone for patients"), blank=True, help_text=_("Shown on every page. Empty: no link."))
    second_phone = PhoneNumberField(
        _("second phone"), blank=True, help_text=_("Shown on the contact page only. Empty: no link.")
    )
    whatsapp = PhoneNumberField(
        _("WhatsApp number"), blank=True, help_text=_("A button on every page opens a chat with it. Empty: no button.")
    )
    email = models.EmailField(_("e-mail for patients"), blank=True, help_text=_("Shown on the contact page."))
    address = models.TextField(_("address"), blank=True, max_length=500, help_text=_("As on an envelope."))
    address_hi = models.TextField(_("address (Hindi)"), blank=True, max_length=500)
    map_url = models.URLField(
        _("link to a map"), blank=True, help_text=_("Find the centre on a map, choose “Share”, and paste the link.")
    )
    directions = models.TextField(
        _("how to get there"), blank=True, max_length=1000, help_text=_("Metro station, gate, landmark, floor.")
    )
    directions_hi = models.TextField(_("how to get there (Hindi)"), blank=True, max_length=1000)
    access = models.TextField(
        _("step-free access"),
        blank=True,
        max_length=1000,
        help_text=_("Ramp, lift, wheelchair, toilet. Say also what is missing: people decide by it how to come."),
    )
    access_hi = models.TextField(_("step-free access (Hindi)"), blank=True, max_length=1000)
    parking = models.TextField(_("parking"), blank=True, max_length=1000)
    parking_hi = models.TextField(_("parking (Hindi)"), blank=True, max_length=1000)
    languages = models.CharField(
        _("languages spoken at reception"), max_length=200, blank=True, help_text=_("As patients would say them.")
    )
    languages_hi = models.CharField(_("languages spoken at reception (Hindi)"), max_length=200, blank=True)

    online_booking_open = models.BooleanField(
        _("online booking open"),
        default=False,
        help_text=_("While this is off, the booking pages say so kindly and give the phone number."),
    )
    call_back_open = models.BooleanField(
        _("“Call me back” open"),
        default=True,
        help_text=_("Patients leave a name and a number, and reception calls them. Switch it off if nobody can."),
    )
    call_back_hours = models.PositiveSmallIntegerField(
        _("hours to call back"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_("Counted while the centre is open. Patients are shown the moment that comes out."),
    )
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="112")
    red_flags = models.TextField(_("signs that cannot wait"), default=RED_FLAGS, help_text=_("One sign on each line."))
    red_flags_hi = models.TextField(_("signs that cannot wait (Hindi)"), default=RED_FLAGS_HI, blank=True)
    red_flags_advice = models.TextField(_("what to do then"), default=RED_FLAGS_ADVICE)
    red_flags_advice_hi = models.TextField(_("what to do then (Hindi)"), default=RED_FLAGS_ADVICE_HI, blank=True)
    red_flags_version = models.PositiveIntegerField(_("version of the safety text"), default=1, editable=False)
    red_flags_confirmed_version = models.PositiveIntegerField(
        _("confirmed version of the safety text"), null=True, blank=True, editable=False
    )
    red_flags_confirmed_by = models.CharField(_("safety text confirmed by"), max_length=300, blank=True, editable=False)
    red_flags_confirmed_on = models.DateField(_("safety text confirmed on"), null=True, blank=True, editable=False)
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer a request"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
        help_text=_("Patients are shown this moment. It is never later than the appointment itself."),
    )
    unanswered_requests = models.CharField(
        _("a request that nobody answered"),
        max_length=10,
        choices=Unanswered.choices,
        default=Unanswered.KEEP,
        help_text=_("What the site does when the shown moment has passed."),
    )
    bookings_per_phone = models.PositiveSmallIntegerField(
        _("online bookings from one phone"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("A family may book this many at once; they come back evenly over a day. Staff are not limited."),
    )
    default_notice = models.PositiveSmallIntegerField(
        _("notice of a new service"),
        default=2,
        validators=[MaxValueValidator(720)],
        help_text=_("Hours before the start after which nobody can book online. Each service can have its own."),
    )
    default_horizon = models.PositiveSmallIntegerField(
        _("horizon of a new service"),
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Days that are open for booking, today being the first: 1 to 60. Each service can have its own."),
    )
    enrolment_open = models.BooleanField(
        _("enrolment open"),
        default=False,
        help_text=_("While this is off, the course pages say so kindly, and nobody can enrol online."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to answer an offered place"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("Counted between 8:00 and 21:00 only. Then the place goes to the next person who waits."),
    )
    overdue_hours = models.PositiveSmallIntegerField(
        _("hours from the last notice to the loss of an unpaid place"),
        default=48,
        validators=[MinValueValidator(24), MaxValueValidator(336)],
        help_text=_("Only somebody who was told that payment is overdue loses a place."),
    )
    course_phone = PhoneNumberField(_("phone for courses"), blank=True, help_text=_("Empty: the phone for patients."))
    course_email = models.EmailField(_("e-mail for courses"), blank=True)
    upi_id = models.CharField(
        _("UPI id for course fees"), max_length=100, blank=True, help_text=_("name@bank. Empty: no UPI is offered.")
    )
    upi_name = models.CharField(_("name of the UPI account"), max_length=100, blank=True)
    bank_account_name = models.CharField(_("bank account: name"), max_length=120, blank=True)
    bank_account_number = models.CharField(_("bank account: number"), max_length=40, blank=True)
    bank_ifsc = models.CharField(_("bank account: IFSC"), max_length=20, blank=True)
    bank_name = models.CharField(_("bank and branch"), max_length=160, blank=True)
    desk_payment = models.BooleanField(_("course fees may be paid at the desk"), default=True)
    holidays_checked_until = models.DateField(_("holidays looked through until"), null=True, blank=True, editable=False)
    messages_tested_at = models.DateTimeField(_("messages tested"), null=True, blank=True, editable=False)
    without_messages = models.BooleanField(_("opened without messages"), default=False, editable=False)

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
            models.CheckConstraint(
                condition=Q(call_back_hours__range=(1, 72)),
                name="clinic_settings_call_back_hours",
                violation_error_message=_("Give between 1 and 72 opening hours to call back."),
            ),
            models.CheckConstraint(
                condition=Q(default_notice__lte=720, default_horizon__range=(1, 60)),
                name="clinic_settings_service_defaults",
                violation_error_message=_("The notice is at most 720 hours, the horizon 1 to 60 days."),
            ),
            models.CheckConstraint(
                condition=Q(offer_hours__range=(1, 168), overdue_hours__range=(24, 336)),
                name="clinic_settings_course_hours",
                violation_error_message=_("An offer stands for 1 to 168 hours, an overdue place for 24 to 336."),
            ),
            models.CheckConstraint(
                condition=Q(upi_id="") | Q(upi_id__regex=r"^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+$"),
                name="clinic_settings_upi",
                violation_error_message=_("A UPI id looks like name@bank."),
            ),
            models.CheckConstraint(
                condition=Q(bank_account_name="", bank_account_number="", bank_ifsc="")
                | (
                    ~Q(bank_account_name="")
                    & ~Q(bank_account_number="")
                    & Q(bank_ifsc__regex=r"^[A-Z]{4}0[A-Z0-9]{6}$")
                ),
                name="clinic_settings_bank",
                violation_error_message=_("Give name, number and IFSC (four letters, 0, six more) together, or none."),
            ),
            models.CheckConstraint(
                # A confirmation names who and when, and never a version that does not exist yet.
                condition=Q(
                    red_flags_confirmed_version__isnull=True,
                    red_flags_confirmed_by="",
                    red_flags_confirmed_on__isnull=True,
                )
                | Q(
                    ~Q(red_flags_confirmed_by=""),
                    red_flags_confirmed_version__isnull=False,
                    red_flags_confirmed_version__lte=F("red_flags_version"),
                    red_flags_confirmed_on__isnull=False,
                ),
                name="clinic_settings_confirmation",
                violation_error_message=_("A confirmed safety text says by whom and on which day."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def load(cls) -> "ClinicSettings":
        """The clinic's settings; with their defaults where nobody has saved any yet."""
        rows = cls.objects.select_related("logo").defer("logo__content")
        return rows.filter(pk=1).first() or cls(pk=1)

    @property
    def card_is_confirmed(self) -> bool:
        """Whether a clinician has confirmed the text of the red-flag card as it stands now."""
        return self.red_flags_confirmed_version == self.red_flags_version

    def holidays_are_checked(self, until: date) -> bool:
        """Whether staff have looked through the public holidays up to this day."""
        return self.holidays_checked_until is not None and self.holidays_checked_until >= until
