"""The form in which a doctor says who she is: its shape. What it does is the business of the verbs."""

from typing import Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses.councils import LONGEST_NUMBER, Council, email_key, registration_key
from courses.enrolment import Details
from courses.models import Enrolment
from ipsc.fields import CallablePhoneField, PlainTextField

OPTIONAL_LABEL = '{} <span class="optional">({})</span>'
LONGEST_EMAIL = 254
OPTIONAL = ("qualification", "specialty", "place", "needs")
# Of the answers, what a doctor may correct later, and what the verbs take.
FIELDS = (
    "name",
    "email",
    "phone",
    "council",
    "registration_number",
    "qualification",
    "specialty",
    "place",
    "needs",
)


def what_email_is_for() -> str:
    """Why to give an address, as things are set up (rule M2)."""
    if not settings.SENDS_EMAIL:
        return gettext("This site sends no e-mail at the moment. Our staff may write to you.")
    return gettext("For your place, a reminder, and the link by which you can move or withdraw.")


class DoctorForm(forms.Form):
    """Who enrols. The base of the form to enrol, of the one to correct, and of the staff's."""

    # In the words of whoever is asked; the staff's form speaks of somebody else.
    WITHOUT_LETTERS = _("Type your name in letters.")
    WITHOUT_NUMBER = _("Type your registration number with this council.")

    name = PlainTextField(
        label=_("Your name, as it is to stand on the certificate"),
        max_length=200,
        # Kept exactly: two spaces may be meant.
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type your e-mail address."),
            "invalid": _("This is not an e-mail address. Check it, for example name@example.org."),
        },
    )
    phone = CallablePhoneField(
        label=_("Phone number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("We call this number if something changes. A number abroad begins with + and the country code."),
        error_messages={
            "required": _("Type a phone number on which we can reach you."),
            "invalid": _("This is not a phone number that we can call. Check it, for example 98765 43210."),
        },
    )
    council = forms.ChoiceField(
        label=_("Medical council"),
        choices=[("", _("Choose your council")), *Council.choices],
        help_text=_("Where you are registered."),
        error_messages={
            "required": _("Choose the council where you are registered."),
            "invalid_choice": _("Choose one of the councils in the list."),
        },
    )
    registration_number = PlainTextField(
        label=_("Registration number"),
        max_length=LONGEST_NUMBER,
        required=False,
        help_text=_("As on your certificate of registration. You may leave it empty with “Other, or abroad”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    qualification = PlainTextField(
        label=_("Qualification"), max_length=120, required=False, help_text=_("For example MBBS, MD.")
    )
    specialty = PlainTextField(label=_("Specialty"), max_length=120, required=False)
    place = PlainTextField(
        label=_("Where you work"), max_length=160, required=False, help_text=_("Hospital or practice, and town.")
    )
    needs = PlainTextField(
        label=_("What should we know?"),
        lines=True,
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example food, or access with a wheelchair."),
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["email"].help_text = what_email_is_for()
        for name in OPTIONAL:
            self.fields[name].label = format_html(OPTIONAL_LABEL, self.fields[name].label, _("optional"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = self.layout()

    @classmethod
    def of(cls, enrolment: Enrolment, **options) -> Self:
        """The form filled in with what it says of a doctor now."""
        values = {name: getattr(enrolment, name) for name in FIELDS}
        return cls(initial=values | {"phone": enrolment.phone.as_international}, **options)

    def layout(self) -> Layout:
        return Layout(
            Fieldset(_("You"), "name", "email", "phone"),
            Fieldset(_("Your registration"), "council", "registration_number"),
            Fieldset(_("Your work"), "qualification", "specialty", "place", "needs"),
        )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(each.isalpha() for each in name):
            raise forms.ValidationError(self.WITHOUT_LETTERS, code="letters")
        return name

    def clean_email(self) -> str:
        """No address has what no mail can carry; nor may it grow past its column when it is compared (rule C3)."""
        email = self.cleaned_data["email"]
        if not email.isprintable() or len(email_key(email)) > LONGEST_EMAIL:
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return email

    def clean_registration_number(self) -> str:
        """Some letters are several when they are compared, fifteen at the worst (rule C3)."""
        number = self.cleaned_data["registration_number"]
        MaxLengthValidator(LONGEST_NUMBER)(registration_key(number))
        return number

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        number, council = cleaned.get("registration_number", ""), cleaned.get("council")
        if council and council != Council.OTHER and "registration_number" not in self.errors:
            if not number:
                self.add_error("registration_number", self.WITHOUT_NUMBER)
            elif not any(each.isdigit() for each in registration_key(number)):
                self.add_error("registration_number", _("A registration number has digits. Check it."))
        return cleaned

    def details(self, **more) -> Details:
        """The answers of a valid form as the verbs take them; `more` of what these take beside."""
        typed = {name: self.cleaned_data[name] for name in FIELDS} | {"language": get_language() or "en"}
        return Details(**typed | {"phone": self.cleaned_data["phone"].as_e164} | more)

    def rows(self) -> list[tuple[str, str, str]]:
        """The answers of a valid form for reading: label, answer in words, and the id of the field to change it."""
        typed = self.cleaned_data
        council = dict(Council.choices)[typed["council"]]
        rows = [
            (_("Name on the certificate"), typed["name"], "name"),
            (_("E-mail"), typed["email"], "email"),
            (_("Phone"), typed["phone"].as_international, "phone"),
            (_("Medical council"), council, "council"),
            (_("Registration number"), typed["registration_number"] or _("none"), "registration_number"),
            (_("Qualification"), typed["qualification"], "qualification"),
            (_("Specialty"), typed["specialty"], "specialty"),
            (_("Where you work"), typed["place"], "place"),
            (_("What should we know?"), typed["needs"], "needs"),
        ]
        return [(str(label), str(answer or _("not given")), f"id_{field}") for label, answer, field in rows]


class EnrolForm(DoctorForm):
    """Who enrols, and that the details may be kept."""

    consent = forms.BooleanField(
        label=_("I agree that the centre keeps these details to run the course."),
        error_messages={"required": _("We can enrol you only if you agree that we keep these details.")},
    )

    def layout(self) -> Layout:
        return Layout(*super().layout().fields, "consent")

    def answers(self) -> dict[str, str]:
        """What was typed into a valid form, as it was cleaned, so that it can be shown and read again."""
        kept = {name: self.cleaned_data[name] for name in FIELDS}
        return kept | {"phone": kept["phone"].as_international, "consent": "on"}
