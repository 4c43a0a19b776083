"""The public form by which a call is asked for: the shape of what is typed."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from appointments.calling.making import Caller
from appointments.forms import OPTIONAL_LABEL
from appointments.models import BestTime
from ipsc.context_processors import OWN_NAMES
from ipsc.fields import CallablePhoneField, PlainTextField
from ipsc.privacy import CONSENT_VERSION


class CallMeBackForm(forms.Form):
    """Whom we call, when, and in which language."""

    name = PlainTextField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name, so that we know whom to ask for.")},
    )
    phone = CallablePhoneField(
        label=_("Phone number"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("We call this number. A number abroad begins with + and the country code."),
        error_messages={
            "required": _("Type a phone number on which we can reach you."),
            "invalid": _("This is not a phone number that we can call. Check it, for example 98765 43210."),
        },
    )
    language = forms.ChoiceField(
        label=_("In which language shall we speak?"),
        choices=list(OWN_NAMES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a language."), "invalid_choice": _("Choose a language.")},
    )
    best_time = forms.ChoiceField(
        label=_("When is a good time to call you?"),
        choices=BestTime.choices,
        widget=forms.RadioSelect,
        initial=BestTime.ANY,
        help_text=_("We keep to it if we can."),
        error_messages={
            "required": _("Choose a time of the day, or any time."),
            "invalid_choice": _("Choose a time of the day, or any time."),
        },
    )
    about = PlainTextField(
        label=_("What is it about?"),
        lines=True,
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A few words. Only our staff read them."),
    )
    consent = forms.BooleanField(
        label=_("I agree that the centre keeps these details to call me."),
        error_messages={"required": _("We can call you only if you agree that we keep these details.")},
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        about = self.fields["about"]
        about.label = format_html(OPTIONAL_LABEL, about.label, _("optional"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*self.fields)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(each.isalpha() for each in name):
            raise forms.ValidationError(_("Type your name in letters."), code="letters")
        return name

    def caller(self) -> Caller:
        """The answers of a valid form as the verb takes them."""
        typed = self.cleaned_data
        return Caller(
            name=typed["name"],
            phone=typed["phone"].as_e164,
            language=typed["language"],
            best_time=typed["best_time"],
            about=typed["about"],
            consent_version=CONSENT_VERSION,
        )

    def attempt_of(self, key: uuid.UUID) -> uuid.UUID:
        """The id under which these answers are sent once.

        Whoever goes back to correct the number sends the same form with other answers: that is another request, and
        the first one must not swallow it.
        """
        return uuid.uuid5(key, repr(self.caller()))
