"""The desk's forms: the shape of what staff type. What it does is the business of the verbs."""

from datetime import date, datetime
from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from appointments.admin.times import too_far
from appointments.attempts import parse_start
from appointments.booking import Details
from appointments.models import Appointment, Clinician, Patient, Service, Source
from ipsc.dates import clinic_day, day_in_words
from ipsc.fields import PlainTextField

OLDEST = 120
LANGUAGES = [("en", _("English")), ("hi", _("Hindi"))]
ANYBODY = _("Anybody who is free")
AGE_WORDS = _("An age is 0 to 120 years, as a number.")


class ReasonForm(forms.Form):
    """Why a visit is cancelled or a request declined."""

    reason = PlainTextField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True}),
        help_text=_("For staff. Leave out what concerns nobody but the patient."),
    )


class DeskForm(forms.Form):
    """`today` is the clinic's day, by which dates are judged."""

    def __init__(self, *args, today: date, **options) -> None:
        super().__init__(*args, **({"label_suffix": ""} | options))
        self.today = today


class TimeForm(DeskForm):
    """When, and with whom. One of the times shown, or another one that staff answer for."""

    clinician = forms.ModelChoiceField(
        label=_("Clinician"),
        queryset=Clinician.objects.none(),
        required=False,
        empty_label=ANYBODY,
        error_messages={"invalid_choice": _("That clinician is not there any more. Choose another one.")},
    )
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is not a day. Type it as 2026-11-26."), "required": _("Choose a day.")},
    )
    start = forms.CharField(label=_("Time"), required=False, max_length=20)
    other_time = forms.TimeField(
        label=_("Another time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Also between the times above. Choose the clinician first."),
        error_messages={"invalid": _("This is not a time. Type it as 14:30.")},
    )
    outside_hours = forms.BooleanField(label=_("Outside working hours"), required=False)
    squeeze_in_reason = PlainTextField(
        label=_("Squeeze in, because"),
        required=False,
        max_length=200,
        help_text=_("Only where another visit stands in the way."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self._clinicians.queryset = Clinician.objects.shown().filter(active=True)

    @property
    def _clinicians(self) -> forms.ModelChoiceField:
        return cast("forms.ModelChoiceField", self.fields["clinician"])

    def ask_for_clinician(self) -> None:
        """Leave nobody out of the question: a visit that is moved stays with somebody."""
        self._clinicians.required, self._clinicians.empty_label = True, None

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if too_far(day, self.today):
            raise ValidationError(_("That day lies too far away. Choose a day within two years."), code="far")
        return day

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        typed, other = cleaned.get("start"), cleaned.get("other_time")
        wilful = other or cleaned.get("outside_hours") or cleaned.get("squeeze_in_reason")
        if {"start", "other_time", "day"} & self.errors.keys():
            return cleaned
        if typed and other:
            self.add_error("other_time", _("Choose one of the times above, or type another one, but not both."))
        elif not typed and not other:
            self.add_error("start", _("Choose a time."))
        elif typed and ((moment := parse_start(typed)) is None or clinic_day(moment) != cleaned["day"]):
            words = _("Choose a time of %(day)s.") % {"day": day_in_words(cleaned["day"])}
            self.add_error("start", words)
        if wilful and not cleaned.get("clinician") and "clinician" not in self.errors:
            self.add_error("clinician", _("Choose the clinician: only the times above suit anybody."))
        return cleaned

    @property
    def starts_at(self) -> datetime:
        """The start that a valid form means."""
        if other := self.cleaned_data["other_time"]:
            return timezone.make_aware(
                datetime.combine(self.cleaned_data["day"], other.replace(second=0, microsecond=0))
            )
        return cast("datetime", parse_start(self.cleaned_data["start"]))

    def known(self, name: str):
        """What stands in one field, in a form that need not be valid as a whole; None where it is nothing."""
        field = self.fields[name]
        value = self[name].value()
        try:
            value = field.clean(value)
            return None if name == "day" and value and too_far(value, self.today) else value
        except ValidationError:
            return None


class DetailsForm(DeskForm):
    """Who comes. Name and phone are asked for; the rest may follow."""

    name = PlainTextField(
        label=_("Patient’s name"), max_length=200, error_messages={"required": _("Type the patient’s name.")}
    )
    phone = PhoneNumberField(
        label=_("Phone"),
        region="IN",
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={
            "required": _("Type a phone number on which the patient can be reached."),
            "invalid": _("This is not a phone number. Check it, for example 98765 43210; abroad with + in front."),
        },
    )
    age_years = forms.IntegerField(
        label=_("Age in years"),
        required=False,
        min_value=0,
        validators=[MaxValueValidator(OLDEST, AGE_WORDS)],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
        error_messages={"invalid": AGE_WORDS, "min_value": AGE_WORDS},
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is not a date. Type it as 1958-03-27.")},
    )
    reason = PlainTextField(
        label=_("What troubles the patient"),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs_wheelchair = forms.BooleanField(label=_("Uses a wheelchair"), required=False)
    needs_no_long_sitting = forms.BooleanField(label=_("Cannot sit for long"), required=False)
    needs_attendant = forms.BooleanField(label=_("Needs an attendant"), required=False)
    needs_woman_present = forms.BooleanField(label=_("Wants a woman present"), required=False)
    needs_language = PlainTextField(label=_("Needs another language"), required=False, max_length=60)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This is not an e-mail address. Check it, or leave it empty.")},
    )
    language = forms.ChoiceField(label=_("Messages in"), choices=LANGUAGES, required=False)
    for_someone_else = forms.BooleanField(label=_("Somebody else books for the patient"), required=False)
    contact_name = PlainTextField(label=_("Who books"), required=False, max_length=200)
    contact_relation = PlainTextField(label=_("Relation to the patient"), required=False, max_length=60)
    phone_is_patients = forms.BooleanField(label=_("The phone is the patient’s own"), required=False, initial=True)

    needs = ("needs_wheelchair", "needs_no_long_sitting", "needs_attendant", "needs_woman_present")

    def clean_born_on(self) -> date | None:
        born_on = self.cleaned_data["born_on"]
        if born_on and not (self.today.year - OLDEST <= born_on.year and born_on <= self.today):
            raise ValidationError(_("This cannot be a date of birth. Check the year."), code="impossible")
        return born_on

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("for_someone_else") and not cleaned.get("contact_name") and "contact_name" not in self.errors:
            self.add_error("contact_name", _("Type the name of whoever books."))
        return cleaned

    def details(self) -> Details:
        """What a valid form says, as the verbs take it."""
        typed = self.cleaned_data
        proxy = typed["for_someone_else"]
        return Details(
            name=typed["name"],
            phone=typed["phone"].as_e164,
            email=typed["email"],
            age_years=typed["age_years"],
            born_on=typed["born_on"],
            for_someone_else=proxy,
            contact_name=typed["contact_name"] if proxy else "",
            contact_relation=typed["contact_relation"] if proxy else "",
            phone_is_patients=typed["phone_is_patients"],
            language=typed["language"] or "en",
            reason=typed["reason"],
            needs_language=typed["needs_language"],
            **{need: typed[need] for need in self.needs},
        )


def details_of(appointment: Appointment) -> dict:
    """What a booking says already, for a form to begin with."""
    return {name: getattr(appointment, name) for name in DetailsForm.base_fields}


def services() -> QuerySet[Service]:
    """What staff may book: all that is active, open to the public or not."""
    return Service.objects.shown().filter(active=True)


class NewVisitForm(DetailsForm, TimeForm):
    """Everything about a new visit on one page."""

    source = forms.ChoiceField(
        label=_("How"),
        choices=[(Source.PHONE, _("On the phone")), (Source.WALK_IN, _("At the desk"))],
        widget=forms.RadioSelect,
        initial=Source.PHONE,
    )
    service = forms.ModelChoiceField(
        label=_("Visit"),
        queryset=Service.objects.none(),
        empty_label=None,
        error_messages={
            "invalid_choice": _("That visit is not there any more. Choose another one."),
            "required": _("Choose what the visit is for."),
        },
    )
    patient = forms.ModelChoiceField(
        queryset=Patient.objects.all(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("That person is not there any more.")},
    )
    attempt = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("This form was damaged on its way. Please send it again."),
            "required": _("This form was damaged on its way. Please send it again."),
        },
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField", self.fields["service"]).queryset = services()
