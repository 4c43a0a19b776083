"""The public booking form: the shape of what a patient types. What it does is the business of the verbs."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from appointments.booking import Details
from ipsc import sms
from ipsc.dates import day_in_words
from ipsc.fields import CallablePhoneField, DayMonthYearField, PlainTextField

ME, SOMEONE_ELSE = "me", "someone_else"
OLDEST = 120
WHOSE_PHONE = [("contact", _("Mine")), ("patient", _("The patient’s"))]
OPTIONAL = ("email", "reason", "needs_language")
OPTIONAL_LABEL = '{} <span class="optional">({})</span>'
NEEDS = ("needs_wheelchair", "needs_no_long_sitting", "needs_attendant", "needs_woman_present")


def what_email_is_for() -> str:
    """Why to give an address, as things are set up (rule M2)."""
    if not settings.SENDS_EMAIL:
        return gettext("This site sends no e-mail at the moment. Our staff may write to you.")
    told = gettext("For a confirmation, a reminder, and the link by which you can move or cancel the visit.")
    without = gettext("Without it no message comes.")
    return told if sms.is_set_up() else f"{told} {without}"


class WhoForm(forms.Form):
    """Who the visit is for and how we reach them."""

    for_whom = forms.ChoiceField(
        label=_("Who is the visit for?"),
        choices=[(ME, _("For me")), (SOMEONE_ELSE, _("For someone else"))],
        widget=forms.RadioSelect,
        initial=ME,
        error_messages={"required": _("Say who the visit is for.")},
    )
    name = PlainTextField(
        label=_("Patient’s full name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type the patient’s name.")},
    )
    age_years = forms.IntegerField(
        label=_("Patient’s age in years"),
        required=False,
        validators=[MinValueValidator(0), MaxValueValidator(OLDEST)],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4, "class": "input-short"}),
        help_text=_("Or give the date of birth below. One of the two is enough."),
        error_messages={
            "invalid": _("Type the age as a number, for example 62."),
            "min_value": _("An age is 0 to 120 years."),
            "max_value": _("An age is 0 to 120 years."),
        },
    )
    born_on = DayMonthYearField(
        label=_("Patient’s date of birth"), required=False, help_text=_("For example 27 3 1958.")
    )
    contact_name = PlainTextField(
        label=_("Your own name"),
        max_length=200,
        required=False,
    )
    contact_relation = PlainTextField(
        label=_("How are you related to the patient?"),
        max_length=60,
        required=False,
        help_text=_("For example daughter, neighbour, carer."),
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
    whose_phone = forms.ChoiceField(
        label=_("Whose phone number will you give?"),
        choices=WHOSE_PHONE,
        widget=forms.RadioSelect,
        initial="contact",
        required=False,
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is not an e-mail address. Check it, or leave it empty.")},
    )
    reason = PlainTextField(
        label=_("What troubles the patient?"),
        lines=True,
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In your own words. Only our staff read it."),
    )
    needs_wheelchair = forms.BooleanField(label=_("Uses a wheelchair"), required=False)
    needs_no_long_sitting = forms.BooleanField(label=_("Cannot sit for long"), required=False)
    needs_attendant = forms.BooleanField(label=_("Needs somebody’s help at the centre"), required=False)
    needs_woman_present = forms.BooleanField(label=_("Would like a woman to be present"), required=False)
    needs_language = PlainTextField(
        label=_("Another language that the patient needs"),
        required=False,
        max_length=60,
        help_text=_("For example Bengali."),
    )
    consent = forms.BooleanField(
        label=_("I agree that the centre keeps these details to arrange the visit."),
        error_messages={"required": _("We can book only if you agree that we keep these details.")},
    )

    def __init__(self, *args, today: date | None = None, **options) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["email"].help_text = what_email_is_for()
        for name in OPTIONAL:
            self.fields[name].label = format_html(OPTIONAL_LABEL, self.fields[name].label, _("optional"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True
        self.helper.layout = Layout(
            "for_whom",
            Fieldset(_("The patient"), "name", "age_years", "born_on"),
            Fieldset(
                _("You, who book for the patient"),
                "contact_name",
                "contact_relation",
                css_class="only-for-someone-else",
            ),
            Fieldset(_("How we reach you"), "phone", "whose_phone", "email"),
            Fieldset(
                _("The visit"),
                "reason",
                Fieldset(
                    format_html(OPTIONAL_LABEL, _("What does the patient need?"), _("optional")),
                    *NEEDS,
                    css_class="needs",
                ),
                "needs_language",
            ),
            "consent",
        )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(each.isalpha() for each in name):
            raise forms.ValidationError(_("Type the patient’s name in letters."), code="letters")
        return name

    def clean_born_on(self) -> date | None:
        born_on = self.cleaned_data["born_on"]
        if born_on is None or self.today is None:
            return born_on
        if born_on > self.today:
            raise forms.ValidationError(_("The date of birth lies in the future."), code="future")
        if born_on.year < self.today.year - OLDEST:
            raise forms.ValidationError(_("The date of birth lies too far back. Check the year."), code="past")
        return born_on

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        if (
            not {"age_years", "born_on"} & self.errors.keys()
            and cleaned.get("age_years") is None
            and not cleaned.get("born_on")
        ):
            self.add_error("age_years", _("Type the patient’s age, or the date of birth below."))
        if cleaned.get("for_whom") == SOMEONE_ELSE:
            if not cleaned.get("contact_name") and "contact_name" not in self.errors:
                self.add_error("contact_name", _("Type your own name, so that we know who books."))
            if not cleaned.get("contact_relation") and "contact_relation" not in self.errors:
                self.add_error("contact_relation", _("Say how you are related to the patient."))
        return cleaned

    def answers(self) -> dict[str, str]:
        """What was typed into a valid form, so that it can be shown and read again."""
        # A ticked box may carry any text at all; it is kept as what it means.
        boxes = {name for name, field in self.fields.items() if isinstance(field, forms.BooleanField)}
        names = [*self.fields, "born_on_day", "born_on_month", "born_on_year"]
        typed = {name: self.data[name] for name in names if self.data.get(name)}
        # Texts are kept as they were cleaned: what was stripped may have been megabytes.
        typed |= {
            name: self.cleaned_data[name] for name, field in self.fields.items() if isinstance(field, PlainTextField)
        }
        ticked = {name: "on" for name in boxes if self.cleaned_data[name]}
        return {name: text for name, text in typed.items() if name not in boxes} | ticked

    def rows(self) -> list[tuple[str, str, str]]:
        """The answers of a valid form for reading: label, answer in words, and the id of the field to change it."""
        typed = self.cleaned_data
        needs = [str(self.fields[name].label) for name in NEEDS if typed[name]]
        born_on = [day_in_words(typed["born_on"])] if typed["born_on"] else []
        age = [str(typed["age_years"])] if typed["age_years"] is not None else []
        rows = [
            (_("Name"), [typed["name"]], "name"),
            (_("Age"), age, "age_years"),
            (_("Date of birth"), born_on, "born_on_0"),
            (_("Phone"), [typed["phone"].as_international], "phone"),
            (_("E-mail"), [typed["email"] or _("none")], "email"),
            (_("What troubles the patient?"), [typed["reason"] or _("not given")], "reason"),
            (_("Needs"), [*needs, *filter(None, [typed["needs_language"]])] or [_("none")], "needs_wheelchair"),
        ]
        if typed["for_whom"] == SOMEONE_ELSE:
            booker = f"{typed['contact_name']} ({typed['contact_relation']})"
            whose = dict(WHOSE_PHONE)[typed["whose_phone"] or "contact"]
            rows[3:3] = [(_("Booked by"), [booker], "contact_name"), (_("Whose phone"), [whose], "whose_phone_0")]
        return [(str(label), "\n".join(map(str, answer)), f"id_{field}") for label, answer, field in rows if answer]

    def details(self) -> Details:
        """The answers of a valid form as the verb `book` takes them."""
        typed = self.cleaned_data
        for_someone_else = typed["for_whom"] == SOMEONE_ELSE
        return Details(
            name=typed["name"],
            phone=typed["phone"].as_e164,
            email=typed["email"],
            age_years=typed["age_years"],
            born_on=typed["born_on"],
            for_someone_else=for_someone_else,
            contact_name=typed["contact_name"] if for_someone_else else "",
            contact_relation=typed["contact_relation"] if for_someone_else else "",
            phone_is_patients=not for_someone_else or typed["whose_phone"] == "patient",
            language=get_language() or "en",
            reason=typed["reason"],
            needs_language=typed["needs_language"],
            **{need: typed[need] for need in NEEDS},
        )
